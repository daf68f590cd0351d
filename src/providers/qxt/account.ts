import type { AccountKind, Terms } from '../provider.ts';
import type { QxtAccount } from './account-schema.ts';

/** The three apikeys that the document prints: the balance samples show one account prepaid and one postpaid. */
const sandbox = [
  { apikey: '7c11272au708345c834b8ue81ac78972', billing: 'prepaid', balance: 12048 },
  { apikey: '7c11272au708345c839b8ue81ac78972', billing: 'postpaid', balance: -2047 },
  { apikey: '7c11272au708395c834b8ue81ac78972', billing: 'prepaid', balance: 12048 },
] as const satisfies readonly QxtAccount[];

export const accounts: AccountKind = {
  schema: async () => (await import('./account-schema.ts')).accountSchema,
  sandbox,
  terms,
  balance: 'balance',
  credentials: ['apikey'],
  reissue: (record, fresh) => ({ ...record, apikey: fresh(32) }),
};

/** 预付费 or 后付费. */
export const isPrepaid = ({ record }: Terms): boolean => (record as unknown as QxtAccount).billing === 'prepaid';

function terms(record: Readonly<Record<string, unknown>>): Terms {
  // The scenario's own schema, or the list above, made this record.
  const account = record as unknown as QxtAccount;
  const floor = account.billing === 'postpaid' ? Number.NEGATIVE_INFINITY : 0;
  return {
    credential: account.apikey,
    secret: '',
    refusedAs: undefined,
    credit: { start: account.balance, floor },
    perSecond: undefined,
    perNumberPerDay: undefined,
    expires: undefined,
    allowedAddresses: account.allow ?? [],
    deniedAddresses: [],
    grants: undefined,
    record,
  };
}
