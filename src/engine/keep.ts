import { hash } from 'node:crypto';

/** From this length on V8 makes a slice a view of its whole text, which stays in memory as long as the slice does. */
const sliced = 13;
const longestKey = 128;

/** The beginning of a text that a client sent, for keeping beyond its request: a copy, so that it keeps no megabytes alive. */
export function keep(text: string, most: number): string {
  if (text.length < sliced) return text;
  return text.length <= most ? copyOf(text) : `${copyOf(text.slice(0, most))}…`;
}

/** The same for a key of a map. Longer than any number or path, a text goes by its digest. */
export const keepKey = (text: string): string => (text.length < sliced ? text : text.length <= longestKey ? copyOf(text) : hash('sha256', text));

const copyOf = (text: string): string => Buffer.from(text).toString();
