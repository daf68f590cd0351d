import { z } from 'zod';
import { reasons } from '../domain/outcome.ts';
import { lineStatuses } from '../domain/subscriber.ts';
import type { Provider } from '../providers/provider.ts';
import { delay } from './delays.ts';
import { span } from './durations.ts';
import { faultKeys } from './faults.ts';
import { countedWord, stepWords } from './step-words.ts';

export type RuleText = z.output<ReturnType<typeof ruleSchema>>;
/** A step by itself, be it one of a list or all that a rule has. */
export type StepText = Exclude<RuleText['then'], readonly unknown[]>;
export type LongStep = Exclude<StepText, string>;

export type Words = z.ZodEnum<Record<string, string>>;

/** Names that are known only when the providers are. There is at least one of each kind. */
export const oneOf = (names: Iterable<string>) => z.enum([...new Set(names)] as [string, ...string[]]) as Words;

/** A number, or a glob over numbers. */
export const numbers = z.string().regex(/^[0-9*?]{1,32}$/, 'may hold digits, * and ? only');

/** How a rule is written. Providers contribute their endpoints and codes. */
export function ruleSchema(providers: readonly Provider[]) {
  const times = z.int().min(1).max(999_999_999).optional();
  const step = z.strictObject({
    times: times.describe('How many calls the step is for, 1 where nothing is said. The last step stays.'),
    reason: z.enum(reasons).optional().describe("A neutral reason; each provider says it in its own words."),
    status: z.enum(lineStatuses).optional().describe('The state of the line, in place of the true one.'),
    code: codeSchema(providers).optional().describe("A provider's own code, or one for each provider or endpoint."),
    delay: delay.optional().describe('How long the answer waits: "250ms", "uniform(100ms, 2s)", "lognormal(800ms, 0.4)" by median and sigma, or "typical" where the provider documents a time.'),
    ...faultKeys,
  });
  const oneStep = [z.enum(stepWords), countedWord, step] as const;

  return z.strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'has to be lower-case letters, digits and hyphens').describe('What the journal calls the rule.'),
    when: z
      .strictObject({
        provider: oneOf(providers.map(({ id }) => id)).optional().describe('Any endpoint of this provider.'),
        endpoint: oneOf(providers.flatMap(({ endpoints }) => endpoints).map(({ id }) => id)).optional().describe('This endpoint.'),
        number: numbers.optional().describe('A number in quotes, or a pattern: * for any digits, ? for one.'),
        credential: z.string().min(1).max(256).optional().describe('The token, SecretId or apikey of an account.'),
        during: span.optional().describe('On the clock of the scenario, from when it was put into force: "10s..40s", "10s.." or "..40s".'),
        chance: z
          .number()
          .min(0)
          .max(1)
          .refine((chance) => chance !== 0, 'is 0, so the rule can never fire. Write a share of the calls, up to 1')
          .optional()
          .describe('The share of its calls that the rule takes, up to 1. Which ones follows from the seed.'),
      })
      .prefault({})
      .describe('All that is stated has to hold.'),
    then: z
      .union([...oneStep, z.array(z.union(oneStep)).min(1, 'is an empty list. Write a step').max(1000)])
      .describe('"ok", a neutral reason, the long form, or a list of these, one call after the other; "2x busy" is for two calls. The last one stays.'),
    times: times.describe('How often the rule is used in all. Without end where nothing is said.'),
    per: z.enum(['rule', 'number']).default('rule').describe('Whether uses are counted for all calls of the rule together, or for each number by itself.'),
  });
}

/** Any code, or one for each provider or endpoint. */
function codeSchema(providers: readonly Provider[]) {
  const rowsOf = ({ endpoints }: Pick<Provider, 'endpoints'>): string[] => endpoints.flatMap(({ rows }) => Object.keys(rows));
  const byName: Record<string, z.ZodOptional<Words>> = {};
  for (const provider of providers) {
    byName[provider.id] = oneOf(rowsOf(provider)).optional();
    for (const endpoint of provider.endpoints) byName[endpoint.id] = oneOf(Object.keys(endpoint.rows)).optional();
  }
  return z.union([oneOf(providers.flatMap(rowsOf)), z.strictObject(byName)]);
}
