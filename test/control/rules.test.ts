import { expect, it } from 'vitest';
import { keys } from '../support/ask.ts';
import { clientsOf } from '../support/clients.ts';
import { mint, problemIn, tell, told } from '../support/control.ts';
import { exchange, lastEntry } from '../support/exchange.ts';
import { serve, type Served } from '../support/serve.ts';
import { codeIn } from '../support/shapes.ts';

const number = '13912345678';

interface Rule {
  readonly id: string;
  readonly place: string;
  readonly times: number | null;
  readonly per: string;
  readonly used?: number;
}

const rulesOf = async (port: number): Promise<readonly Rule[]> => (await told<{ rules: readonly Rule[] }>(port, 'GET', '/rules')).rules;
const arm = (port: number, rule: unknown): Promise<unknown> => told(port, 'POST', '/rules', rule);
const disarm = (port: number, id: string): Promise<unknown> => told(port, 'DELETE', `/rules/${id}`);
const said = async (port: number, mobile = number): Promise<string> => codeIn('alapi', await clientsOf(port).phonecheck(mobile));
const saidTimes = async (port: number, count: number, mobile = number): Promise<readonly string[]> => {
  const codes: string[] = [];
  for (let call = 0; call < count; call += 1) codes.push(await said(port, mobile));
  return codes;
};

it('shows the rules of the scenario, where they stand, and how often each was used', async () => {
  const { port } = await serve(`rules:\n  - { id: twice, when: { number: "139*" }, then: busy, times: 2 }\n  - { id: each, then: [1x busy, ok], per: number }\n`);
  await saidTimes(port, 3);
  expect(await rulesOf(port)).toEqual([
    { id: 'twice', place: 'test.yaml:4:5', times: 2, per: 'rule', used: 2 },
    { id: 'each', place: 'test.yaml:5:5', times: null, per: 'number' },
  ]);
});

it('arms a rule for the next call, and disarms it again', async () => {
  const { port } = await serve('');
  expect(await said(port)).toBe('200');
  expect(await tell(port, 'POST', '/rules', { id: 'late', when: { provider: 'alapi' }, then: 'rate-limited' })).toMatchObject({ status: 201, value: { armed: ['late'] } });
  expect(await said(port)).toBe('429');
  expect(await rulesOf(port)).toEqual([{ id: 'late', place: 'armed by the control API', times: null, per: 'rule', used: 0 }]);
  expect(await disarm(port, 'late')).toEqual({ disarmed: 'late' });
  expect([await said(port), await rulesOf(port)]).toEqual(['200', []]);
});

it('puts an armed rule in front of all others', async () => {
  const { port } = await serve('rules: [{ id: first, then: expired }]');
  await arm(port, { id: 'second', then: 'rate-limited' });
  await arm(port, { id: 'third', when: { number: '138*' }, then: 'out-of-credit' });
  expect((await rulesOf(port)).map(({ id }) => id)).toEqual(['third', 'second', 'first']);
  expect([await said(port), await said(port, '13800138000')]).toEqual(['429', '102']);
});

it('replaces a rule of the same name, one of the scenario too, and moves it to the front', async () => {
  const { port } = await serve('rules: [{ id: a, when: { number: "138*" }, then: expired }, { id: b, then: expired }]');
  await arm(port, { id: 'b', then: 'rate-limited' });
  expect((await rulesOf(port)).map(({ id, place }) => [id, place])).toEqual([['b', 'armed by the control API'], ['a', 'test.yaml:3:9']]);
  await arm(port, { id: 'b', then: 'out-of-credit' });
  expect([await said(port), (await rulesOf(port)).length]).toEqual(['102', 2]);
});

it('counts the uses of an armed rule, and begins anew with one that takes its place', async () => {
  const { port } = await serve('');
  const rule = { id: 'once', then: 'rate-limited', times: 1 };
  await arm(port, rule);
  expect(await saidTimes(port, 2)).toEqual(['429', '200']);
  expect(await rulesOf(port)).toMatchObject([{ times: 1, used: 1 }]);
  await arm(port, rule);
  expect(await rulesOf(port)).toMatchObject([{ used: 0 }]);
  expect(await saidTimes(port, 2)).toEqual(['429', '200']);
});

