import type { Answer, Query } from '../domain/query.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { LineStatus } from '../domain/subscriber.ts';
import type { Draft } from '../providers/provider.ts';
import type { Matching } from './matching.ts';
import type { Fired } from './rules.ts';
import type { Tenant } from './tenant.ts';

export interface Decision {
  readonly outcome: Outcome;
  /** The rule that had a say: of several numbers, the first that breaks the answer, or else the first. */
  readonly fired: Fired | undefined;
  /** Milliseconds: of several numbers, the longest. */
  readonly delay: number;
}

/** Rules first, then the world. What refuses one number of a batch refuses the batch. */
export function decide(tenant: Tenant, draft: Draft, matching: Matching): Decision {
  const answers: Answer[] = [];
  let fired: Fired | undefined;
  let delay = 0;
  for (const query of draft.queries) {
    const number = numberOf(query);
    const rule = matching.find(number);
    if (rule !== undefined) {
      const use = matching.use(rule, number);
      if (fired === undefined || (fired.fault === undefined && use.fault !== undefined)) fired = use;
      delay = Math.max(delay, use.delay);
      const { action } = use;
      if (action.kind === 'declined') return { outcome: action, fired: fired.fault === undefined ? use : fired, delay };
      if (action.kind === 'native') {
        // A row that tells of a line tells of one that exists; the other numbers of a batch are as they are.
        const told = draft.queries.map((each) => lookUp(tenant, draft, each, each === query ? 'active' : undefined));
        return { outcome: { kind: 'native', row: action.row, answers: told }, fired: fired.fault === undefined ? use : fired, delay };
      }
      if (action.kind === 'absent') {
        answers.push({ kind: 'absent', number, reason: action.reason, subscriber: tenant.generation.world.subscriber(number) });
        continue;
      }
      answers.push(lookUp(tenant, draft, query, action.kind === 'status' ? action.status : undefined));
    } else answers.push(lookUp(tenant, draft, query, undefined));
  }
  return { outcome: { kind: 'answered', answers }, fired, delay };
}

export const numberOf = (query: Query): string => (query.kind === 'balance' ? '' : query.number);

/** The world's answer, with the state that a rule may have put in place of the true one. */
export function lookUp(tenant: Tenant, draft: Draft, query: Query, status: LineStatus | undefined): Answer {
  if (query.kind === 'balance') return { kind: 'balance', units: tenant.books(draft.account)?.credit ?? 0 };
  const { world } = tenant.generation;
  const truth = world.subscriber(query.number, status !== undefined);
  if (truth === undefined) return { kind: 'absent', number: query.number, reason: 'invalid-number', subscriber: undefined };
  const subscriber = status === undefined ? truth : { ...truth, status, origin: { ...truth.origin, status: 'scenario' as const } };
  if (subscriber.status === 'no-record') return { kind: 'absent', number: query.number, reason: 'no-record', subscriber };
  if (query.kind === 'line-status') return { kind: 'line', subscriber };
  // Nobody holds a number that is not in use, so there is nothing to compare with.
  return subscriber.status === 'vacant' || subscriber.status === 'cancelled'
    ? { kind: 'absent', number: query.number, reason: 'no-record', subscriber }
    : { kind: 'identity', subscriber, match: world.match(query.number, query.person) };
}
