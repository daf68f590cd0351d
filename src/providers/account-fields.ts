import { isIP } from 'node:net';
import { z } from 'zod';
import { instantOf } from './limits.ts';

// The parts that account schemas of several providers share. Loaded only to validate a scenario.

/** A token, key or id: kept as text, so that no digit of it is ever lost. */
export const credential = z.string().min(1).max(256);

/** Queries, calls or attempts. */
export const count = z.int().min(0).max(1_000_000_000);

const isAddress = (text: string): boolean => {
  const [base = '', bits, ...rest] = text.split('/');
  const family = isIP(base);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
};

/** Addresses from which calls may come, one by one or as CIDR blocks. */
export const addresses = z.array(z.string().refine(isAddress, 'has to be an IP address or CIDR block, such as "10.0.0.0/8"')).max(1000);

/** `20/s`: calls per calendar second. */
export const rate = z.string().regex(/^[1-9]\d{0,5}\/s$/, 'has to be calls per second, such as "20/s"');

/** A day in China, or an instant with its offset; the account ends when it begins. */
export const moment = z
  .string()
  .refine((text) => Number.isFinite(instantOf(text)), 'has to be a date, such as "2026-02-01" or "2026-02-01T12:00:00+08:00"');
