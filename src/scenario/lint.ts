import type { Provider } from '../providers/provider.ts';
import { suggestion } from '../domain/nearest.ts';
import { isObject } from '../wire/json.ts';
import { excerpt, type Complaint } from './complaint.ts';
import { effect } from './effect.ts';
import { expectations, prices } from './expectations.ts';
import { reach, shadowed } from './reach.ts';
import type { ScenarioSchema } from './schema.ts';
import { soundRules, type SoundRule } from './sound-rules.ts';
import type { SourceMap } from './source-map.ts';
import { accountsOf, sameCredential } from './stated-accounts.ts';

/**
 * What no schema sees: codes that the endpoint does not have, rules that can never fire, names that nobody bears.
 * It takes the raw value and passes over what the schema has complained of, so that one run finds everything.
 */
export function* lint(value: unknown, schema: ScenarioSchema, source: SourceMap, providers: readonly Provider[]): Generator<Complaint> {
  if (!isObject(value)) return;
  const rules = soundRules(value['rules'], schema, providers);
  const accounts = accountsOf(value, schema, providers);
  const off: ReadonlySet<unknown> = new Set(Array.isArray(value['switchedOff']) ? value['switchedOff'] : []);
  yield* owners(value, source);
  yield* sameCredential(accounts, source);
  yield* duplicates(rules, source);
  for (const rule of rules) yield* reach(rule, accounts, off, source);
  for (const rule of rules) yield* effect(rule, source, providers);
  yield* shadowed(rules, source);
  yield* prices(value['prices'], source, providers);
  yield* expectations(value['expect'], off, source, providers);
}

function* owners(value: Readonly<Record<string, unknown>>, source: SourceMap): Generator<Complaint> {
  const people = new Set(isObject(value['people']) ? Object.keys(value['people']) : []);
  // Beyond some the names are not mistyped but missing, and a guess among thousands takes its time.
  let guesses = 20;
  for (const [number, facts] of isObject(value['numbers']) ? Object.entries(value['numbers']) : []) {
    const owner = isObject(facts) ? facts['owner'] : undefined;
    if (typeof owner !== 'string' || people.has(owner)) continue;
    const guess = guesses > 0 ? suggestion(owner, people) : '';
    guesses -= 1;
    yield source.complaint(['numbers', number, 'owner'], `nobody under people is called "${excerpt(owner)}"${guess || '. Add this person, or name another'}`);
  }
}

function* duplicates(rules: readonly SoundRule[], source: SourceMap): Generator<Complaint> {
  const seen = new Map<string, number>();
  for (const { index, rule: { id } } of rules) {
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    else yield source.complaint(['rules', index, 'id'], `another rule is called "${id}" already (${source.place(['rules', first])}). Give it a name of its own`);
  }
}
