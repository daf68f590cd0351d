import { z } from 'zod';
import { moment } from '../providers/account-fields.ts';
import { duration } from '../scenario/durations.ts';
import { clock } from '../scenario/schema.ts';

// The bodies that the control API takes. Loaded with the first of them, for zod is not paid for before.

const time = z.string().regex(new RegExp(`^${duration}$`), 'has to be a time, such as "90s" or "1d"');
/** Of a body whose keys are in order. */
const inOrder = (message: string) => ({ message, when: ({ issues }: { readonly issues: readonly unknown[] }) => issues.length === 0 });
const speed = z.number().min(0).max(86_400);

export const tenantBody = z.strictObject({
  /** The name of a shipped scenario, the text of one, or one as JSON. */
  scenario: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  seed: z.int().min(0).max(4294967295).optional(),
  /** As it stands in a scenario. */
  clock: z.union([moment, clock]).optional(),
});

export const scenarioBody = z.strictObject({ scenario: z.union([z.string(), z.record(z.string(), z.unknown())]) });

/** One of the four, or `freeze` or `speed` together with `at`. */
export const clockBody = z
  .strictObject({
    freeze: z.literal(true).optional(),
    at: moment.optional(),
    advance: time.optional(),
    follow: z.literal(true).optional(),
    speed: speed.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, inOrder('is empty. Send freeze, at, advance, follow or speed'))
  .refine((body) => [body.freeze, body.follow, body.speed].filter((each) => each !== undefined).length <= 1, inOrder('has more than one of freeze, follow and speed, which exclude each other. Send one of them'))
  .refine((body) => body.follow === undefined || (body.at === undefined && body.advance === undefined), inOrder('has follow beside at or advance, and follow goes alone. Send one of them'))
  .refine((body) => body.at === undefined || body.advance === undefined, inOrder('has both at and advance, which exclude each other. Send one of them'));

const units = z.int().min(-1_000_000_000).max(1_000_000_000);

export const accountBody = z
  .strictObject({
    /** Which account, where the provider has several. */
    credential: z.string().min(1).max(256).optional(),
    /** Queries that are added. */
    topUp: units.min(1).optional(),
    /** Queries, with either sign. */
    correction: units.optional(),
    why: z.string().max(500).optional(),
    /** Keys of the account's record, as in a scenario. */
    set: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(({ topUp, correction, set }) => topUp !== undefined || correction !== undefined || set !== undefined, inOrder('says nothing to do. Send topUp, correction or set'));

export const ruleBody = z.record(z.string(), z.unknown());
