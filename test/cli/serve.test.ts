import { spawn, spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { acedata } from '../../src/providers/acedata/index.ts';
import { providers } from '../../src/providers/index.ts';
import { command, ended, folderWith, konghao, serving } from '../support/command.ts';
import { exchange, lastEntry } from '../support/exchange.ts';
import { serve as start } from '../support/serve.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
const qxt = { method: 'GET', target: '/ssPhone_Status?apikey=7c11272au708345c834b8ue81ac78972&mobile=13800138000' } as const;

it('says in one line of JSON where it serves, what, and with which credentials', async () => {
  const { ready, port } = await serving();
  expect(ready).toEqual({
    ready: true,
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/) as string,
    version,
    scenario: 'default',
    credentials: {
      acedata: [{ credential: 'sandbox-acedata-token' }],
      tencent: [{ credential: 'AKIDkonghaoSandbox', secret: 'sandboxSecretKey' }],
      alapi: [{ credential: 'sandbox-alapi-token' }],
      qxt: [{ credential: '7c11272au708345c834b8ue81ac78972' }, { credential: '7c11272au708345c839b8ue81ac78972' }, { credential: '7c11272au708395c834b8ue81ac78972' }],
    },
  });
  expect((await exchange(port, qxt)).status).toBe(200);
});

it('says each exchange in a line of JSON, its number masked', async () => {
  const { port, line } = await serving();
  await exchange(port, qxt);
  expect(JSON.parse(await line('stdout', 'qxt'))).toEqual({
    id: 1,
    tenant: 'default',
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
    endpoint: 'qxt.ssPhone_Status',
    number: '138****8000',
    status: 200,
    row: '0',
    units: 1,
    milliseconds: expect.any(Number) as number,
    fault: null,
    because: expect.stringMatching(/^138\*{4}8000 is suspended by the scenario.*\.$/) as string,
  });
});

it("masks credentials that are not the published ones", async () => {
  const at = folderWith({ 'a.yaml': 'konghao: 1\nname: mine\naccounts:\n  tencent: { secretId: AKIDverySecretIndeed, secretKey: my-very-secret-key }\n' });
  const { ready, end } = await serving([at('a.yaml')]);
  expect(ready.scenario).toBe('mine');
  expect(ready.credentials['tencent']).toEqual([{ credential: 'AKID… (20 characters)' }]);
  const { stdout, stderr } = await end();
  expect(stdout + stderr).not.toMatch(/AKIDvery|my-very/);
});

/** A server that speaks to a person, until it says that it is ready. */
async function spoken(words: readonly string[] = []): Promise<{ text: string; end(): Promise<unknown> }> {
  const child = spawn(process.execPath, [command, ...words, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const end = ended(child);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await end;
  });
  const text = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (part: string) => {
      said += part;
      if (/konghao is ready on .*\n/.test(said)) resolve(said);
    });
    void end.then(({ stderr }) => reject(new Error(stderr)));
  });
  return { text, end: () => (child.kill('SIGTERM'), end) };
}

it('tells a person which providers it serves, as whom to ask, and where', async () => {
  const { text } = await spoken();
  const lines = text.split('\n');
  expect(lines[0]).toBe(`konghao ${version} · scenario default`);
  for (const { name } of providers) expect(lines).toContain(`  ${name}`);
  expect(text).toContain('AKIDkonghaoSandbox · sandboxSecretKey');
  for (const path of ['journal', 'world/13912345678', 'catalogue']) expect(text).toMatch(new RegExp(`^  .*: +http://127\\.0\\.0\\.1:\\d+/_sim/${path}$`, 'm'));
  expect(text).toMatch(/\n\nkonghao is ready on http:\/\/127\.0\.0\.1:\d+\n$/);
});

it('names its file, and how to ask with credentials that it does not print', async () => {
  const at = folderWith({ 'a.yaml': 'konghao: 1\nname: mine\naccounts:\n  tencent: { secretId: AKIDverySecretIndeed, secretKey: my-very-secret-key }\n' });
  const { text } = await spoken([at('a.yaml')]);
  expect(text).toContain(`konghao ${version} · scenario mine (${at('a.yaml')})\n`);
  expect(text).toMatch(/ask with: konghao ask tencent \d{11} --url http:\/\/127\.0\.0\.1:\d+ --credential … --secret …\n/);
});

const tools = ['bash', 'curl', 'openssl', 'base64', 'date'];
const missing = tools.filter((tool) => spawnSync(tool, ['--help']).error !== undefined);

