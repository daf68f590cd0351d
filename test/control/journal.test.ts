import { expect, it } from 'vitest';
import type { Station } from '../../src/engine/trace.ts';
import type { ExchangeReport } from '../../src/engine/report.ts';
import { providers } from '../../src/providers/index.ts';
import type { Diagnosis } from '../../src/providers/provider.ts';
import { acedata, alapi, tc3 } from '../support/ask.ts';
import { clientsOf, sandbox } from '../support/clients.ts';
import { mint, problemIn, tell, told } from '../support/control.ts';
import { exchange, type Incoming } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';

const number = '13912345678';

interface Explained extends ExchangeReport {
  readonly phases: readonly Station[];
  readonly diagnosis: Diagnosis | null;
}

const explained = (port: number, id: string | number, tenant = ''): Promise<Explained> => told<Explained>(port, 'GET', `${tenant}/journal/${id}`);
const listed = async (port: number, query: string): Promise<readonly number[]> => (await told<{ exchanges: readonly ExchangeReport[] }>(port, 'GET', `/journal?${query}`)).exchanges.map(({ id }) => id);
const requestIdOf = ({ body }: Incoming): string => (JSON.parse(body) as { Response: { RequestId: string } }).Response.RequestId;

/** The verdicts in a line: how often each, in their order. */
function verdicts(phases: readonly Station[]): readonly (readonly [verdict: string, count: number])[] {
  const runs: [string, number][] = [];
  for (const { verdict } of phases) {
    const last = runs.at(-1);
    if (last?.[0] === verdict) last[1] += 1;
    else runs.push([verdict, 1]);
  }
  return runs;
}
const withVerdict = (phases: readonly Station[], verdict: Station['verdict']): readonly string[] => phases.filter((each) => each.verdict === verdict).map(({ phase, what }) => `${phase}: ${what}`);

it('finds a batch by any of its numbers', async () => {
  const { port } = await serve('');
  await clientsOf(port).phonecheck('13111111111,13912345678');
  await clientsOf(port).ssPhone_Status('13800138000');
  expect(await Promise.all(['number=13111111111', 'number=13912345678', 'number=13800138000', 'number=13899999999'].map((query) => listed(port, query)))).toEqual([[1], [1], [2], []]);
});

it('finds an exchange by its place', async () => {
  const { port } = await serve('');
  await clientsOf(port).balance();
  await clientsOf(port).ssPhone_Status(number);
  expect(await explained(port, 1)).toMatchObject({ id: 1, endpoint: 'qxt.balance' });
  expect(await explained(port, 2)).toMatchObject({ id: 2, endpoint: 'qxt.ssPhone_Status' });
});

it('finds an exchange by the RequestId that its client saw', async () => {
  const { port } = await serve('');
  const answers = [await clientsOf(port).MobileStatus(number), await clientsOf(port).MobileStatus(number)];
  const [first = '', second = ''] = answers.map(requestIdOf);
  expect(await explained(port, second)).toMatchObject({ id: 2, clientId: second });
  expect(await explained(port, first)).toMatchObject({ id: 1, clientId: first });
});

it('finds an exchange by its trace_id', async () => {
  const { port } = await serve('');
  const { body } = await exchange(port, { ...acedata('check-1e', { mobile: number }), headers: [['Content-Type', 'application/json'], ['Authorization', 'Bearer wrong']] });
  await clientsOf(port).balance();
  const { trace_id: id } = JSON.parse(body) as { trace_id: string };
  expect(await explained(port, id)).toMatchObject({ id: 1, clientId: id, row: 'invalid_token' });
});

it('finds an exchange by its log_id, which may look like the place of another', async () => {
  const { port } = await serve('readings: { alapi.logId: sequence }');
  await clientsOf(port).balance();
  const { body } = await clientsOf(port).phonecheck(number);
  expect(JSON.parse(body)).toMatchObject({ log_id: 1 });
  expect(await explained(port, 1)).toMatchObject({ id: 1, endpoint: 'qxt.balance' });
  expect(await explained(port, 'log_id:1')).toMatchObject({ id: 2, endpoint: 'alapi.phonecheck', clientId: '1' });
});

it('finds by an id what its own tenant has, and nobody else’s', async () => {
  const { port } = await serve('');
  const { id, credentials } = await mint(port);
  const requestId = requestIdOf(await clientsOf(port, credentials).MobileStatus(number));
  expect(await explained(port, requestId, `/tenants/${id}`)).toMatchObject({ tenant: id });
  problemIn(await tell(port, 'GET', `/journal/${requestId}`), 404, 'no-exchange');
});

