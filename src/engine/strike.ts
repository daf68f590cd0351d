import type { Strike } from '../domain/fault.ts';
import { phases } from '../domain/outcome.ts';
import type { Endpoint } from '../providers/provider.ts';

const rank = (phase: Strike['phase']): number => phases.indexOf(phase);

/** Whether it strikes while a call is still being checked, so that what it asks is never looked up. */
export const isEarly = ({ phase }: Strike): boolean => rank(phase) < rank('look-up');

/**
 * Before which of an endpoint's checks a fault strikes; their number, where behind all of them. Endpoints check in an
 * order of their own, so a phase begins with the first check that bears its name and ends with the last.
 */
export function strikesBefore({ checks }: Pick<Endpoint, 'checks'>, { at, phase }: Strike): number {
  // Nothing is before the first phase, whatever an endpoint checks first: a gateway that is down knows no callers.
  if (at === 'before' && rank(phase) === 0) return 0;
  const first = checks.findIndex((check) => check.phase === phase);
  if (first !== -1) return at === 'before' ? first : checks.findLastIndex((check) => check.phase === phase) + 1;
  // The endpoint has no check of this phase: between those of the phases around it.
  const next = checks.findIndex((check) => rank(check.phase) > rank(phase));
  return next === -1 ? checks.length : next;
}

/** Whether the call is paid for by the time the fault strikes. */
export const isPaidBefore = ({ at, phase }: Strike): boolean =>
  phase === 'charge' ? at === 'after' : rank(phase) > rank('charge');
