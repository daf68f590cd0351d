import type { Endpoint, Provider } from '../providers/provider.ts';
import { globCovers } from '../domain/glob.ts';
import { isObject } from '../wire/json.ts';
import type { Complaint } from './complaint.ts';
import { suggestion } from '../domain/nearest.ts';
import { stepOf } from './normalise.ts';
import type { Step, When } from './scenario.ts';
import type { RuleText, ScenarioSchema } from './schema.ts';
import type { SourceMap } from './source-map.ts';

/**
 * What no schema sees: codes that the endpoint does not have, rules that can never fire, names that nobody bears.
 * It takes the raw value and passes over what the schema has complained of, so that one run finds everything.
 */
export function lint(value: unknown, schema: ScenarioSchema, source: SourceMap, providers: readonly Provider[]): Complaint[] {
  if (!isObject(value)) return [];
  const rules = soundRules(value['rules'], schema);
  return [...owners(value, source), ...duplicates(rules, source), ...steps(rules, source, providers), ...credentials(value, rules, source, providers), ...unreachable(rules, source)];
}

interface SoundRule {
  readonly index: number;
  readonly rule: RuleText;
}

function soundRules(rules: unknown, schema: ScenarioSchema): SoundRule[] {
  if (!Array.isArray(rules)) return [];
  const one = schema.shape.rules.unwrap().element;
  return rules.flatMap((rule, index) => {
    const parsed = one.safeParse(rule);
    return parsed.success ? [{ index, rule: parsed.data }] : [];
  });
}

function owners(value: Readonly<Record<string, unknown>>, source: SourceMap): Complaint[] {
  const people = isObject(value['people']) ? Object.keys(value['people']) : [];
  const numbers = isObject(value['numbers']) ? Object.entries(value['numbers']) : [];
  return numbers.flatMap(([number, facts]) => {
    const owner = isObject(facts) ? facts['owner'] : undefined;
    if (typeof owner !== 'string' || people.includes(owner)) return [];
    return [source.complaint(['numbers', number, 'owner'], `nobody under people is called "${owner}"${suggestion(owner, people)}`)];
  });
}

function duplicates(rules: readonly SoundRule[], source: SourceMap): Complaint[] {
  const seen = new Map<string, number>();
  return rules.flatMap(({ index, rule: { id } }) => {
    const first = seen.get(id);
    if (first === undefined) seen.set(id, index);
    return first === undefined ? [] : [source.complaint(['rules', index, 'id'], `another rule is called "${id}" already (${source.place(['rules', first])}). Give it a name of its own`)];
  });
}

/** The endpoints that a rule is about, and none where provider and endpoint contradict each other. */
const covered = (when: When, providers: readonly Provider[]): Endpoint[] =>
  providers
    .filter((provider) => when.provider === undefined || when.provider === provider.id)
    .flatMap((provider) => provider.endpoints.filter((endpoint) => when.endpoint === undefined || when.endpoint === endpoint.id));

function steps(rules: readonly SoundRule[], source: SourceMap, providers: readonly Provider[]): Complaint[] {
  return rules.flatMap(({ index, rule }) => {
    const when = rule.when as When;
    const endpoints = covered(when, providers);
    if (endpoints.length === 0) {
      return [source.complaint(['rules', index, 'when'], `no endpoint of ${when.provider ?? 'any provider'} is called ${when.endpoint ?? ''}, so the rule can never fire. Name one of them only`)];
    }
    const { then } = rule;
    const path = ['rules', index, 'then'];
    if (typeof then !== 'string') {
      const outcomes = ['reason', 'status', 'code'].filter((key) => Object.hasOwn(then, key));
      if (outcomes.length > 1) return [source.complaint([...path, outcomes[1] ?? ''], `${outcomes.join(' and ')} exclude each other. Keep one of them`, 'key')];
      if (outcomes.length === 0 && then.delay === undefined) return [source.complaint(path, 'the rule does nothing. Give it a reason, a status, a code or a delay')];
    }
    return step(stepOf(then, rule.when, providers), then, endpoints, path, source, providers);
  });
}

function step(normal: Step, then: RuleText['then'], endpoints: readonly Endpoint[], path: readonly PropertyKey[], source: SourceMap, providers: readonly Provider[]): Complaint[] {
  const names = endpoints.map((endpoint) => endpoint.id).join(', ');
  const complaints: Complaint[] = [];
  if (normal.delay?.kind === 'typical' && !providers.some((provider) => provider.typicalDelay !== undefined && endpoints.some((endpoint) => endpoint.provider === provider.id))) {
    complaints.push(source.complaint([...path, 'delay'], `no document says how long ${names} typically takes. Write a time, such as "100ms"`));
  }
  const { outcome } = normal;
  if (outcome.kind === 'status' && endpoints.every((endpoint) => endpoint.statuses === undefined)) {
    complaints.push(source.complaint([...path, 'status'], `${names} is not asked for the state of a line`));
  }
  if (outcome.kind === 'reason') {
    const words = endpoints.map((endpoint) => endpoint.words[outcome.reason]);
    const [word] = words;
    if (words.every((each) => typeof each !== 'string') && typeof word === 'object') {
      complaints.push(source.complaint(typeof then === 'string' ? path : [...path, 'reason'], `${names} cannot say "${outcome.reason}": ${word.noWord}`));
    }
  }
  if (outcome.kind === 'code' && typeof then !== 'string' && then.code !== undefined) complaints.push(...codes(then.code, endpoints, [...path, 'code'], source));
  return complaints;
}

