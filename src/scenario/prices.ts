import { z } from 'zod';
import { formedText } from './formed-text.ts';

const decimals = 4;
const form = new RegExp(`^(?:0|[1-9]\\d{0,5})(?:\\.\\d{1,${decimals}})?$`);

const faultOf = (text: string): string | undefined => (form.test(text) ? undefined : `has to be yuan with up to ${decimals} decimals, such as 0.45`);

/** What a query costs, in yuan: a number, or the same as text. */
export const price = z.union([
  z
    .number()
    .min(0, { abort: true })
    .max(999_999, { abort: true })
    .superRefine((yuan, context) => {
      // A number's text is the shortest that means it: what was written, without zeros at its end.
      const message = faultOf(String(yuan));
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    }),
  formedText(form, faultOf),
]);

/** In ten-thousandths of a yuan, digit by digit: 0.0003 times 10000 is not quite 3. */
export function tenThousandths(yuan: number | string): number {
  const [whole = '', fraction = ''] = String(yuan).split('.');
  return Number(whole + fraction.padEnd(decimals, '0'));
}
