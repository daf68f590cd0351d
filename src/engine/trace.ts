import type { Fault } from '../domain/fault.ts';
import type { Diagnosis } from '../providers/provider.ts';
import { phases, type Phase } from '../domain/outcome.ts';
import type { WireRequest } from '../wire/wire-request.ts';
import type { Exchange, Transcript } from './journal.ts';
import { maskSigned, maskText } from './masking.ts';
import { because, faultWords } from './report.ts';
import type { Tenant } from './tenant.ts';

/** One station of a call and what came of it. */
export interface Station {
  readonly phase: Phase;
  /** The check's name; what was done, behind the checks. */
  readonly what: string;
  readonly verdict: 'passed' | 'refused' | 'struck' | 'not reached';
  readonly why?: string;
}

/** Every station of an exchange, in the endpoint's own order of checks. */
export function trace(exchange: Exchange, transcript: Transcript): Station[] {
  const { endpoint, because: cause, fault, units, delay, row, status } = exchange;
  if (endpoint === undefined) return phases.slice(0, 1).map((phase) => ({ phase, what: 'path', verdict: 'refused', why: because(exchange, transcript.method, transcript.target) }));
  const stations: { phase: Phase; what: string; why?: string }[] = endpoint.checks.map((check) => ({ phase: check.phase, what: check.kind === 'own' ? check.name : check.gate }));
  const checks = stations.length;
  const sentence = because(exchange, transcript.method, transcript.target);
  stations.push(
    { phase: 'look-up', what: 'rules and world', why: sentence },
    { phase: 'charge', what: units === 0 ? 'nothing is charged' : `${units} charged` },
    { phase: 'render', what: `HTTP ${status}, code ${row}` },
    { phase: 'send', what: delay > 0 ? `after ${delay} ms` : 'at once' },
  );
  const refused = cause.kind === 'check' ? stations.findIndex(({ phase, what }) => phase === cause.phase && what === cause.check) : -1;
  const struck = cause.kind === 'struck' ? cause.check : fault === undefined ? -1 : checks + struckBehind(fault);
  return stations.map((station, index): Station => {
    if (refused !== -1 && index < checks + 1) {
      if (index === refused && cause.kind === 'check') return { ...station, verdict: 'refused', why: maskText(cause.refusal.why) };
      if (index > refused) return { ...bare(station), verdict: 'not reached' };
    }
    if (struck !== -1 && fault !== undefined) {
      if (index === struck) return { ...station, verdict: 'struck', why: faultWords(fault) };
      if (index > struck) return { ...bare(station), verdict: 'not reached' };
    }
    return { ...station, verdict: 'passed' };
  });
}

/** Without what it would have said. */
const bare = ({ phase, what }: { phase: Phase; what: string }): { phase: Phase; what: string } => ({ phase, what });

/** Which of the stations behind the checks a fault strikes at: there is one for each phase that is left. */
const struckBehind = ({ strike: { at, phase } }: Fault): number => phases.indexOf(phase) - phases.indexOf('look-up') + (at === 'after' ? 1 : 0);

/** What the provider's doctor says of a request that was refused for its signature or its encryption. */
export function diagnose(exchange: Exchange, transcript: Transcript, tenant: Tenant): Diagnosis | undefined {
  const { endpoint, provider, because: cause, generation } = exchange;
  if (cause.kind !== 'check' || endpoint?.diagnose === undefined || provider === undefined) return undefined;
  // Of a request that is not whole, every signature is wrong.
  if (!transcript.whole) return undefined;
  const accounts = [...tenant.accounts].filter((account) => account.provider === provider.id);
  const judgedAt = generation.scenario.clock.signatures === 'clock' ? exchange.at : exchange.receivedAt;
  const found = endpoint.diagnose(requestOf(transcript), { accounts, readings: generation.readings, judgedAt });
  if (found === undefined) return undefined;
  const { cause: name, explanation, expected, signed } = found;
  return {
    cause: name,
    explanation: maskText(explanation),
    ...(expected === undefined ? {} : { expected: maskSigned(expected, provider.fields) }),
    ...(signed === undefined ? {} : { signed: maskSigned(signed, provider.fields) }),
  };
}

/** Of these node:http keeps the first that comes, and joins the others (IncomingMessage, `headers`). */
const onlyFirst: ReadonlySet<string> = new Set([
  'age', 'authorization', 'content-length', 'content-type', 'etag', 'expires', 'from', 'host', 'if-modified-since', 'if-unmodified-since', 'last-modified',
  'location', 'max-forwards', 'proxy-authorization', 'referer', 'retry-after', 'server', 'user-agent',
]);

/** A request as it came, from what the journal kept of it. */
export function requestOf({ method, target, headers, body, bodyCut }: Transcript): WireRequest {
  const question = target.indexOf('?');
  const lower: Record<string, string | undefined> = Object.create(null) as Record<string, string | undefined>;
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = (headers[i] ?? '').toLowerCase();
    const value = headers[i + 1] ?? '';
    const before = lower[name];
    if (before === undefined) lower[name] = value;
    else if (!onlyFirst.has(name)) lower[name] = `${before}, ${value}`;
  }
  return {
    method,
    path: question === -1 ? target : target.slice(0, question),
    query: question === -1 ? '' : target.slice(question + 1),
    host: lower['host'] ?? '',
    headers: lower,
    rawHeaders: headers,
    body,
    oversize: bodyCut > 0,
    remoteAddress: '',
  };
}
