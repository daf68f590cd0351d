import { Agent } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Route } from '../../src/control/route.ts';
import { routes } from '../../src/control/routes.ts';
import { reissued } from '../../src/engine/reissue.ts';
import { providers } from '../../src/providers/index.ts';
import { balance, keys, qxt, tc3, unlimited } from '../support/ask.ts';
import { exchange, headerOf, type Incoming, type Outgoing } from '../support/exchange.ts';
import { answersIn, only, speak } from '../support/raw.ts';
import { scenarioOf, serve, serveForFile, type Served } from '../support/serve.ts';
import { codeIn } from '../support/shapes.ts';

const token = 'control-token-of-this-test';
/** Under a clock that stands still, two servers answer the same. */
const frozen = `clock: 2026-02-01T12:00:00+08:00\n${unlimited}`;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
let local: Served;
let guarded: Served;
/** Of a server to which nothing has happened. */
let snapshot: string;
beforeAll(async () => {
  local = await serveForFile(frozen);
  guarded = await serveForFile(frozen, { gatekeeper: { token } });
  snapshot = (await call(local, 'GET', '/_sim/snapshot?personal=true')).body;
});
afterAll(async () => {
  agent.destroy();
  await Promise.all([local.close(0), guarded.close(0)]);
});

const json = ['Content-Type', 'application/json'] as const;
const bearer = ['Authorization', `Bearer ${token}`] as const;
type Headers = readonly (readonly [name: string, value: string])[];

/** What a route needs to do something, where that is more than its path. */
interface Need {
  /** What stands for its `{…}`; puts it there as well. */
  name?(served: Served): string | Promise<string>;
  readonly query?: string;
  body?(): unknown;
}

const [there, tenant] = [await scenarioOf('rules: [{ id: there, then: ok }]'), await scenarioOf('')];
const needs: Readonly<Record<string, Need>> = {
  'GET /numbering/{number}': { name: () => '13912345678' },
  'GET /world/{number}': { name: () => '13912345678' },
  'GET /tenants/{id}': { name: () => 'default' },
  'DELETE /tenants/{id}': { name: ({ simulator: { tenants } }) => (tenants.get('minted') ?? tenants.mint('minted', reissued(tenant, providers)))?.id ?? '' },
  'PUT /scenario': { body: () => ({ scenario: `konghao: 1\nname: test\n${frozen}` }) },
  'PATCH /clock': { body: () => ({ advance: '1s' }) },
  'PATCH /accounts/{provider}': { name: () => 'qxt', body: () => ({ topUp: 1 }) },
  'POST /rules': { body: () => ({ id: 'armed', then: 'ok' }) },
  'DELETE /rules/{id}': {
    name({ simulator }) {
      for (const rule of there.rules) simulator.defaultTenant.change({ kind: 'arm', rule });
      return 'there';
    },
  },
  'GET /journal/{id}': {
    async name(served) {
      await witness(served);
      return `${served.simulator.defaultTenant.journal.total}`;
    },
  },
  'GET /journal/wait': { query: 'timeout=0' },
  'POST /ledger/reconcile': { body: () => ({ records: [] }) },
  'PUT /snapshot': { body: () => JSON.parse(snapshot) as unknown },
};
/** Reads, and is a POST for its body. */
const harmless = 'POST /ledger/reconcile';

interface Asked {
  readonly route: Route;
  readonly need: Need;
  /** Its place in the table, for what is done to each route a little differently. */
  readonly index: number;
}

/** Every route of the table, so that a new one is asked as well. */
const asked: readonly Asked[] = routes.map((route, index) => ({ route, index, need: needs[`${route.method} ${route.path}`] ?? {} }));
const table = asked.map((each) => [`${each.route.method} ${each.route.path}`, each] as const);
const reading = asked.filter(({ route }) => route.method === 'GET');
const writing = table.filter(([, { route }]) => route.method !== 'GET');

const call = (served: Served, method: string, target: string, headers: Headers = [], body = ''): Promise<Incoming> => exchange(served.port, { method, target, headers, body }, agent);

