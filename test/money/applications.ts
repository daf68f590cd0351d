import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { tc3Request, tc3Signed } from '../faults/signer.ts';
import { formOf, formType, multipartOf, multipartType, posted } from '../support/ask.ts';
import { requestsOf } from '../support/clients.ts';
import type { Credentials } from '../support/control.ts';
import type { Outgoing } from '../support/exchange.ts';
import type { Said } from './oracle.ts';

/** What two applications have: the accounts of the one are counted, and soon used up. */
const applications: readonly [Credentials, Credentials] = [
  { acedata: { token: 'counted-acedata-token' }, tencent: { secretId: 'AKIDcounted', secretKey: 'countedSecretKey' }, alapi: { token: 'counted-alapi-token' }, qxt: { apikey: 'prepaid0000000000000000000000000' } },
  { acedata: { token: 'endless-acedata-token' }, tencent: { secretId: 'AKIDendless', secretKey: 'endlessSecretKey' }, alapi: { token: 'endless-alapi-token' }, qxt: { apikey: 'postpaid000000000000000000000000' } },
];

const starts = [[12, 8, 30, 9], [null, null, null, -2047]] as const;
export const accounts = (['acedata', 'tencent', 'alapi', 'qxt'] as const).flatMap((provider, index) =>
  applications.map((application, which) => ({ provider, credential: Object.values(application[provider])[0] ?? '', start: starts[which]?.[index] ?? null })),
);

/** Prices that no binary fraction is equal to. */
export const prices = { 'acedata.check-1e': '0.1', 'acedata.check-3e': '0.4503', 'tencent.MobileStatus': '0.7', 'alapi.phonecheck': '0.0301', 'qxt.ssPhone_Status': '1.005' };

/** How an answer gets lost, by the last digits of a number. */
const losses = [
  ['0001', 'fault: reset, after: charge', true],
  ['0002', 'fault: reset, before: charge', false],
  ['0003', 'fault: empty-response, before: send', true],
  ['0004', 'fault: limit-data, after: charge', true],
  ['0005', 'fault: gateway-502', false],
  ['0006', 'fault: gateway-504, after: charge', true],
  ['0007', 'fault: wrong-charset, before: render', true],
  ['0008', 'fault: malformed-body, after: render', true],
  ['0009', 'fault: broken-chunk, before: send', true],
  ['0010', 'fault: garbage, after: validate', false],
  ['0011', 'fault: slow-drip, bytes: 100000', true],
  ['0012', 'fault: timeout, after: charge', true],
  ['0013', 'fault: timeout, before: look-up', false],
  ['0014', 'fault: wrong-length', true],
] as const;
export const lost = new Map(losses.map(([digits, , charged]) => [`1391111${digits}`, charged]));

/** The shipped scenario with its magic numbers, and before its rules those of the lost answers. */
const [, magic = ''] = readFileSync(new URL('../../scenarios/default.yaml', import.meta.url), 'utf8').split(/^description:.*$/m);
export const scenarioFor = ({ qxtCharged, alapiInvalid, alapiDuplicates }: Pick<Said, 'qxtCharged' | 'alapiInvalid' | 'alapiDuplicates'>): string => `
seed: 20260131
accounts:
  acedata: [{ token: counted-acedata-token, quota: 12 }, { token: endless-acedata-token }]
  tencent: [{ secretId: AKIDcounted, secretKey: countedSecretKey, quota: 8 }, { secretId: AKIDendless, secretKey: endlessSecretKey }]
  alapi: [{ token: counted-alapi-token, calls: 30 }, { token: endless-alapi-token }]
  qxt: [{ apikey: prepaid0000000000000000000000000, billing: prepaid, balance: 9 }, { apikey: postpaid000000000000000000000000, billing: postpaid, balance: -2047 }]
prices: { ${Object.entries(prices).map(([endpoint, yuan]) => `${endpoint}: ${yuan}`).join(', ')} }
readings: { qxt.charged: ${qxtCharged}, alapi.invalidInBatch: ${alapiInvalid}, alapi.duplicates: ${alapiDuplicates} }
${magic.replace('\nnumbers:\n', '\nnumbers:\n  "1391111*": { status: active }\n').replace('\nrules:\n', `\nrules:\n${losses.map(([digits, words]) => `  - { id: lost-${digits}, when: { number: "1391111${digits}" }, then: { ${words} } }`).join('\n')}\n`)}`;

const plain = ['13912345678', '13800138000', '13972565391', '19900000002', '19900000003', '19900000005', '19900000006', '19900000015', '13111111111'];
const wrong = ['16137688175', '1391234567', '139123456789', '12345678901', 'abc'];
const magicNumbers = [...new Set(magic.match(/19900000\d{3}/g))];

