import { Agent } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { routes, type Route } from '../../src/control/routes.ts';
import { balance, keys, qxt, tc3, unlimited } from '../support/ask.ts';
import { exchange, headerOf, type Incoming, type Outgoing } from '../support/exchange.ts';
import { answersIn, only, speak } from '../support/raw.ts';
import { serve, serveForFile, type Served } from '../support/serve.ts';
import { codeIn } from '../support/shapes.ts';

const token = 'control-token-of-this-test';
const agent = new Agent({ keepAlive: true });
let local: Served;
let guarded: Served;
beforeAll(async () => {
  local = await serveForFile(unlimited);
  guarded = await serveForFile(unlimited, { gatekeeper: { token } });
});
afterAll(async () => {
  agent.destroy();
  await Promise.all([local.close(0), guarded.close(0)]);
});

const json = ['Content-Type', 'application/json'] as const;
const bearer = ['Authorization', `Bearer ${token}`] as const;

/** Each route with something in the place of its `{…}`, so that a new one is asked as well. */
const asked = routes.map((route) => [`${route.method} ${route.path}`, route, `/_sim${route.path.replace('{id}', '1').replace(/\{\w+\}/, '13912345678')}`] as const);
const writing = asked.filter(([, { method }]) => method !== 'GET');

const call = (served: Served, method: string, target: string, ...headers: readonly (readonly [string, string])[]): Promise<Incoming> =>
  exchange(served.port, { method, target, headers }, agent);

/** Ours, so that nobody takes it for a provider's. */
function expectProblem(answer: Incoming, status: number, title: string): void {
  expect(answer.status, answer.body.slice(0, 200)).toBe(status);
  expect(headerOf(answer, 'content-type')).toBe('application/problem+json');
  expect(headerOf(answer, 'x-simulator-error')).toBe(title);
  expect(JSON.parse(answer.body)).toEqual({ type: 'about:blank', title, status, detail: expect.any(String) });
}

/** Something that every change of state would show. */
async function witness(served: Served): Promise<void> {
  const answer = await exchange(served.port, qxt('13912345678'), agent);
  expect(codeIn('qxt', answer)).toBe('0');
}
const stateOf = ({ simulator: { defaultTenant: tenant } }: Served): unknown => [tenant.journal.total, tenant.journal.dropped, [...tenant.journal.newestFirst()].length, [...tenant.accounts].map((account) => tenant.books(account)?.credit)];

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

it.each(asked)('%s: answers under names of this machine and to its own pages, and to no other', async (_title, { method }, target) => {
  for (const host of loopback) {
    for (const [origin, own] of origins(host)) {
      const answer = await call(local, method, target, json, ['Host', host], ...(origin === undefined ? [] : [['Origin', origin] as const]));
      if (own) expect([200, 404], `${host} ${origin}`).toContain(answer.status);
      else expectProblem(answer, 403, 'foreign-origin');
    }
  }
});

it.each(asked)('%s: refuses every other Host, whatever the Origin, and nothing changes', async (_title, { method }, target) => {
  await witness(local);
  const before = stateOf(local);
  for (const host of foreign) {
    for (const [origin] of origins(host)) {
      const answer = await call(local, method, target, json, ['Host', host], ...(origin === undefined ? [] : [['Origin', origin] as const]));
      expectProblem(answer, 421, 'wrong-host');
    }
  }
  expect(stateOf(local)).toEqual(before);
});

it.each(asked)('%s: refuses two Hosts, an empty one, and one in the target that is not of this machine', async (_title, { method }, target) => {
  await witness(local);
  const before = stateOf(local);
  for (const [hosts, line] of [
    ['Host: ', target], ['Host: localhost\r\nHost: evil.com', target], ['Host: evil.com\r\nHost: localhost', target], ['Host: localhost\r\nHost: localhost', target], ['Host: localhost', `http://evil.com${target}`], ['Host: localhost', `http://localhost@evil.com${target}`],
  ] as const) {
    const { bytes } = await speak(local.port, `${method} ${line} HTTP/1.1\r\n${hosts}\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n`);
    expect([400, 421]).toContain(only(answersIn(bytes)).status);
  }
  expect(stateOf(local)).toEqual(before);
});

const formTypes = ['', 'text/plain', 'text/plain; application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=application/json', 'text/json', 'application/jsonp', ' ', 'application'];
it.each(writing)('%s: changes nothing without the content type of JSON, which no form can send', async (_title, { method }, target) => {
  await witness(local);
  const before = stateOf(local);
  for (const type of formTypes) expectProblem(await call(local, method, target, ...(type === '' ? [] : [['Content-Type', type] as const])), 415, 'not-json');
  expect(stateOf(local)).toEqual(before);
  for (const type of ['application/json', 'Application/JSON', 'application/json; charset=utf-8']) expect((await call(local, method, target, ['Content-Type', type])).status).toBe(200);
  expect(stateOf(local)).not.toEqual(before);
});

it('changes nothing on a GET, be it told to in other ways', async () => {
  const [read, unread] = [await serve(`clock: 2026-02-01T12:00:00+08:00\n${unlimited}`), await serve(`clock: 2026-02-01T12:00:00+08:00\n${unlimited}`)];
  const ask = async (served: Served): Promise<string> => (await exchange(served.port, tc3('localhost', { Mobile: '13912345678' }))).body;
  for (const served of [read, unread]) await ask(served);
  const before = stateOf(read);
  for (const [, { method }, target] of asked) {
    for (const suffix of ['', '?_method=DELETE', '?method=POST&reveal=true&limit=0', '?limit=-1&number=%00&provider=__proto__']) {
      for (const verb of ['GET', 'HEAD']) await call(read, verb, target + suffix, ['X-HTTP-Method-Override', method === 'GET' ? 'DELETE' : method], json);
    }
  }
  expect(stateOf(read)).toEqual(before);
  // Ids count the calls before them, so that a trace of any call would show.
  expect(await ask(read)).toBe(await ask(unread));
});

