import type { Bundle } from '../engine/bundle.ts';
import { picked, reissued, type Records } from '../engine/reissue.ts';
import type { Tenant } from '../engine/tenant.ts';
import type { Provider, Terms } from '../providers/provider.ts';

/** Another tenant's snapshot under the credentials that this one's clients have: in its accounts, its rules and its ledger. */
export function adopted({ now, state }: Pick<Bundle, 'now' | 'state'>, tenant: Tenant, providers: readonly Provider[]): Pick<Bundle, 'now' | 'state'> {
  const scenario = reissued(now, providers, recordsOf(tenant));
  const names = new Map<string, string>();
  const accounts = providers.flatMap(({ id, accounts: kind }) =>
    state.accounts
      .filter(({ provider }) => provider === id)
      .map((account, index) => {
        const record = { ...account.record, ...picked(scenario.accounts[id]?.[index] ?? {}, kind.credentials) };
        names.set(`${id} ${kind.terms(account.record).credential}`, kind.terms(record).credential);
        return { ...account, record };
      }),
  );
  const renamed = <T extends { readonly provider: string; readonly credential: string }>(entry: T): T => ({ ...entry, credential: names.get(`${entry.provider} ${entry.credential}`) ?? entry.credential });
  const { ledger } = state;
  return { now: scenario, state: { ...state, accounts, ledger: { ...ledger, forward: ledger.forward.map(renamed), lines: ledger.lines.map(renamed) } } };
}

/** The records of a tenant's accounts, by provider. */
export function recordsOf({ accounts }: { readonly accounts: Iterable<{ readonly provider: string; readonly terms: Pick<Terms, 'record'> }> }): Records {
  const records: Record<string, Readonly<Record<string, unknown>>[]> = {};
  for (const { provider, terms } of accounts) (records[provider] ??= []).push(terms.record);
  return records;
}
