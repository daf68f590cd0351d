import type { Endpoint, Provider } from '../providers/provider.ts';
import { suggestion } from '../domain/nearest.ts';
import { isObject } from '../wire/json.ts';
import { excerpt, type Complaint } from './complaint.ts';
import { stepOf } from './normalise.ts';
import type { Step, When } from './scenario.ts';
import type { RuleText, ScenarioSchema } from './schema.ts';
import { Shadows } from './shadows.ts';
import type { SourceMap } from './source-map.ts';

/**
 * What no schema sees: codes that the endpoint does not have, rules that can never fire, names that nobody bears.
 * It takes the raw value and passes over what the schema has complained of, so that one run finds everything.
 */
export function* lint(value: unknown, schema: ScenarioSchema, source: SourceMap, providers: readonly Provider[]): Generator<Complaint> {
  if (!isObject(value)) return;
  const rules = soundRules(value['rules'], schema, providers);
  const accounts = accountsOf(value, schema, providers);
  yield* owners(value, source);
  yield* sameCredential(accounts, source);
  yield* duplicates(rules, source);
  for (const rule of rules) yield* reach(rule, accounts, switchedOff(value), source);
  for (const rule of rules) yield* effect(rule, source, providers);
  yield* shadowed(rules, source);
}

interface SoundRule {
  readonly index: number;
  readonly rule: RuleText;
  readonly when: When;
  /** The endpoints that it is about, and none where provider and endpoint contradict each other. */
  readonly endpoints: readonly Endpoint[];
}

function soundRules(rules: unknown, schema: ScenarioSchema, providers: readonly Provider[]): SoundRule[] {
  if (!Array.isArray(rules)) return [];
  const one = schema.shape.rules.unwrap().element;
  return rules.flatMap((text, index) => {
    const parsed = one.safeParse(text);
    if (!parsed.success) return [];
    // The schema's optional keys are absent or defined, never `undefined`: YAML has no such value.
    const when = parsed.data.when as When;
    const endpoints = providers
      .filter((provider) => when.provider === undefined || when.provider === provider.id)
      .flatMap((provider) => provider.endpoints.filter((endpoint) => when.endpoint === undefined || when.endpoint === endpoint.id));
    return [{ index, rule: parsed.data, when, endpoints }];
  });
}

interface AccountsOfProvider {
  readonly provider: string;
  /** One for each record; `undefined` where the schema complains of the record, so that nobody knows. */
  readonly credentials: readonly (string | undefined)[];
}

function accountsOf(value: Readonly<Record<string, unknown>>, schema: ScenarioSchema, providers: readonly Provider[]): AccountsOfProvider[] {
  const accounts = isObject(value['accounts']) ? value['accounts'] : {};
  const schemas = schema.shape.accounts.unwrap().shape;
  return providers.map((provider) => {
    const stated = Object.hasOwn(accounts, provider.id) ? accounts[provider.id] : undefined;
    const records: readonly unknown[] = stated === undefined ? provider.accounts.sandbox : Array.isArray(stated) ? stated : [stated];
    const credentials = records.map((record) => {
      const [sound] = schemas[provider.id]?.safeParse(record).data ?? [];
      return sound === undefined ? undefined : provider.accounts.terms(sound).credential;
    });
    return { provider: provider.id, credentials };
  });
}

const switchedOff = (value: Readonly<Record<string, unknown>>): ReadonlySet<unknown> => new Set(Array.isArray(value['switchedOff']) ? value['switchedOff'] : []);

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