it.skipIf(missing.length > 0)(`prints a line for each endpoint that works when it is pasted into a shell${missing.length > 0 ? ` (skipped: there is no ${missing.join(', ')} here)` : ''}`, async () => {
  const { text } = await spoken();
  const lines = text.split('\n').filter((line) => line.includes('curl ')).map((line) => line.trim());
  const answers = lines.map((line) => {
    const { status, stdout } = spawnSync('bash', ['-c', line], { encoding: 'utf8' });
    return status === 0 ? (JSON.parse(stdout) as unknown) : `${line} ended with ${status}`;
  });
  expect(answers).toEqual([
    { result: '0', description: 'Success', status_code: 0 },
    { result: '0', description: 'Authentication passed', isp: 'Mobile', result_detail: null },
    { Response: expect.objectContaining({ Result: '0', StatusCode: 0 }) as unknown },
    expect.objectContaining({ code: 200, usage: 1 }),
    { code: 0, reason: 'Succ', result: expect.objectContaining({ Mobile: '13912345678', Status: '正常' }) as unknown },
    { code: 0, reason: 'Succ', result: { feeType: '预付费', balance: '12047' } },
  ]);
});

it.skipIf(missing.length > 0)('quotes a name for the shell', async () => {
  const { address, port } = await start();
  const terms = acedata.accounts.terms(acedata.accounts.sandbox[0] ?? {});
  const endpoint = acedata.endpoints.find(({ id }) => id === 'acedata.check-3e');
  const { curl = '', body } = endpoint?.sample({ number: '13912345678', name: "李'; echo \"雷", idCard: '', account: { provider: 'acedata', tenant: 'default', readings: {}, terms }, host: address, timestamp: 0 }) ?? {};
  const child = spawn('bash', ['-c', curl.replace('curl ', 'curl -s ')], { stdio: ['ignore', 'pipe', 'pipe'] });
  expect(await ended(child)).toMatchObject({ code: 0, stderr: '' });
  expect(await lastEntry(port)).toMatchObject({ endpoint: 'acedata.check-3e', request: { headers: { 'content-length': String(Buffer.byteLength(body ?? '')) } } });
});

it.each([
  [[], 30 * 60_000],
  [['--tenant-idle', '90s'], 90_000],
  [['--tenant-idle', '1.5h'], 5_400_000],
  [['--tenant-idle', '365d'], 365 * 86_400_000],
])('lets a tenant whom nobody calls stay for %j, in milliseconds %i', async (words, milliseconds) => {
  const { port } = await serving(words);
  const { body } = await exchange(port, { method: 'GET', target: '/_sim/tenants' });
  expect(JSON.parse(body)).toMatchObject({ idleMilliseconds: milliseconds });
});

it('says no exchange when told to be quiet', async () => {
  const { port, end } = await serving(['--quiet']);
  await exchange(port, qxt);
  const { stdout } = await end();
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
});

it('goes on serving when nobody reads what it says any more', async () => {
  const served = await serving();
  served.process.stdout?.destroy();
  for (let call = 0; call < 20; call += 1) expect((await exchange(served.port, qxt)).status).toBe(200);
  expect(await served.end()).toMatchObject({ code: 0, signal: null, stderr: '' });
});

const taken = async (): Promise<number> => {
  const server = createServer();
  onTestFinished(() => void server.close());
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
};

it('ends with 2 where the port is in use', async () => {
  const port = await taken();
  expect(await konghao(['--port', String(port)])).toEqual({
    code: 2,
    signal: null,
    stdout: '',
    stderr: `Failed to listen on 127.0.0.1: port ${port} is in use. Stop what listens there, or choose another with --port (0 takes a free one).\n`,
  });
});

it.each([
  [['--port', '65536'], 'Failed to serve: "65536" is no port. Use a number from 0 to 65535.'],
  [['--port', 'http'], 'Failed to serve: "http" is no port. Use a number from 0 to 65535.'],
  [['--port=-1'], 'Failed to serve: "-1" is no port. Use a number from 0 to 65535.'],
  [['--port', ''], 'Failed to serve: "" is no port. Use a number from 0 to 65535.'],
  [['--tenant-idle', 'soon'], 'Failed to serve: "soon" is no time for --tenant-idle. Write one such as 90s, 30m or 1d.'],
  [['--tenant-idle', '30'], 'Failed to serve: "30" is no time for --tenant-idle. Write one such as 90s, 30m or 1d.'],
  [['--tenant-idle', '0m'], 'Failed to serve: "0m" is no time for --tenant-idle. Write one such as 90s, 30m or 1d.'],
  [['--tenant-idle=-5m'], 'Failed to serve: "-5m" is no time for --tenant-idle. Write one such as 90s, 30m or 1d.'],
  [['--host', '203.0.113.7', '--port', '0'], 'Failed to listen on 203.0.113.7: this machine has no address 203.0.113.7. Choose another with --host.'],
  [['a.yaml', 'b.yaml'], 'Failed to serve: "b.yaml" is one file too many. Name one scenario.'],
  [['missing.yaml'], 'Failed to read missing.yaml: there is no such file. Name a scenario file.'],
  [['serve', 'missing'], 'Failed to read missing: there is no such file. Name a scenario file.'],
])('ends with 2 for %j', async (words, sentence) => {
  expect(await konghao(words)).toEqual({ code: 2, signal: null, stdout: '', stderr: `${sentence}\n` });
});