/** A call of a route with all that it needs, put where it needs it. */
type Ready = Required<Pick<Outgoing, 'method' | 'target'>> & { readonly body: string };
async function ready(served: Served, { route: { method, path }, need }: Asked, tenant = ''): Promise<Ready> {
  const name = (await need.name?.(served)) ?? '';
  return { method, target: `/_sim${tenant}${path.replace(/\{\w+\}/, name)}${need.query === undefined ? '' : `?${need.query}`}`, body: need.body === undefined ? '' : JSON.stringify(need.body()) };
}
const send = (served: Served, { method, target, body }: Ready, ...headers: Headers): Promise<Incoming> => call(served, method, target, headers, body);
const use = async (served: Served, each: Asked, ...headers: Headers): Promise<Incoming> => send(served, await ready(served, each), ...headers);

/** Ours, so that nobody takes it for a provider's. */
function expectProblem(answer: Incoming, status: number, title: string): void {
  expect(answer.status, answer.body.slice(0, 200)).toBe(status);
  expect(headerOf(answer, 'content-type')).toBe('application/problem+json');
  expect(headerOf(answer, 'x-simulator-error')).toBe(title);
  expect(JSON.parse(answer.body)).toEqual({ type: 'about:blank', title, status, detail: expect.any(String) });
}

const expectDone = ({ status, body }: Incoming, why = ''): void => expect([200, 201], `${why} ${body.slice(0, 200)}`).toContain(status);

/** Something that every change of state would show. */
async function witness(served: Served): Promise<void> {
  const answer = await exchange(served.port, qxt('13912345678'), agent);
  expect(codeIn('qxt', answer)).toBe('0');
}
const stateOf = ({ simulator: { tenants } }: Served): unknown =>
  [...tenants].map((each) => [each.id, each.journal.total, each.journal.dropped, [...each.journal.newestFirst()].length, each.changes.all.length, each.generation.scenario, each.snapshot()]);

const loopback = ['127.0.0.1', 'localhost', '[::1]', 'LocalHost', 'a.localhost', 'a.b.localhost', '127.0.0.1:1', 'localhost:65535', '[::1]:4086'];
const foreign = [
  'evil.com', '127.0.0.1.evil.com', 'localhost.evil.com', 'evil@localhost', 'localhost@evil.com', 'localhost#x', 'localhost?x', 'localhost/x', 'localhost\\.evil.com', 'http://localhost', '0x7f.1', '2130706433', '127.1', '127.0.0.2',
  '017700000001', '0.0.0.0', '\u00e2\u0091\u00a0.0.0.1', 'l\u00d0\u00becalhost', '[', '[::1', '[::1]evil', '[::]', '[::ffff:127.0.0.1]', '127.0.0.1.', 'localhost.', '.localhost', 'localhost:', 'localhost:999999', 'localhost:80:80', 'localhost, evil.com', 'localhost\tevil.com',
  '*', '169.254.169.254', '192.168.0.1', 'faceid.tencentcloudapi.com', `${'a.'.repeat(9)}localhost`, `${'a'.repeat(64)}.localhost`,
];
/** What a page may say that it comes from, and whether it is the one that the Host names. */
const origins = (host: string): readonly (readonly [origin: string | undefined, own: boolean])[] => [
  [undefined, true], [`http://${host}`, true], [`https://${host}`, true],
  ['null', false], ['http://evil.com', false], [`http://${host}.evil.com`, false], [`http://evil.com/${host}`, false], [`http://${host}:1`, false], [`http://${host}/`, false], [`ftp://${host}`, false], ['http://127.0.0.1', host === '127.0.0.1'],
];
/** Every host and every origin once or more, paired otherwise from route to route: all routes together see all pairs. */
function pairs(hosts: readonly string[], index: number): { readonly host: string; readonly own: boolean; readonly headers: Headers }[] {
  const count = Math.max(hosts.length, origins('').length);
  return Array.from({ length: count }, (_, at) => {
    const host = hosts[at % hosts.length] ?? '';
    const all = origins(host);
    const [origin, own] = all[(at + index) % all.length] ?? [undefined, true];
    return { host, own, headers: [json, ['Host', host], ...(origin === undefined ? [] : [['Origin', origin] as const])] };
  });
}

