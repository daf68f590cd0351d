import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Clock } from '../../src/domain/clock.ts';
import { acedata, alapi, formType, keys, multipartOf, multipartType, posted, tc3 } from '../support/ask.ts';
import { busyScenario, deed, endpoints, numbers, perform, type Deed } from '../support/busy.ts';
import { clientsOf, requestsOf, sandbox } from '../support/clients.ts';
import { folderWith, konghao } from '../support/command.ts';
import { mint, tell, told } from '../support/control.ts';
import { exchange, type Outgoing } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
const number = '13912345678';

/** A snapshot as the built command would give it. */
const wholeOf = async (port: number, tenant = ''): Promise<string> => (await tell(port, 'GET', `${tenant}/snapshot?personal=true`)).body.replace('"version":"source"', `"version":"${version}"`);

/** Runs `konghao replay` on a file with this text. */
function replaying(text: string, ...words: string[]) {
  const at = folderWith({ 'bundle.json': text });
  return konghao(['replay', at('bundle.json'), ...words]).then((ended) => ({ ...ended, stderr: ended.stderr.replace(at('bundle.json'), 'FILE') }));
}

/** What clients send that is not as it should be. */
const oddities = (address: string): readonly Outgoing[] => [
  acedata('check-1e', '{"mobile":'),
  acedata('check-3e', { phone: number, name: '诸葛亮', id_card: '11010519491231002x' }),
  { ...acedata('check-1e', { mobile: number }), headers: [['Authorization', 'Bearer wrong']] },
  { method: 'POST', target: '/identity/phone/check-5e' },
  { method: 'DELETE', target: '/identity/phone/check-1e' },
  tc3(address, { Mobile: number }),
  tc3(address, { Mobile: number, Mobil: 1 }),
  { ...tc3(address, { Mobile: number }), body: `{"Mobile": "${number}"}` },
  tc3('faceid.tencentcloudapi.com', { Mobile: number }, { action: 'GetDetectInfo' }),
  posted('/api/phonecheck', multipartType, multipartOf([['token', keys.alapi], ['mobiles', `${number},13800138000,13612345678`]])),
  alapi('application/json', JSON.stringify({ mobiles: `${'13700000000,'.repeat(300)}13800138000` })),
  alapi(formType, Buffer.from('mobiles=%ba%c5\xff', 'latin1')),
  { method: 'GET', target: `/ssPhone_Status?apikey=${keys.apikey}&mobile=%E7%A9%BA&x=%`, headers: [['X-Odd', '\u00e9\u00ff'], ['X-Empty', '']] },
  { method: 'HEAD', target: `/balance?apikey=${keys.apikey}` },
  { method: 'GET', target: '/balance' },
  { method: 'GET', target: '/nothing' },
];

/** A long run of everything, the same each time: calls, odd ones too, and words of the control API in between. */
async function busyRun(port: number, address: string, credentials = sandbox, tenant = ''): Promise<void> {
  const ask = clientsOf(port, credentials);
  const odd = [...oddities(address)];
  const control = (method: string, path: string, body?: unknown): Deed => ({ kind: 'control', method, path, body });
  // A second for each number, for a rate that refuses all else.
  const second = control('PATCH', '/clock', { advance: '1s' });
  const words: readonly Deed[] = [
    control('POST', '/rules', { id: 'armed', when: { number: '139*' }, then: [{ fault: 'gateway-503' }, 'ok'] }),
    { kind: 'call', endpoint: 'ssPhone_Status', number },
    control('PATCH', '/accounts/qxt', { topUp: 3, correction: -1, why: 'a package' }),
    control('PATCH', '/accounts/tencent', { set: { state: 'arrears' } }),
    { kind: 'call', endpoint: 'MobileStatus', number },
    control('PATCH', '/accounts/tencent', { set: { state: 'normal', quota: 7 } }),
    control('DELETE', '/rules/few'),
  ];
  const calls = numbers.flatMap((each): readonly Deed[] => [...endpoints.map((endpoint) => ({ kind: 'call', endpoint, number: each }) as const), second]);
  const deeds: readonly Deed[] = [...calls, ...words, ...fc.sample(deed, { seed: 20260131, numRuns: 70 })];
  for (const [at, each] of deeds.entries()) {
    await perform(port, ask, each, tenant);
    const next = at % 10 === 0 ? odd.shift() : undefined;
    if (next !== undefined) await exchange(port, next).catch(() => undefined);
  }
}

/** A real time that is another whenever somebody looks: what looks twice, where a replay looks once, shows. */
function restless(): Clock {
  let now = Date.now();
  return { now: () => (now += 1) };
}

