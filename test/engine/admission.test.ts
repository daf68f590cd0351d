import { Agent } from 'node:http';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { chinaDay } from '../../src/domain/clock.ts';
import { Books } from '../../src/engine/books.ts';
import { providers } from '../../src/providers/index.ts';
import { signedRequest } from '../../src/providers/tencent/sign.ts';
import { exchange, type Incoming, type Outgoing } from '../support/exchange.ts';
import { serve, type Served } from '../support/serve.ts';

const clock = 'clock: 2026-01-31T23:59:50+08:00';
const number = '13912345678';
const other = '13800138000';
const owned = `people: { li: { name: 李雷, idCard: "11010519491231002X" } }\nnumbers: { "13*": { owner: li } }`;

const acedata = (target: string, body: object): Outgoing => ({
  method: 'POST',
  target,
  headers: [['Authorization', 'Bearer sandbox-acedata-token'], ['Content-Type', 'application/json']],
  body: JSON.stringify(body),
});
const check1e = (mobile = number): Outgoing => acedata('/identity/phone/check-1e', { mobile });
const check3e = (phone = number): Outgoing => acedata('/identity/phone/check-3e', { name: '李雷', phone, id_card: '11010519491231002X' });
const phonecheck = (mobiles = number): Outgoing => ({ method: 'GET', target: `/api/phonecheck?token=sandbox-alapi-token&mobiles=${mobiles}` });

const apikey = '7c11272au708345c834b8ue81ac78972';
const phoneStatus = (mobile = number): Outgoing => ({ method: 'GET', target: `/ssPhone_Status?apikey=${apikey}&mobile=${mobile}` });

const secretIds = ['AKIDkonghaoSandbox', 'AKIDkonghaoOther'] as const;
function mobileStatus({ address: host }: Served, mobile = number, { secretId = secretIds[0] as string, common = {} as Readonly<Record<string, string>> } = {}): Outgoing {
  const { method, target, headers, body } = signedRequest(
    { kind: 'tc3', method: 'POST' },
    { secretId, secretKey: 'sandboxSecretKey', host, timestamp: Math.floor(Date.now() / 1000), action: 'MobileStatus', version: '2018-03-01', common, params: { Mobile: mobile } },
  );
  return { method, target, headers, body };
}

const tencentAccount = (facts: string, secretId: string = secretIds[0]): string => `{ secretId: ${secretId}, secretKey: sandboxSecretKey, ${facts} }`;

const clients = 8;

/** Eight clients, each with a connection of its own, send as many requests each, one behind the other. */
async function inParallel({ port }: Served, each: number, request: Outgoing): Promise<readonly string[]> {
  const bodies = await Promise.all(
    Array.from({ length: clients }, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      onTestFinished(() => agent.destroy());
      const said: string[] = [];
      for (let i = 0; i < each; i += 1) said.push((await exchange(port, request, agent)).body);
      return said;
    }),
  );
  return bodies.flat();
}

async function inTurn({ port }: Served, requests: readonly Outgoing[]): Promise<readonly Incoming[]> {
  const answers = [];
  for (const request of requests) answers.push(await exchange(port, request));
  return answers;
}

const times = (count: number, request: Outgoing): readonly Outgoing[] => Array.from({ length: count }, () => request);
const countOf = (texts: readonly string[], part: string): number => texts.filter((text) => text.includes(part)).length;
const limitText = (count: number): string =>
  `Your current request times equals to \`${count}\` in a second, which exceeds the frequency limit \`20\` for a second. Please reduce the frequency of calls.`;

/** What the first account of a provider has left. */
function creditOf({ simulator: { defaultTenant: tenant } }: Served, provider: string): number | undefined {
  const account = [...tenant.accounts].find((each) => each.provider === provider);
  return account === undefined ? undefined : tenant.books(account)?.credit;
}

it('lets 20 calls of a second pass that eight clients make of Tencent, and refuses the rest by their count', async () => {
  const served = await serve(clock);
  const said = await inParallel(served, 5, mobileStatus(served));
  expect(countOf(said, '"Result":"0"')).toBe(20);
  const counts = said.flatMap((text) => /equals to `(\d+)` in a second/.exec(text)?.[1] ?? []).map(Number).sort((a, b) => a - b);
  expect(counts).toEqual(Array.from({ length: 20 }, (_, i) => 21 + i));
});

it("refuses Tencent's 21st call of a second in the documented words", async () => {
  const served = await serve(clock);
  const answers = await inTurn(served, times(21, mobileStatus(served)));
  expect(countOf(answers.map(({ body }) => body), '"Result":"0"')).toBe(20);
  expect(JSON.parse(answers[20]?.body ?? '')).toMatchObject({ Response: { Error: { Code: 'RequestLimitExceeded', Message: limitText(21) } } });
});

