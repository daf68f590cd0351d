import type { z } from 'zod';
import { parseJsonObject } from '../wire/json.ts';
import type { WireResponse } from '../wire/wire-response.ts';
import { problem } from './problem.ts';

export type ReadBody<T> = { readonly kind: 'value'; readonly value: T } | { readonly kind: 'refused'; readonly answer: WireResponse };

/** Reads a JSON body by its schema; what is wrong is a sentence for each mistake, with its place. */
export async function readBody<T>(body: Buffer, schema: z.ZodType<T>): Promise<ReadBody<T>> {
  const json = parseJsonObject(body);
  if (json.kind === 'broken') return refused(`${json.why.replace(/^t/, 'T')}. Send one JSON object.`);
  // zod would leave it out without a word.
  if (hasPrototype(json.object)) return refused('The key __proto__ is not allowed. Choose another.');
  const parsed = schema.safeParse(json.object);
  if (parsed.success) return { kind: 'value', value: parsed.data };
  const { mistakesIn } = await import('./mistakes.ts');
  return refused(mistakesIn(body.toString('utf8'), json.object, parsed.error.issues, schema));
}

const refused = (detail: string): ReadBody<never> => ({ kind: 'refused', answer: problem(422, 'invalid-body', detail) });

/** Whether a value has a key that assignment would take for something else. Its depth is bounded already. */
export const hasPrototype = (value: unknown): boolean => typeof value === 'object' && value !== null && (Object.hasOwn(value, '__proto__') || Object.values(value).some(hasPrototype));