it('ends with 1 for a broken scenario, and names every mistake', async () => {
  const at = folderWith({ 'bad.yaml': 'konghao: 1\nname: Bad\nseed: -1\n' });
  const file = at('bad.yaml');
  expect(await konghao([file, '--port', '0'])).toEqual({
    code: 1,
    signal: null,
    stdout: '',
    stderr: `${file}:2:7: name has to be lower-case letters, digits and hyphens.\n${file}:3:7: seed is too small; 0 is the least.\n`,
  });
});

const slow = 'konghao: 1\nname: slow\nrules: [{ id: slow, then: { delay: 1s } }]\n';

it.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 at %s, when requests under way are answered', async (signal) => {
  const at = folderWith({ 'slow.yaml': slow });
  const { port, line, end } = await serving([at('slow.yaml')]);
  const answers = Array.from({ length: 5 }, () => exchange(port, qxt));
  for (let call = 0; call < 5; call += 1) await line('stdout', 'qxt.ssPhone_Status');
  const stopped = end(signal);
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(await stopped).toMatchObject({ code: 0, signal: null, stderr: '' });
});

it('ends at once at a second signal', async () => {
  const at = folderWith({ 'slow.yaml': slow.replace('1s', '600s') });
  const served = await serving([at('slow.yaml')]);
  const answer = exchange(served.port, qxt).then(() => 'answered', () => 'cut off');
  await served.line('stdout', 'qxt.ssPhone_Status');
  served.process.kill('SIGTERM');
  // The first is heard when nothing new is let in.
  for (let refused = false; !refused; ) refused = await exchange(served.port, { method: 'GET', target: '/_sim/health' }).then(() => false, () => true);
  expect(await served.end()).toMatchObject({ code: null, signal: 'SIGTERM' });
  expect(await answer).toBe('cut off');
});

it('ends soon for clients that keep their connections', async () => {
  const { ready, end } = await serving();
  // fetch keeps its connection open behind an answer.
  expect((await fetch(`${ready.url}${qxt.target}`)).status).toBe(200);
  const began = performance.now();
  expect(await end()).toMatchObject({ code: 0, signal: null });
  expect(performance.now() - began).toBeLessThan(3_000);
});

it('ends soon when a request under way was on a connection that is kept', async () => {
  const at = folderWith({ 'slow.yaml': slow });
  const { ready, line, end } = await serving([at('slow.yaml')]);
  const answer = fetch(`${ready.url}${qxt.target}`);
  await line('stdout', 'qxt.ssPhone_Status');
  const began = performance.now();
  const stopped = end();
  expect((await answer).status).toBe(200);
  expect(await stopped).toMatchObject({ code: 0, signal: null });
  expect(performance.now() - began).toBeLessThan(4_000);
});

const journal = (port: number, headers: readonly (readonly [string, string])[] = []): Promise<number> => exchange(port, { method: 'GET', target: '/_sim/journal', headers }).then(({ status }) => status);
const health = (port: number): Promise<number> => exchange(port, { method: 'GET', target: '/_sim/health' }).then(({ status }) => status);

it('makes up a control token beyond loopback, prints it and wants it', async () => {
  const { ready, port } = await serving(['--host', '0.0.0.0']);
  expect(ready.url).toBe(`http://127.0.0.1:${port}`);
  expect(ready.controlToken).toMatch(/^[\w-]{24}$/);
  expect(await health(port)).toBe(200);
  expect(await journal(port)).toBe(401);
  expect(await journal(port, [['Authorization', 'Bearer another']])).toBe(401);
  expect(await journal(port, [['Authorization', `Bearer ${ready.controlToken}`]])).toBe(200);
  expect((await exchange(port, qxt)).status).toBe(200);
});

it('takes the control token of KONGHAO_CONTROL_TOKEN', async () => {
  const { port } = await serving(['--host', '0.0.0.0'], { KONGHAO_CONTROL_TOKEN: 'mine' });
  expect(await journal(port)).toBe(401);
  expect(await journal(port, [['Authorization', 'Bearer mine']])).toBe(200);
});

it('tells a person the control token', async () => {
  const { text } = await spoken(['--host', '0.0.0.0']);
  expect(text).toMatch(/\n {2}Control token: [\w-]{24}\n/);
});

it.each(['127.0.0.1', 'localhost', '127.0.0.2'])('wants no control token on %s', async (host) => {
  const { ready, port } = await serving(['--host', host]);
  expect(ready.controlToken).toBeUndefined();
  const { status } = await exchange(port, { method: 'GET', target: '/_sim/journal' }).catch(() => fetch(`${ready.url}/_sim/journal`));
  expect(status).toBe(host === '127.0.0.2' ? 421 : 200);
});