it("refuses Tencent's 21st call of a second in Chinese where the client asks for it", async () => {
  const served = await serve(clock);
  const answers = await inTurn(served, times(21, mobileStatus(served, number, { common: { Language: 'zh-CN' } })));
  expect(answers[20]?.body).toContain('您当前每秒请求 `21` 次，超过了每秒频率上限 `20`，请稍后重试。');
});

it('counts the calls of a second for each account apart', async () => {
  const served = await serve(`${clock}\naccounts: { tencent: [${secretIds.map((secretId) => tencentAccount('rate: 1/s', secretId)).join(', ')}] }`);
  const answers = await inTurn(served, [secretIds[0], secretIds[1], secretIds[0], secretIds[1]].map((secretId) => mobileStatus(served, number, { secretId })));
  expect(answers.map(({ body }) => body.includes('"Result":"0"'))).toEqual([true, true, false, false]);
});

const rated = 'accounts: { acedata: { token: sandbox-acedata-token, quota: 100, rate: 20/s }, alapi: { token: sandbox-alapi-token, calls: 100, rate: 20/s } }';

it.each([
  ['acedata.check-1e', 'acedata', check1e(), '"result":"0"', '"code":"too_many_requests","message":"You have exceeded the rate limit."'],
  ['acedata.check-3e', 'acedata', check3e(), '"result":"0"', '"code":"too_many_requests","message":"You have exceeded the rate limit."'],
  ['alapi.phonecheck', 'alapi', phonecheck(), '"code":200', '"code":429,"msg":"请求 QPS 超过限制"'],
])('lets 20 calls of a second pass at %s, and bills no more than these', async (_endpoint, provider, request, passed, refused) => {
  const served = await serve(`${clock}\n${owned}\n${rated}`);
  const said = await inParallel(served, 5, request);
  expect([countOf(said, passed), countOf(said, refused), creditOf(served, provider)]).toEqual([20, 20, 80]);
});