it('begins anew for each number as well', async () => {
  const { port } = await serve('');
  const rule = { id: 'once-each', then: ['rate-limited', 'ok'], per: 'number' };
  const other = '13800138000';
  await arm(port, rule);
  await arm(port, { id: 'once', when: { number: '137*' }, then: ['rate-limited', 'ok'], per: 'number' });
  expect([await saidTimes(port, 2), await saidTimes(port, 2, other), await saidTimes(port, 2, '13712345678')]).toEqual([['429', '200'], ['429', '200'], ['429', '200']]);
  await arm(port, rule);
  expect([await saidTimes(port, 2), await saidTimes(port, 2, other)]).toEqual([['429', '200'], ['429', '200']]);
  await disarm(port, 'once-each');
  // Of another rule, whose name begins alike, the uses go on.
  expect(await saidTimes(port, 1, '13712345678')).toEqual(['200']);
});

it('goes through the steps of an armed sequence', async () => {
  const { port } = await serve('');
  await arm(port, { id: 'busy-twice', when: { endpoint: 'alapi.phonecheck' }, then: ['2x rate-limited', 'expired', 'ok'] });
  expect(await saidTimes(port, 5)).toEqual(['429', '429', '101', '200', '200']);
});

it('arms a fault', async () => {
  const { port } = await serve('');
  await arm(port, { id: 'lost', when: { provider: 'alapi' }, then: [{ fault: 'empty-response', after: 'charge' }, 'ok'] });
  await expect(clientsOf(port).phonecheck(number)).rejects.toThrow('socket hang up');
  expect(await lastEntry(port)).toMatchObject({ fault: 'empty-response after charge', units: 1 });
  expect(await said(port)).toBe('200');
});

it('arms a rule about a credential of the tenant’s own', async () => {
  const { port } = await serve(`accounts:\n  alapi: [{ token: ${keys.alapi} }, { token: another-token-here }]`);
  await arm(port, { id: 'his', when: { credential: 'another-token-here' }, then: 'rate-limited' });
  expect(await said(port)).toBe('200');
  const minted = await mint(port);
  await told(port, 'POST', `/tenants/${minted.id}/rules`, { id: 'mine', when: { credential: minted.credentials.alapi.token }, then: 'expired' });
  expect(codeIn('alapi', await clientsOf(port, minted.credentials).phonecheck(number))).toBe('101');
});

it('arms for its own tenant and no other', async () => {
  const { port } = await serve('');
  const { id, credentials } = await mint(port);
  await told(port, 'POST', `/tenants/${id}/rules`, { id: 'mine', then: 'rate-limited' });
  expect([await said(port), codeIn('alapi', await clientsOf(port, credentials).phonecheck(number)), await rulesOf(port)]).toEqual(['200', '429', []]);
});

it('forgets what was armed and disarmed with a reset, and with another scenario', async () => {
  const { port } = await serve('rules: [{ id: own, when: { number: "138*" }, then: expired }]');
  await arm(port, { id: 'armed', then: 'rate-limited' });
  await disarm(port, 'own');
  await told(port, 'POST', '/reset');
  expect((await rulesOf(port)).map(({ id }) => id)).toEqual(['own']);
  await arm(port, { id: 'armed', then: 'rate-limited' });
  await told(port, 'PUT', '/scenario', { scenario: 'konghao: 1\nname: mine\n' });
  expect(await rulesOf(port)).toEqual([]);
});

it('tells in the journal which rule it was, and which almost', async () => {
  const { port } = await serve('');
  await arm(port, { id: 'near', when: { endpoint: 'alapi.phonecheck', number: '1391234567?' }, then: 'rate-limited', times: 1 });
  await said(port);
  expect(await lastEntry(port)).toMatchObject({ because: 'The rule "near" (armed by the control API) says rate-limited.', nearMiss: null });
  await said(port);
  expect(await lastEntry(port)).toMatchObject({ nearMiss: 'The rule "near" (armed by the control API) did not hold: it is used 1 times at most.' });
  await said(port, '13912345699');
  expect(await lastEntry(port)).toMatchObject({ nearMiss: 'The rule "near" (armed by the control API) did not hold: the number does not match 1391234567?.' });
  await clientsOf(port).ssPhone_Status(number);
  expect(await lastEntry(port)).toMatchObject({ nearMiss: 'The rule "near" (armed by the control API) did not hold: endpoint is qxt.ssPhone_Status, not alapi.phonecheck.' });
});

