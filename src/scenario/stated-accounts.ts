import type { Provider } from '../providers/provider.ts';
import { isObject } from '../wire/json.ts';
import type { Complaint } from './complaint.ts';
import type { ScenarioSchema } from './schema.ts';
import type { SourceMap } from './source-map.ts';

export interface AccountsOfProvider {
  readonly provider: string;
  /** One for each record; `undefined` where the schema complains of the record, so that nobody knows. */
  readonly credentials: readonly (string | undefined)[];
}

/** The credentials that the scenario gives each provider, or leaves it. */
export function accountsOf(value: Readonly<Record<string, unknown>>, schema: ScenarioSchema, providers: readonly Provider[]): AccountsOfProvider[] {
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

export function* sameCredential(accounts: readonly AccountsOfProvider[], source: SourceMap): Generator<Complaint> {
  for (const { provider, credentials } of accounts) {
    const seen = new Set<string>();
    for (const [index, credential] of credentials.entries()) {
      if (credential === undefined) continue;
      if (seen.has(credential)) yield source.complaint(['accounts', provider, index], 'an account above has the same credential. Give each one of its own');
      seen.add(credential);
    }
  }
}