it.each(['no-such-id', '00000000-0000-4000-8000-000000000000', 'log_id:', 'log_id:7', '4097', ''.padEnd(300, 'x')])('finds nothing by %s', async (id) => {
  const { port } = await serve('');
  await clientsOf(port).balance();
  expect(problemIn(await tell(port, 'GET', `/journal/${id}`), 404, 'no-exchange')).toMatch(/GET \/_sim\/journal finds one by provider/);
});

it.each([
  ['provider=qxt', [5, 2, 1]],
  ['endpoint=qxt.balance', [5, 1]],
  [`number=${number}`, [4, 2]],
  ['number=139****5678', []],
  ['row=-2', [6]],
  ['row=200&provider=alapi', [3]],
  ['limit=2', [6, 5]],
  [`limit=1&number=${number}`, [4]],
  ['provider=qxt&provider=alapi', [3]],
  ['from=2026-02-01T12:00:10%2B08:00', [6, 5, 4]],
  ['from=2026-02-01T12:00:10+08:00&to=2026-02-01T04:00:10Z', [5, 4]],
  ['to=1769918405000', [3, 2, 1]],
  ['from=yesterday', [6, 5, 4, 3, 2, 1]],
])('lists what fits %s, newest first', async (query, expected) => {
  const { port } = await serve('clock: 2026-02-01T12:00:00+08:00');
  const ask = clientsOf(port);
  const calls = [() => ask.balance(), () => ask.ssPhone_Status(number), () => ask.phonecheck('13712345678'), () => ask.MobileStatus(number), () => ask.balance(), () => ask.MobileStatus('1')];
  for (const [index, call] of calls.entries()) {
    // At 0, 5, 5, 10, 10 and 15 seconds.
    if (index === 1 || index === 3 || index === 5) await told(port, 'PATCH', '/clock', { advance: '5s' });
    await call();
  }
  expect(await listed(port, query)).toEqual(expected);
});

it('shows every phase of a call that came through, in the endpoint’s own order', async () => {
  const { port } = await serve('');
  const ask = clientsOf(port);
  const calls = [() => ask['check-1e'](number), () => ask['check-3e'](number), () => ask.MobileStatus(number), () => ask.phonecheck(number), () => ask.ssPhone_Status(number), () => ask.balance()];
  for (const [index, endpoint] of providers.flatMap(({ endpoints }) => endpoints).entries()) {
    await calls[index]?.();
    const { phases, endpoint: asked, diagnosis, units } = await explained(port, index + 1);
    expect([asked, diagnosis]).toEqual([endpoint.id, null]);
    expect(verdicts(phases)).toEqual([['passed', endpoint.checks.length + 4]]);
    expect(phases.slice(0, endpoint.checks.length).map(({ phase, what }) => [phase, what])).toEqual(endpoint.checks.map((check) => [check.phase, check.kind === 'own' ? check.name : check.gate]));
    expect(phases.slice(-4).map(({ phase, what }) => [phase, what])).toEqual([['look-up', 'rules and world'], ['charge', units === 0 ? 'nothing is charged' : '1 charged'], ['render', expect.stringMatching(/^HTTP 200, code (0|1|200)$/)], ['send', 'at once']]);
  }
});

it('says which check refused a call, and what was not reached', async () => {
  const { port } = await serve('accounts: { alapi: { token: sandbox-alapi-token, rate: 1/s } }\nclock: 2026-02-01T12:00:00+08:00');
  await clientsOf(port).phonecheck(number);
  await clientsOf(port).phonecheck(number);
  const { phases, because } = await explained(port, 2);
  expect(because).toBe('The check "rate" (admit) refused it: call 2 of this second, and 1 are allowed.');
  expect(withVerdict(phases, 'refused')).toEqual(['admit: rate']);
  expect(phases.find(({ verdict }) => verdict === 'refused')?.why).toBe('call 2 of this second, and 1 are allowed');
  const runs = verdicts(phases);
  expect(runs.map(([verdict]) => verdict)).toEqual(['passed', 'refused', 'not reached', 'passed']);
  // What the provider says of it is rendered and sent all the same.
  expect(phases.slice(-3)).toEqual([{ phase: 'charge', what: 'nothing is charged', verdict: 'passed' }, { phase: 'render', what: 'HTTP 200, code 429', verdict: 'passed' }, { phase: 'send', what: 'at once', verdict: 'passed' }]);
});

