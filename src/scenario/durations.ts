import { formedText } from './formed-text.ts';
import type { When } from './scenario.ts';

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The form of a length of time, such as `250ms` or `1.5h`, to be put into longer forms. */
export const duration = `(?:0|[1-9]\\d{0,5})(?:\\.\\d{1,3})?(?:${Object.keys(units).join('|')})`;

/** Milliseconds of a text of this form, in integers as long as it goes: 1.005 times 1000 is a little less than 1005. */
export function millisecondsOf(text: string): number {
  const [, whole = '', fraction = '', unit = ''] = /^(\d+)\.?(\d*)(\D+)$/.exec(text) ?? [];
  const thousandths = Number(whole + fraction.padEnd(3, '0'));
  // The form has no other units than these.
  return (thousandths * units[unit as keyof typeof units]) / 1000;
}

const spanForm = new RegExp(`^(?:${duration}\\.\\.(?:${duration})?|\\.\\.${duration})$`);

/** A span of time since the scenario was put into force: `10s..40s`, `10s..` or `..40s`. */
export const span = formedText(spanForm, (text) => {
  if (!spanForm.test(text)) return 'has to be a span of time, such as "10s..40s", "10s.." or "..40s"';
  const { from, to } = spanOf(text);
  if (from === to) return 'ends where it begins, so the rule can never fire. Write a later end';
  return from > to ? `ends before it begins; write "${text.split('..').reverse().join('..')}"` : undefined;
});

export function spanOf(text: string): NonNullable<When['during']> {
  const [from = '', to = ''] = text.split('..');
  return { from: from === '' ? 0 : millisecondsOf(from), to: to === '' ? Infinity : millisecondsOf(to) };
}
