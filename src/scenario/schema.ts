import { z } from 'zod';
import { checkCharacter, idCardFault } from '../domain/id-card.ts';
import { reasons } from '../domain/outcome.ts';
import { carriers, lineStatuses } from '../domain/subscriber.ts';
import type { Endpoint, Provider } from '../providers/provider.ts';
import { moment } from '../providers/account-fields.ts';

export type ScenarioSchema = Awaited<ReturnType<typeof scenarioSchema>>;
/** A scenario file as it is written. */
export type ScenarioFile = z.output<ScenarioSchema>;
export type RuleText = ScenarioFile['rules'][number];
export type StepText = RuleText['then'];

type Words = z.ZodEnum<Record<string, string>>;

/** The one source of validation, types and JSON Schema. Providers contribute accounts, endpoints, codes and readings. */
export async function scenarioSchema(providers: readonly Provider[]) {
  const endpoints = providers.flatMap((provider) => provider.endpoints);
  const endpointId = z.enum(endpoints.map((endpoint) => endpoint.id) as [string, ...string[]]);
  const providerId = z.enum(providers.map((provider) => provider.id) as [string, ...string[]]);

  const accounts: Record<string, z.ZodType<Record<string, unknown>[]>> = {};
  for (const provider of providers) {
    // A provider's account schema is a strict object: that is the contract of AccountKind.
    const record = (await provider.accounts.schema()) as z.ZodType<Record<string, unknown>>;
    accounts[provider.id] = z.union([record.transform((one) => [one]), z.array(record).min(1).max(1000)]);
  }

  const readings: Record<string, z.ZodOptional<Words>> = {};
  for (const { name, values, why } of providers.flatMap((provider) => provider.readings)) {
    readings[name] = (z.enum(values) as Words).optional().describe(`Default ${values[0]}. Open because ${why}.`);
  }

  const codes = (ids: readonly string[]) => z.enum([...new Set(ids)] as [string, ...string[]]) as Words;
  const codeByName: Record<string, z.ZodOptional<Words>> = {};
  for (const provider of providers) {
    codeByName[provider.id] = codes(provider.endpoints.flatMap((endpoint) => Object.keys(endpoint.rows))).optional();
    for (const endpoint of provider.endpoints) codeByName[endpoint.id] = codes(Object.keys(endpoint.rows)).optional();
  }

  const step = z.strictObject({
    reason: z.enum(reasons).optional().describe("A neutral reason; each provider says it in its own words."),
    status: z.enum(lineStatuses).optional().describe('The state of the line, in place of the true one.'),
    code: z
      .union([codes(endpoints.flatMap((endpoint) => Object.keys(endpoint.rows))), z.strictObject(codeByName)])
      .optional()
      .describe("A provider's own code, or one for each provider or endpoint."),
    delay: z
      .string()
      .regex(/^(typical|(0|[1-9]\d{0,5})(\.\d{1,3})?(ms|s))$/, 'has to be a time, such as "250ms", "2s" or "typical"')
      .optional()
      .describe('How long the answer waits: "250ms", "2s", or "typical" where the provider documents a time.'),
  });

  return z.strictObject({
    $schema: z.string().optional().describe('Where editors find this schema.'),
    konghao: z.literal(1).describe('Format version.'),
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'has to be lower-case letters, digits and hyphens').describe('What the scenario is called, such as "failover".'),
    description: z.string().max(2000).default('').describe('What the scenario shows, in a sentence.'),
    seed: z.int().min(0).max(4294967295).default(1).describe('What is not stated below follows from this.'),
    clock: moment.optional().describe('The instant at which time stands still. Leave out for real time.'),
    accounts: z
      .strictObject(Object.fromEntries(Object.entries(accounts).map(([id, schema]) => [id, schema.optional()])))
      .prefault({})
      .describe('Credentials and their limits: one or a list. A provider that is left out has its sandbox accounts.'),
    people: z.record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/, 'has to be lower-case letters, digits, - and _'), person).prefault({}).describe('People whom numbers can have as owner.'),
    numbers: z
      .record(z.string().regex(/^[0-9*?]{1,32}$/, 'may hold digits, * and ? only'), declaredNumber)
      .prefault({})
      .describe('Facts about numbers. The number itself wins over patterns, and the pattern with more digits over others.'),
    rules: z
      .array(
        z.strictObject({
          id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'has to be lower-case letters, digits and hyphens').describe('What the journal calls the rule.'),
          when: z
            .strictObject({
              provider: providerId.optional().describe('Any endpoint of this provider.'),
              endpoint: endpointId.optional().describe('This endpoint.'),
              number: z.string().regex(/^[0-9*?]{1,32}$/, 'may hold digits, * and ? only').optional().describe('A number in quotes, or a pattern: * for any digits, ? for one.'),
              credential: z.string().min(1).max(256).optional().describe('The token, SecretId or apikey of an account.'),
            })
            .prefault({})
            .describe('All that is stated has to hold.'),
          then: z.union([z.enum(['ok', ...reasons]), step]).describe('"ok", a neutral reason, or the long form.'),
        }),
      )
      .max(20_000)
      .default([])
      .describe('Exceptions to the world. The first rule that holds decides.'),
    readings: z.strictObject(readings).prefault({}).describe('Switches where the documents contradict each other or are silent.'),
    switchedOff: z.array(switchable(endpoints)).default([]).describe('Endpoints that are not in service.'),
  });
}

/** Not every provider has a code that says so. */
const switchable = (endpoints: readonly Endpoint[]) =>
  z.enum(endpoints.filter(({ checks }) => checks.some((check) => check.kind === 'gate' && check.gate === 'switched-off')).map(({ id }) => id) as [string, ...string[]]);

const person = z.strictObject({
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

const declaredNumber = z.strictObject({
  status: z.enum([...lineStatuses, 'no-record']).optional().describe('The state of the line; "no-record" where no operator knows the number.'),
  carrier: z.enum(carriers).optional().describe('The network that serves it now.'),
  portedFrom: z.enum(carriers).optional().describe('The network it came from.'),
  virtualOperator: z.string().min(1).max(32).optional().describe('The name of the virtual operator that sells it.'),
  area: z.string().regex(/^\p{Script=Han}{1,16}-\p{Script=Han}{1,16}$/u, 'has to be a province and a city, such as "湖北-宜昌"').optional().describe('Province and city.'),
  owner: z.string().optional().describe('A key of people.'),
});
