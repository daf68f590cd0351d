import { expect, it } from 'vitest';
import { requestsOf, sandbox } from '../support/clients.ts';
import { bodiesOf, codeOf, codesOf, times } from '../support/codes.ts';
import { mint, told } from '../support/control.ts';
import { exchange, lastEntry, type Outgoing } from '../support/exchange.ts';
import { serve, type Served } from '../support/serve.ts';

const number = '13912345678';
const other = '13800138000';

const clock = 'clock: 2026-01-31T12:00:00+08:00';
const people = 'people: { li: { name: 李雷, idCard: "11010519491231002X" } }\nnumbers: { "13*": { owner: li } }';
const records = {
  acedata: { token: 'sandbox-acedata-token' },
  tencent: { secretId: 'AKIDkonghaoSandbox', secretKey: 'sandboxSecretKey' },
  alapi: { token: 'sandbox-alapi-token' },
  qxt: { apikey: '7c11272au708345c834b8ue81ac78972', balance: 100 },
};
type Provider = keyof typeof records;

/** The clock stands still, and these facts are added to the accounts. */
const scenario = (facts: Partial<Record<Provider, object>>): string =>
  `${clock}\n${people}\naccounts: ${JSON.stringify(Object.fromEntries(Object.entries(records).map(([provider, record]) => [provider, { ...record, ...facts[provider as Provider] }])))}`;

const amend = ({ port }: Served, provider: Provider, change: object, tenant = 'default'): Promise<unknown> => told(port, 'PATCH', `/tenants/${tenant}/accounts/${provider}`, change);
const advance = ({ port }: Served, by: string, tenant = 'default'): Promise<unknown> => told(port, 'PATCH', `/tenants/${tenant}/clock`, { advance: by });

const ask = async ({ port }: Served, request: Outgoing): Promise<string> => codeOf((await exchange(port, request)).body);

/** Eight clients at once, each on one connection that it keeps, send all of these as often each; how often which code came. */
async function eightClients({ port }: Served, each: number, requests: readonly Outgoing[]): Promise<Readonly<Record<string, number>>> {
  const all = await Promise.all(times(8, times(each, requests).flat()).map((own) => codesOf(port, own)));
  const heard: Record<string, number> = {};
  for (const code of all.flat()) heard[code] = (heard[code] ?? 0) + 1;
  return heard;
}

type Requests = ReturnType<typeof requestsOf>;

const rated: readonly (readonly [string, (asks: Requests) => Outgoing, passed: string, refused: string])[] = [
  ['tencent.MobileStatus', (asks) => asks.MobileStatus(number), '0', 'RequestLimitExceeded'],
  ['acedata.check-1e', (asks) => asks['check-1e'](number), '0', 'too_many_requests'],
  ['acedata.check-3e', (asks) => asks['check-3e'](number), '0', 'too_many_requests'],
  ['alapi.phonecheck', (asks) => asks.phonecheck(number), '200', '429'],
];
const twenty = scenario({ acedata: { rate: '20/s' }, tencent: { rate: '20/s' }, alapi: { rate: '20/s' } });

it.each(rated)('lets 20 calls of eight clients at once pass at %s in each second of a tenant, and no more', async (_endpoint, request, passed, refused) => {
  const served = await serve(twenty);
  const { id, credentials } = await mint(served.port);
  const own = request(requestsOf(credentials, served.address));
  expect(await eightClients(served, 4, [own])).toEqual({ [passed]: 20, [refused]: 12 });
  await advance(served, '999ms', id);
  expect(await ask(served, own)).toBe(refused);
  await advance(served, '1ms', id);
  expect(await eightClients(served, 4, [own])).toEqual({ [passed]: 20, [refused]: 12 });
  // Nobody else has used up anything.
  expect(await codesOf(served.port, times(21, request(requestsOf(sandbox, served.address))))).toEqual([...times(20, passed), refused]);
});

it('counts a second for each account and each endpoint apart, also with eight clients at once', async () => {
  const served = await serve(`${clock}\n${people}\naccounts: { acedata: [{ token: one, rate: 20/s }, { token: two, rate: 20/s }] }`);
  const requests = ['one', 'two'].flatMap((token) => {
    const asks = requestsOf({ ...sandbox, acedata: { token } }, served.address);
    return [asks['check-1e'](number), asks['check-3e'](number)];
  });
  expect(await eightClients(served, 4, requests)).toEqual({ 0: 4 * 20, too_many_requests: 4 * 12 });
});

