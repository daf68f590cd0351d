import { z } from 'zod';
import { checkCharacter, idCardFault } from '../domain/id-card.ts';
import { carriers, lineStatuses } from '../domain/subscriber.ts';
import type { Endpoint, Provider } from '../providers/provider.ts';
import { moment } from '../providers/account-fields.ts';
import { count } from './counts.ts';
import { price } from './prices.ts';
import { numbers, oneOf, ruleSchema, type Words } from './rule-schema.ts';

export type ScenarioSchema = Awaited<ReturnType<typeof scenarioSchema>>;
/** A scenario file as it is written. */
export type ScenarioFile = z.output<ScenarioSchema>;

/** The one source of validation, types and JSON Schema. Providers contribute accounts, endpoints, codes and readings. */
export async function scenarioSchema(providers: readonly Provider[]) {
  const endpoints = providers.flatMap((provider) => provider.endpoints);
  const names = providers.flatMap((provider) => [provider.id, ...provider.endpoints.map(({ id }) => id)]);

  const accounts: Record<string, z.ZodType<Record<string, unknown>[]>> = {};
  for (const provider of providers) {
    // A provider's account schema is a strict object: that is the contract of AccountKind.
    const record = (await provider.accounts.schema()) as z.ZodType<Record<string, unknown>>;
    accounts[provider.id] = z.union([record.transform((one) => [one]), z.array(record).min(1).max(1000)]);
  }

  const readings: Record<string, z.ZodOptional<Words>> = {};
  for (const { name, values, why } of providers.flatMap((provider) => provider.readings)) {
    readings[name] = oneOf(values).optional().describe(`Default ${values[0]}. Open because ${why}.`);
  }

  return z.strictObject({
    $schema: z.string().optional().describe('Where editors find this schema.'),
    konghao: z.literal(1).describe('Format version.'),
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'has to be lower-case letters, digits and hyphens').describe('What the scenario is called, such as "failover".'),
    description: z.string().max(2000).default('').describe('What the scenario shows, in a sentence.'),
    seed: z.int().min(0).max(4294967295).default(1).describe('What is not stated below follows from this.'),
    clock: z.union([moment, clock]).optional().describe('The instant at which time stands still, or the long form. Leave out for real time.'),
    accounts: z.strictObject(optional(accounts)).prefault({}).describe('Credentials and their limits: one or a list. A provider that is left out has its sandbox accounts.'),
    people: z.record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'has to be lower-case letters, digits, - and _'), person).prefault({}).describe('People whom numbers can have as owner.'),
    numbers: z.record(numbers, declaredNumber).prefault({}).describe('Facts about numbers. The number itself wins over patterns, and the pattern with more digits over others.'),
    rules: z.array(ruleSchema(providers)).max(20_000).default([]).describe('Exceptions to the world. The first rule that holds decides.'),
    readings: z.strictObject(readings).prefault({}).describe('Switches where the documents contradict each other or are silent.'),
    switchedOff: z.array(switchable(endpoints)).default([]).describe('Endpoints that are not in service.'),
    prices: z.strictObject(each(endpoints.map(({ id }) => id), price)).prefault({}).describe('What one charged query costs, in yuan, with up to four decimals.'),
    expect: z
      .strictObject({
        calls: z.strictObject(each(names, count)).prefault({}).describe('How often a provider or an endpoint is called: 3, "1..", "..2" or "2..4".'),
        charged: z.strictObject(each(names, count)).prefault({}).describe('How many queries a provider or an endpoint charges: 3, "1..", "..2" or "2..4".'),
        never: z.array(oneOf(names)).default([]).describe('Providers and endpoints that are not called at all.'),
      })
      .prefault({})
      .describe('What has to be true of the calls in the end.'),
  });
}

const optional = <T extends z.ZodType>(shape: Readonly<Record<string, T>>): Record<string, z.ZodOptional<T>> =>
  Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.optional()]));

const each = <T extends z.ZodType>(names: readonly string[], schema: T): Record<string, z.ZodOptional<T>> => optional(Object.fromEntries(names.map((name) => [name, schema])));

/** The long form of a clock. */
export const clock = z.strictObject({
  at: moment.optional().describe('Where it begins. Leave out for the real time.'),
  speed: z.number().min(0).max(86_400).optional().describe('Seconds that pass in a real second: 0 stands still, and is the default where "at" is given; else it is 1.'),
  delays: z.enum(['slept', 'charged']).optional().describe('Whether a delay is waited for, as by default, or the clock moved on by it and the answer sent at once.'),
  signatures: z.enum(['real', 'clock']).optional().describe('By which time signatures are fresh: the real one by default. "clock" locks out every client that signs by another.'),
});

/** Not every provider has a code that says so. */
const switchable = (endpoints: readonly Endpoint[]) =>
  oneOf(endpoints.filter(({ checks }) => checks.some((check) => check.kind === 'gate' && check.gate === 'switched-off')).map(({ id }) => id));

export const person = z.strictObject({
  name: z.string().min(1).max(64).describe('The full name.'),
  idCard: z.string().describe('A resident ID number in quotes, its check character included.').superRefine((idCard, context) => {
    const fault = idCardFault(idCard);
    if (fault === undefined) return;
    const message = {
      'not-18-characters': 'has to be 17 digits and a digit or X',
      'no-such-date': 'has a date of birth that does not exist; digits 7 to 14 are year, month and day',
      'check-character': `ends in a wrong check character; ${checkCharacter(idCard)} would be right`,
    }[fault];
    context.addIssue({ code: 'custom', message });
  }),
});

export const declaredNumber = z.strictObject({
  status: z.enum([...lineStatuses, 'no-record']).optional().describe('The state of the line; "no-record" where no operator knows the number.'),
  carrier: z.enum(carriers).optional().describe('The network that serves it now.'),
  portedFrom: z.enum(carriers).optional().describe('The network it came from.'),
  virtualOperator: z.string().min(1).max(32).optional().describe('The name of the virtual operator that sells it.'),
  area: z.string().regex(/^\p{Script=Han}{1,16}-\p{Script=Han}{1,16}$/u, 'has to be a province and a city, such as "湖北-宜昌"').optional().describe('Province and city.'),
  owner: z.string().optional().describe('A key of people.'),
});
