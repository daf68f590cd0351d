import { z } from 'zod';
import { addresses, count, credential, moment, rate } from '../account-fields.ts';

export const accountSchema = z.strictObject({
  token: credential.describe('The bearer token.'),
  quota: count.optional().describe('Charged results left. Without it nothing is counted.'),
  rate: rate.optional().describe('Calls per second and endpoint, such as "20/s". Beyond it: 429.'),
  perNumberPerDay: count.optional().describe('Attempts for one number on one day in China. Beyond it check-3e says -6.'),
  expires: moment.optional().describe('The day or instant at which the token ends.'),
  grants: z.array(z.enum(['acedata.check-1e', 'acedata.check-3e'])).optional().describe('The endpoints that the token may call. Left out: both.'),
  state: z.enum(['normal', 'disabled']).default('normal').describe('Disabled: every call gets 403.'),
  allow: addresses.optional().describe('Addresses that may call; others are forbidden.'),
});

export type AceDataAccount = z.infer<typeof accountSchema>;
