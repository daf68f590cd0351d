import type { Outgoing } from '../../support/exchange.ts';
import type { ProviderCauses } from './recipe.ts';

const token = 'sandbox-alapi-token';
const number = '13912345678';

const form = (body: string, ...headers: (readonly [string, string])[]): Outgoing => ({
  method: 'POST',
  target: '/api/phonecheck',
  headers: [['Content-Type', 'application/x-www-form-urlencoded'], ...headers],
  body,
});
const ask = (mobiles: string): Outgoing => form(`token=${token}&mobiles=${mobiles}`);
const body = (type: string, text: string | Buffer): Outgoing => ({ method: 'POST', target: '/api/phonecheck', headers: [['Content-Type', type], ['token', token]], body: text });

/** `count` numbers that exist. */
const numbers = (count: number): string => Array.from({ length: count }, (_, i) => `139${String(i).padStart(8, '0')}`).join(',');

export const alapi: ProviderCauses = {
  language: 'zh',
  read(text) {
    const { code, msg } = JSON.parse(text) as { code: number; msg: string };
    return { code: String(code), message: msg };
  },
  causes: {
    'alapi.phonecheck': {
      '200': [
        { by: 'a number that exists', requests: () => [ask(number)] },
        { by: 'three numbers, one of them vacant', scenario: 'numbers: { "13800138000": { status: vacant } }', requests: () => [ask(`${number},13800138000,13972565391`)], units: 3 },
        { by: 'a number without a record', scenario: `numbers: { "${number}": { status: no-record } }`, requests: () => [ask(number)] },
        { by: 'one number among some that are none', requests: () => [ask(`10086,${number},16137688175`)] },
        { by: 'the most numbers that one call takes', requests: () => [ask(numbers(2000))], units: 2000 },
        { by: 'a number that is none, under reading alapi.invalidInBatch: unknown', scenario: 'readings: { alapi.invalidInBatch: unknown }', requests: () => [ask('10086')] },
      ],
      '400': [
        { by: 'a JSON body that cannot be read', requests: () => [body('application/json', '{"mobiles":')] },
        { by: 'a JSON body that is no object', requests: () => [body('application/json', `["${number}"]`)] },
        { by: 'a multipart body that ends before its boundary', requests: () => [body('multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="mobiles"\r\n\r\n139')] },
        { by: 'a body above 256 kB', requests: () => [body('application/x-www-form-urlencoded', `mobiles=${number}&rest=${'0'.repeat(256 * 1024)}`)] },
      ],
      '404': [
        { by: 'another path below /api', requests: () => [{ ...ask(number), target: '/api/phonechecks' }], stray: true },
        { by: 'an endpoint that is switched off', scenario: 'switchedOff: [alapi.phonecheck]', requests: () => [ask(number)] },
      ],
      '405': [
        { by: 'PUT', requests: () => [{ ...ask(number), method: 'PUT' }] },
        { by: 'DELETE', requests: () => [{ method: 'DELETE', target: `/api/phonecheck?token=${token}&mobiles=${number}` }] },
      ],
      '422': [
        { by: 'no mobiles', requests: () => [form(`token=${token}`)] },
        { by: 'empty mobiles', requests: () => [ask('')] },
        { by: 'mobiles of commas only', requests: () => [ask(',%20,')] },
        { by: 'mobiles that are a number in JSON', requests: () => [body('application/json', `{"mobiles":${number}}`)] },
        { by: '2001 numbers', requests: () => [ask(numbers(2001))] },
        { by: 'numbers that are all none', requests: () => [ask('10086,16137688175')] },
        { by: 'one number that is none, under reading alapi.invalidInBatch: reject', scenario: 'readings: { alapi.invalidInBatch: reject }', requests: () => [ask(`${number},10086`)] },
      ],
      '429': [
        {
          by: 'a second call in a second that has one',
          scenario: `clock: 2026-02-01T12:00:00+08:00\naccounts: { alapi: { token: ${token}, calls: 10, rate: 1/s } }`,
          requests: () => [ask(number), ask(number)],
        },
      ],
      '100': [
        { by: 'a token that no account has', requests: () => [form(`token=wrong&mobiles=${number}`)] },
        { by: 'an empty token, under reading alapi.emptyToken: 100', scenario: 'readings: { alapi.emptyToken: "100" }', requests: () => [form(`token=&mobiles=${number}`)] },
      ],
      '101': [
        {
          by: 'an account past its expires',
          scenario: `clock: 2026-02-01\naccounts: { alapi: { token: ${token}, calls: 10, expires: 2026-02-01 } }`,
          requests: () => [ask(number)],
        },
        { by: 'an empty token', requests: () => [form(`token=&mobiles=${number}`)] },
        { by: 'no token', requests: () => [form(`mobiles=${number}`)] },
      ],
      '102': [
        { by: 'an account without calls', scenario: `accounts: { alapi: { token: ${token}, calls: 0 } }`, requests: () => [ask(number)] },
        { by: 'fewer calls left than numbers asked', scenario: `accounts: { alapi: { token: ${token}, calls: 2 } }`, requests: () => [ask(numbers(3))] },
        { by: 'a call more than there were', scenario: `accounts: { alapi: { token: ${token}, calls: 1 } }`, requests: () => [ask(number), ask(number)] },
      ],
      '104': [
        { by: 'an address that is not on the allow list', scenario: `accounts: { alapi: { token: ${token}, calls: 10, allow: ["10.0.0.0/8"] } }`, requests: () => [ask(number)] },
        { by: 'no Origin where sources are named', scenario: `accounts: { alapi: { token: ${token}, calls: 10, sources: [example.com] } }`, requests: () => [ask(number)] },
        {
          by: 'an Origin that is not among the sources',
          scenario: `accounts: { alapi: { token: ${token}, calls: 10, sources: [example.com] } }`,
          requests: () => [form(`token=${token}&mobiles=${number}`, ['Origin', 'https://example.com.evil.test'])],
        },
      ],
    },
  },
};
