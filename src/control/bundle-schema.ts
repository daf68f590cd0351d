import { z } from 'zod';
import { timeOf } from '../domain/clock.ts';
import type { Bundle } from '../engine/bundle.ts';
import type { Provider } from '../providers/provider.ts';
import { oneOf } from '../scenario/rule-schema.ts';
import { instant, loadedRuleSchema, loadedScenarioSchema, recordSchema, speed, text } from './loaded-scenario-schema.ts';

// A snapshot comes back from outside: all that the engine will rely on is checked, so that a spoilt one is refused whole.

const count = z.int().min(0);
const counts = z.array(z.tuple([text, count])).max(200_000);
/** Queries or money, with either sign. */
const units = z.int();
const clock = z.object({ base: instant, since: instant, speed });

/** A whole snapshot. Keys whose value was `undefined` are absent in JSON, and mean the same. */
export async function bundleSchema(providers: readonly Provider[]): Promise<z.ZodType<Bundle>> {
  const endpoints = providers.flatMap((provider) => provider.endpoints.map(({ id }) => id));
  const names = oneOf(providers.map(({ id }) => id));
  const [scenario, rules] = [await loadedScenarioSchema(providers), loadedRuleSchema(providers)];
  const records = await Promise.all(providers.map(async (provider) => ({ provider: z.literal(provider.id), record: await recordSchema(provider) })));
  const each = <T extends z.ZodType>(schema: T) => z.strictObject(Object.fromEntries(endpoints.map((id) => [id, schema.optional()])));

  const books = z.object({ credit: units.optional(), seconds: each(z.object({ second: z.int(), count })), day: z.int().optional(), attempts: counts });
  const account = z.discriminatedUnion('provider', listed(records.map((record) => z.object({ ...record, books }))));
  const sums = z.object({ charges: count, units, amount: units, topUps: units, corrections: units });
  const line = z.object({
    line: z.int().min(1), at: instant, kind: z.enum(['charge', 'top-up', 'correction']), provider: names, credential: text, units, amount: units, balance: units.optional(),
    exchange: count, endpoint: text, row: text, number: text, numbers: count, ids: text, delivered: text, why: text,
  });
  const ledger = z
    .object({ next: z.int().min(1), forward: z.array(z.object({ provider: names, credential: text, endpoint: text, sums })), lines: z.array(line) })
    .refine(({ next, lines }) => next > lines.length, { path: ['next'], message: 'is too small for so many lines' });
  const state = z.object({
    clock,
    appliedAt: instant,
    accounts: z
      .array(account)
      .max(4000)
      .refine((all) => new Set(all.map(({ provider, record }) => `${provider} ${providers.find(({ id }) => id === provider)?.accounts.terms(record).credential ?? ''}`)).size === all.length, 'have a credential twice'),
    calls: counts,
    uses: z.object({ byRule: counts, byNumber: counts }),
    tally: each(z.object({ calls: count, charged: count })),
    ledger,
    sequence: count,
  });

  const place = { provider: names, index: count };
  const change = z.union([
    z.object({ kind: z.literal('clock'), to: z.union([instant, z.literal('real')]).optional(), by: z.number().min(0).optional(), speed: speed.optional() }),
    z.object({ kind: z.literal('arm'), rule: rules.element }),
    z.object({ kind: z.literal('disarm'), id: text }),
    z.discriminatedUnion('provider', listed(records.map((record) => z.object({ kind: z.literal('amend'), ...place, ...record, anew: z.boolean() })))),
    z.object({ kind: z.literal('enter'), ...place, entry: z.enum(['top-up', 'correction']), units, why: text }),
  ]);
  const answer = z.object({ status: z.int(), body: z.string(), fault: text.nullable(), units });
  const request = z.object({ exchange: count, provider: names, receivedAt: instant, remoteAddress: text, method: text, target: z.string(), headers: z.array(z.string()), body: z.string(), answer });

  return z.object({
    konghao: z.literal('bundle'),
    format: z.literal(1),
    version: text,
    takenAt: instant,
    scenario,
    // The whole state or its beginning, and never the one for a spoilt other.
    origin: z.union([state, z.strictObject({ clock, appliedAt: instant })]),
    now: scenario,
    state,
    complete: z.boolean(),
    requests: z.array(request),
    changes: z.array(z.object({ before: count, at: instant, change })),
    // Optional keys are absent or defined: JSON has no undefined.
  }).refine(({ state: { clock: kept }, takenAt }) => instant.safeParse(timeOf(kept, takenAt)).success, { path: ['state', 'clock'], message: 'is beyond the year 9999, or before the first' }) as unknown as z.ZodType<Bundle>;
}

/** There is at least one provider. */
const listed = <T>(all: readonly T[]) => all as readonly [T, ...T[]];
