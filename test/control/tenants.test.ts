import { expect, it, onTestFinished, vi } from 'vitest';
import { shippedNames } from '../../src/scenario/shipped.ts';
import { clientsOf, sandbox } from '../support/clients.ts';
import { mint, problemIn, tell, told, type Credentials, type Minted } from '../support/control.ts';
import { serve } from '../support/serve.ts';
import { codeIn } from '../support/shapes.ts';

const number = '13912345678';

/** The code of each endpoint's answer under these credentials. */
async function codes(port: number, credentials: Credentials): Promise<Record<string, string>> {
  const ask = clientsOf(port, credentials);
  return {
    'check-1e': codeIn('acedata', await ask['check-1e'](number)),
    'check-3e': codeIn('acedata', await ask['check-3e'](number)),
    MobileStatus: codeIn('tencent', await ask.MobileStatus(number)),
    phonecheck: codeIn('alapi', await ask.phonecheck(number)),
    ssPhone_Status: codeIn('qxt', await ask.ssPhone_Status(number)),
    balance: codeIn('qxt', await ask.balance()),
  };
}
const welcome = { 'check-1e': '0', 'check-3e': '0', MobileStatus: '0', phonecheck: '200', ssPhone_Status: '0', balance: '0' };
const unknown = { 'check-1e': 'invalid_token', 'check-3e': 'invalid_token', MobileStatus: 'AuthFailure.SecretIdNotFound', phonecheck: '100', ssPhone_Status: '-1', balance: '-1' };

const exchangesOf = async (port: number, tenant: string): Promise<readonly { readonly tenant: string; readonly row: string }[]> =>
  (await told<{ exchanges: readonly { tenant: string; row: string }[] }>(port, 'GET', `/tenants/${tenant}/journal`)).exchanges;
const listed = async (port: number): Promise<readonly string[]> => (await told<{ tenants: readonly { id: string }[] }>(port, 'GET', '/tenants')).tenants.map(({ id }) => id);

it('mints a tenant of the scenario in force where no body says otherwise', async () => {
  const { port, url } = await serve('seed: 7');
  const { status, value } = await tell<Minted>(port, 'POST', '/tenants');
  expect([status, value]).toEqual([
    201,
    {
      id: expect.stringMatching(/^\w{12}$/) as string,
      scenario: 'test',
      seed: 7,
      exchanges: 0,
      expires: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      url,
      credentials: {
        acedata: { token: expect.stringMatching(/^\S{20,}$/) as string },
        tencent: { secretId: expect.stringMatching(/^AKID\w{32}$/) as string, secretKey: expect.stringMatching(/^\w{32}$/) as string },
        alapi: { token: expect.stringMatching(/^\w+$/) as string },
        qxt: { apikey: expect.stringMatching(/^\w{32}$/) as string },
      },
      accounts: { acedata: [value.credentials.acedata], tencent: [value.credentials.tencent], alapi: [value.credentials.alapi], qxt: [value.credentials.qxt, expect.anything(), expect.anything()] },
    },
  ]);
});

it('knows minted credentials at all four providers, and writes their calls into their own journal', async () => {
  const { port } = await serve();
  const { id, credentials } = await mint(port);
  expect(await codes(port, credentials)).toEqual(welcome);
  expect((await exchangesOf(port, id)).map(({ tenant }) => tenant)).toEqual(Array.from({ length: 6 }, () => id));
  expect(await exchangesOf(port, 'default')).toEqual([]);
});

it('knows the credentials of a deleted tenant no more: each provider says so in its own words, in the default journal', async () => {
  const { port } = await serve();
  const { id, credentials } = await mint(port);
  expect(await codes(port, credentials)).toEqual(welcome);
  expect(await told(port, 'DELETE', `/tenants/${id}`)).toEqual({ removed: true });
  expect(await codes(port, credentials)).toEqual(unknown);
  expect((await exchangesOf(port, 'default')).map(({ row }) => row).reverse()).toEqual(Object.values(unknown));
  for (const path of ['', '/journal', '/clock', '/ledger', '/snapshot']) problemIn(await tell(port, 'GET', `/tenants/${id}${path}`), 404, 'no-tenant');
  expect(await listed(port)).toEqual(['default']);
});

it('lets no credential of one tenant into another', async () => {
  const { port } = await serve();
  const all = await Promise.all(Array.from({ length: 50 }, () => mint(port)));
  const secrets = all.flatMap(({ id, accounts }) => [id, ...Object.values(accounts).flat().flatMap((account) => Object.values(account))]);
  expect(new Set(secrets).size).toBe(50 * (1 + 1 + 2 + 1 + 3));
});

