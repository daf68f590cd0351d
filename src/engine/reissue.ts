import { freshText } from '../domain/random.ts';
import type { Provider } from '../providers/provider.ts';
import type { Scenario, ScenarioRule } from '../scenario/scenario.ts';

type Record_ = Readonly<Record<string, unknown>>;

/** Account records by provider id. */
export type Records = Readonly<Record<string, readonly Record_[]>>;

/**
 * A scenario whose accounts have credentials of their own, its rules about credentials included.
 *
 * @param kept accounts whose credentials go on: the first of a provider to its first, and so forth
 */
export function reissued(scenario: Scenario, providers: readonly Provider[], kept: Records = {}): Scenario {
  const names = new Map<string, string>();
  const accounts: Record<string, readonly Record_[]> = {};
  for (const { id, accounts: kind } of providers) {
    accounts[id] = (scenario.accounts[id] ?? kind.sandbox).map((record, index) => {
      const old = kept[id]?.[index];
      const own = old === undefined ? kind.reissue(record, freshText) : { ...record, ...picked(old, kind.credentials) };
      names.set(`${id} ${kind.terms(record).credential}`, kind.terms(own).credential);
      return own;
    });
  }
  return { ...scenario, accounts, rules: scenario.rules.flatMap((rule) => renamed(rule, providers, names)) };
}

/** A rule about a credential under its new name; one for each provider that knows the old one, where several do. */
function renamed(rule: ScenarioRule, providers: readonly Provider[], names: ReadonlyMap<string, string>): ScenarioRule[] {
  const { credential: old, provider, endpoint } = rule.when;
  if (old === undefined) return [rule];
  return providers.flatMap(({ id, endpoints }) => {
    const credential = names.get(`${id} ${old}`);
    const covers = (provider ?? id) === id && (endpoint === undefined || endpoints.some((each) => each.id === endpoint));
    return credential === undefined || !covers ? [] : [{ ...rule, when: { ...rule.when, provider: id, credential } }];
  });
}

/** What a client needs of a record. */
export const picked = (record: Record_, keys: readonly string[]): Record_ =>
  Object.fromEntries(keys.filter((key) => record[key] !== undefined).map((key) => [key, record[key]]));
