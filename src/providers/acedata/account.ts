import type { AccountKind, Terms } from '../provider.ts';
import { instantOf, perSecond } from '../limits.ts';
import type { AceDataAccount } from './account-schema.ts';

export const accounts: AccountKind = {
  schema: async () => (await import('./account-schema.ts')).accountSchema,
  sandbox: [{ token: 'sandbox-acedata-token', quota: 1000, state: 'normal' } satisfies AceDataAccount],
  terms,
  balance: 'quota',
  credentials: ['token'],
  reissue: (record, fresh) => ({ ...record, token: fresh(32) }),
};

function terms(record: Readonly<Record<string, unknown>>): Terms {
  // The scenario's own schema, or the list above, made this record.
  const account = record as unknown as AceDataAccount;
  return {
    credential: account.token,
    secret: '',
    refusedAs: account.state === 'disabled' ? 'disabled' : undefined,
    credit: account.quota === undefined ? undefined : { start: account.quota, floor: 0 },
    perSecond: perSecond(account.rate),
    perNumberPerDay: account.perNumberPerDay,
    expires: account.expires === undefined ? undefined : instantOf(account.expires),
    allowedAddresses: account.allow ?? [],
    deniedAddresses: [],
    grants: account.grants,
    record,
  };
}
