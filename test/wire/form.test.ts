import fc from 'fast-check';
import { expect, it } from 'vitest';
import { last, parseForm } from '../../src/wire/form.ts';

const decode = (text: string): string | undefined => last(parseForm(`x=${text}`), 'x');

it.each<[text: string, value: string]>([
  ['a+b%20c', 'a b c'],
  ['%E7%A9%BA%e5%8f%b7', '空号'],
  ['空号+%', '空号 %'],
  ['%', '%'],
  ['%4', '%4'],
  ['%zz%41%4g%%41', '%zzA%4g%A'],
  ['%u5317%41', '%u5317A'],
  ['%D6%D0A', '\ufffd\ufffdA'],
  ['%E7%A9', '\ufffd'],
  ['%ED%A0%80', '\ufffd\ufffd\ufffd'],
  ['%00%2B', '\0+'],
])('decodes %s as far as it can be', (text, value) => {
  expect(decode(text)).toBe(value);
});

it('decodes whatever was encoded, and never throws at anything', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => decode(encodeURIComponent(text.toWellFormed())) === text.toWellFormed()), { seed: 20_260_201 });
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('%', 'a', '4', '1', 'f', 'g', '+', '号', '\ud800') }), (text) => typeof decode(text) === 'string'), { seed: 20_260_201, numRuns: 1_000 });
  // What is broken at its end says the same as far as it is whole.
  fc.assert(fc.property(fc.string(), (text) => decode(`${encodeURIComponent(text)}%`) === `${text}%`), { seed: 20_260_201 });
});

it.each<[text: string, pairs: readonly (readonly [string, string])[]]>([
  ['', []],
  ['&&&', []],
  ['a', [['a', '']]],
  ['a=', [['a', '']]],
  ['=a', [['', 'a']]],
  ['a=b=c', [['a', 'b=c']]],
  ['a=1&a=2', [['a', '1'], ['a', '2']]],
  ['a&b=1', [['a', ''], ['b', '1']]],
  ['__proto__=1&constructor=2', [['__proto__', '1'], ['constructor', '2']]],
  ['%61=%62', [['a', 'b']]],
  ['a=1;b=2', [['a', '1;b=2']]],
])('reads %s as pairs in their order', (text, pairs) => {
  expect(parseForm(text)).toEqual(pairs);
});

it('reads no more pairs than it was told', () => {
  expect(parseForm('a=1&'.repeat(10_000))).toHaveLength(4_096);
  expect(parseForm('a=1&'.repeat(10), 3)).toHaveLength(3);
});

it('takes the last of several, and none that was not sent', () => {
  expect(last([['a', '1'], ['a', '2'], ['b', '3']], 'a')).toBe('2');
  for (const name of ['c', '__proto__', 'constructor', 'length', '0']) expect(last([['a', '1']], name)).toBeUndefined();
});
