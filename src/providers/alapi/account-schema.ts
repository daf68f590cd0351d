import { z } from 'zod';
import { addresses, count, credential, moment, rate } from '../account-fields.ts';

export const accountSchema = z.strictObject({
  token: credential.describe('The request token.'),
  calls: count.optional().describe('Numbers left in the package. Without it nothing is counted.'),
  rate: rate.optional().describe('Calls per second, such as "1/s". Beyond it: 429.'),
  expires: moment.optional().describe('The day or instant at which the account ends: 101.'),
  allow: addresses.optional().describe('Addresses that may call; others get 104.'),
  sources: z
    .array(z.string().regex(/^[a-z0-9.-]{1,253}(:\d{1,5})?$/, 'has to be a host, such as "example.com"'))
    .max(1000)
    .optional()
    .describe('Hosts that Origin or Referer may name; others get 104.'),
});

export type AlapiAccount = z.infer<typeof accountSchema>;
