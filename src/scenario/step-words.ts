import { z } from 'zod';
import { nearest } from '../domain/nearest.ts';
import { reasons } from '../domain/outcome.ts';

/** What a step can say in one word. */
export const stepWords = ['ok', ...reasons] as const;
export type StepWord = (typeof stepWords)[number];

const countedForm = new RegExp(`^([1-9]\\d{0,8})x (${stepWords.join('|')})$`);

/** `2x busy`: a word, and how many calls it is for. */
export const countedWord = z
  .string()
  .superRefine((text, context) => {
    if (countedForm.test(text)) return;
    const message = countFault(text);
    // What counts nothing is a word that there is none of, and told as one.
    context.addIssue(message === undefined ? { code: 'invalid_value', values: [...stepWords], input: text } : { code: 'custom', message });
  })
  .meta({ pattern: countedForm.source });

/** Of a text that the form lets pass, or that is a word by itself. */
export function readStepWord(text: string): { readonly word: StepWord; readonly times: number | undefined } {
  const [, count, word = text] = countedForm.exec(text) ?? [];
  // The schema has let no other words pass.
  return { word: word as StepWord, times: count === undefined ? undefined : Number(count) };
}

/** What is wrong with a text that seems to be meant as a word with its count. */
function countFault(text: string): string | undefined {
  if (text.length > 40) return undefined;
  const [, before, behind, last] = /^(?:(\d+) *[x×*]|[x×*] *(\d+)) *(\S.*)$/i.exec(text) ?? [];
  const [, first, countBefore, countBehind] = /^(\D*[^\s\d]) +(?:(\d+) *[x×*]|[x×*] *(\d+))$/i.exec(text) ?? [];
  const digits = before ?? behind ?? countBefore ?? countBehind;
  const word = (last ?? first)?.trim();
  if (digits === undefined || word === undefined) return undefined;
  const meant = nearest(word, stepWords);
  if (meant === undefined) return `counts "${word}", which is none of the words. There are ${stepWords.join(', ')}`;
  const count = Number(digits);
  if (count === 0) return `is for no call at all. Write "1x ${meant}", or leave the step out`;
  if (count > 999_999_999) return `is for more than 999999999 calls; write "999999999x ${meant}"`;
  return word === meant ? `has to be spelled "${count}x ${meant}"` : `counts "${word}", which is none of the words; did you mean "${count}x ${meant}"?`;
}