it('leaves the default tenant its published credentials', async () => {
  const { port } = await serve();
  const { id } = await mint(port);
  expect(await codes(port, sandbox)).toEqual(welcome);
  expect(await exchangesOf(port, id)).toEqual([]);
});

it.each(shippedNames())('mints a tenant of the shipped scenario %s', async (name) => {
  const { port } = await serve('');
  const { scenario, id, credentials } = await mint(port, { scenario: name });
  expect(scenario).toBe(name);
  const ask = clientsOf(port, credentials);
  const answer = await ask.balance();
  // Whatever the scenario has him say, it is said to one whom it knows.
  expect(codeIn('qxt', answer)).not.toBe('-1');
  expect((await exchangesOf(port, id)).length).toBe(1);
});

const yaml = 'konghao: 1\nname: mine\nnumbers: { "13912345678": { status: suspended } }\n';
it.each([
  ['YAML', yaml],
  ['JSON', { konghao: 1, name: 'mine', numbers: { '13912345678': { status: 'suspended' } } }],
  ['JSON in a text', '{"konghao":1,"name":"mine","numbers":{"13912345678":{"status":"suspended"}}}'],
])('takes a scenario of one’s own as %s', async (_what, scenario) => {
  const { port } = await serve();
  const minted = await mint(port, { scenario });
  expect(minted.scenario).toBe('mine');
  expect(JSON.parse((await clientsOf(port, minted.credentials).ssPhone_Status(number)).body)).toMatchObject({ result: { Status: '停机' } });
  expect(JSON.parse((await clientsOf(port).ssPhone_Status(number)).body)).toMatchObject({ result: { Status: '正常' } });
});

it('gives tenants of one seed the same answers, and others others', async () => {
  const { port } = await serve();
  // The public numbering data ends before this range: where it is follows from the seed.
  const about = Array.from({ length: 8 }, (_, at) => `1990${at}234567`).join();
  const areas = async (body: unknown): Promise<string> => {
    const { credentials } = await mint(port, body);
    const { data } = JSON.parse((await clientsOf(port, credentials).phonecheck(about)).body) as { data: readonly { area: string }[] };
    return data.map(({ area }) => area).join();
  };
  const [seven, again, eight] = [await areas({ seed: 7 }), await areas({ seed: 7 }), await areas({ seed: 8 })];
  expect(again).toBe(seven);
  expect(eight).not.toBe(seven);
  expect(await areas({ scenario: `konghao: 1\nname: mine\nseed: 7\n` })).toBe(seven);
  expect(await areas({ scenario: `konghao: 1\nname: mine\nseed: 8\n`, seed: 7 })).toBe(seven);
});

it.each([
  ['an instant, at which it stands still', '2026-01-31T23:59:50+08:00', { now: '2026-01-31T15:59:50.000Z', speed: 0, delays: 'slept', signatures: 'real' }],
  ['the long form', { at: '2026-01-31T23:59:50+08:00', speed: 0, delays: 'charged', signatures: 'clock' }, { now: '2026-01-31T15:59:50.000Z', speed: 0, delays: 'charged', signatures: 'clock' }],
  ['a speed', { speed: 60 }, { speed: 60, delays: 'slept' }],
])('begins with a clock of its own: %s', async (_what, clock, expected) => {
  const { port } = await serve('clock: 2020-01-01T00:00:00Z');
  const { id } = await mint(port, { clock });
  expect(await told(port, 'GET', `/tenants/${id}/clock`)).toMatchObject(expected);
  expect(await told(port, 'GET', '/clock')).toMatchObject({ now: '2020-01-01T00:00:00.000Z' });
});

