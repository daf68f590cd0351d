import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keys } from '../support/ask.ts';
import { busyScenario, deed, perform, type Deed } from '../support/busy.ts';
import { clientsOf, sandbox } from '../support/clients.ts';
import { mint, problemIn, tell, told } from '../support/control.ts';
import { serve, serveForFile, type Served } from '../support/serve.ts';
import { codeIn } from '../support/shapes.ts';

const number = '13912345678';

/** Of what was refused before its number was known, the RequestId follows from its timestamp: the time stands still here. */
const instant = Date.parse('2026-01-31T15:00:00Z');
const still = { realTime: { now: () => instant } };
const ask = (port: number, credentials = sandbox) => clientsOf(port, credentials, () => instant / 1000);

const whole = async (port: number, tenant = ''): Promise<string> => {
  const { status, body } = await tell(port, 'GET', `${tenant}/snapshot?personal=true`);
  expect(status).toBe(200);
  return body;
};
const putBack = (port: number, snapshot: string, tenant = ''): Promise<unknown> => told(port, 'PUT', `${tenant}/snapshot`, snapshot);

/** All that can be seen of a tenant but its journal, which goes on: of a charge the place in it is another. */
const views = async (port: number, tenant = ''): Promise<unknown> => {
  const seen = await Promise.all(['scenario', 'accounts', 'rules', 'clock', 'ledger', 'expectations', 'readings'].map((path) => tell(port, 'GET', `${tenant}/${path}`)));
  return seen.map(({ body }) => body.replaceAll(/"exchange": \d+/g, '"exchange": 0'));
};

async function performAll(port: number, deeds: readonly Deed[], credentials = sandbox, tenant = ''): Promise<readonly string[]> {
  const client = ask(port, credentials);
  const said: string[] = [];
  for (const each of deeds) said.push(await perform(port, client, each, tenant));
  return said;
}

const deeds = (most: number): fc.Arbitrary<readonly Deed[]> => fc.array(deed, { minLength: 1, maxLength: most, size: 'max' });

it('puts everything back: what is done after it is answered byte for byte as it was after the snapshot', async () => {
  const { port } = await serve(busyScenario, still);
  await fc.assert(
    fc.asyncProperty(deeds(15), deeds(15), deeds(10), async (before, behind, between) => {
      await told(port, 'POST', '/reset');
      await performAll(port, before);
      const [snapshot, seen] = [await whole(port), await views(port)];
      const [said, after] = [await performAll(port, behind), await views(port)];
      await performAll(port, between);
      await putBack(port, snapshot);
      expect(await views(port)).toEqual(seen);
      expect(await performAll(port, behind)).toEqual(said);
      expect(await views(port)).toEqual(after);
    }),
    { numRuns: 12 },
  );
});

it('lets a running clock go on from where it was, however late that is', async () => {
  let passed = 0;
  const { port } = await serve(busyScenario.replace('speed: 0', 'speed: 7'), { realTime: { now: () => instant + passed } });
  passed = 1_000;
  await ask(port).ssPhone_Status('13712345678');
  const [snapshot, seen] = [await whole(port), await views(port)];
  passed = 100_000;
  await putBack(port, snapshot);
  expect(await views(port)).toEqual(seen);
  passed += 1_000;
  expect(await told(port, 'GET', '/clock')).toMatchObject({ china: '2026-02-01T00:00:04.000+08:00', sinceApplied: 14_000 });
});

it('is the same again when it is put back: state, scenario and the changes that there are none of any more', async () => {
  const { port } = await serve(busyScenario, still);
  await fc.assert(
    fc.asyncProperty(deeds(25), async (before) => {
      await performAll(port, before);
      const snapshot = await whole(port);
      await putBack(port, snapshot);
      const [was, is] = [JSON.parse(snapshot), JSON.parse(await whole(port))] as readonly Record<string, unknown>[];
      expect([is?.['state'], is?.['now'], is?.['requests'], is?.['changes'], is?.['complete']]).toEqual([was?.['state'], was?.['now'], [], [], true]);
      // It begins there now.
      expect([is?.['origin'], is?.['scenario']]).toEqual([was?.['state'], was?.['now']]);
    }),
    { numRuns: 8 },
  );
});

