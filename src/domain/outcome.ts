import type { Answer } from './query.ts';

/** Why a call is refused, by meaning. Every endpoint says which of its rows that is, or that it has no word for it. */
export const reasons = [
  'unauthenticated',
  'forbidden',
  'expired',
  'out-of-credit',
  'rate-limited',
  'daily-limit',
  'invalid-number',
  'no-record',
  'busy',
  'internal',
] as const;
export type Reason = (typeof reasons)[number];

/** The stations of a call, named alike in rules, faults and journal. Each endpoint goes through its checks in its own order. */
export const phases = ['accept', 'authenticate', 'validate', 'admit', 'look-up', 'charge', 'render', 'send'] as const;
export type Phase = (typeof phases)[number];

/** What the engine decides about a call, before a provider spells it. */
export type Outcome =
  | { readonly kind: 'answered'; readonly answers: readonly Answer[] }
  | { readonly kind: 'declined'; readonly reason: Reason }
  /** A row of the endpoint's own. `answers` is what would have been said, for rows that carry more than a message. */
  | { readonly kind: 'native'; readonly row: string; readonly answers: readonly Answer[] };
