import { expect, it } from 'vitest';
import { keys } from '../support/ask.ts';
import { clientsOf, sandbox } from '../support/clients.ts';
import { mint, problemIn, tell, told } from '../support/control.ts';
import { serve, type Served } from '../support/serve.ts';
import { codeIn } from '../support/shapes.ts';

const number = '13912345678';
const text = `clock: 2026-02-01T12:00:00+08:00
accounts:
  acedata: { token: ${keys.acedata}, quota: 2 }
  tencent: { secretId: ${keys.secretId}, secretKey: ${keys.secretKey} }
  alapi: [{ token: ${keys.alapi}, calls: 5, expires: 2026-03-01 }, { token: second-token-of-alapi, calls: 7 }]
  qxt: { apikey: ${keys.apikey}, balance: 2 }
`;

interface Shown {
  readonly provider: string;
  readonly credential: string;
  readonly balance: number | null;
}

const accountsOf = async (port: number): Promise<readonly Shown[]> => (await told<{ accounts: readonly Shown[] }>(port, 'GET', '/accounts')).accounts;
const amend = (port: number, provider: string, body: unknown): Promise<Shown> => told<Shown>(port, 'PATCH', `/accounts/${provider}`, body);
const refused = async ({ port }: Served, provider: string, body: unknown, status = 422, title = 'invalid-body'): Promise<string> => problemIn(await tell(port, 'PATCH', `/accounts/${provider}`, body), status, title);
const entriesOf = async (port: number): Promise<readonly Record<string, unknown>[]> => (await told<{ lines: readonly Record<string, unknown>[] }>(port, 'GET', '/ledger')).lines;

it('shows what each account has left and how far it may go, its credential masked', async () => {
  const { port } = await serve(text);
  const none = { refusedAs: null, perSecond: null, perNumberPerDay: null, expires: null };
  expect(await accountsOf(port)).toEqual([
    { provider: 'acedata', credential: 'sand… (21 characters)', balance: 2, ...none },
    { provider: 'tencent', credential: 'AKID… (18 characters)', balance: null, ...none },
    { provider: 'alapi', credential: 'sand… (19 characters)', balance: 5, ...none, expires: '2026-02-28T16:00:00.000Z' },
    { provider: 'alapi', credential: 'seco… (21 characters)', balance: 7, ...none },
    { provider: 'qxt', credential: '7c11… (32 characters)', balance: 2, ...none },
  ]);
});

it('tops up what a client sees as its balance, and enters it into the ledger', async () => {
  const { port } = await serve(text);
  const ask = clientsOf(port);
  await ask.ssPhone_Status(number);
  expect(await amend(port, 'qxt', { topUp: 100, why: 'the February package' })).toMatchObject({ balance: 101 });
  expect(JSON.parse((await ask.balance()).body)).toMatchObject({ result: { balance: '101' } });
  expect(await entriesOf(port)).toMatchObject([{ kind: 'charge', balance: 1 }, { kind: 'top-up', units: 100, balance: 101, why: 'the February package', exchange: null }]);
});

it('brings an account back that was out of credit', async () => {
  const { port } = await serve(text);
  const said = async (): Promise<string> => codeIn('acedata', await clientsOf(port)['check-1e'](number));
  expect([await said(), await said(), await said()]).toEqual(['0', '0', 'used_up']);
  await amend(port, 'acedata', { topUp: 1 });
  expect([await said(), await said()]).toEqual(['0', 'used_up']);
});

it.each([
  [-3, -1],
  [5, 7],
])('corrects a balance by %i', async (correction, balance) => {
  const { port } = await serve(text);
  expect(await amend(port, 'qxt', { correction, why: 'counted twice' })).toMatchObject({ balance });
  expect(await entriesOf(port)).toMatchObject([{ kind: 'correction', units: correction, balance, why: 'counted twice' }]);
});

