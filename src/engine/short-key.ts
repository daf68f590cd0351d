import { hash } from 'node:crypto';

const longest = 128;

/** What a client sent, as a key to remember it by: longer than any number, it goes by its digest, so that no map keeps megabytes. */
export const shortKey = (text: string): string => (text.length <= longest ? text : hash('sha256', text));
