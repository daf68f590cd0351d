import type { Phase } from './outcome.ts';

/**
 * What becomes of an answer on its way: a broken transport, no valid reply. The names are those of WireMock and
 * toxiproxy where these have one.
 */
export const faultKinds = [
  /** No answer, ever; the connection stays open until the client leaves. */
  'timeout',
  /** TCP RST instead of an answer. */
  'connection-reset',
  /** The connection ends without a byte. */
  'empty-response',
  /** The head and the first `bytes` of the body (half of it, where nothing is said), then the connection ends. */
  'limit-data',
  /** The head announces more than there is, and the connection stays open. */
  'wrong-length',
  /** A chunked body whose second chunk has no valid size. */
  'broken-chunk',
  /** The whole answer, `bytes` (1, where nothing is said) at a time, with a tenth of a second in between. */
  'slow-drip',
  /** A good head, and a body of bytes that are neither UTF-8 nor JSON. */
  'malformed-body',
  /** Bytes that are no HTTP. */
  'garbage',
  /** A gateway's own HTML page instead of the provider's answer. */
  'gateway-502',
  'gateway-503',
  'gateway-504',
  /** The body is in GBK, and the head says UTF-8. */
  'wrong-charset',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** When it strikes. What comes before has happened, what comes after has not: a charge, above all. */
export interface Strike {
  readonly at: 'before' | 'after';
  readonly phase: Phase;
}

export interface Fault {
  readonly kind: FaultKind;
  readonly strike: Strike;
  readonly bytes?: number;
}

/** Whether the client can still read the answer, be it slowly. */
export const isDelivered = ({ kind }: Fault): boolean => kind === 'slow-drip';

/** When a fault strikes where the scenario does not say: a gateway stands before the provider, and everything else befalls an answer that is under way, and paid for. */
export const usualStrike = (kind: FaultKind): Strike =>
  kind.startsWith('gateway-') ? { at: 'before', phase: 'accept' } : { at: 'before', phase: 'send' };