it('means the first account of the provider, or the one of a credential', async () => {
  const { port } = await serve(text);
  expect(await amend(port, 'alapi', { topUp: 1 })).toMatchObject({ credential: 'sand… (19 characters)', balance: 6 });
  expect(await amend(port, 'alapi', { credential: 'second-token-of-alapi', topUp: 1 })).toMatchObject({ credential: 'seco… (21 characters)', balance: 8 });
  expect((await accountsOf(port)).map(({ balance }) => balance)).toEqual([2, null, 6, 8, 2]);
});

it('puts an account into arrears, and out of them', async () => {
  const { port } = await serve(text);
  const said = async (): Promise<string> => codeIn('tencent', await clientsOf(port).MobileStatus(number));
  expect(await amend(port, 'tencent', { set: { state: 'arrears' } })).toMatchObject({ refusedAs: 'UnauthorizedOperation.Arrears' });
  expect(await said()).toBe('UnauthorizedOperation.Arrears');
  expect(await amend(port, 'tencent', { set: { state: 'normal' } })).toMatchObject({ refusedAs: null });
  expect(await said()).toBe('0');
});

it('lets an account expire, and lasts it again', async () => {
  const { port } = await serve(text);
  const said = async (): Promise<string> => codeIn('alapi', await clientsOf(port).phonecheck(number));
  await amend(port, 'alapi', { set: { expires: '2026-02-01' } });
  expect(await said()).toBe('101');
  await amend(port, 'alapi', { set: { expires: '2026-02-01T12:00:01+08:00' } });
  expect(await said()).toBe('200');
  expect(await amend(port, 'alapi', { set: { expires: null } })).toMatchObject({ expires: null });
});

it('limits the rate, and with null no more', async () => {
  const { port } = await serve(text);
  const said = async (): Promise<string> => codeIn('tencent', await clientsOf(port).MobileStatus(number));
  expect(await amend(port, 'tencent', { set: { rate: '1/s' } })).toMatchObject({ perSecond: 1 });
  expect([await said(), await said()]).toEqual(['0', 'RequestLimitExceeded']);
  expect(await amend(port, 'tencent', { set: { rate: null } })).toMatchObject({ perSecond: null });
  expect(await said()).toBe('0');
});

it('keeps what was counted when terms change, and what is left', async () => {
  const { port } = await serve(text.replace('quota: 2', 'quota: 2, perNumberPerDay: 1'));
  const said = async (): Promise<string> => codeIn('acedata', await clientsOf(port)['check-3e'](number));
  // He is not the owner, and that is charged as well.
  expect(await said()).toBe('1');
  expect(await amend(port, 'acedata', { set: { perNumberPerDay: 1, state: 'normal' } })).toMatchObject({ balance: 1, perNumberPerDay: 1 });
  expect(await said()).toBe('-6');
});

it('counts an account that was not counted, and one no more that was', async () => {
  const { port } = await serve(text);
  expect(await amend(port, 'tencent', { set: { quota: 1 }, topUp: 2 })).toMatchObject({ balance: 3 });
  expect(await amend(port, 'acedata', { set: { quota: null } })).toMatchObject({ balance: null });
});

it('sets a balance as a correction', async () => {
  const { port } = await serve(text);
  await clientsOf(port).ssPhone_Status(number);
  expect(await amend(port, 'qxt', { set: { balance: 50 } })).toMatchObject({ balance: 50 });
  expect((await entriesOf(port)).at(-1)).toMatchObject({ kind: 'correction', units: 49, balance: 50 });
});

it('begins as the scenario has it after a reset', async () => {
  const { port } = await serve(text);
  const before = await accountsOf(port);
  await amend(port, 'qxt', { topUp: 5 });
  await amend(port, 'tencent', { set: { state: 'arrears', rate: '1/s' } });
  await told(port, 'POST', '/reset');
  expect(await accountsOf(port)).toEqual(before);
});