it('puts a snapshot of one server into another', async () => {
  const [one, other] = [await serve(busyScenario, still), await serve('seed: 99', still)];
  const calls: readonly Deed[] = (['check-1e', 'MobileStatus', 'phonecheck', 'ssPhone_Status'] as const).flatMap((endpoint) => ['13712345678', '13612345678', '13512345678'].map((each) => ({ kind: 'call', endpoint, number: each }) as const));
  await performAll(one.port, calls);
  await putBack(other.port, await whole(one.port));
  expect(await views(other.port)).toEqual(await views(one.port));
  expect(await performAll(other.port, calls)).toEqual(await performAll(one.port, calls));
});

it('leaves a minted tenant its credentials, and gives it everything else', async () => {
  const { port } = await serve(busyScenario, still);
  const [one, other] = [await mint(port), await mint(port, { scenario: 'konghao: 1\nname: mine\n' })];
  const calls: readonly Deed[] = (['check-1e', 'MobileStatus', 'phonecheck', 'ssPhone_Status', 'balance'] as const).flatMap((endpoint) => ['13712345678', '13612345678'].map((each) => ({ kind: 'call', endpoint, number: each }) as const));
  await performAll(port, calls, one.credentials);
  const snapshot = await whole(port, `/tenants/${one.id}`);
  const said = await performAll(port, calls, one.credentials);
  await putBack(port, snapshot, `/tenants/${other.id}`);
  expect(await performAll(port, calls, other.credentials)).toEqual(said);
  // The credentials differ in nothing that is shown but their first signs.
  const shown = async (id: string): Promise<unknown> => JSON.parse(JSON.stringify(await views(port, `/tenants/${id}`)).replaceAll(/\w{4}… /g, '… '));
  expect(await shown(other.id)).toEqual(await shown(one.id));
  expect(codeIn('qxt', await ask(port, one.credentials).balance())).toBe('0');
});

it('does not give the default tenant the credentials of a minted one that still has them', async () => {
  const { port } = await serve(busyScenario, still);
  const { id, credentials } = await mint(port);
  const [snapshot, before] = [await whole(port, `/tenants/${id}`), await views(port)];
  problemIn(await tell(port, 'PUT', '/snapshot', snapshot), 409, 'taken-credential');
  expect(await views(port)).toEqual(before);
  await told(port, 'DELETE', `/tenants/${id}`);
  await putBack(port, snapshot);
  expect(codeIn('qxt', await ask(port, credentials).balance())).toBe('0');
});

it('bills a minted tenant under its own credentials for what the snapshot was charged', async () => {
  const { port } = await serve(busyScenario, still);
  await ask(port)['check-1e'](number);
  const { id } = await mint(port);
  await putBack(port, await whole(port), `/tenants/${id}`);
  const { accounts } = await told<{ accounts: readonly { provider: string; start: number; charged: number; balance: number }[] }>(port, 'GET', `/tenants/${id}/ledger`);
  expect(accounts.map(({ provider, start, charged, balance }) => [provider, start, charged, balance])).toEqual([['acedata', 12, 1, 11], ['tencent', 9, 0, 9], ['alapi', 15, 0, 15], ['qxt', 6, 0, 6]]);
});

it('lets a reset begin as the scenario of the snapshot has it, and not as its accounts were amended', async () => {
  const { port } = await serve(busyScenario, still);
  const { id, credentials } = await mint(port);
  const path = `/tenants/${id}`;
  await told(port, 'PATCH', `${path}/accounts/tencent`, { set: { state: 'arrears' } });
  const snapshot = await whole(port, path);
  await told(port, 'POST', `${path}/reset`);
  await putBack(port, snapshot, path);
  const said = async (): Promise<string> => codeIn('tencent', await ask(port, credentials).MobileStatus(number));
  expect(await said()).toBe('UnauthorizedOperation.Arrears');
  await told(port, 'POST', `${path}/reset`);
  expect(await said()).toBe('0');
});