it.each([
  ['a clock that stands still', busyScenario, {}],
  ['a clock that runs', busyScenario.replace('speed: 0', 'speed: 40'), {}],
  ['real time', busyScenario.replace(/^clock: .*$/m, 'clock: { delays: charged }'), {}],
  ['signatures judged by its own clock', busyScenario.replace(/^clock: .*$/m, 'clock: { delays: charged, signatures: clock }'), {}],
  ['a clock that runs by a restless one', busyScenario.replace('speed: 0', 'speed: 400'), { realTime: restless() }],
])('replays a busy run of all four providers byte for byte in a process of its own, under %s', async (_what, text, options) => {
  const { port, address, simulator } = await serve(text, options);
  await busyRun(port, address);
  const bundle = await wholeOf(port);
  // The run has what it is to prove: all endpoints, charges, faults, rules and changes of every kind.
  const { requests, changes, state } = JSON.parse(bundle) as { requests: readonly { answer: { fault: string | null } }[]; changes: readonly { change: { kind: string } }[]; state: { uses: { byRule: readonly (readonly [string])[] } } };
  expect(new Set(changes.map(({ change }) => change.kind))).toEqual(new Set(['clock', 'arm', 'disarm', 'amend', 'enter']));
  expect(new Set(requests.map(({ answer }) => answer.fault))).toEqual(new Set([null, 'connection-reset', 'gateway-502', 'gateway-503']));
  expect([...simulator.defaultTenant.journal.newestFirst()].some(({ delay }) => delay > 0)).toBe(true);
  expect(new Set([...simulator.defaultTenant.journal.newestFirst()].map(({ endpoint }) => endpoint?.id)).size).toBe(7);
  expect(state.uses.byRule.map(([rule]) => rule)).toEqual(expect.arrayContaining(['sequence', 'lost', 'gateway', 'brownout']));

  expect(await replaying(bundle)).toEqual({ code: 0, signal: null, stdout: `All ${requests.length} answers are byte for byte what they were.\n`, stderr: '' });
});

it('replays what a minted tenant did', async () => {
  const { port, address } = await serve('seed: 99');
  const { id, credentials } = await mint(port, { scenario: `konghao: 1\nname: mine\n${busyScenario}` });
  await busyRun(port, address, credentials, `/tenants/${id}`);
  const { code, stdout } = await replaying(await wholeOf(port, `/tenants/${id}`));
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^All 1\d\d answers are byte for byte what they were\.\n$/)]);
});

it('replays from a snapshot that was put back, as from a beginning', async () => {
  const [one, other] = [await serve(busyScenario), await serve('')];
  await busyRun(one.port, one.address);
  await told(other.port, 'PUT', '/snapshot', await wholeOf(one.port));
  await busyRun(other.port, other.address);
  expect((await replaying(await wholeOf(other.port))).code).toBe(0);
});

it('replays what came after a reset, whatever was before', async () => {
  const { port } = await serve(busyScenario);
  await clientsOf(port).balance();
  await told(port, 'POST', '/reset');
  await clientsOf(port).ssPhone_Status('13712345678');
  await clientsOf(port).phonecheck('13512345678');
  expect(await replaying(await wholeOf(port), '--json')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\{"requests":2,"same":2,"differences":\[\],/) as string });
});

type Bundle = { requests: { exchange: number; answer: { status: number; body: string; fault: string | null; units: number } }[]; changes: unknown[]; version: string; complete: boolean };

/** A bundle of three calls in which somebody changed something. */
async function spoilt(spoil: (bundle: Bundle) => void): Promise<string> {
  const { port } = await serve(busyScenario);
  const ask = clientsOf(port);
  await ask.ssPhone_Status(number);
  await told(port, 'PATCH', '/accounts/qxt', { topUp: 5 });
  await ask.balance();
  await ask['check-1e'](number);
  const bundle = JSON.parse(await wholeOf(port)) as Bundle;
  spoil(bundle);
  return JSON.stringify(bundle);
}

it('lists answers that are others than they were, with the place where they differ', async () => {
  const text = await spoilt(({ requests: [first, , third] }) => {
    if (first !== undefined) first.answer = { ...first.answer, body: first.answer.body.replace('正常', '停机') };
    if (third !== undefined) third.answer = { ...third.answer, units: 0, status: 500 };
  });
  const { code, stdout, stderr } = await replaying(text);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(/^1 of 3 answers are byte for byte what they were\.\n\nno\. 1 · GET \/ssPhone_Status\n {2}was HTTP 200, 1 charged, .*停机.*\n {2}is {2}HTTP 200, 1 charged, .*正常.*\n\nno\. 3 · POST \/identity\/phone\/check-1e\n {2}was HTTP 500, 0 charged, the same body\n {2}is {2}HTTP 200, 1 charged, the same body\n$/);
  expect(stdout).not.toContain(number);
});

