import type { Fault } from '../domain/fault.ts';
import type { Account, Draft, Endpoint, Reply } from '../providers/provider.ts';
import { admission } from './admission.ts';
import { decide, numberOf } from './decide.ts';
import type { Because } from './journal.ts';
import { Matching } from './matching.ts';
import { isEarly, isPaidBefore, strikesBefore } from './strike.ts';
import type { Tenants } from './tenants.ts';

/** What becomes of a call. */
export interface Decided {
  readonly reply: Reply;
  /** Milliseconds. */
  readonly delay: number;
  readonly fault: Fault | undefined;
  /** Whether the call is charged what the reply says. */
  readonly paid: boolean;
  readonly because: Because;
}

/** The endpoint's checks in its own order, then rules and world. A fault that strikes on the way ends it there. */
export function answer(endpoint: Endpoint, draft: Draft, tenants: Tenants): Decided {
  const { checks } = endpoint;
  let known: Account | undefined;
  let tenant = tenants.default;
  let early = tenant.generation.rules.strikesEarly(endpoint.id);
  const matching = new Matching(endpoint.id, tenant);
  for (let index = 0; index <= checks.length; index += 1) {
    if (draft.account !== known) {
      known = draft.account;
      tenant = tenants.of(known);
      early = tenant.generation.rules.strikesEarly(endpoint.id);
      matching.under(tenant, known?.terms.credential ?? '');
    }
    // Until somebody is recognised it may be the call of any tenant, and each has rules of its own.
    const struck = early && known !== undefined ? struckBefore(index, matching, endpoint, draft, false) : undefined;
    if (struck !== undefined) return struck;
    const check = checks[index];
    if (check === undefined) break;
    const refusal = check.kind === 'own' ? check.run(draft) : admission[check.gate](endpoint, draft, tenant, check.row);
    if (refusal === undefined) continue;
    const name = check.kind === 'own' ? check.name : check.gate;
    return (
      (early ? struckBefore(index, matching, endpoint, draft, true) : undefined) ??
      plain(endpoint.reply(draft, { kind: 'native', row: refusal.row, answers: [] }, refusal), { kind: 'check', phase: check.phase, check: name, refusal })
    );
  }
  const { outcome, fired, delay } = decide(tenant, draft, matching);
  const fault = fired?.fault;
  return {
    reply: endpoint.reply(draft, outcome),
    delay,
    fault,
    paid: fault === undefined || isPaidBefore(fault.strike),
    because: fired === undefined ? fromTheWorld : { kind: 'rule', fired },
  };
}

const fromTheWorld: Because = { kind: 'world' };

/**
 * A fault that befalls the call before this check, or should have done so earlier, had it been known then who asks about which number.
 *
 * @param refused the check has refused the call, so that no more will be known of it
 */
function struckBefore(index: number, matching: Matching, endpoint: Endpoint, draft: Draft, refused: boolean): Decided | undefined {
  const { queries } = draft;
  const unknown = queries.length === 0;
  for (const number of unknown ? [''] : queries.map(numberOf)) {
    const rule = unknown && !refused ? matching.foregone() : matching.find(number);
    const fault = rule === undefined ? undefined : matching.next(rule, number).fault;
    if (rule === undefined || fault === undefined || !isEarly(fault.strike)) continue;
    const at = strikesBefore(endpoint, fault.strike);
    if (at > index) continue;
    const fired = matching.use(rule, number);
    // Nobody will read it, but for the faults that spoil an answer there has to be one.
    const reply = endpoint.reply(draft, { kind: 'declined', reason: 'internal' });
    // Where the number was needed, or a rule above needed it, the checks before this one were made.
    return { reply, delay: fired.delay, fault, paid: false, because: { kind: 'struck', fired, check: unknown ? at : index } };
  }
  return undefined;
}

/** An answer that nothing delays or breaks. */
export const plain = (reply: Reply, because: Because): Decided => ({ reply, delay: 0, fault: undefined, paid: true, because });

/** A defect of ours: the provider says what it says when something breaks. */
export function failed(endpoint: Endpoint, draft: Draft, error: unknown): Decided {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return plain(endpoint.reply(draft, { kind: 'declined', reason: 'internal' }), { kind: 'failure', message });
}
