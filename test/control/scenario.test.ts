import { expect, it } from 'vitest';
import { keys } from '../support/ask.ts';
import { clientsOf } from '../support/clients.ts';
import { mint, problemIn, tell, told, type Credentials, type Minted } from '../support/control.ts';
import { serve } from '../support/serve.ts';
import { codeIn } from '../support/shapes.ts';

const number = '13912345678';
const head = 'konghao: 1\nname: mine\n';

const put = (port: number, scenario: unknown, tenant = ''): Promise<unknown> => told(port, 'PUT', `${tenant}/scenario`, { scenario });

/** All that a refused scenario has to leave as it is. */
const stateOf = (port: number): Promise<unknown> => Promise.all(['scenario', 'accounts', 'rules', 'clock', 'ledger', 'expectations', 'journal'].map((path) => told(port, 'GET', `/${path}`)));

it('shows what is in force, and nobody’s secrets', async () => {
  const { port } = await serve('seed: 3\ndescription: What it shows.\nclock: 2026-02-01T12:00:00+08:00\naccounts: { alapi: { token: very-secret-token } }\nnumbers: { "138*": { status: vacant } }\nrules: [{ id: late, then: { delay: 5ms } }]\nreadings: { alapi.errorStatus: mirrors-4xx }\nswitchedOff: [alapi.phonecheck]');
  const { body, value } = await tell(port, 'GET', '/scenario');
  expect(value).toEqual({
    name: 'test',
    description: 'What it shows.',
    seed: 3,
    clock: { at: Date.parse('2026-02-01T04:00:00Z'), speed: 0, delays: 'slept', signatures: 'real' },
    numbers: 1,
    rules: [{ id: 'late', place: expect.stringMatching(/^test\.yaml:\d+:9$/) as string }],
    readings: { 'alapi.errorStatus': 'mirrors-4xx' },
    switchedOff: ['alapi.phonecheck'],
  });
  expect(body).not.toContain('very-secret-token');
});

it.each([
  ['YAML', `${head}numbers: { "13912345678": { status: suspended } }`, '停机'],
  ['JSON', { konghao: 1, name: 'mine', numbers: { '13912345678': { status: 'vacant' } } }, '空号'],
])('puts a scenario into force from %s', async (_what, scenario, status) => {
  const { port } = await serve('');
  expect(await put(port, scenario)).toEqual({ applied: 'mine' });
  expect(JSON.parse((await clientsOf(port).ssPhone_Status(number)).body)).toMatchObject({ result: { Status: status } });
  expect(await told(port, 'GET', '/health')).toMatchObject({ scenario: 'mine' });
});

it('puts a shipped scenario into force by its name', async () => {
  const { port } = await serve('');
  expect(await put(port, 'default')).toEqual({ applied: 'default' });
  expect(codeIn('alapi', await clientsOf(port).phonecheck('19900000429'))).toBe('429');
});

it('begins balances, counters, ledger, tally and clock anew, and goes on with the journal', async () => {
  const { port } = await serve('clock: 2020-01-01T00:00:00Z');
  await clientsOf(port).ssPhone_Status(number);
  await told(port, 'PATCH', '/clock', { advance: '1d' });
  await put(port, `${head}clock: 2026-01-01T00:00:00Z\nexpect: { calls: { qxt: 0 } }`);
  expect(JSON.parse((await clientsOf(port).balance()).body)).toMatchObject({ result: { balance: '12048' } });
  expect(await told(port, 'GET', '/clock')).toMatchObject({ now: '2026-01-01T00:00:00.000Z', sinceApplied: 0 });
  expect(await told(port, 'GET', '/ledger')).toMatchObject({ lines: [] });
  expect(await told(port, 'GET', '/expectations')).toMatchObject({ verdicts: [{ found: 1 }] });
  expect(await told(port, 'GET', '/journal')).toMatchObject({ total: 2, dropped: 0 });
});

it('takes the accounts of a scenario for the default tenant, and knows those before no more', async () => {
  const { port } = await serve('');
  await put(port, `${head}accounts: { alapi: { token: another-token } }`);
  const ask = clientsOf(port);
  expect(codeIn('alapi', await ask.phonecheck(number))).toBe('100');
  expect(codeIn('alapi', await clientsOf(port, { acedata: { token: '' }, tencent: { secretId: '', secretKey: '' }, alapi: { token: 'another-token' }, qxt: { apikey: '' } }).phonecheck(number))).toBe('200');
  // A provider that the scenario does not name has its sandbox accounts.
  expect(codeIn('qxt', await ask.balance())).toBe('0');
});

it('takes no account for the default tenant whose credential a minted one has', async () => {
  const { port } = await serve('clock: 2026-01-01T00:00:00Z');
  const { credentials } = await mint(port);
  const before = await stateOf(port);
  problemIn(await tell(port, 'PUT', '/scenario', { scenario: `${head}accounts: { alapi: { token: ${credentials.alapi.token} } }` }), 409, 'taken-credential');
  expect(await stateOf(port)).toEqual(before);
});

