import { perSecond } from '../limits.ts';
import type { AccountKind, Terms } from '../provider.ts';
import type { TencentAccount } from './account-schema.ts';
import { accountStates } from './account-states.ts';

export const accounts: AccountKind = {
  schema: async () => (await import('./account-schema.ts')).accountSchema,
  // 20 calls a second are documented for the action.
  sandbox: [{ secretId: 'AKIDkonghaoSandbox', secretKey: 'sandboxSecretKey', state: 'normal', rate: '20/s', kms: true } satisfies TencentAccount],
  terms,
  balance: 'quota',
  credentials: ['secretId', 'secretKey', 'sessionToken'],
  reissue: (record, fresh) => ({ ...record, secretId: `AKID${fresh(32)}`, secretKey: fresh(32), ...(record['sessionToken'] === undefined ? {} : { sessionToken: fresh(64) }) }),
};

/** The token of a temporary key, `''` where the key is a permanent one. */
export const sessionTokenOf = ({ record }: Terms): string => (record as unknown as TencentAccount).sessionToken ?? '';

/** Whether faceid may use the account's KMS keys. */
export const mayUseKms = ({ record }: Terms): boolean => (record as unknown as TencentAccount).kms;

function terms(record: Readonly<Record<string, unknown>>): Terms {
  // The scenario's own schema, or the list above, made this record.
  const account = record as unknown as TencentAccount;
  return {
    credential: account.secretId,
    secret: account.secretKey,
    refusedAs: account.state === 'normal' ? undefined : accountStates[account.state],
    credit: account.quota === undefined ? undefined : { start: account.quota, floor: 0 },
    perSecond: perSecond(account.rate),
    perNumberPerDay: account.perNumberPerDay,
    expires: undefined,
    allowedAddresses: account.allow ?? [],
    deniedAddresses: account.deny ?? [],
    grants: undefined,
    record,
  };
}