it.each([
  ['no JSON', '{"seed":', 'invalid-body', 'The body is not JSON. Send one JSON object.'],
  ['no object', '[]', 'invalid-body', 'The body is JSON, but no object. Send one JSON object.'],
  ['a key that there is none of', { sead: 7 }, 'invalid-body', 'body:1:2: "sead" is not known here; did you mean "seed"?'],
  ['a seed in quotes', { seed: '7' }, 'invalid-body', 'body:1:9: seed is the text "7". Write a number.'],
  ['a seed below 0', { seed: -1 }, 'invalid-body', 'body:1:9: seed is too small; 0 is the least.'],
  ['a clock that is no instant', { clock: 'noon' }, 'invalid-body', 'body:1:10: clock has to be a date, such as "2026-02-01" or "2026-02-01T12:00:00+08:00".'],
  ['a clock with a mistyped key', { clock: { sped: 2 } }, 'invalid-body', 'body:1:11: "sped" is not known here; did you mean "speed"?'],
  ['a clock that is no date', { clock: '2026-02-30' }, 'invalid-body', 'body:1:10: clock has to be a date, such as "2026-02-01" or "2026-02-01T12:00:00+08:00".'],
  ['a scenario that is not shipped', { scenario: 'failoverr' }, 'no-scenario', /^No shipped scenario is called "failoverr"\. There are .*failover.*; or send YAML or JSON\.$/],
  ['a broken scenario', { scenario: 'konghao: 1\nname: mine\nsead: 1\n' }, 'broken-scenario', 'scenario:3:1: "sead" is not known here; did you mean "seed"?'],
  ['a scenario as a number', { scenario: 5 }, 'invalid-body', /^body:1:13: scenario is /],
] as const)('mints nobody for %s, and says where the mistake is', async (_what, body, title, sentence) => {
  const { port } = await serve('');
  expect(problemIn(await tell(port, 'POST', '/tenants', body), 422, title)).toEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
  expect(await listed(port)).toEqual(['default']);
});

it('shows who there is', async () => {
  const { port } = await serve('seed: 3');
  const minted = [await mint(port, { seed: 1 }), await mint(port, { scenario: yaml })];
  await clientsOf(port, minted[1]?.credentials).balance();
  const { idleMilliseconds, tenants } = await told<{ idleMilliseconds: number; tenants: readonly Record<string, unknown>[] }>(port, 'GET', '/tenants');
  expect(idleMilliseconds).toBe(30 * 60_000);
  expect(tenants).toMatchObject([
    { id: 'default', scenario: 'test', seed: 3, exchanges: 0, expires: null },
    { id: minted[0]?.id, scenario: 'test', seed: 1, exchanges: 0 },
    { id: minted[1]?.id, scenario: 'mine', seed: 1, exchanges: 1 },
  ]);
  for (const { id } of tenants) expect(await told(port, 'GET', `/tenants/${String(id)}`)).toMatchObject({ id, clock: { speed: 1 } });
});

it('keeps balances, counters, clock, rules and scenario of tenants apart', async () => {
  const { port } = await serve();
  const [one, other] = [await mint(port), await mint(port)];
  const [ask, askOther] = [clientsOf(port, one.credentials), clientsOf(port, other.credentials)];
  const state = async (id: string): Promise<unknown> => {
    const seen = await Promise.all(['accounts', 'ledger', 'rules', 'scenario', 'expectations'].map((path) => told(port, 'GET', `/tenants/${id}/${path}`)));
    return seen;
  };
  const before = [await state(other.id), await state('default')];
  await ask.ssPhone_Status(number);
  await told(port, 'PATCH', `/tenants/${one.id}/clock`, { freeze: true, at: '2026-01-01' });
  await told(port, 'PATCH', `/tenants/${one.id}/accounts/qxt`, { topUp: 10 });
  await told(port, 'POST', `/tenants/${one.id}/rules`, { id: 'mine', then: 'busy' });
  expect([await state(other.id), await state('default')]).toEqual(before);
  await told(port, 'PUT', `/tenants/${one.id}/scenario`, { scenario: yaml });
  expect([await state(other.id), await state('default')]).toEqual(before);
  expect(codeIn('qxt', await askOther.balance())).toBe('0');
  await told(port, 'POST', `/tenants/${other.id}/reset`);
  expect(await told(port, 'GET', `/tenants/${one.id}/scenario`)).toMatchObject({ name: 'mine' });
});

it('gives a rule about a credential the one that its account has here', async () => {
  const { port } = await serve();
  const accounts = 'accounts:\n  alapi: [{ token: first-of-the-file }, { token: second-of-the-file }]\n';
  const minted = await mint(port, { scenario: `konghao: 1\nname: mine\n${accounts}rules: [{ id: late, when: { credential: second-of-the-file }, then: rate-limited }]\n` });
  const [first, second] = minted.accounts['alapi'] as readonly { token: string }[];
  const codeOf = async (token = ''): Promise<string> => codeIn('alapi', await clientsOf(port, { ...minted.credentials, alapi: { token } }).phonecheck(number));
  expect([await codeOf(first?.token), await codeOf(second?.token), await codeOf('second-of-the-file')]).toEqual(['200', '429', '100']);
});