it('tells the 21st call of a second its count and the limit, in the words of the real one', async () => {
  const served = await serve(twenty);
  const { MobileStatus } = requestsOf(sandbox, served.address);
  const bodies = await bodiesOf(served.port, [...times(20, MobileStatus(number)), MobileStatus(other)]);
  expect(JSON.parse(bodies[20] ?? '')).toMatchObject({
    Response: {
      Error: {
        Code: 'RequestLimitExceeded',
        Message: 'Your current request times equals to `21` in a second, which exceeds the frequency limit `20` for a second. Please reduce the frequency of calls.',
      },
    },
  });
});

it('goes by a new rate at once, and forgets no call of the second', async () => {
  const served = await serve(scenario({ acedata: { rate: '2/s' } }));
  const asked = times(3, requestsOf(sandbox, served.address)['check-1e'](number));
  expect(await codesOf(served.port, asked)).toEqual(['0', '0', 'too_many_requests']);
  await amend(served, 'acedata', { set: { rate: '5/s' } });
  expect(await codesOf(served.port, asked)).toEqual(['0', '0', 'too_many_requests']);
});

it.each([
  ['tencent', (asks: Requests, each: string) => asks.MobileStatus(each), '-4'],
  ['acedata', (asks: Requests, each: string) => asks['check-3e'](each), '-6'],
] as const)('counts the attempts that %s lets a number have on a day, for each number apart', async (provider, request, refused) => {
  const served = await serve(scenario({ [provider]: { perNumberPerDay: 2 } }));
  const asked = [number, other, number, number, other, other].map((each) => request(requestsOf(sandbox, served.address), each));
  expect(await codesOf(served.port, asked)).toEqual(['0', '0', '0', refused, '0', refused]);
  await amend(served, provider, { set: { perNumberPerDay: 4 } });
  expect(await codesOf(served.port, asked.slice(0, 3))).toEqual(['0', '0', refused]);
});

it('ends a package of ALAPI with its last number, and goes on after a top-up', async () => {
  const served = await serve(scenario({ alapi: { calls: 3 } }));
  const { phonecheck } = requestsOf(sandbox, served.address);
  const two = phonecheck(`${number},${other}`);
  expect(await codesOf(served.port, [two, two, phonecheck(number), phonecheck(number)])).toEqual(['200', '102', '200', '102']);
  await amend(served, 'alapi', { topUp: 2, why: 'bought' });
  expect(await codesOf(served.port, [two, phonecheck(number)])).toEqual(['200', '102']);
});

it.each([
  ['alapi', (asks: Requests) => asks.phonecheck(number), '200', '101'],
  ['acedata', (asks: Requests) => asks['check-1e'](number), '0', 'token_expired'],
] as const)('ends an account of %s when its day begins in China', async (provider, request, passed, refused) => {
  const served = await serve(scenario({ [provider]: { expires: '2026-02-01' } }));
  const asked = request(requestsOf(sandbox, served.address));
  await advance(served, '43199.999s');
  expect(await ask(served, asked)).toBe(passed);
  await advance(served, '1ms');
  expect(await ask(served, asked)).toBe(refused);
});

it('ends a prepaid account of QXT at zero, and lets a postpaid one owe', async () => {
  const served = await serve(scenario({ qxt: { balance: 2 } }));
  const { ssPhone_Status, balance } = requestsOf(sandbox, served.address);
  const told = async (): Promise<unknown> => (JSON.parse((await exchange(served.port, balance())).body) as { result: unknown }).result;
  expect(await codesOf(served.port, times(3, ssPhone_Status(number)))).toEqual(['0', '0', '-5']);
  expect(await told()).toEqual({ feeType: '预付费', balance: '0' });
  await amend(served, 'qxt', { set: { billing: 'postpaid' } });
  expect(await codesOf(served.port, times(3, ssPhone_Status(number)))).toEqual(['0', '0', '0']);
  expect(await told()).toEqual({ feeType: '后付费', balance: '-3' });
  await amend(served, 'qxt', { set: { billing: 'prepaid' }, topUp: 3 });
  expect(await ask(served, ssPhone_Status(number))).toBe('-5');
  await amend(served, 'qxt', { topUp: 1 });
  expect(await codesOf(served.port, times(2, ssPhone_Status(number)))).toEqual(['0', '-5']);
});

