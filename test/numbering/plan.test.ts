import { expect, it } from 'vitest';
import { planFor } from '../../src/numbering/plan.ts';
import type { Carrier } from '../../src/domain/subscriber.ts';

/** What the plan says of every eleven-digit number with this prefix. */
const allOf = (prefix: string) => {
  const rest = '0'.repeat(11 - prefix.length);
  return [planFor(prefix + rest), planFor(prefix + rest.replaceAll('0', '9'))];
};

it.each<[number: string, carrier: Carrier, virtual: boolean]>([
  ['13111111111', '中国联通', false],
  ['13972565391', '中国移动', false],
  ['13800138000', '中国移动', false],
  ['16717707933', '中国联通', true],
  ['19212345678', '中国广电', false],
])('%s is of %s, virtual: %s', (number, carrier, virtual) => {
  expect(planFor(number)).toEqual({ carrier, virtual });
});

it.each<[carrier: Carrier, prefixes: string]>([
  ['中国移动', '1340 1348 135 136 137 138 139 147 148 150 151 152 157 158 159 172 178 182 183 184 187 188 195 197 198'],
  ['中国联通', '130 131 132 145 146 155 156 166 175 176 185 186 196'],
  ['中国电信', '133 149 153 173 177 180 181 189 190 191 193 199'],
  ['中国广电', '192'],
])('gives %s its own networks: %s', (carrier, prefixes) => {
  for (const prefix of prefixes.split(' ')) {
    expect(allOf(prefix), prefix).toEqual([{ carrier, virtual: false }, { carrier, virtual: false }]);
  }
});

it.each<[carrier: Carrier, prefixes: string]>([
  ['中国移动', '165 1703 1705 1706'],
  ['中国联通', '167 1704 1707 1708 1709 171'],
  ['中国电信', '162 1700 1701 1702'],
])('has virtual operators resell the networks of %s: %s', (carrier, prefixes) => {
  for (const prefix of prefixes.split(' ')) {
    expect(allOf(prefix), prefix).toEqual([{ carrier, virtual: true }, { carrier, virtual: true }]);
  }
});

it.each(['13492', '13493', '13499', '1740', '17410', '17411', '17412', '1749', '1619'])('lets providers call the satellite range %s 中国电信', (prefix) => {
  expect(allOf(prefix)).toEqual([{ carrier: '中国电信', virtual: false }, { carrier: '中国电信', virtual: false }]);
});

it.each([
  '100', '110', '120', '129', '1400', '1410', '142', '143', '1440', '1441', '154', '160', '1610', '1618', '163', '164',
  '168', '169', '13490', '13491', '13494', '13498', '17413', '17419', '1742', '1748', '179', '194', '0', '2', '99',
])('gives %s to nobody', (prefix) => {
  expect(allOf(prefix)).toEqual([undefined, undefined]);
});

it('gives nobody the number that Tencent calls badly formatted', () => {
  expect(planFor('16137688175')).toBeUndefined();
});

it.each([
  ['nothing', ''],
  ['ten digits', '1311111111'],
  ['twelve digits', '131111111111'],
  ['thirteen digits of IoT', '1400012345678'],
  ['a country code', '+8613111111111'],
  ['a country code in eleven characters', '+8613111111'],
  ['full-width digits', '１３１１１１１１１１１'],
  ['Arabic-Indic digits', '١٣١١١١١١١١١'],
  ['a letter at the end', '1311111111x'],
  ['a space in front', ' 1311111111'],
  ['a space in the middle', '131 1111111'],
  ['a line end behind', '1311111111\n'],
  ['an exponent', '1.311111e10'],
  ['a sign', '-1311111111'],
])('knows no number in %s', (_, text) => {
  expect(planFor(text)).toBeUndefined();
});

it('answers without allocating: equal questions get the same object', () => {
  expect(planFor('13111111111')).toBe(planFor('18600000000'));
});