it('mints the credentials of every account that the scenario has, a session token included', async () => {
  const { port } = await serve();
  const minted = await mint(port, { scenario: 'konghao: 1\nname: mine\naccounts:\n  tencent: [{ secretId: AKIDone, secretKey: one, sessionToken: short-lived }, { secretId: AKIDtwo, secretKey: two, state: arrears }]\n' });
  expect(minted.accounts['tencent']).toEqual([
    { secretId: expect.stringMatching(/^AKID\w{32}$/) as string, secretKey: expect.stringMatching(/^\w{32}$/) as string, sessionToken: expect.stringMatching(/^\w{64}$/) as string },
    { secretId: expect.stringMatching(/^AKID\w{32}$/) as string, secretKey: expect.stringMatching(/^\w{32}$/) as string },
  ]);
  const [, second] = minted.accounts['tencent'] as unknown as readonly Credentials['tencent'][];
  expect(codeIn('tencent', await clientsOf(port, { ...minted.credentials, ...(second === undefined ? {} : { tencent: second }) }).MobileStatus(number))).toBe('UnauthorizedOperation.Arrears');
});

it('does not delete the default tenant, nor one that does not exist', async () => {
  const { port } = await serve('');
  expect(problemIn(await tell(port, 'DELETE', '/tenants/default'), 409, 'default-tenant')).toMatch(/POST \/_sim\/reset/);
  problemIn(await tell(port, 'DELETE', '/tenants/nobody'), 404, 'no-tenant');
  expect(await listed(port)).toEqual(['default']);
});

it('takes no more tenants than it is told to, and one again for each that is deleted', async () => {
  const { port } = await serve('', { tenants: { idle: 60_000, most: 2 } });
  const [one] = [await mint(port), await mint(port)];
  expect(problemIn(await tell(port, 'POST', '/tenants'), 429, 'too-many-tenants')).toBe('There are 2 tenants already. Delete some: DELETE /_sim/tenants/{id}.');
  await told(port, 'DELETE', `/tenants/${one.id}`);
  await mint(port);
  problemIn(await tell(port, 'POST', '/tenants'), 429, 'too-many-tenants');
});

it('makes room for another by those whose time is over', async () => {
  let now = Date.now();
  const { port } = await serve('', { realTime: { now: () => now }, tenants: { idle: 60_000, most: 1 } });
  const first = await mint(port);
  now += 60_000;
  problemIn(await tell(port, 'POST', '/tenants'), 429, 'too-many-tenants');
  now += 1;
  const second = await mint(port);
  expect(await listed(port)).toEqual(['default', second.id]);
  expect(await codes(port, first.credentials)).toEqual(unknown);
});

it('counts the idle time from the last call, on real time and not on the tenant’s clock', async () => {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const { port } = await serve('', { realTime: { now: () => now }, tenants: { idle: 60_000, most: 10 } });
  const { id, credentials, expires } = await mint(port);
  expect(expires).toBe('2026-01-01T00:01:00.000Z');
  now += 40_000;
  await told(port, 'PATCH', `/tenants/${id}/clock`, { advance: '1d' });
  await clientsOf(port, credentials).balance();
  now += 40_000;
  await mint(port);
  expect(await told(port, 'GET', `/tenants/${id}`)).toMatchObject({ expires: '2026-01-01T00:01:40.000Z', exchanges: 1 });
  now += 20_001;
  await mint(port);
  expect(await listed(port)).not.toContain(id);
});

it('looks for those whose time is over no later than a timer can be set', async () => {
  const timeouts = vi.spyOn(globalThis, 'setTimeout');
  onTestFinished(() => void timeouts.mockRestore());
  const { port } = await serve('', { tenants: { idle: Number.POSITIVE_INFINITY, most: 10 } });
  await mint(port);
  // One beyond that ends at once, and would be set again and again.
  expect(timeouts.mock.calls.map(([, milliseconds = 0]) => milliseconds).filter((milliseconds) => milliseconds > 60_000)).toEqual([3_600_000]);
});

it('ends a tenant whose idle time is over though nobody asks for another', async () => {
  const { port } = await serve('', { tenants: { idle: 50, most: 10 } });
  const { id, credentials } = await mint(port);
  await vi.waitUntil(async () => !(await listed(port)).includes(id), { timeout: 10_000, interval: 10 });
  expect(await codes(port, credentials)).toEqual(unknown);
});