const requests: Readonly<Record<Provider, (asks: Requests) => Outgoing>> = {
  acedata: (asks) => asks['check-1e'](number),
  tencent: (asks) => asks.MobileStatus(number),
  alapi: (asks) => asks.phonecheck(number),
  qxt: (asks) => asks.ssPhone_Status(number),
};
const passes: Readonly<Record<Provider, string>> = { acedata: '0', tencent: '0', alapi: '200', qxt: '0' };

/** What an account can be like, the code that this is called by, and the same account in order again. */
const conditions: readonly (readonly [Provider, set: object, code: string, order: object])[] = [
  ['acedata', { state: 'disabled' }, 'disabled', { state: 'normal' }],
  ['acedata', { expires: '2026-01-31' }, 'token_expired', { expires: '2026-03-01' }],
  ['acedata', { quota: 0 }, 'used_up', { quota: 1 }],
  ['acedata', { allow: ['10.0.0.0/8'] }, 'forbidden', { allow: ['127.0.0.0/8'] }],
  ['acedata', { grants: ['acedata.check-3e'] }, 'token_mismatched', { grants: ['acedata.check-1e'] }],
  ['tencent', { state: 'arrears' }, 'UnauthorizedOperation.Arrears', { state: 'normal' }],
  ['tencent', { state: 'not-activated' }, 'UnauthorizedOperation.Nonactivated', { state: 'normal' }],
  ['tencent', { state: 'not-verified' }, 'UnauthorizedOperation.NonAuthorize', { state: 'normal' }],
  ['tencent', { state: 'charge-status-exception' }, 'UnauthorizedOperation.ChargeStatusException', { state: 'normal' }],
  ['tencent', { state: 'sts-unauthorized' }, 'FailedOperation.StsUnAuthErrError', { state: 'normal' }],
  ['tencent', { state: 'not-permitted' }, 'AuthFailure.UnauthorizedOperation', { state: 'normal' }],
  ['tencent', { state: 'not-a-cloud-api-key' }, 'AuthFailure.InvalidSecretId', { state: 'normal' }],
  ['tencent', { state: 'mfa-required' }, 'AuthFailure.MFAFailure', { state: 'normal' }],
  ['tencent', { quota: 0 }, 'UnauthorizedOperation.Arrears', { quota: 1 }],
  ['tencent', { allow: ['10.0.0.1'] }, 'IpNotInWhitelist', { allow: ['127.0.0.1'] }],
  ['tencent', { deny: ['127.0.0.1'] }, 'IpInBlacklist', { deny: ['10.0.0.1'] }],
  ['alapi', { expires: '2026-01-31T12:00:00+08:00' }, '101', { expires: '2026-01-31T12:00:01+08:00' }],
  ['alapi', { calls: 0 }, '102', { calls: 1 }],
  ['alapi', { allow: ['10.0.0.1'] }, '104', { allow: [] }],
  ['alapi', { sources: ['example.com'] }, '104', { sources: [] }],
  ['qxt', { balance: 0 }, '-5', { balance: 1 }],
  ['qxt', { allow: ['10.0.0.1'] }, '-9', { allow: [] }],
];

it.each(conditions)('refuses an account of %s that is stated as %j with %s', async (provider, set, code) => {
  const served = await serve(scenario({ [provider]: set }));
  expect(await ask(served, requests[provider](requestsOf(sandbox, served.address)))).toBe(code);
  expect(await lastEntry(served.port)).toMatchObject({ units: 0, because: expect.stringMatching(/^The check "/) });
});

it.each(conditions)('refuses an account of %s that becomes %j with %s, and serves it again when it is in order', async (provider, set, code, order) => {
  const served = await serve(scenario({}));
  const { id, credentials } = await mint(served.port);
  const asked = [credentials, sandbox].map((each) => requests[provider](requestsOf(each, served.address)));
  const passed = passes[provider];
  expect(await codesOf(served.port, asked)).toEqual([passed, passed]);
  await amend(served, provider, { set }, id);
  expect(await codesOf(served.port, asked)).toEqual([code, passed]);
  await amend(served, provider, { set: order }, id);
  expect(await codesOf(served.port, asked)).toEqual([passed, passed]);
});

it('amends the account that is named, where a provider has several', async () => {
  const served = await serve(`${clock}\naccounts: { acedata: [{ token: one }, { token: two }] }`);
  const asked = ['one', 'two'].map((token) => requestsOf({ ...sandbox, acedata: { token } }, served.address)['check-1e'](number));
  await amend(served, 'acedata', { credential: 'two', set: { state: 'disabled' } });
  expect(await codesOf(served.port, asked)).toEqual(['0', 'disabled']);
});