it.each(table)('%s: answers under names of this machine and to its own pages, and to no other', async (_title, each) => {
  for (const { host, own, headers } of pairs(loopback, each.index)) {
    const answer = await use(local, each, ...headers);
    if (own) expectDone(answer, `${host} ${headers.join()}`);
    else expectProblem(answer, 403, 'foreign-origin');
  }
});

it.each(table)('%s: refuses every other Host, whatever the Origin, and nothing changes', async (_title, each) => {
  await witness(local);
  const request = await ready(local, each);
  const before = stateOf(local);
  const answers = await Promise.all(pairs(foreign, each.index).map(({ headers }) => send(local, request, ...headers)));
  for (const answer of answers) expectProblem(answer, 421, 'wrong-host');
  expect(stateOf(local)).toEqual(before);
});

it.each(table)('%s: refuses two Hosts, an empty one, and one in the target that is not of this machine', async (_title, each) => {
  await witness(local);
  const { method, target, body } = await ready(local, each);
  const before = stateOf(local);
  for (const [hosts, line] of [
    ['Host: ', target], ['Host: localhost\r\nHost: evil.com', target], ['Host: evil.com\r\nHost: localhost', target], ['Host: localhost\r\nHost: localhost', target], ['Host: localhost', `http://evil.com${target}`], ['Host: localhost', `http://localhost@evil.com${target}`],
  ] as const) {
    const { bytes } = await speak(local.port, `${method} ${line} HTTP/1.1\r\n${hosts}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
    expect([400, 421]).toContain(only(answersIn(bytes)).status);
  }
  expect(stateOf(local)).toEqual(before);
});

const formTypes = ['', 'text/plain', 'text/plain; application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=application/json', 'text/json', 'application/jsonp', ' ', 'application'];
it.each(writing)('%s: changes nothing without the content type of JSON, which no form can send', async (title, each) => {
  await witness(local);
  const request = await ready(local, each);
  const before = stateOf(local);
  for (const type of formTypes) expectProblem(await send(local, request, ...(type === '' ? [] : [['Content-Type', type] as const])), 415, 'not-json');
  expect(stateOf(local)).toEqual(before);
  for (const type of ['application/json', 'Application/JSON', 'application/json; charset=utf-8']) expectDone(await use(local, each, ['Content-Type', type]), type);
  if (title === harmless) expect(stateOf(local)).toEqual(before);
  else expect(stateOf(local)).not.toEqual(before);
});

it('changes nothing on a GET, be it told to in other ways', async () => {
  const [read, unread] = [await serve(frozen), await serve(frozen)];
  const ask = async (served: Served): Promise<string> => (await exchange(served.port, tc3('localhost', { Mobile: '13912345678' }))).body;
  for (const served of [read, unread]) await ask(served);
  const targets = await Promise.all(asked.map(async (each) => [each.route.method, (await ready(read, each)).target] as const));
  const before = stateOf(read);
  for (const [method, target] of targets) {
    for (const more of ['', '_method=DELETE', 'method=POST&reveal=true&limit=0&personal=true&format=csv', 'limit=-1&number=%00&provider=__proto__']) {
      for (const verb of ['GET', 'HEAD']) await call(read, verb, more === '' ? target : `${target}${target.includes('?') ? '&' : '?'}${more}`, [['X-HTTP-Method-Override', method === 'GET' ? 'DELETE' : method], json]);
    }
  }
  expect(stateOf(read)).toEqual(before);
  // Ids count the calls before them, so that a trace of any call would show.
  expect(await ask(read)).toBe(await ask(unread));
});

it('answers HEAD as it answers GET, without the body', async () => {
  const served = await serve(frozen);
  for (const each of reading) {
    const { target } = await ready(served, each);
    const [got, headed] = [await call(served, 'GET', target), await call(served, 'HEAD', target)];
    const undated = ({ headers }: Incoming): unknown => headers.filter(([name]) => name !== 'Date');
    expect([headed.status, undated(headed), headed.body], target).toEqual([got.status, undated(got), '']);
  }
});

it('answers the same under /tenants/default as without it', async () => {
  const [plain, prefixed] = [await serve(frozen), await serve(frozen)];
  // How long it took, and where, differs by nature.
  const shown = ({ status, body }: Incoming): unknown => [status, body.replaceAll(/"milliseconds": [\d.]+|127\.0\.0\.1:\d+/g, '')];
  for (const each of asked.filter(({ route }) => route.of === 'tenant')) {
    const [without, under] = [await send(plain, await ready(plain, each), json), await send(prefixed, await ready(prefixed, each, '/tenants/default'), json)];
    expectDone(without, each.route.path);
    expect(shown(under), each.route.path).toEqual(shown(without));
  }
});

it.each(table)('%s: is under no tenant that does not exist, and of the process only once', async (_title, each) => {
  for (const id of ['other', '__proto__', 'constructor', 'default%2f', 'Default', '..', '%00']) expectProblem(await send(local, await ready(local, each, `/tenants/${id}`), json), 404, 'no-tenant');
  if (each.route.of === 'process') expectProblem(await send(local, await ready(local, each, '/tenants/default'), json), 404, 'no-route');
});

const wrongTokens: readonly (readonly [title: string, value: string | undefined])[] = [
  ['none', undefined], ['an empty one', ''], ['the scheme alone', 'Bearer'], ['the scheme and a blank', 'Bearer '], ['a wrong one', 'Bearer wrong'], ['a part of it', `Bearer ${token.slice(0, -1)}`], ['more than it', `Bearer ${token}x`],
  ['it twice', `Bearer ${token} ${token}`], ['it without the scheme', token], ['it under another scheme', `Basic ${token}`], ['it in capitals', `Bearer ${token.toUpperCase()}`], ['one that is very long', `Bearer ${'x'.repeat(60_000)}`],
  ['__proto__', 'Bearer __proto__'], ['one that is no ASCII', 'Bearer \u00e9\u00e9'],
];
const beyond = ['Host', 'konghao.example:4086'] as const;
it.each(table)('%s: wants the token when it listens beyond this machine, and refuses all others alike', async (_title, each) => {
  const request = await ready(guarded, each);
  const before = stateOf(guarded);
  const refusals = await Promise.all(wrongTokens.map(([, value]) => send(guarded, request, json, beyond, ...(value === undefined ? [] : [['Authorization', value] as const]))));
  const shapes = refusals.map(({ status, headers, body }) => [status, headers.filter(([name]) => name !== 'Date'), body]);
  if (each.route.open === true) for (const { status } of refusals) expect(status).toBe(200);
  else {
    for (const answer of refusals) expectProblem(answer, 401, 'no-token');
    expect(new Set(shapes.map((shape) => JSON.stringify(shape))).size).toBe(1);
    expect(stateOf(guarded)).toEqual(before);
  }
  expectDone(await send(guarded, request, json, bearer, beyond));
});

it('opens nothing but health to those without the token', () => {
  expect(routes.filter(({ open }) => open === true).map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /health']);
});

it.each(writing)('%s: wants JSON and its own Origin even from those with the token', async (_title, each) => {
  const request = await ready(guarded, each);
  const before = stateOf(guarded);
  expectProblem(await send(guarded, request, bearer, ['Content-Type', 'text/plain']), 415, 'not-json');
  expectProblem(await send(guarded, request, bearer, json, ['Origin', 'http://evil.com']), 403, 'foreign-origin');
  expect(stateOf(guarded)).toEqual(before);
});

it('tells nobody without the token which routes and tenants there are', async () => {
  for (const [method, target] of [['GET', '/_sim/nothing'], ['PUT', '/_sim/journal'], ['OPTIONS', '/_sim/health'], ['POST', '/_sim/health'], ['GET', '/_sim/tenants/nobody'], ['GET', '/_sim/tenants/nobody/journal'], ['GET', '/_sim/tenants/default/health']] as const) {
    expectProblem(await call(guarded, method, target, [json]), 401, 'no-token');
  }
});

it.each(['', '/', '/nothing', '/health/', '/health/x', '//health', '/Health', '/health%20', '/journal/', '/journal/1/2', '/world', '/world/', '/tenants/', '/tenants/default/', '/tenants/default/nothing', '/tenants/default/tenants/default/journal', '/tenants//journal', '/__proto__', '/constructor', '/%', '/%ff', '/../health'])(
  'has no route "%s", and says which there are',
  async (path) => {
    const answer = await call(local, 'GET', `/_sim${path}`);
    expectProblem(answer, 404, 'no-route');
    for (const { method, path: known } of routes) expect(answer.body).toContain(`${method} /_sim${known}`);
  },
);

const nothingThere: readonly (readonly [title: string, paths: readonly string[]])[] = [
  ['no-exchange', ['0', '99999999', '-1', '1e3', '0x1', '__proto__', '1.0', '%31', 'log_id:'].map((id) => `/journal/${id}`)],
  ['no-number', ['/world/1', '/world/abc', '/world/__proto__', '/world/10000000000', '/world/１', '/numbering/1', '/numbering/constructor'].map((path) => encodeURI(path))],
  ['no-tenant', ['/tenants/nobody', '/tenants/__proto__', '/tenants/constructor', '/tenants/DEFAULT']],
];
it.each(nothingThere.flatMap(([title, paths]) => paths.map((path) => [path, title] as const)))('has nothing at %s, and says so', async (path, title) => {
  expectProblem(await call(local, 'GET', `/_sim${path}`), 404, title);
});

const methodsOf = ({ path }: Route): readonly string[] => routes.filter((each) => each.path === path).map(({ method }) => method);
it.each(table)('%s: names the methods that it takes', async (_title, each) => {
  const known = methodsOf(each.route);
  const { target } = await ready(local, each);
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'].filter((one) => !known.includes(one))) {
    const answer = await call(local, method, target, [json]);
    expectProblem(answer, 405, 'wrong-method');
    expect(headerOf(answer, 'allow')?.split(', ')).toEqual([...known, ...(known.includes('GET') ? ['HEAD'] : [])]);
    expect(JSON.parse(answer.body)).toMatchObject({ detail: `This takes ${known.join(' or ')}.` });
  }
});

it.each(table)('%s: lets no browser guess, share or keep its answer', async (_title, each) => {
  const request = await ready(local, each);
  for (const answer of [await send(local, request, json, ['Origin', 'http://evil.com']), await send(local, { ...request, method: 'OPTIONS' }, json), await send(local, request, json)]) {
    expect([headerOf(answer, 'x-content-type-options'), headerOf(answer, 'cross-origin-resource-policy'), headerOf(answer, 'cache-control')]).toEqual(['nosniff', 'same-origin', 'no-store']);
    expect(answer.headers.filter(([name]) => /^access-control-/i.test(name))).toEqual([]);
  }
});

it('takes any Host and any Origin on the provider plane, token or not', async () => {
  const questions: readonly (readonly [provider: string, request: Outgoing, code: string])[] = [['qxt', balance, '0'], ['qxt', qxt('13912345678'), '0'], ['alapi', { method: 'GET', target: `/api/phonecheck?token=${keys.alapi}&mobiles=13912345678` }, '200']];
  for (const served of [local, guarded]) {
    for (const host of [...loopback, ...foreign].filter((each) => !each.endsWith('tencentcloudapi.com'))) {
      for (const [provider, request, code] of questions) {
        expect(codeIn(provider, await exchange(served.port, { ...request, headers: [['Host', host], ['Origin', 'http://evil.com']] }, agent)), host).toBe(code);
      }
    }
  }
});

it('answers a path of nobody as ours, and not as a provider', async () => {
  for (const [method, target] of [['GET', '/nothing'], ['POST', '/api'], ['GET', '/identities'], ['DELETE', '/balances'], ['GET', '/favicon.ico'], ['GET', '/robots.txt']] as const) {
    const answer = await call(local, method, target);
    if (target === '/api') expect(codeIn('alapi', answer)).toBe('404');
    else expectProblem(answer, 404, 'no-provider');
  }
});
