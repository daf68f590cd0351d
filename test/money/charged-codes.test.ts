import { expect, it } from 'vitest';
import { billOf } from '../faults/look-inside.ts';
import { requestsOf, sandbox } from '../support/clients.ts';
import { exchange, lastEntry, type Outgoing } from '../support/exchange.ts';
import { unlimited } from '../support/ask.ts';
import { serve } from '../support/serve.ts';

/** What the documents say of each code of an endpoint: whether it is charged. */
interface Codes {
  readonly charged: readonly string[];
  readonly free: readonly string[];
}

const acedataErrors = ['token_mismatched', 'api_not_implemented', 'invalid_token', 'too_many_requests', 'api_error'];

/** Copied from the documents: "charging result codes" and "non-charging result codes" where they have such lists. */
const documented: Readonly<Record<string, Codes>> = {
  'acedata.check-1e': { charged: ['0'], free: ['-1', '-2', '-3', ...acedataErrors] },
  'acedata.check-3e': { charged: ['0', '1'], free: ['-1', '-2', '-3', '-4', '-5', '-6', ...acedataErrors] },
  'tencent.MobileStatus': {
    charged: ['0'],
    free: [
      '-1', '-2', '-3', '-4', 'FailedOperation.DecryptSystemError', 'FailedOperation.StsUnAuthErrError', 'FailedOperation.UnKnown', 'InvalidParameter',
      'InvalidParameter.UnsupportEncryptField', 'InvalidParameterValue', 'UnauthorizedOperation.Arrears', 'UnauthorizedOperation.ChargeStatusException',
      'UnauthorizedOperation.NonAuthorize', 'UnauthorizedOperation.Nonactivated',
    ],
  },
  // One number is charged once: nothing is where no number is answered.
  'alapi.phonecheck': { charged: ['200'], free: ['404', '422', '400', '405', '100', '101', '102', '104', '406', '429'] },
  // No document says which answers cost. By default it is code 0 alone.
  'qxt.ssPhone_Status': { charged: ['0'], free: ['1', '-1', '-2', '-3', '-4', '-5', '-8', '-9'] },
  'qxt.balance': { charged: [], free: ['0', '1', '-1', '-8', '-9'] },
};

/** How each provider's answer bears its code. */
const codeOf: Readonly<Record<string, (answer: never) => unknown>> = {
  acedata: (answer: { result?: string; error?: { code: string } }) => answer.result ?? answer.error?.code,
  tencent: ({ Response: { Result, Error: error } }: { Response: { Result?: string; Error?: { Code: string } } }) => Result ?? error?.Code,
  alapi: ({ code }: { code: number }) => code,
  qxt: ({ code }: { code: number }) => code,
};

/** @param number of the call; a balance is of no number */
function requestFor(endpoint: string, number: string, host: string): Outgoing {
  const requests = requestsOf(sandbox, host);
  const asked: Readonly<Record<string, Outgoing>> = {
    'acedata.check-1e': requests['check-1e'](number),
    'acedata.check-3e': requests['check-3e'](number),
    'tencent.MobileStatus': requests.MobileStatus(number),
    'alapi.phonecheck': requests.phonecheck(number),
    'qxt.ssPhone_Status': requests.ssPhone_Status(number),
    'qxt.balance': requests.balance(),
  };
  const request = asked[endpoint];
  if (request === undefined) throw new Error(`there is no request for ${endpoint}`);
  return request;
}

it.each(Object.entries(documented))('charges the codes of %s that its document says are charged, and no others', async (endpoint, { charged, free }) => {
  const [provider = ''] = endpoint.split('.');
  const codes = [...charged, ...free];
  const steps = codes.map((code) => `{ code: "${code}" }`).join(', ');
  const { port, address } = await serve(`${unlimited}rules: [{ id: all-codes, when: { endpoint: ${endpoint} }, then: [${steps}, ok] }]\n`);
  for (const [index, code] of codes.entries()) {
    const { body } = await exchange(port, requestFor(endpoint, `1380013${String(8000 + index)}`, address));
    expect([body, String(codeOf[provider]?.(JSON.parse(body) as never))]).toEqual([body, code]);
    expect([code, (await lastEntry(port)).units]).toEqual([code, charged.includes(code) ? 1 : 0]);
  }
  const { lines, total } = await billOf(port);
  expect(lines.map(({ endpoint: each, row, units }) => [each, row, units])).toEqual(charged.map((code) => [endpoint, code, 1]));
  expect(total.charged).toBe(charged.length);
});

it('charges the result that a person does not fit, and an ID number that cannot be one', async () => {
  const { port, address } = await serve(`${unlimited}people: { li: { name: 李雷, idCard: "11010519491231002X" } }\nnumbers: { "13800138000": { owner: li } }\n`);
  const ask = requestsOf(sandbox, address)['check-3e'];
  const people = [['李雷', '11010519491231002X'], ['韩梅', '11010519491231002X'], ['李雷', '110105194912310021'], ['L', '11010519491231002X']] as const;
  for (const [name, idCard] of people) await exchange(port, ask('13800138000', name, idCard));
  expect((await billOf(port)).lines.map(({ exchange: place, row, units }) => [place, row, units])).toEqual([[1, '0', 1], [2, '1', 1], [3, '1', 1]]);
});

/** Answered are the numbers that are some; one that is none is left out, named in place of an answer, or spoils the batch. */
it.each([
  ['omit', 'each-charged', 5],
  ['omit', 'merged', 3],
  ['unknown', 'each-charged', 7],
  ['unknown', 'merged', 5],
  ['reject', 'each-charged', 0],
] as const)('charges each number that ALAPI answers: invalid numbers %s, doubled ones %s', async (invalid, duplicates, usage) => {
  const { port, address } = await serve(`${unlimited}numbers: { "13800138002": { status: no-record } }\nreadings: { alapi.invalidInBatch: ${invalid}, alapi.duplicates: ${duplicates} }\n`);
  const batch = '13800138000,13800138001,13800138000,13800138002,123,16137688175,13800138000';
  const answer = JSON.parse((await exchange(port, requestsOf(sandbox, address).phonecheck(batch))).body) as { usage: number; data: readonly unknown[] | null };
  expect([answer.usage, answer.data?.length ?? 0]).toEqual([usage, usage]);
  expect((await billOf(port)).lines.map(({ units, numbers }) => [units, numbers])).toEqual(usage === 0 ? [] : [[usage, duplicates === 'merged' ? 5 : 7]]);
});

it.each([
  ['code-0', ['0']],
  ['every-query', ['0', '-3', '-4']],
] as const)('charges at QXT, where the reading is %s, the codes %j', async (reading, charged) => {
  const { port, address } = await serve(`${unlimited}numbers: { "13800138002": { status: no-record } }\nreadings: { qxt.charged: ${reading} }\n`);
  const ask = requestsOf(sandbox, address).ssPhone_Status;
  const codes: number[] = [];
  for (const number of ['13800138000', '16137688175', '13800138002', '1380013800', '']) codes.push((JSON.parse((await exchange(port, ask(number))).body) as { code: number }).code);
  expect(codes).toEqual([0, -3, -4, -2, 1]);
  expect((await billOf(port)).lines.map(({ row }) => row)).toEqual(charged);
});