it('sees that a change of the state is missing', async () => {
  const { code, stdout } = await replaying(await spoilt((bundle) => void (bundle.changes = [])));
  expect(code).toBe(1);
  expect(stdout).toMatch(/^2 of 3 answers .*\n\nno\. 2 · GET \/balance\n/);
});

it('gives the differences to machines, masked as in the journal', async () => {
  const { code, stdout } = await replaying(await spoilt(({ requests: [first] }) => void (first === undefined || (first.answer.body = '{}'))), '--json');
  expect(code).toBe(1);
  const { requests, same, differences } = JSON.parse(stdout) as { requests: number; same: number; differences: readonly unknown[] };
  expect({ requests, same, differences }).toEqual({
    requests: 3,
    same: 2,
    differences: [{ exchange: 1, request: 'GET /ssPhone_Status', was: { status: 200, body: '{}', fault: null, units: 1 }, is: { status: 200, body: expect.stringContaining('139****5678') as string, fault: null, units: 1 } }],
  });
  expect(stdout).not.toContain(number);
});

it('says so where the bundle is one of another version, and where there is nothing to compare', async () => {
  expect((await replaying(await spoilt((bundle) => void (bundle.version = '0.0.1')))).stdout).toMatch(/^All 3 answers are byte for byte what they were\. The bundle is one of konghao 0\.0\.1, and this is .+\.\n$/);
  expect((await replaying(await spoilt((bundle) => void (bundle.requests = [])))).stdout).toBe('The bundle has no requests, so there is nothing to compare.\n');
});

it('ends with 2 for a bundle that is not complete', async () => {
  const { port } = await serve(busyScenario);
  await clientsOf(port).balance();
  await told(port, 'DELETE', '/journal');
  await clientsOf(port).balance();
  expect(await replaying(await wholeOf(port))).toEqual({ code: 2, signal: null, stdout: '', stderr: expect.stringMatching(/^Failed to replay FILE: it is not complete\. .*POST \/_sim\/reset before what is to be replayed\.\n$/) as string });
});

it('ends with 2 for a masked snapshot', async () => {
  const { port } = await serve(busyScenario);
  expect(await replaying((await tell(port, 'GET', '/snapshot')).body)).toMatchObject({ code: 2, stdout: '', stderr: 'Failed to replay FILE: it is a masked one, which has neither state nor requests. What GET /_sim/snapshot?personal=true gives is a whole one.\n' });
});

it.each([
  ['no JSON', 'konghao: 1', 'it is no JSON, or nests without end'],
  ['an empty file', '', 'it is no JSON, or nests without end'],
  ['other JSON', '{"konghao":1}', 'it is none'],
  ['a list', '[]', 'it is none'],
  ['a beginning and no more', '{"konghao":"bundle","format":1}', 'version is spoilt'],
])('ends with 2 for %s', async (_what, text, why) => {
  const { code, stdout, stderr } = await replaying(text);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^Failed to replay FILE: ${why}.*\\. What GET /_sim/snapshot\\?personal=true gives is a whole one\\.\\n$`));
});

it('ends with 2 where there is no file, and says how to make one', async () => {
  const at = folderWith({});
  const how = 'Make one: curl "http://127.0.0.1:4086/_sim/snapshot?personal=true" > bundle.json\n';
  expect(await konghao(['replay'])).toMatchObject({ code: 2, stderr: `Failed to replay: no file is named. ${how}` });
  expect(await konghao(['replay', at('missing.json')])).toMatchObject({ code: 2, stderr: `Failed to read ${at('missing.json')}: there is no such file. Name a bundle. ${how}` });
  expect(await konghao(['replay', at('.')])).toMatchObject({ code: 2, stderr: `Failed to read ${at('.')}: it is a folder. Name a bundle. ${how}` });
  expect(await konghao(['replay', 'a', 'b'])).toMatchObject({ code: 2, stderr: 'Failed to run replay: "b" is one word too many. See "konghao replay --help".\n' });
});

it('asks nobody: it replays where no port may be opened', async () => {
  const { port } = await serve(busyScenario);
  await exchange(port, requestsOf(sandbox, `127.0.0.1:${port}`).balance());
  const text = await wholeOf(port);
  const at = folderWith({ 'bundle.json': text, 'no-net.cjs': "const net = require('node:net');\nnet.Server.prototype.listen = net.Socket.prototype.connect = () => { throw new Error('the network is not for this'); };\n" });
  expect(await konghao(['replay', at('bundle.json')], { NODE_OPTIONS: `--require ${at('no-net.cjs')}` })).toMatchObject({ code: 0, stdout: 'The answer is byte for byte what it was.\n' });
});