it('counts the calls of a second for each endpoint apart', async () => {
  const served = await serve(`${clock}\n${owned}\naccounts: { acedata: { token: sandbox-acedata-token, rate: 1/s } }`);
  const answers = await inTurn(served, [check1e(), check3e(), check1e(), check3e()]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
});

it('does not count a call whose credential is wrong', async () => {
  const served = await serve(`${clock}\naccounts: { tencent: ${tencentAccount('rate: 1/s')} }`);
  const forged = { ...mobileStatus(served), body: `{"Mobile":"${other}"}` };
  const answers = await inTurn(served, [forged, forged, mobileStatus(served)]);
  expect(answers.map(({ body }) => /"(?:Code|Result)":"([^"]+)"/.exec(body)?.[1])).toEqual(['AuthFailure.SignatureFailure', 'AuthFailure.SignatureFailure', '0']);
});

it('begins to count anew after a reset', async () => {
  const served = await serve(`${clock}\n${owned}\naccounts: { acedata: { token: sandbox-acedata-token, quota: 2, rate: 1/s, perNumberPerDay: 1 } }`);
  const reset: Outgoing = { method: 'POST', target: '/_sim/reset', headers: [['Content-Type', 'application/json']] };
  const answers = await inTurn(served, [check3e(), check3e(), reset, check3e(), check3e()]);
  expect(answers.map(({ status }) => status)).toEqual([200, 429, 200, 200, 429]);
});

/** The terms of an account with nothing but what is given. */
function booksOf(provider: string, record: Readonly<Record<string, unknown>>): Books {
  const kind = providers.find(({ id }) => id === provider)?.accounts;
  if (kind === undefined) throw new Error(`there is no ${provider}`);
  return new Books(kind.terms(record));
}

const instant = (text: string): number => Date.parse(text);

it('begins to count anew with the calendar second, and not a second after the first call', () => {
  const books = booksOf('tencent', { secretId: 'a', secretKey: 'b', state: 'normal', rate: '20/s', kms: true });
  const calls = ['00.999', '01.000', '01.999', '02.000'].map((second) => books.countInSecond('tencent.MobileStatus', instant(`2026-01-31T12:00:${second}+08:00`)));
  expect(calls).toEqual([1, 1, 2, 1]);
});

it.each([
  ['acedata', `acedata: { token: sandbox-acedata-token, quota: 10 }`, check1e(), '"result":"0"', '"code":"used_up"'],
  ['alapi', `alapi: { token: sandbox-alapi-token, calls: 10 }`, phonecheck(), '"code":200', '"code":102,"msg":"接口请求次数超过限制"'],
  ['qxt', `qxt: { apikey: ${apikey}, balance: 10 }`, phoneStatus(), '"code":0', '"code":-5,"reason":"当前余额不足发起本次查询请求,请与供应商联系"'],
])('lets eight clients of %s pass as often as is paid for, and no more', async (provider, account, request, passed, refused) => {
  const served = await serve(`accounts: { ${account} }`);
  const said = await inParallel(served, 3, request);
  expect([countOf(said, passed), countOf(said, refused), creditOf(served, provider)]).toEqual([10, 14, 0]);
});

it('lets eight clients of tencent pass as often as is paid for, and no more', async () => {
  const served = await serve(`accounts: { tencent: ${tencentAccount('quota: 10')} }`);
  const said = await inParallel(served, 3, mobileStatus(served));
  expect([countOf(said, '"Result":"0"'), countOf(said, '"Code":"UnauthorizedOperation.Arrears"'), creditOf(served, 'tencent')]).toEqual([10, 14, 0]);
});

it('lets a postpaid account go below zero', async () => {
  const served = await serve(`accounts: { qxt: { apikey: ${apikey}, billing: postpaid, balance: 2 } }`);
  const answers = await inTurn(served, [...times(4, phoneStatus()), { method: 'GET', target: `/balance?apikey=${apikey}` }]);
  expect(answers.map(({ body }) => /"code":(-?\d+)/.exec(body)?.[1])).toEqual(['0', '0', '0', '0', '0']);
  expect(answers[4]?.body).toContain('"balance":"-2"');
});

it('refuses a prepaid account that begins below zero', async () => {
  const served = await serve(`accounts: { qxt: { apikey: ${apikey}, billing: prepaid, balance: -1 } }`);
  expect((await exchange(served.port, phoneStatus())).body).toContain('"code":-5');
});

it.each([
  ['acedata', `acedata: { token: sandbox-acedata-token }`, check1e(), '"result":"0"'],
  ['alapi', `alapi: { token: sandbox-alapi-token }`, phonecheck(), '"code":200'],
])('lets an account of %s pass that is not counted', async (provider, account, request, passed) => {
  const served = await serve(`accounts: { ${account} }`);
  const answers = await inTurn(served, times(3, request));
  expect(countOf(answers.map(({ body }) => body), passed)).toBe(3);
  expect(creditOf(served, provider)).toBeUndefined();
});

it('takes nothing from an account for an answer that is not charged', async () => {
  const accounts = `accounts: { acedata: { token: sandbox-acedata-token, quota: 5 }, alapi: { token: sandbox-alapi-token, calls: 5 }, qxt: { apikey: ${apikey}, balance: 5 }, tencent: ${tencentAccount('quota: 5')} }`;
  const served = await serve(`${accounts}\nnumbers: { "${other}": { status: no-record } }`);
  const free = [check1e('10086'), check1e(other), check3e('10086'), check3e(other), phonecheck('10086'), phoneStatus('10086'), phoneStatus(other), mobileStatus(served, '10086'), mobileStatus(served, other)];
  await inTurn(served, free);
  expect(['acedata', 'alapi', 'qxt', 'tencent'].map((provider) => creditOf(served, provider))).toEqual([5, 5, 5, 5]);
});

it('bills nothing of a batch that the account cannot pay in full', async () => {
  const served = await serve('accounts: { alapi: { token: sandbox-alapi-token, calls: 3 } }');
  const [batch, exact, empty] = await inTurn(served, [phonecheck(`${number},${other},13972565391,13111111111`), phonecheck(`${number},${other},13972565391`), phonecheck()]);
  expect(JSON.parse(batch?.body ?? '')).toMatchObject({ code: 102, data: null, usage: 0 });
  expect(JSON.parse(exact?.body ?? '')).toMatchObject({ code: 200, usage: 3 });
  expect(JSON.parse(empty?.body ?? '')).toMatchObject({ code: 102, usage: 0 });
});

it('bills each batch of eight clients whole or not at all', async () => {
  const served = await serve('accounts: { alapi: { token: sandbox-alapi-token, calls: 10 } }');
  const said = await inParallel(served, 1, phonecheck(`${number},${other},13972565391`));
  expect([countOf(said, '"usage":3'), countOf(said, '"code":102'), creditOf(served, 'alapi')]).toEqual([3, 5, 1]);
});

it('bills nothing of a batch that a rule refuses for one of its numbers', async () => {
  const served = await serve(`accounts: { alapi: { token: sandbox-alapi-token, calls: 10 } }\nrules: [{ id: one, when: { number: "${other}" }, then: rate-limited }]`);
  expect((await exchange(served.port, phonecheck(`${number},${other}`))).body).toContain('"code":429');
  expect(creditOf(served, 'alapi')).toBe(10);
});

it('lets eight clients ask AceData for a number as often as a day has attempts, and bills no more than these', async () => {
  const served = await serve(`${clock}\n${owned}\naccounts: { acedata: { token: sandbox-acedata-token, quota: 100, perNumberPerDay: 5 } }`);
  const said = await inParallel(served, 2, check3e());
  const refused = '{"result":"-6","description":"Authentication attempts exceeded the daily limit, please try again the next day","isp":"","result_detail":null}';
  expect([countOf(said, '"result":"0"'), countOf(said, refused), creditOf(served, 'acedata')]).toEqual([5, 11, 95]);
});

it('lets eight clients ask Tencent for a number as often as a day has attempts, and bills no more than these', async () => {
  const served = await serve(`${clock}\naccounts: { tencent: ${tencentAccount('quota: 100, perNumberPerDay: 5')} }`);
  const said = await inParallel(served, 2, mobileStatus(served));
  expect([countOf(said, '"Result":"0"'), countOf(said, '"Description":"Authentication attempts exceeded the daily limit. Retry the next day"'), countOf(said, '"Result":"-4","StatusCode":99'), creditOf(served, 'tencent')]).toEqual([5, 11, 11, 95]);
});

it('counts the attempts of a day for each number apart', async () => {
  const served = await serve(`${clock}\n${owned}\naccounts: { acedata: { token: sandbox-acedata-token, perNumberPerDay: 1 } }`);
  const answers = await inTurn(served, [check3e(number), check3e(other), check3e(number), check3e(other)]);
  expect(answers.map(({ body }) => /"result":"([^"]+)"/.exec(body)?.[1])).toEqual(['0', '0', '-6', '-6']);
});

it("has no daily limit at check-1e, whose list of results does not know one", async () => {
  const served = await serve(`${clock}\n${owned}\naccounts: { acedata: { token: sandbox-acedata-token, perNumberPerDay: 1 } }`);
  const answers = await inTurn(served, [check1e(), check1e(), check3e(), check3e()]);
  expect(answers.map(({ body }) => /"result":"([^"]+)"/.exec(body)?.[1])).toEqual(['0', '0', '0', '-6']);
});

it('begins a day anew at midnight in China, and not at midnight in UTC', () => {
  const books = booksOf('acedata', { token: 'a', state: 'normal', perNumberPerDay: 5 });
  const moments = ['2026-01-31T07:59:59.999+08:00', '2026-01-31T08:00:00+08:00', '2026-01-31T23:59:59.999+08:00', '2026-02-01T00:00:00+08:00', '2026-02-01T23:59:59.999+08:00'];
  expect(moments.map((moment) => books.countOnDay('acedata.check-3e', number, instant(moment)))).toEqual([1, 2, 3, 1, 2]);
});

it('counts the attempts of a day for each endpoint and number apart', () => {
  const books = booksOf('tencent', { secretId: 'a', secretKey: 'b', state: 'normal', perNumberPerDay: 5, kms: true });
  const now = instant('2026-01-31T12:00:00+08:00');
  const attempts = [['a', number], ['a', other], ['b', number], ['a', number]].map(([endpoint = '', each = '']) => books.countOnDay(endpoint, each, now));
  expect(attempts).toEqual([1, 1, 1, 2]);
});

// Until September 1991 China had summer time.
const dayInShanghai = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai', dateStyle: 'short' });

it('takes every instant for the day that a calendar in Shanghai shows', () => {
  const since1992 = fc.date({ min: new Date('1992-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true });
  fc.assert(fc.property(since1992, (date) => new Date(chinaDay(date.getTime()) * 86_400_000).toISOString().slice(0, 10) === dayInShanghai.format(date)));
});

it.each([
  ['acedata', `acedata: { token: sandbox-acedata-token, expires: 2026-02-01 }`, check1e(), '"result":"0"', '"code":"token_expired"'],
  ['alapi', `alapi: { token: sandbox-alapi-token, expires: 2026-02-01 }`, phonecheck(), '"code":200', '"code":101'],
])('ends an account of %s with the first millisecond of its day in China', async (_provider, account, request, passed, refused) => {
  const [before, after] = [await serve(`clock: 2026-01-31T23:59:59.999+08:00\naccounts: { ${account} }`), await serve(`clock: 2026-01-31T16:00:00Z\naccounts: { ${account} }`)];
  expect((await exchange(before.port, request)).body).toContain(passed);
  expect((await exchange(after.port, request)).body).toContain(refused);
});