it('is masked unless it is asked for personal data: nothing of it can be found', async () => {
  const { port } = await serve(busyScenario, still);
  const minted = await mint(port);
  const name = '韩梅梅';
  for (const client of [ask(port), ask(port, minted.credentials), ask(port, { acedata: { token: 'a-token-that-is-wrong' }, tencent: { secretId: 'AKIDthatIsWrong', secretKey: 'wrong-key' }, alapi: { token: 'b-token-that-is-wrong' }, qxt: { apikey: 'z'.repeat(32) } })]) {
    await client['check-1e'](number);
    await client['check-3e'](number, name, '110105194912310038');
    await client.MobileStatus(number);
    await client.phonecheck(`${number},13800138000`);
    await client.ssPhone_Status(number);
  }
  await told(port, 'PATCH', '/accounts/qxt', { topUp: 1, why: `for ${number}` });
  await told(port, 'POST', '/rules', { id: 'his', when: { number }, then: 'ok' });
  const secrets = [
    number, '13800138000', name, '李雷', '11010519491231002X', '110105194912310038',
    ...[sandbox, minted.credentials].flatMap(({ acedata, tencent, alapi, qxt }) => [acedata.token, tencent.secretId, tencent.secretKey, alapi.token, qxt.apikey]),
    'a-token-that-is-wrong', 'b-token-that-is-wrong', 'AKIDthatIsWrong', 'wrong-key', 'z'.repeat(32),
  ];
  for (const path of ['/snapshot', `/tenants/${minted.id}/snapshot`, '/snapshot?personal=false', '/snapshot?personal=', '/snapshot?personal=true&personal=no', '/snapshot?Personal=true']) {
    const { body, value } = await tell(port, 'GET', path);
    expect(value).toMatchObject({ konghao: 'masked snapshot', exchanges: expect.any(Array) as unknown, accounts: expect.any(Array) as unknown });
    for (const secret of secrets) expect(body, secret).not.toContain(secret);
  }
  // The same scan finds them where they are.
  const clear = await whole(port);
  for (const secret of [number, '李雷', '11010519491231002X', keys.secretKey]) expect(clear).toContain(secret);
});

it('shows in a masked one what happened', async () => {
  const { port } = await serve(busyScenario, still);
  await ask(port).ssPhone_Status('13712345678');
  await ask(port).balance();
  expect(await told(port, 'GET', '/snapshot')).toMatchObject({
    scenario: 'test',
    seed: 11,
    clock: { china: '2026-01-31T23:59:50.000+08:00' },
    tally: { 'qxt.ssPhone_Status': { calls: 1 }, 'qxt.balance': { calls: 1 } },
    exchanges: [{ id: 1, endpoint: 'qxt.ssPhone_Status' }, { id: 2, endpoint: 'qxt.balance' }],
    putBack: expect.stringContaining('personal=true') as string,
  });
});

it('is put back without its requests and changes as well, for which there is not always room', async () => {
  const { port } = await serve(busyScenario, still);
  await ask(port).ssPhone_Status('13712345678');
  const seen = await views(port);
  const bundle = JSON.parse(await whole(port)) as Json;
  await ask(port).ssPhone_Status('13712345678');
  await putBack(port, JSON.stringify({ ...bundle, requests: [], changes: [] }));
  expect(await views(port)).toEqual(seen);
});

type Json = Record<string, unknown>;
const at = (value: unknown, ...path: readonly (string | number)[]): Json => path.reduce((here, key) => (here as Json)[key] as Json, value as Json);

