import { z } from 'zod';
import { addresses, count, credential, rate } from '../account-fields.ts';
import { accountStates } from './account-states.ts';

export const accountSchema = z.strictObject({
  secretId: credential.describe('The SecretId.'),
  secretKey: credential.describe('The SecretKey. It never travels.'),
  sessionToken: credential.optional().describe('Makes the key a temporary one: requests need this token.'),
  state: z.enum(['normal', ...(Object.keys(accountStates) as (keyof typeof accountStates)[])]).default('normal').describe('What is the matter with the account: every call gets the error code for it.'),
  rate: rate.optional().describe('Calls per second and action, such as "20/s". Beyond it: RequestLimitExceeded.'),
  quota: count.optional().describe('Charged results left; then the account is in arrears. Without it nothing is counted.'),
  perNumberPerDay: count.optional().describe('Attempts for one number on one day in China. Beyond it: Result -4.'),
  allow: addresses.optional().describe('Addresses that may call; others get IpNotInWhitelist.'),
  deny: addresses.optional().describe('Addresses that may not call: IpInBlacklist.'),
  kms: z.boolean().default(true).describe('Whether the account let faceid use its KMS keys (the older encryption).'),
});

export type TencentAccount = z.infer<typeof accountSchema>;
