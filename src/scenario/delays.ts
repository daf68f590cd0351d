import { duration, millisecondsOf } from './durations.ts';
import { formedText } from './formed-text.ts';
import type { Delay } from './scenario.ts';

const drawn = `uniform\\( *${duration} *, *${duration} *\\)|lognormal\\( *${duration} *, *\\d{1,3}(?:\\.\\d{1,3})? *\\)`;
const delayForm = new RegExp(`^(?:typical|${duration}|${drawn})$`);

/** In milliseconds: what a timer still waits for. */
const longest = 999_999_000;
const widest = 3;

/** How long an answer waits: a time, the documented one, or one that is drawn for each call. */
export const delay = formedText(delayForm, (text) => {
  if (!delayForm.test(text)) return formFault(text);
  const read = delayOf(text);
  if (longestOf(read) > longest) return 'is longer than 999999s. Shorten it';
  if (read.kind === 'lognormal' && read.sigma > widest) return `has a sigma above ${widest}. Write one from 0 to ${widest}`;
  if (read.kind !== 'uniform' || read.from <= read.to) return undefined;
  const [, first, second] = partsOf(text);
  return `ends before it begins; write "uniform(${second}, ${first})"`;
});

function formFault(text: string): string {
  const examples = '"uniform(100ms, 2s)" or "lognormal(800ms, 0.4)"';
  if (/^\w+\([^,)]*$/.test(text)) return `is cut off at its comma, which separates keys inside { }. Quote all of it, as in ${examples}`;
  return text.includes('(') ? `has to be a time that is drawn, such as ${examples}` : 'has to be a time, such as "250ms", "2s" or "typical"';
}

/** Of a text that the form lets pass. */
export function delayOf(text: string): Delay {
  if (text === 'typical') return { kind: 'typical' };
  const [kind, first, second] = partsOf(text);
  switch (kind) {
    case 'uniform':
      return { kind, from: millisecondsOf(first), to: millisecondsOf(second) };
    case 'lognormal':
      return { kind, median: millisecondsOf(first), sigma: Number(second) };
    default:
      return { kind: 'fixed', milliseconds: millisecondsOf(text) };
  }
}

function partsOf(text: string): readonly [kind: string, first: string, second: string] {
  const [kind = '', first = '', second = ''] = text.split(/[(), ]+/);
  return [kind, first, second];
}

function longestOf(read: Delay): number {
  switch (read.kind) {
    case 'typical':
      return 0;
    case 'fixed':
      return read.milliseconds;
    case 'uniform':
      return Math.max(read.from, read.to);
    case 'lognormal':
      return read.median;
    default:
      return read satisfies never;
  }
}