it.each([
  ['after: charge', 1, 'render: HTTP 200, code 200', ['send: at once'], 'connection-reset after charge'],
  ['before: charge', 0, 'charge: nothing is charged', ['render: HTTP 200, code 200', 'send: at once'], 'connection-reset before charge'],
  ['before: send', 1, 'send: at once', [], 'connection-reset before send'],
  ['before: look-up', 0, 'look-up: rules and world', ['charge: nothing is charged', 'render: HTTP 200, code 200', 'send: at once'], 'connection-reset before look-up'],
])('says where a fault struck %s, and what was charged by then', async (when, units, struck, notReached, why) => {
  const { port } = await serve(`rules: [{ id: lost, then: { fault: reset, ${when} } }]`);
  await expect(clientsOf(port).phonecheck(number)).rejects.toThrow('ECONNRESET');
  const found = await explained(port, 1);
  expect(found).toMatchObject({ units, fault: why });
  expect(withVerdict(found.phases, 'struck')).toEqual([struck]);
  expect(found.phases.find(({ verdict }) => verdict === 'struck')?.why).toBe(why);
  expect(withVerdict(found.phases, 'not reached')).toEqual(notReached);
});

it('says how late an answer was sent', async () => {
  const { port } = await serve('clock: { delays: charged }\nrules: [{ id: late, then: { delay: 250ms } }]');
  await clientsOf(port).phonecheck(number);
  expect((await explained(port, 1)).phases.at(-1)).toEqual({ phase: 'send', what: 'after 250 ms', verdict: 'passed' });
});

it('explains what no provider took, and what no endpoint did', async () => {
  const { port } = await serve('');
  await exchange(port, { method: 'GET', target: '/nothing' });
  await exchange(port, { method: 'POST', target: '/identity/phone/check-5e' });
  const [nobody, stray] = [await explained(port, 1), await explained(port, 2)];
  expect(nobody.phases).toEqual([{ phase: 'accept', what: 'path', verdict: 'refused', why: nobody.because }]);
  expect(stray.phases).toEqual([{ phase: 'accept', what: 'path', verdict: 'refused', why: stray.because }]);
  expect([nobody.provider, stray.provider]).toEqual([null, 'acedata']);
});

it('names the mistake behind a refused signature, with both texts', async () => {
  const { port, address } = await serve('');
  const signed = tc3(address, { Mobile: number });
  await exchange(port, { ...signed, body: `{"Mobile": "${number}"}` });
  const { diagnosis } = await explained(port, 1);
  expect(diagnosis).toEqual({
    cause: 'body-re-serialised',
    explanation: expect.stringMatching(/signed compact/) as string,
    expected: { canonicalRequest: expect.stringMatching(/^POST\n\/\n\n/) as string, stringToSign: expect.stringMatching(/^TC3-HMAC-SHA256\n/) as string },
    signed: { canonicalRequest: expect.stringMatching(/^POST\n\/\n\n/) as string, stringToSign: expect.stringMatching(/^TC3-HMAC-SHA256\n/) as string },
  });
  expect(diagnosis?.signed).not.toEqual(diagnosis?.expected);
});

it('has no diagnosis of a call that was refused for something else', async () => {
  const { port } = await serve('rules: [{ id: busy, then: busy }]');
  await clientsOf(port).MobileStatus(number);
  await exchange(port, alapi('application/json', '{'));
  expect([(await explained(port, 1)).diagnosis, (await explained(port, 2)).diagnosis]).toEqual([null, null]);
});

it('shows nothing personal and no secret, whatever it explains', async () => {
  const { port, address } = await serve('');
  const wrong = { ...sandbox, acedata: { token: 'a-wrong-token-of-mine' }, tencent: { ...sandbox.tencent, secretKey: 'a-wrong-key-of-mine' } };
  await clientsOf(port, wrong).MobileStatus(number);
  await clientsOf(port, wrong)['check-3e'](number, '韩梅梅', '11010519491231002X');
  await exchange(port, { ...tc3(address, { Mobile: number }), body: `{"Mobile": "${number}"}` });
  await clientsOf(port)['check-3e'](number, '韩梅梅', '11010519491231002X');
  for (let place = 1; place <= 4; place += 1) {
    const text = JSON.stringify(await explained(port, place));
    for (const secret of [number, '韩梅梅', '11010519491231002X', sandbox.acedata.token, sandbox.tencent.secretId, sandbox.tencent.secretKey, wrong.acedata.token, wrong.tencent.secretKey]) expect(text).not.toContain(secret);
  }
});

it('forgets all exchanges, and goes on counting', async () => {
  const { port } = await serve('');
  await clientsOf(port).balance();
  expect(await told(port, 'DELETE', '/journal')).toEqual({ cleared: true });
  problemIn(await tell(port, 'GET', '/journal/1'), 404, 'no-exchange');
  await clientsOf(port).balance();
  expect(await told(port, 'GET', '/journal')).toMatchObject({ total: 2, dropped: 0, exchanges: [{ id: 2 }] });
});