/** Ways to spoil a snapshot, each of which the engine would stumble over. */
const spoilt: readonly (readonly [what: string, spoil: (bundle: Json) => void])[] = [
  ['another format', (bundle) => void (bundle['format'] = 2)],
  ['the word for a masked one', (bundle) => void (bundle['konghao'] = 'masked snapshot')],
  ['no word for what it is', (bundle) => void delete bundle['konghao']],
  ...['scenario', 'now', 'origin', 'state', 'requests', 'changes', 'complete', 'version'].flatMap((key) => [
    [`no ${key}`, (bundle: Json): void => void delete bundle[key]] as const,
    [`${key} that is null`, (bundle: Json): void => void (bundle[key] = null)] as const,
    [`${key} that is a number`, (bundle: Json): void => void (bundle[key] = 7)] as const,
  ]),
  ...['clock', 'appliedAt', 'accounts', 'calls', 'uses', 'tally', 'ledger', 'sequence'].map((key) => [`no state.${key}`, (bundle: Json): void => void delete at(bundle, 'state')[key]] as const),
  ...['name', 'seed', 'clock', 'accounts', 'people', 'numbers', 'rules', 'readings', 'switchedOff', 'prices', 'expect'].map((key) => [`no now.${key}`, (bundle: Json): void => void delete at(bundle, 'now')[key]] as const),
  ['a clock in words', (bundle) => void (at(bundle, 'state', 'clock')['base'] = 'noon')],
  ['a clock beyond all dates', (bundle) => void (at(bundle, 'state', 'clock')['base'] = 9e15)],
  ['a clock that goes back', (bundle) => void (at(bundle, 'state', 'clock')['speed'] = -1)],
  ['a clock without end', (bundle) => void (at(bundle, 'state', 'clock')['speed'] = 'Infinity')],
  ['half a query', (bundle) => void (at(bundle, 'state', 'accounts', 0, 'books')['credit'] = 0.5)],
  ['an account of nobody', (bundle) => void (at(bundle, 'state', 'accounts', 0)['provider'] = 'nobody')],
  ['an account under another provider', (bundle) => void (at(bundle, 'state', 'accounts', 0)['provider'] = 'qxt')],
  ['an account without its credential', (bundle) => void delete at(bundle, 'state', 'accounts', 0, 'record')['token']],
  ['a secret that is a number', (bundle) => void (at(bundle, 'state', 'accounts', 1, 'record')['secretKey'] = 7)],
  ['a rate that is none', (bundle) => void (at(bundle, 'state', 'accounts', 1, 'record')['rate'] = 'fast')],
  ['a state that an account cannot be in', (bundle) => void (at(bundle, 'state', 'accounts', 1, 'record')['state'] = 'tired')],
  ['an account twice', (bundle) => void (at(bundle, 'state')['accounts'] = [...(at(bundle, 'state')['accounts'] as unknown[]), at(bundle, 'state', 'accounts', 0)])],
  ['counts that are no pairs', (bundle) => void (at(bundle, 'state')['calls'] = [['a']])],
  ['a count below 0', (bundle) => void (at(bundle, 'state', 'uses')['byRule'] = [['few', -1]])],
  ['a tally of no endpoint', (bundle) => void (at(bundle, 'state', 'tally')['qxt.nothing'] = { calls: 1, charged: 0 })],
  ['a tally in words', (bundle) => void (at(bundle, 'state', 'tally', 'qxt.balance')['calls'] = 'two')],
  ['a ledger with more lines than it counted', (bundle) => void (at(bundle, 'state', 'ledger')['next'] = 1)],
  ['a line at no time', (bundle) => void (at(bundle, 'state', 'ledger', 'lines', 0)['at'] = 1e300)],
  ['a line of no kind', (bundle) => void (at(bundle, 'state', 'ledger', 'lines', 0)['kind'] = 'gift')],
  ['a code that no endpoint has', (bundle) => void (at(bundle, 'now', 'rules', 0, 'then', 0)['outcome'] = { kind: 'code', rows: { 'alapi.phonecheck': 'nothing' } })],
  ['a code of no endpoint', (bundle) => void (at(bundle, 'now', 'rules', 0, 'then', 0)['outcome'] = { kind: 'code', rows: { 'alapi.nothing': '429' } })],
  ['a reason that there is none of', (bundle) => void (at(bundle, 'now', 'rules', 0, 'then', 0)['outcome'] = { kind: 'reason', reason: 'tired' })],
  ['a rule without steps', (bundle) => void (at(bundle, 'now', 'rules', 0)['then'] = [])],
  ['a delay without end', (bundle) => void (at(bundle, 'now', 'rules', 0, 'then', 0)['delay'] = { kind: 'fixed', milliseconds: 1e12 })],
  ['a fault of no kind', (bundle) => void (at(bundle, 'now', 'rules', 0, 'then', 0)['fault'] = { kind: 'explosion', strike: { at: 'before', phase: 'send' } })],
  ['a number that is a regular expression', (bundle) => void (at(bundle, 'now', 'rules', 0, 'when')['number'] = '(1+)+$')],
  ['an owner whom nobody knows', (bundle) => void (at(bundle, 'now', 'numbers', 0)['owner'] = 'constructor')],
  ['a reading that there is none of', (bundle) => void (at(bundle, 'now', 'readings')['alapi.nothing'] = 'zero')],
  ['a reading that it cannot have', (bundle) => void (at(bundle, 'now', 'readings')['alapi.logId'] = 'uuid')],
  ['an origin that is spoilt', (bundle) => void (bundle['origin'] = { ...at(bundle, 'state'), sequence: 'none' })],
  ['a request of nobody', (bundle) => void (at(bundle, 'requests', 0)['provider'] = 'nobody')],
  ['a change of no kind', (bundle) => void (at(bundle, 'changes', 0)['change'] = { kind: 'wish' })],
  ['a change that amends with nothing', (bundle) => void (at(bundle, 'changes', 0)['change'] = { kind: 'amend', provider: 'qxt', index: 0, record: {} })],
];