it('leaves a minted tenant its credentials, whatever accounts the scenario has', async () => {
  const { port } = await serve('');
  const { id, credentials, accounts } = await mint(port);
  const ask = clientsOf(port, credentials);
  await put(port, `${head}accounts:\n  alapi: { token: a-token-of-the-file, calls: 1 }\n  qxt: [{ apikey: ${'a'.repeat(32)}, balance: 3 }, { apikey: ${'b'.repeat(32)}, balance: 4 }, { apikey: ${'c'.repeat(32)}, balance: 5 }]\nrules: [{ id: his, when: { credential: ${'b'.repeat(32)}, number: "138*" }, then: no-record }]`, `/tenants/${id}`);
  expect([codeIn('alapi', await ask.phonecheck(number)), codeIn('alapi', await ask.phonecheck(number))]).toEqual(['200', '102']);
  const [, second] = accounts['qxt'] as unknown as readonly { readonly apikey: string }[];
  expect(JSON.parse((await ask.balance()).body)).toMatchObject({ result: { balance: '3' } });
  expect(codeIn('qxt', await ask.ssPhone_Status('13800138000'))).toBe('0');
  expect(codeIn('qxt', await clientsOf(port, { ...credentials, qxt: second ?? credentials.qxt }).ssPhone_Status('13800138000'))).toBe('-4');
  expect(codeIn('tencent', await ask.MobileStatus(number))).toBe('0');
  expect(codeIn('alapi', await clientsOf(port, { ...credentials, alapi: { token: 'a-token-of-the-file' } }).phonecheck(number))).toBe('100');
});

it('makes credentials for accounts that a minted tenant did not have, and tells them', async () => {
  const { port } = await serve(`accounts: { alapi: { token: ${keys.alapi} } }`);
  const minted = await mint(port);
  const { accounts } = await told<Minted & { applied: string }>(port, 'PUT', `/tenants/${minted.id}/scenario`, { scenario: `${head}accounts: { alapi: [{ token: first-of-the-file }, { token: second-of-the-file }] }` });
  const [first, second] = accounts['alapi'] as unknown as readonly Credentials['alapi'][];
  expect(first).toEqual(minted.credentials.alapi);
  expect(second).toEqual({ token: expect.stringMatching(/^\w{16,}$/) as string });
  expect(codeIn('alapi', await clientsOf(port, { ...minted.credentials, alapi: second ?? { token: '' } }).phonecheck(number))).toBe('200');
});

it.each([
  ['no body', '', 'invalid-body', 'The body is empty. Send one JSON object.'],
  ['no scenario', {}, 'invalid-body', 'body:1:1: scenario is missing. Write text, or a map of keys and values.'],
  ['the text itself, not in an object', '"konghao: 1"', 'invalid-body', 'The body is JSON, but no object. Send one JSON object.'],
  ['another key', { scenari: head }, 'invalid-body', 'body:1:1: scenario is missing. Write text, or a map of keys and values.\nbody:1:2: "scenari" is not known here; did you mean "scenario"?'],
  ['a name that is not shipped', { scenario: 'defualt' }, 'no-scenario', /^No shipped scenario is called "defualt"\. There are /],
  ['a name that leads elsewhere', { scenario: '../default' }, 'broken-scenario', /^scenario:1:1: /],
  ['an empty text', { scenario: '' }, 'broken-scenario', 'scenario:1:1: the file is empty. Begin with "konghao: 1".'],
  ['two mistakes', { scenario: `${head}seed: -1\nrules:\n  - { id: a, then: bussy }\n` }, 'broken-scenario', 'scenario:3:7: seed is too small; 0 is the least.\nscenario:5:20: "bussy" is none of the words for then; did you mean "busy"?'],
  ['a mistake behind many lines', { scenario: `${head}${'\n'.repeat(97)}nmbers: {}\n` }, 'broken-scenario', 'scenario:100:1: "nmbers" is not known here; did you mean "numbers"?'],
  ['a mistake in JSON', { scenario: { konghao: 1, name: 'mine', seed: -1 } }, 'broken-scenario', 'scenario:4:11: seed is too small; 0 is the least.'],
  ['an unquoted number', { scenario: `${head}numbers: { 13800138000: { status: active } }\n` }, 'broken-scenario', /^scenario:3:12: .*quote it/],
  ['what nests without end', { scenario: `${head}people: ${'['.repeat(20_000)}` }, 'broken-scenario', /nests deeper than 32 levels/],
  ['a key named __proto__ in JSON', '{"scenario":{"konghao":1,"name":"mine","__proto__":{"seed":1}}}', 'invalid-body', 'The key __proto__ is not allowed. Choose another.'],
  ['a key named __proto__ in YAML', { scenario: `${head}__proto__: { seed: 1 }\n` }, 'broken-scenario', 'scenario:3:1: the key __proto__ is not allowed. Choose another.'],
] as const)('leaves everything as it is for %s, and says where the mistake is', async (_what, body, title, sentences) => {
  const { port } = await serve('clock: 2026-01-01T00:00:00Z\nrules: [{ id: own, when: { number: "138*" }, then: busy }]\nexpect: { calls: { qxt: 1 } }');
  await clientsOf(port).ssPhone_Status(number);
  const before = await stateOf(port);
  expect(problemIn(await tell(port, 'PUT', '/scenario', body), 422, title)).toEqual(typeof sentences === 'string' ? sentences : expect.stringMatching(sentences));
  expect(await stateOf(port)).toEqual(before);
});

it('reads no more than eight megabytes', async () => {
  const { port } = await serve('');
  const before = await stateOf(port);
  expect(problemIn(await tell(port, 'PUT', '/scenario', { scenario: `${head}description: ${'x'.repeat(8 * 1024 * 1024)}` }), 413, 'too-large')).toMatch(/^The control API reads bodies up to 8388608 bytes\. /);
  expect((await stateOf(port) as readonly unknown[])[0]).toEqual((before as readonly unknown[])[0]);
});
