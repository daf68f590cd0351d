import type { AccountKind, Terms } from '../provider.ts';
import { instantOf, perSecond } from '../limits.ts';
import type { AlapiAccount } from './account-schema.ts';

export const accounts: AccountKind = {
  schema: async () => (await import('./account-schema.ts')).accountSchema,
  sandbox: [{ token: 'sandbox-alapi-token', calls: 100_000 } satisfies AlapiAccount],
  terms,
  balance: 'calls',
  credentials: ['token'],
  reissue: (record, fresh) => ({ ...record, token: fresh(32) }),
};

/** Hosts from which a browser may call with this token; empty lets everybody in. */
export const sourcesOf = ({ record }: Terms): readonly string[] => (record as unknown as AlapiAccount).sources ?? [];

function terms(record: Readonly<Record<string, unknown>>): Terms {
  // The scenario's own schema, or the list above, made this record.
  const account = record as unknown as AlapiAccount;
  return {
    credential: account.token,
    secret: '',
    refusedAs: undefined,
    credit: account.calls === undefined ? undefined : { start: account.calls, floor: 0 },
    perSecond: perSecond(account.rate),
    perNumberPerDay: undefined,
    expires: account.expires === undefined ? undefined : instantOf(account.expires),
    allowedAddresses: account.allow ?? [],
    deniedAddresses: [],
    grants: undefined,
    record,
  };
}