function* sameCredential(accounts: readonly AccountsOfProvider[], source: SourceMap): Generator<Complaint> {
  for (const { provider, credentials } of accounts) {
    const seen = new Set<string>();
    for (const [index, credential] of credentials.entries()) {
      if (credential === undefined) continue;
      if (seen.has(credential)) yield source.complaint(['accounts', provider, index], 'an account above has the same credential. Give each one of its own');
      seen.add(credential);
    }
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

/** Rules whose conditions no call meets. */
function* reach({ index, when, endpoints }: SoundRule, accounts: readonly AccountsOfProvider[], off: ReadonlySet<unknown>, source: SourceMap): Generator<Complaint> {
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

/** Rules that would do nothing, or what nobody can say. */
function* effect({ index, rule, endpoints }: SoundRule, source: SourceMap, providers: readonly Provider[]): Generator<Complaint> {
  if (endpoints.length === 0) return;
  const { then } = rule;
  const path = ['rules', index, 'then'];
  if (typeof then !== 'string') {
    const outcomes = ['reason', 'status', 'code'].filter((key) => Object.hasOwn(then, key));
    if (outcomes.length > 1) {
      yield source.complaint([...path, outcomes[1] ?? ''], `${outcomes.join(' and ')} exclude each other. Keep one of them`, 'key');
      return;
    }
    if (outcomes.length === 0 && then.delay === undefined) {
      yield source.complaint(path, 'the rule does nothing. Give it a reason, a status, a code or a delay');
      return;
    }
  }
  yield* step(stepOf(then, rule.when, providers), then, endpoints, path, source, providers);
}

function* step(normal: Step, then: RuleText['then'], endpoints: readonly Endpoint[], path: readonly PropertyKey[], source: SourceMap, providers: readonly Provider[]): Generator<Complaint> {
  const names = namesOf(endpoints);
  if (normal.delay?.kind === 'typical' && !providers.some((provider) => provider.typicalDelay !== undefined && endpoints.some((endpoint) => endpoint.provider === provider.id))) {
    yield source.complaint([...path, 'delay'], `no document says how long ${names} typically takes. Write a time, such as "100ms"`);
  }
  const { outcome } = normal;
  if (outcome.kind === 'status' && endpoints.every((endpoint) => endpoint.statuses === undefined)) {
    yield source.complaint([...path, 'status'], `${names} is not asked for the state of a line. Write a reason or a code`);
  }
  if (outcome.kind === 'reason') {
    const words = endpoints.map((endpoint) => endpoint.words[outcome.reason]);
    const [word] = words;
    if (words.every((each) => typeof each !== 'string') && typeof word === 'object') {
      yield source.complaint(typeof then === 'string' ? path : [...path, 'reason'], `${endpoints.length === 1 ? `${names} cannot` : `none of ${names} can`} say "${outcome.reason}": ${word.noWord}. Write another reason, or a code`);
    }
  }
  if (outcome.kind === 'code' && typeof then !== 'string' && then.code !== undefined) yield* codes(then.code, endpoints, [...path, 'code'], source);
}

function* codes(code: NonNullable<Exclude<RuleText['then'], string>['code']>, endpoints: readonly Endpoint[], path: readonly PropertyKey[], source: SourceMap): Generator<Complaint> {
  const wanted: [name: string, code: string, at: readonly PropertyKey[]][] =
    typeof code === 'string' ? [['', code, path]] : Object.entries(code).map(([name, each]) => [name, each as string, [...path, name]]);
  if (wanted.length === 0) yield source.complaint(path, 'no code is named. Write one for a provider or an endpoint');
  for (const [name, each, at] of wanted) {
    const meant = endpoints.filter((endpoint) => name === '' || name === endpoint.id || name === endpoint.provider);
    if (meant.length === 0) yield source.complaint(at, `the rule is not about ${name}. Remove it here or widen "when"`, 'key');
    else if (!meant.some((endpoint) => Object.hasOwn(endpoint.rows, each))) {
      const rows = new Set(meant.flatMap((endpoint) => Object.keys(endpoint.rows)));
      const list = [...rows];
      const has = meant.length === 1 ? `${namesOf(meant)} has no code "${each}"` : `none of ${namesOf(meant)} has a code "${each}"`;
      yield source.complaint(at, `${has}${suggestion(each, list) || `. There are ${list.slice(0, mostShown).join(', ')}${list.length > mostShown ? ' …' : ''}`}`);
    }
  }
}

/** Rules all of whose calls go to rules above them. */
function* shadowed(rules: readonly SoundRule[], source: SourceMap): Generator<Complaint> {
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

const mostShown = 24;

const namesOf = (endpoints: readonly Endpoint[]): string => endpoints.map((endpoint) => endpoint.id).join(', ');
