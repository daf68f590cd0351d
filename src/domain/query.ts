import type { Person, Subscriber } from './subscriber.ts';

/** The neutral question that an endpoint reads from a request. */
export type Query =
  | { readonly kind: 'line-status'; readonly number: string }
  | { readonly kind: 'identity-match'; readonly number: string; readonly person: Person }
  | { readonly kind: 'balance' };

/** How a claimed person compares with the number's owner. */
export type Match = 'consistent' | 'id-card-differs' | 'name-differs' | 'both-differ';

/** The neutral answer to one query. An endpoint puts it into its provider's words. */
export type Answer =
  | { readonly kind: 'line'; readonly subscriber: Subscriber }
  | { readonly kind: 'identity'; readonly subscriber: Subscriber; readonly match: Match }
  /** `subscriber` is what the prefix tells, where the number is possible. */
  | { readonly kind: 'absent'; readonly number: string; readonly reason: 'invalid-number' | 'no-record'; readonly subscriber: Subscriber | undefined }
  | { readonly kind: 'balance'; readonly units: number };
