import { z } from 'zod';
import { addresses } from '../account-fields.ts';

export const accountSchema = z.strictObject({
  apikey: z.string().regex(/^[0-9A-Za-z]{32}$/, 'has to be 32 letters and digits').describe('The credential, 32 letters and digits.'),
  billing: z.enum(['prepaid', 'postpaid']).default('prepaid').describe('预付费 ends at zero; 后付费 goes below it.'),
  balance: z.int().min(-1_000_000_000).max(1_000_000_000).default(12048).describe('Queries left; 12048, as in the document, where nothing is said.'),
  allow: addresses.optional().describe('Addresses that may call; others get code -9.'),
});

export type QxtAccount = z.infer<typeof accountSchema>;