it.each(asked)('%s: is under /tenants/default as well, and under no other tenant', async (_title, { method, path }, target) => {
  if (path !== '/health') expect([200, 404]).toContain((await call(local, method, target.replace('/_sim', '/_sim/tenants/default'), json)).status);
  for (const tenant of ['other', '__proto__', 'default%2f', '..']) expectProblem(await call(local, method, target.replace('/_sim', `/_sim/tenants/${tenant}`), json), 404, 'no-route');
});

const wrongTokens: readonly (readonly [title: string, value: string | undefined])[] = [
  ['none', undefined], ['an empty one', ''], ['the scheme alone', 'Bearer'], ['the scheme and a blank', 'Bearer '], ['a wrong one', 'Bearer wrong'], ['a part of it', `Bearer ${token.slice(0, -1)}`], ['more than it', `Bearer ${token}x`],
  ['it twice', `Bearer ${token} ${token}`], ['it without the scheme', token], ['it under another scheme', `Basic ${token}`], ['it in capitals', `Bearer ${token.toUpperCase()}`], ['one that is very long', `Bearer ${'x'.repeat(60_000)}`],
  ['__proto__', 'Bearer __proto__'], ['one that is no ASCII', 'Bearer \u00e9\u00e9'],
];
it.each(asked)('%s: wants the token when it listens beyond this machine, and refuses all others alike', async (_title, { method, open }, target) => {
  const before = stateOf(guarded);
  const refusals = await Promise.all(wrongTokens.map(([, value]) => call(guarded, method, target, json, ['Host', 'konghao.example:4086'], ...(value === undefined ? [] : [['Authorization', value] as const]))));
  const shapes = refusals.map(({ status, headers, body }) => [status, headers.filter(([name]) => name !== 'Date'), body]);
  if (open === true) for (const { status } of refusals) expect(status).toBe(200);
  else {
    for (const answer of refusals) expectProblem(answer, 401, 'no-token');
    expect(new Set(shapes.map((shape) => JSON.stringify(shape))).size).toBe(1);
    expect(stateOf(guarded)).toEqual(before);
  }
  expect([200, 404]).toContain((await call(guarded, method, target, json, bearer, ['Host', 'konghao.example:4086'])).status);
});

it('opens nothing but health to those without the token', () => {
  expect(routes.filter(({ open }) => open === true).map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /health']);
});

it.each(writing)('%s: wants JSON and its own Origin even from those with the token', async (_title, { method }, target) => {
  expectProblem(await call(guarded, method, target, bearer, ['Content-Type', 'text/plain']), 415, 'not-json');
  expectProblem(await call(guarded, method, target, bearer, json, ['Origin', 'http://evil.com']), 403, 'foreign-origin');
});

it('tells nobody without the token which routes there are', async () => {
  for (const [method, target] of [['GET', '/_sim/nothing'], ['PUT', '/_sim/journal'], ['OPTIONS', '/_sim/health'], ['POST', '/_sim/health']] as const) expectProblem(await call(guarded, method, target, json), 401, 'no-token');
});

it.each(['', '/', '/nothing', '/health/', '/health/x', '//health', '/Health', '/health%20', '/journal/', '/journal/1/2', '/world', '/world/', '/tenants/default', '/tenants/default/', '/tenants/default/tenants/default/health', '/__proto__', '/constructor', '/%', '/%ff', '/../health'])(
  'has no route "%s", and says which there are',
  async (path) => {
    const answer = await call(local, 'GET', `/_sim${path}`);
    expectProblem(answer, 404, 'no-route');
    for (const { method, path: known } of routes) expect(answer.body).toContain(`${method} /_sim${known}`);
  },
);

it.each(['/journal/0', '/journal/99999999', '/journal/-1', '/journal/1e3', '/journal/0x1', '/journal/__proto__', '/journal/1.0', '/journal/%31', '/world/1', '/world/abc', '/world/__proto__', '/world/10000000000', '/world/１', '/numbering/1', '/numbering/constructor'].map((path) => encodeURI(path)))('has nothing at %s, and says so', async (path) => {
  const answer = await call(local, 'GET', `/_sim${path}`);
  expectProblem(answer, 404, path.startsWith('/journal') ? 'no-exchange' : 'no-number');
});

const methodsOf = (target: Route): ReadonlySet<string> => new Set(routes.filter(({ path }) => path === target.path).map(({ method }) => method));
it.each(asked)('%s: names the methods that it takes', async (_title, route, target) => {
  const known = methodsOf(route);
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'].filter((each) => !known.has(each))) {
    const answer = await call(local, method, target, json);
    expectProblem(answer, 405, 'wrong-method');
    for (const each of known) expect(answer.body).toContain(each);
  }
});

it.each(asked)('%s: lets no browser guess, share or keep its answer', async (_title, { method }, target) => {
  for (const answer of [await call(local, method, target, json), await call(local, method, target, json, ['Origin', 'http://evil.com']), await call(local, 'PATCH', target, json)]) {
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
