import { z } from 'zod';
import { formedText } from './formed-text.ts';
import type { Expectation } from './scenario.ts';

const most = 1_000_000_000;
const rangeForm = /^(?:\d{1,9}\.\.(?:\d{1,9})?|\.\.\d{1,9})$/;

/** How many there may be: `3`, `"1.."`, `"..2"` or `"2..4"`. */
export const count = z.union([
  z.int().min(0).max(most),
  formedText(rangeForm, (text) => {
    if (!rangeForm.test(text)) return 'has to be a number, or a range such as "1..", "..2" or "2..4"';
    const { from, to } = boundsOf(text);
    return from > to ? `ends before it begins; write "${to}..${from}"` : undefined;
  }),
]);

export function boundsOf(text: number | string): Pick<Expectation, 'from' | 'to'> {
  if (typeof text === 'number') return { from: text, to: text };
  const [from = '', to = ''] = text.split('..');
  return { from: Number(from), to: to === '' ? Infinity : Number(to) };
}
