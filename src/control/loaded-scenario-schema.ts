import { z } from 'zod';
import { faultKinds } from '../domain/fault.ts';
import { phases, reasons } from '../domain/outcome.ts';
import { lineStatuses } from '../domain/subscriber.ts';
import type { Provider } from '../providers/provider.ts';
import { numbers, oneOf } from '../scenario/rule-schema.ts';
import { declaredNumber, person } from '../scenario/schema.ts';

// A scenario as the engine has it, after every check, when it comes back from outside.

export const text = z.string().max(10_000);
/** JSON has none; `readBundle` has put it back. */
const endless = z.union([z.number().min(0), z.literal(Infinity)]);
/** The year 9999: later instants cannot be written. */
export const instant = z.number().min(-62_135_596_800_000).max(253_402_300_799_999);
/** Longer than this no timer waits. */
const wait = z.number().min(0).max(999_999_000);
export const speed = z.number().min(0).max(86_400);
const times = z.union([z.int().min(1), z.literal(Infinity)]);

/** An account's record by its provider's own schema. */
export async function recordSchema({ accounts }: Provider) {
  // A provider's account schema is one of zod: that is the contract of AccountKind.
  return (await accounts.schema()) as z.ZodType<Readonly<Record<string, unknown>>>;
}

const delay = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('fixed'), milliseconds: wait }),
  z.object({ kind: z.literal('typical') }),
  z.object({ kind: z.literal('uniform'), from: wait, to: wait }),
  z.object({ kind: z.literal('lognormal'), median: wait, sigma: z.number().min(0).max(3) }),
]);

const fault = z.object({ kind: z.enum(faultKinds), strike: z.object({ at: z.enum(['before', 'after']), phase: z.enum(phases) }), bytes: z.int().min(0).optional() });

export function loadedRuleSchema(providers: readonly Provider[]) {
  const endpoints = providers.flatMap((provider) => provider.endpoints);
  const rows = z.strictObject(Object.fromEntries(endpoints.map((endpoint) => [endpoint.id, oneOf(Object.keys(endpoint.rows)).optional()])));
  const step = z.object({
    times,
    delay: delay.optional(),
    outcome: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('ok') }),
      z.object({ kind: z.literal('status'), status: z.enum(lineStatuses) }),
      z.object({ kind: z.literal('reason'), reason: z.enum(reasons) }),
      z.object({ kind: z.literal('code'), rows }),
    ]),
    fault: fault.optional(),
  });
  const rule = z.object({
    id: text,
    place: text,
    when: z.object({
      provider: oneOf(providers.map(({ id }) => id)).optional(),
      endpoint: oneOf(endpoints.map(({ id }) => id)).optional(),
      number: numbers.optional(),
      credential: text.optional(),
      during: z.object({ from: z.number().min(0), to: endless }).optional(),
      chance: z.number().min(0).max(1).optional(),
    }),
    then: z.array(step).min(1),
    times,
    per: z.enum(['rule', 'number']),
  });
  return z.array(rule).max(20_000);
}

export async function loadedScenarioSchema(providers: readonly Provider[]) {
  const endpoints = providers.flatMap((provider) => provider.endpoints.map(({ id }) => id));
  const accounts = await Promise.all(providers.map(async (provider) => [provider.id, z.array(await recordSchema(provider)).max(1000).optional()] as const));
  const readings = providers.flatMap((provider) => provider.readings).map(({ name, values }) => [name, oneOf(values).optional()] as const);
  return z
    .object({
      name: text,
      description: text,
      seed: z.int().min(0).max(4294967295),
      clock: z.object({ at: instant.optional(), speed, delays: z.enum(['slept', 'charged']), signatures: z.enum(['real', 'clock']) }),
      accounts: z.strictObject(Object.fromEntries(accounts)),
      people: z.record(z.string().regex(/^[a-z0-9]/), person),
      numbers: z.array(declaredNumber.extend({ number: numbers })).max(200_000),
      rules: loadedRuleSchema(providers),
      readings: z.strictObject(Object.fromEntries(readings)),
      switchedOff: z.array(oneOf(endpoints)),
      prices: z.strictObject(Object.fromEntries(endpoints.map((id) => [id, z.int().min(0).optional()]))),
      expect: z.array(z.object({ what: z.enum(['calls', 'charged']), of: oneOf([...providers.map(({ id }) => id), ...endpoints]), from: z.number().min(0), to: endless })),
    })
    .refine(({ numbers: declared, people }) => declared.every(({ owner }) => owner === undefined || Object.hasOwn(people, owner)), { path: ['numbers'], message: 'have an owner who is not among the people' });
}