const endpoints = ['check-1e', 'check-3e', 'MobileStatus', 'phonecheck', 'ssPhone_Status', 'balance'] as const;

export interface Ask {
  readonly kind: 'ask';
  readonly endpoint: (typeof endpoints)[number];
  readonly application: 0 | 1;
  readonly number: string;
  /** Beside it in a batch. */
  readonly others: readonly string[];
  /** Which of the ways to ask. */
  readonly form: number;
  readonly mistake: 'none' | 'credential' | 'body';
}

export interface Enter {
  readonly kind: 'top-up' | 'correction';
  /** Its place among all, from 1. */
  readonly account: number;
  readonly units: number;
  readonly why: string;
}

const ask = fc.record<Ask>({
  kind: fc.constant('ask'),
  endpoint: fc.constantFrom(...endpoints),
  application: fc.constantFrom(0, 1),
  number: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...plain) }, { weight: 3, arbitrary: fc.constantFrom(...lost.keys()) }, { weight: 2, arbitrary: fc.constantFrom(...magicNumbers) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) }),
  others: fc.array(fc.constantFrom(...plain, ...wrong), { maxLength: 6 }),
  form: fc.nat({ max: 3 }),
  mistake: fc.oneof({ weight: 8, arbitrary: fc.constant('none' as const) }, { weight: 1, arbitrary: fc.constantFrom('credential' as const, 'body' as const) }),
});

const entered = {
  // Nothing can be put into an account that is not counted.
  account: fc.constantFrom(...accounts.flatMap(({ start }, index) => (start === null ? [] : [index + 1]))),
  why: fc.constantFrom('', 'January', '=1+1', 'a "gift", they said', '-5, +5', 'two\nlines', '充值', 'of 13912345678'),
};
const topUp = fc.record<Enter>({ ...entered, kind: fc.constant('top-up'), units: fc.integer({ min: 1, max: 12 }) });
const correction = fc.record<Enter>({ ...entered, kind: fc.constant('correction'), units: fc.integer({ min: -12, max: 12 }) });

export const steps = fc.array(fc.oneof({ weight: 9, arbitrary: ask }, { weight: 1, arbitrary: fc.oneof(topUp, correction) }), { minLength: 80, maxLength: 150, size: 'max' });

const people = [['李雷', '11010519491231002X'], ['韩梅', '11010519491231002X'], ['李雷', '110105194912310021'], ['L', '11010519491231002X']] as const;

/** The request of a step, in one of the ways that a client has. */
export function requestOf({ endpoint, application, number, others, form, mistake }: Ask, host: string): Outgoing {
  const credentials = applications[application];
  const requests = requestsOf(credentials, host);
  const numbers = [...others.slice(0, form), number, ...others.slice(form)].join(',');
  const token = [['token', credentials.alapi.token]] as const;
  const [name, idCard] = people[form] ?? people[0];
  const ways: Readonly<Record<Ask['endpoint'], readonly Outgoing[]>> = {
    'check-1e': [requests['check-1e'](number)],
    'check-3e': [requests['check-3e'](number, name, idCard)],
    MobileStatus: [requests.MobileStatus(number), tc3Signed(tc3Request(credentials.tencent, host, { Mobile: number }, Math.floor(Date.now() / 1000)))],
    phonecheck: [
      requests.phonecheck(numbers),
      { method: 'GET', target: `/api/phonecheck?${formOf([...token, ['mobiles', numbers]])}` },
      posted('/api/phonecheck', 'application/json', JSON.stringify({ mobiles: numbers }), token),
      posted('/api/phonecheck', multipartType, multipartOf([...token, ['mobiles', numbers]])),
    ],
    ssPhone_Status: [requests.ssPhone_Status(number), posted('/ssphone_status', formType, formOf([['apikey', credentials.qxt.apikey], ['mobile', number]]))],
    balance: [requests.balance(), { method: 'GET', target: `/identity/phone/balance?${formOf([['mobile', number]])}` }],
  };
  const request = ways[endpoint][form % ways[endpoint].length] ?? requests.balance();
  switch (mistake) {
    case 'none':
      return request;
    case 'credential': {
      // As long as the right one, and of nobody.
      const spoilt = (text: string): string => text.replace(/counted|endless|prepaid|postpaid/, (word) => 'x'.repeat(word.length));
      const { headers = [], body } = request;
      return { ...request, target: spoilt(request.target), headers: headers.map(([each, value]) => [each, spoilt(value)]), ...(body === undefined ? {} : { body: spoilt(String(body)) }) };
    }
    case 'body':
      return request.body === undefined ? request : { ...request, body: String(request.body).slice(0, -3) };
    default:
      return mistake satisfies never;
  }
}