it.each([
  ['no JSON', '{ id: a }', 'invalid-body', 'The body is not JSON. Send one JSON object.'],
  ['a list', '[]', 'invalid-body', 'The body is JSON, but no object. Send one JSON object.'],
  ['nothing', {}, 'broken-scenario', /^body:1:1: id is missing\. Add it\.\nbody:1:1: then is missing\./],
  ['a mistyped reason', { id: 'a', then: 'bussy' }, 'broken-scenario', 'body:1:18: "bussy" is none of the words for then; did you mean "busy"?'],
  ['a mistyped endpoint', '{\n\t"id": "a",\n\t"when": { "endpoint": "alapi.phonechek" },\n\t"then": "busy"\n}', 'broken-scenario', 'body:3:24: "alapi.phonechek" is none of the words for endpoint; did you mean "alapi.phonecheck"?'],
  ['a number that is none', '{"id":"a","when":{"number":"x"},"then":"ok"}', 'broken-scenario', 'body:1:28: number may hold digits, * and ? only.'],
  ['a credential of nobody', { id: 'a', when: { credential: 'nobody' }, then: 'busy' }, 'broken-scenario', /^body:1:32: no account has this credential/],
  ['a code that the endpoint does not have', { id: 'a', when: { endpoint: 'qxt.balance' }, then: { code: '429' } }, 'broken-scenario', /^body:1:\d+: /],
  ['a fault and its phase that contradict each other', { id: 'a', then: { fault: 'reset', before: 'send', after: 'charge' } }, 'broken-scenario', 'body:1:51: before and after exclude each other. Keep one of them.'],
  ['a key twice', '{"id":"a","id":"b","then":"ok"}', 'broken-scenario', 'body:1:11: the key "id" stands in this map already. Keep one of them.'],
  ['a key named __proto__', '{"id":"a","then":"ok","when":{"__proto__":{}}}', 'invalid-body', 'The key __proto__ is not allowed. Choose another.'],
  ['what would end the rule and begin another key', '{"id":"a","then":"ok"}]}', 'invalid-body', 'The body is not JSON. Send one JSON object.'],
  ['a body that nests without end', `{"id":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'invalid-body', 'The body nests deeper than 32 levels. Send one JSON object.'],
] as const)('arms nothing for %s, and says where the mistake is', async (_what, body, title, sentences) => {
  const { port }: Served = await serve('rules: [{ id: own, when: { number: "138*" }, then: expired }]');
  const before = await rulesOf(port);
  expect(problemIn(await tell(port, 'POST', '/rules', body), 422, title)).toEqual(typeof sentences === 'string' ? sentences : expect.stringMatching(sentences));
  expect(await rulesOf(port)).toEqual(before);
});

it('does not disarm what there is not', async () => {
  const { port } = await serve('rules: [{ id: own, then: expired }]');
  for (const id of ['other', '__proto__', 'constructor', 'OWN', 'own%20']) expect(problemIn(await tell(port, 'DELETE', `/rules/${id}`), 404, 'no-rule')).toMatch(/GET \/_sim\/rules/);
  expect(await said(port)).toBe('101');
});

it('answers each call with a rule or without it, while it is armed and disarmed', async () => {
  const { port } = await serve(`accounts: { alapi: { token: ${keys.alapi} } }`);
  const heard = new Set<string>();
  let arming = true;
  const client = async (): Promise<void> => {
    while (arming) heard.add(codeIn('alapi', await exchange(port, { method: 'GET', target: `/api/phonecheck?token=${keys.alapi}&mobiles=${number}` })));
  };
  const clients = [client(), client()];
  for (let turn = 0; turn < 20; turn += 1) {
    await arm(port, { id: 'on-and-off', then: 'rate-limited' });
    await disarm(port, 'on-and-off');
  }
  arming = false;
  await Promise.all(clients);
  expect([...heard].filter((code) => code !== '200' && code !== '429')).toEqual([]);
  expect(await said(port)).toBe('200');
});
