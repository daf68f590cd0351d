import type { Outgoing } from '../../support/exchange.ts';
import type { ProviderCauses, Recipe } from './recipe.ts';

const apikey = '7c11272au708345c834b8ue81ac78972';
const number = '13912345678';
const prepaid = (balance: number): string => `accounts: { qxt: { apikey: ${apikey}, balance: ${balance} } }`;
const foreignAddress = `accounts: { qxt: { apikey: ${apikey}, allow: ["10.0.0.0/8"], balance: 5 } }`;

const status = (query: string): Outgoing => ({ method: 'GET', target: `/ssPhone_Status${query}` });
const ask = (mobile: string): Outgoing => status(`?apikey=${apikey}&mobile=${mobile}`);
const balance = (query: string): Outgoing => ({ method: 'GET', target: `/balance${query}` });
const form = (target: string, body: string): Outgoing => ({ method: 'POST', target, headers: [['Content-Type', 'application/x-www-form-urlencoded']], body });

/** What both endpoints say of the apikey. */
const credential = (request: (query: string) => Outgoing): Record<string, readonly Recipe[]> => ({
  '1': [
    { by: 'no apikey', requests: () => [request(`?mobile=${number}`)], says: '请求参数缺失' },
    { by: 'an empty apikey', requests: () => [request(`?apikey=&mobile=${number}`)], says: '请求参数缺失' },
    { by: 'an apikey of 31 characters', requests: () => [request(`?apikey=${apikey.slice(1)}&mobile=${number}`)], says: 'apikey长度不对' },
    { by: 'an apikey of 33 characters', requests: () => [request(`?apikey=${apikey}0&mobile=${number}`)], says: 'apikey长度不对' },
  ],
  '-1': [{ by: 'an apikey of 32 characters that no account has', requests: () => [request(`?apikey=${'0'.repeat(32)}&mobile=${number}`)] }],
  '-9': [{ by: 'an address that is not on the allow list', scenario: foreignAddress, requests: () => [request(`?apikey=${apikey}&mobile=${number}`)] }],
});

const shared = credential(status);

export const qxt: ProviderCauses = {
  language: 'zh',
  read(body) {
    const { code, reason } = JSON.parse(body) as { code: number; reason: string };
    return { code: String(code), message: reason };
  },
  causes: {
    'qxt.ssPhone_Status': {
      ...shared,
      '0': [
        { by: 'a number that exists', requests: () => [ask(number)] },
        { by: 'a number that is vacant', scenario: `numbers: { "${number}": { status: vacant } }`, requests: () => [ask(number)] },
        { by: 'the last query of a prepaid account', scenario: prepaid(1), requests: () => [ask(number)] },
        {
          by: 'a postpaid account below zero',
          scenario: `accounts: { qxt: { apikey: ${apikey}, billing: postpaid, balance: -2047 } }`,
          requests: () => [form('/ssPhone_Status', `apikey=${apikey}&mobile=${number}`)],
        },
        {
          by: 'a wrong number as a state, under reading qxt.invalidNumber: status',
          scenario: 'readings: { qxt.invalidNumber: status }',
          requests: () => [ask('16137688175')],
        },
      ],
      '1': [
        ...(shared['1'] ?? []),
        { by: 'no mobile', requests: () => [status(`?apikey=${apikey}`)], says: '请求参数缺失' },
        { by: 'an empty mobile in a form', requests: () => [form('/ssPhone_Status', `apikey=${apikey}&mobile=`)], says: '请求参数缺失' },
        {
          by: 'a number of 10 digits, under reading qxt.numberErrors: general',
          scenario: 'readings: { qxt.numberErrors: general }',
          requests: () => [ask('1391234567')],
          says: '查询的手机号码长度不对',
        },
        {
          by: 'a prefix that was never given out, under reading qxt.numberErrors: general',
          scenario: 'readings: { qxt.numberErrors: general }',
          requests: () => [ask('16137688175')],
          says: '查询的手机号码有误',
        },
      ],
      '-2': [
        { by: 'a number of 10 digits', requests: () => [ask('1391234567')] },
        { by: 'a number of 12 digits', requests: () => [ask('139123456789')] },
        { by: 'two numbers', requests: () => [ask(`${number},13800138000`)] },
        { by: 'a short number on an empty account', scenario: prepaid(0), requests: () => [ask('1391234567')] },
      ],
      '-3': [
        { by: '11 digits with a prefix that was never given out', requests: () => [ask('16137688175')] },
        { by: '11 characters that are no digits', requests: () => [ask('1391234567a')] },
      ],
      '-4': [
        { by: 'a number without a record', scenario: `numbers: { "${number}": { status: no-record } }`, requests: () => [ask(number)] },
        { by: 'a number of unknown state', scenario: 'numbers: { "139*": { status: unknown } }', requests: () => [ask(number)] },
      ],
      '-5': [
        { by: 'a prepaid account with balance 0', scenario: prepaid(0), requests: () => [ask(number)] },
        { by: 'the third query of a balance of two', scenario: prepaid(2), requests: () => [ask(number), ask('13800138000'), ask(number)] },
      ],
    },
    'qxt.balance': {
      ...credential(balance),
      '0': [
        { by: 'a known apikey', requests: () => [balance(`?apikey=${apikey}`)] },
        { by: 'a known apikey in a form', requests: () => [form('/balance', `apikey=${apikey}`)] },
        { by: 'an empty account', scenario: prepaid(0), requests: () => [balance(`?apikey=${apikey}`)] },
      ],
    },
  },
};