function codes(code: NonNullable<Exclude<RuleText['then'], string>['code']>, endpoints: readonly Endpoint[], path: readonly PropertyKey[], source: SourceMap): Complaint[] {
  const wanted: [name: string, code: string, at: readonly PropertyKey[]][] =
    typeof code === 'string' ? [['', code, path]] : Object.entries(code).map(([name, each]) => [name, each as string, [...path, name]]);
  return wanted.flatMap(([name, each, at]) => {
    const meant = endpoints.filter((endpoint) => name === '' || name === endpoint.id || name === endpoint.provider);
    if (meant.length === 0) return [source.complaint(at, `the rule is not about ${name}. Remove it here or widen "when"`, 'key')];
    if (meant.some((endpoint) => Object.hasOwn(endpoint.rows, each))) return [];
    const rows = meant.flatMap((endpoint) => Object.keys(endpoint.rows));
    return [source.complaint(at, `${meant.map((endpoint) => endpoint.id).join(', ')} has no code "${each}"${suggestion(each, rows) || `. It has ${[...new Set(rows)].slice(0, 24).join(', ')}`}`)];
  });
}

function credentials(value: Readonly<Record<string, unknown>>, rules: readonly SoundRule[], source: SourceMap, providers: readonly Provider[]): Complaint[] {
  const accounts = isObject(value['accounts']) ? value['accounts'] : {};
  const known = new Set<string>();
  for (const provider of providers) {
    const stated = accounts[provider.id];
    const records: readonly unknown[] = stated === undefined ? provider.accounts.sandbox : Array.isArray(stated) ? stated : [stated];
    const own = new Set<string>();
    for (const record of records) if (isObject(record)) own.add(provider.accounts.terms(record).credential);
    for (const credential of own) if (typeof credential === 'string') known.add(credential);
  }
  return [
    ...sameCredential(accounts, source, providers),
    ...rules.flatMap(({ index, rule }) => {
      const { credential } = rule.when;
      // The credential itself is not repeated: a complaint may end up in a log.
      return credential === undefined || known.has(credential) ? [] : [source.complaint(['rules', index, 'when', 'credential'], 'no account has this credential, so the rule can never fire. Take one from accounts')];
    }),
  ];
}

function sameCredential(accounts: Readonly<Record<string, unknown>>, source: SourceMap, providers: readonly Provider[]): Complaint[] {
  return providers.flatMap((provider) => {
    const stated = accounts[provider.id];
    if (!Array.isArray(stated)) return [];
    const seen = new Set<string>();
    return stated.flatMap((record: unknown, index) => {
      if (!isObject(record)) return [];
      const { credential } = provider.accounts.terms(record);
      const first = !seen.has(credential);
      seen.add(credential);
      if (first) return [];
      return [source.complaint(['accounts', provider.id, index], 'an account above has the same credential. A credential belongs to one account')];
    });
  });
}

function unreachable(rules: readonly SoundRule[], source: SourceMap): Complaint[] {
  const exact = new Map<string, SoundRule[]>();
  const wide: SoundRule[] = [];
  return rules.flatMap((each) => {
    const { number } = each.rule.when;
    const before = number === undefined ? wide : [...wide, ...(exact.get(number) ?? [])];
    const shadow = before.find((earlier) => covers(earlier.rule.when as When, each.rule.when as When));
    if (number === undefined || /[*?]/.test(number)) wide.push(each);
    else exact.set(number, [...(exact.get(number) ?? []), each]);
    if (shadow === undefined) return [];
    return [source.complaint(['rules', each.index], `the rule can never fire: "${shadow.rule.id}" (${source.place(['rules', shadow.index])}) takes all of its calls. Put the narrower one first`)];
  });
}

/** Whether every call of the later rule is a call of the earlier one. */
function covers(earlier: When, later: When): boolean {
  const provider = later.provider ?? later.endpoint?.split('.')[0];
  return (
    (earlier.provider === undefined || earlier.provider === provider) &&
    (earlier.endpoint === undefined || earlier.endpoint === later.endpoint) &&
    (earlier.credential === undefined || earlier.credential === later.credential) &&
    (earlier.number === undefined || (later.number !== undefined && globCovers(earlier.number, later.number)))
  );
}
