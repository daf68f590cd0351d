import type { Complaint } from './complaint.ts';
import { Shadows } from './shadows.ts';
import { namesOf, type SoundRule } from './sound-rules.ts';
import type { SourceMap } from './source-map.ts';
import type { AccountsOfProvider } from './stated-accounts.ts';

/** Rules whose conditions no call meets. */
export function* reach({ index, when, endpoints }: SoundRule, accounts: readonly AccountsOfProvider[], off: ReadonlySet<unknown>, source: SourceMap): Generator<Complaint> {
  const path = ['rules', index, 'when'];
  if (endpoints.length === 0) {
    yield source.complaint(path, `${when.endpoint ?? ''} is no endpoint of ${when.provider ?? ''}, so the rule can never fire. Name one of the two only`);
    return;
  }
  if (endpoints.every((endpoint) => off.has(endpoint.id))) {
    yield source.complaint(path, `switchedOff has ${namesOf(endpoints)}, so the rule can never fire. Remove one of the two`);
  }
  if (when.number !== undefined && /[\d?]/.test(when.number) && endpoints.every((endpoint) => endpoint.asks === 'balance')) {
    yield source.complaint([...path, 'number'], `${namesOf(endpoints)} is asked about no number, so the rule can never fire. Remove the number`, 'key');
  }
  const { credential } = when;
  if (credential === undefined) return;
  const able = accounts.filter(({ provider }) => endpoints.some((endpoint) => endpoint.provider === provider));
  if (able.some(({ credentials }) => credentials.includes(credential) || credentials.includes(undefined))) return;
  // The credential itself is not repeated: a complaint may end up in a log.
  const owner = accounts.find(({ credentials }) => credentials.includes(credential));
  const fault = owner === undefined ? 'no account has this credential' : `this credential is one of ${owner.provider}, which the rule is not about`;
  yield source.complaint([...path, 'credential'], `${fault}, so the rule can never fire. Take one from the accounts of ${able.map(({ provider }) => provider).join(', ')}`);
}

/** Rules all of whose calls go to rules above them. */
export function* shadowed(rules: readonly SoundRule[], source: SourceMap): Generator<Complaint> {
  const above = new Map<string, Shadows<SoundRule>>();
  for (const rule of rules) {
    const { number = '*', credential } = rule.when;
    const shadows = new Set<SoundRule>();
    let open = false;
    for (const { id } of rule.endpoints) {
      // A rule without a credential takes the calls of all of them.
      const takers = [above.get(id), credential === undefined ? undefined : above.get(`${id} ${credential}`)];
      const taker = takers.flatMap((each) => each?.over(number) ?? []).sort((a, b) => a.index - b.index)[0];
      if (taker === undefined) open = true;
      else shadows.add(taker);
      if (!takesAll(rule)) continue;
      const key = credential === undefined ? id : `${id} ${credential}`;
      const shelf = above.get(key) ?? new Shadows<SoundRule>();
      above.set(key, shelf);
      shelf.add(number, rule);
    }
    if (open || shadows.size === 0) continue;
    const names = [...shadows].map((each) => `"${each.rule.id}" (${source.place(['rules', each.index])})`).join(' and ');
    yield source.complaint(['rules', rule.index], `the rule can never fire: ${names} ${shadows.size === 1 ? 'takes' : 'take'} all of its calls. Put the narrower one first`);
  }
}

/** Whether a rule leaves nothing of the calls that its number, endpoint and credential are about. */
const takesAll = ({ rule, when }: SoundRule): boolean => when.during === undefined && when.chance === undefined && rule.times === undefined;