async function busy(): Promise<Served> {
  const served = await serve(busyScenario, still);
  await told(served.port, 'PATCH', '/accounts/qxt', { topUp: 1 });
  for (const call of ['balance', 'check-1e', 'phonecheck', 'MobileStatus'] as const) await ask(served.port)[call](number);
  return served;
}

it('changes nothing for a spoilt snapshot, in whatever way it is', async () => {
  const { port } = await busy();
  const good = await whole(port);
  for (const [what, spoil] of spoilt) {
    const bundle = JSON.parse(good) as Json;
    spoil(bundle);
    const answer = await tell(port, 'PUT', '/snapshot', bundle);
    expect(answer.status, what).toBe(422);
    expect(problemIn(answer, 422, 'invalid-body'), what).toMatch(/^The body is no whole snapshot: .+\. What GET \/_sim\/snapshot\?personal=true gives is a whole one\.$/s);
    expect(await whole(port), what).toBe(good);
  }
  await putBack(port, good);
});

it.each([
  ['no JSON', (good: string) => good.slice(0, -1)],
  ['nothing', () => ''],
  ['a list', (good: string) => `[${good}]`],
  ['text', () => '"bundle"'],
  ['what nests without end', () => `{"konghao":"bundle","state":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['a key __proto__', (good: string) => good.replace('{', '{"__proto__":{"format":1},')],
  ['a key __proto__ in its state', (good: string) => good.replace('"state":{', '"state":{"__proto__":{"sequence":7},')],
  ['a key __proto__ in an account', (good: string) => good.replace('"record":{', '"record":{"__proto__":{"state":"normal"},')],
  ['a key __proto__ in its tally', (good: string) => good.replace('"tally":{', '"tally":{"__proto__":{"calls":1,"charged":1},')],
  ['a key __proto__ in a rule', (good: string) => good.replace('"when":{', '"when":{"__proto__":{},')],
  ['a key __proto__ in disguise', (good: string) => good.replace('"people":{', '"people":{"\\u005f_proto__":{"name":"x","idCard":"x"},')],
])('changes nothing for %s', async (_what, spoil) => {
  const { port } = await busy();
  const good = await whole(port);
  problemIn(await tell(port, 'PUT', '/snapshot', spoil(good)), 422, 'invalid-body');
  expect(await whole(port)).toBe(good);
  expect(({} as Json)['calls']).toBeUndefined();
});

it('says what a masked snapshot lacks', async () => {
  const { port } = await busy();
  const { body } = await tell(port, 'GET', '/snapshot');
  expect(problemIn(await tell(port, 'PUT', '/snapshot', body), 422, 'invalid-body')).toBe('The body is no whole snapshot: it is a masked one, which has neither state nor requests. What GET /_sim/snapshot?personal=true gives is a whole one.');
});

/** Every place in a JSON value. */
function places(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, each]) => places(each, [...path, Array.isArray(value) ? Number(key) : key]))];
}

it('serves on after any value at any place of it: refused or taken, nothing fails', async () => {
  const { port } = await busy();
  const good = await whole(port);
  const all = places(JSON.parse(good)).filter(({ length }) => length > 0);
  const odd = fc.oneof(
    fc.constantFrom<unknown>(null, true, '', 'x', 'Infinity', 0, -1, 0.5, 1e308, -1e308, 9e15, 1e9, [], {}, [[]], 'constructor', '__proto__', '*', '号'.repeat(40), '13912345678', 'real', { kind: 'ok' }),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const taken: number[] = [];
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: all.length - 1 }), odd, async (which, value) => {
      const bundle = JSON.parse(good) as Json;
      const path = all[which] ?? [];
      at(bundle, ...path.slice(0, -1))[path.at(-1) ?? ''] = value;
      const { status } = await tell(port, 'PUT', '/snapshot', bundle);
      expect([200, 422]).toContain(status);
      if (status === 422) return;
      taken.push(which);
      for (const each of ['scenario', 'accounts', 'rules', 'clock', 'ledger', 'ledger?format=csv', 'expectations', 'snapshot', 'snapshot?personal=true', 'journal', `world/${number}`, 'tenants/default']) expect((await tell(port, 'GET', `/${each}`)).status, each).toBe(200);
      for (const endpoint of ['check-1e', 'check-3e', 'MobileStatus', 'phonecheck', 'ssPhone_Status', 'balance'] as const) expect(await perform(port, ask(port), { kind: 'call', endpoint, number })).not.toMatch(/problem|defect/);
      for (const { because } of (await told<{ exchanges: readonly { because: string }[] }>(port, 'GET', '/journal?limit=6')).exchanges) expect(because).not.toMatch(/The simulator failed/);
    }),
    { numRuns: 60 },
  );
  // Were everything refused, nothing would be proved.
  expect(taken.length).toBeGreaterThan(0);
});

it('is complete with all requests and changes, and no more when the journal has lost some', async () => {
  const served = await serveForFile(busyScenario, still);
  const { port } = served;
  const complete = async (): Promise<unknown> => {
    const { complete: is, requests, changes } = JSON.parse(await whole(port)) as { complete: boolean; requests: readonly unknown[]; changes: readonly unknown[] };
    return [is, requests.length, changes.length];
  };
  await ask(port).balance();
  await told(port, 'PATCH', '/clock', { advance: '1s' });
  expect(await complete()).toEqual([true, 1, 1]);
  await told(port, 'DELETE', '/journal');
  expect(await complete()).toEqual([false, 0, 1]);
  await told(port, 'POST', '/reset');
  expect(await complete()).toEqual([true, 0, 0]);
  await served.close(0);
});