it('changes the accounts of its tenant alone', async () => {
  const { port } = await serve(text);
  const { id, credentials } = await mint(port);
  const before = await accountsOf(port);
  await told(port, 'PATCH', `/tenants/${id}/accounts/qxt`, { topUp: 10, set: { billing: 'postpaid' } });
  expect(JSON.parse((await clientsOf(port, credentials).balance()).body)).toMatchObject({ result: { feeType: '后付费', balance: '12' } });
  expect(await accountsOf(port)).toEqual(before);
});

it.each([
  ['nothing to do', {}, 'body:1:1: the body says nothing to do. Send topUp, correction or set.'],
  ['a reason alone', { why: 'x' }, 'body:1:1: the body says nothing to do. Send topUp, correction or set.'],
  ['a mistyped key', { topup: 1 }, 'body:1:2: "topup" is not known here; did you mean "topUp"?'],
  ['a top-up of nothing', { topUp: 0 }, 'body:1:10: topUp is too small; 1 is the least.'],
  ['a top-up of less', { topUp: -1 }, 'body:1:10: topUp is too small; 1 is the least.'],
  ['half a query', { topUp: 1.5 }, 'body:1:10: topUp is the number 1.5. Write a whole number.'],
  ['a top-up in quotes', { topUp: '1' }, 'body:1:10: topUp is the text "1". Write a number.'],
  ['a correction beyond all bounds', { correction: 1e12 }, 'body:1:15: correction is too large; 1000000000 is the most.'],
  ['a list to set', { set: [] }, 'body:1:8: set is a list. Write a map of keys and values.'],
  ['a key that the account has not', { set: { balnce: 1 } }, 'body:1:9: "balnce" is not known here; did you mean "balance"?'],
  ['a balance in quotes', { set: { balance: '5' } }, 'body:1:19: balance is the text "5". Write a number.'],
  ['a word that there is none of', { set: { billing: 'prepayed' } }, 'body:1:19: "prepayed" is none of the words for billing; did you mean "prepaid"?'],
  ['an address that is none', { set: { allow: ['10.0.0'] } }, 'body:1:18: entry 1 of allow has to be an IP address or CIDR block, such as "10.0.0.0/8".'],
  ['a credential taken out', { set: { apikey: null } }, 'body:1:18: apikey is missing. Add it.'],
  ['another credential', { set: { apikey: 'x'.repeat(32) } }, 'set: credentials cannot be changed. Put a scenario with others into force.'],
  ['a key named __proto__', '{"set":{"__proto__":{"balance":1}}}', 'The key __proto__ is not allowed. Choose another.'],
])('changes nothing for %s, and names the field and a remedy', async (_what, body, sentence) => {
  const served = await serve(text);
  const before = await accountsOf(served.port);
  expect(await refused(served, 'qxt', body)).toBe(sentence);
  expect([await accountsOf(served.port), await entriesOf(served.port)]).toEqual([before, []]);
});

it('names no account that there is none of', async () => {
  const served = await serve(text);
  expect(await refused(served, 'nobody', { topUp: 1 }, 404, 'no-provider')).toBe('There is no provider of that id. There are acedata, tencent, alapi, qxt.');
  expect(await refused(served, 'qxt', { credential: 'another', topUp: 1 }, 404, 'no-account')).toBe('No account has this credential. GET /_sim/accounts lists them.');
  expect(await refused(served, '__proto__', { topUp: 1 }, 404, 'no-provider')).toMatch(/acedata/);
});

it('does all of a body or nothing: what is not counted cannot be topped up, and its terms stay then', async () => {
  const served = await serve(text);
  const before = await accountsOf(served.port);
  expect(await refused(served, 'tencent', { set: { state: 'arrears' }, topUp: 1 }, 409, 'not-counted')).toMatch(/^Nothing is counted for this account/);
  expect(await accountsOf(served.port)).toEqual(before);
  expect(codeIn('tencent', await clientsOf(served.port, sandbox).MobileStatus(number))).toBe('0');
});
