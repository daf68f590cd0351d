import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { tc3 } from '../support/ask.ts';
import { clientsOf, sandbox } from '../support/clients.ts';
import { konghao } from '../support/command.ts';
import { mint, told } from '../support/control.ts';
import { exchange } from '../support/exchange.ts';
import { serve, type Served } from '../support/serve.ts';

const number = '13912345678';
const requestIdOf = ({ body }: { readonly body: string }): string => (JSON.parse(body) as { Response: { RequestId: string } }).Response.RequestId;
const why = (served: Served, ...words: string[]) => konghao(['why', ...words, '--url', served.url]);

it('explains the call of a RequestId: what it came to, the sentence and every phase', async () => {
  const served = await serve('clock: 2026-02-01T12:00:00+08:00\nnumbers: { "13912345678": { status: suspended, area: 湖北-宜昌, carrier: 中国移动 } }');
  const id = requestIdOf(await clientsOf(served.port).MobileStatus(number));
  await clientsOf(served.port).balance();
  const { code, stdout, stderr } = await why(served, id);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const lines = stdout.split('\n');
  expect(lines.slice(0, 4)).toEqual([
    `tencent.MobileStatus → HTTP 200, code 0 · 1 charged · 2026-02-01T04:00:00.000Z · no. 1 · ${id}`,
    '139****5678 is suspended, 中国移动, 湖北-宜昌 by the scenario.',
    expect.stringMatching(/^How this code is known: .+\.$/),
    '',
  ]);
  expect(lines.slice(4, -1).every((line) => /^ {2}passed {6}\w|^ {28}\S/.test(line))).toBe(true);
  expect(lines.slice(-5, -1)).toEqual(['  passed      look-up       rules and world', '  passed      charge        1 charged', '  passed      render        HTTP 200, code 0', '  passed      send          at once']);
});

it('explains which check refused a call, and that the rest was not reached', async () => {
  const served = await serve('accounts: { alapi: { token: sandbox-alapi-token, rate: 1/s } }\nclock: 2026-02-01T12:00:00+08:00');
  await clientsOf(served.port).phonecheck(number);
  await clientsOf(served.port).phonecheck(number);
  const { stdout } = await why(served, '2');
  expect(stdout).toMatch(/^alapi\.phonecheck → HTTP 200, code 429 · nothing charged · .* · no\. 2/);
  expect(stdout).toMatch(/\n {2}refused {5}admit {9}rate: call 2 of this second, and 1 are allowed\n/);
  expect(stdout).toMatch(/\n {2}not reached look-up {7}rules and world\n/);
});

it('explains where a fault struck, and what almost fired', async () => {
  const served = await serve('rules: [{ id: lost, when: { number: "138*" }, then: { fault: reset, after: charge } }]');
  await expect(clientsOf(served.port).ssPhone_Status('13812345678')).rejects.toThrow();
  await clientsOf(served.port).ssPhone_Status('13912345678');
  expect((await why(served, '1')).stdout).toMatch(/^qxt\.ssPhone_Status → connection-reset after charge · 1 charged · [^]*\n {2}struck {6}render {8}HTTP 200, code 0: connection-reset after charge\n/);
  expect((await why(served, '2')).stdout).toContain('\nThe rule "lost" (test.yaml:3:9) did not hold: the number does not match 138*.\n');
});

it('names the mistake behind a refused signature, with what was to be signed and what was', async () => {
  const served = await serve('');
  await exchange(served.port, { ...tc3(served.address, { Mobile: number }), body: `{"Mobile": "${number}"}` });
  const { code, stdout } = await why(served);
  expect(code).toBe(0);
  expect(stdout).toMatch(/\nCause: body-re-serialised\nThe body that was signed is not the one that was sent: it was signed compact\. .*\n\nwhat was to be signed:\n {4}POST\n {4}\/\n/);
  // A line for each text that differs: the digest of the body, and that of the whole.
  expect(stdout.match(/^ {2}≠ [\da-f]{64}$/gm)).toHaveLength(4);
});

it('takes the newest call where no id is given, or the newest that fits', async () => {
  const served = await serve('');
  const ask = clientsOf(served.port);
  await ask.ssPhone_Status(number);
  await ask.phonecheck('13800138000');
  await ask.balance();
  const placeOf = async (...words: string[]): Promise<unknown> => (JSON.parse((await why(served, ...words, '--json')).stdout) as { id: number }).id;
  expect(await Promise.all([placeOf(), placeOf('--provider', 'alapi'), placeOf('--endpoint', 'qxt.ssPhone_Status'), placeOf('--number', '13800138000'), placeOf('--provider', 'qxt', '--number', number)])).toEqual([3, 2, 1, 2, 1]);
});

it('gives the same to machines', async () => {
  const served = await serve('readings: { alapi.logId: sequence }');
  await clientsOf(served.port).balance();
  await clientsOf(served.port).phonecheck(number);
  const { code, stdout } = await why(served, 'log_id:1', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(await told(served.port, 'GET', '/journal/2'));
});

it('looks into the journal of another tenant when told to', async () => {
  const served = await serve('');
  const { id, credentials } = await mint(served.port);
  const requestId = requestIdOf(await clientsOf(served.port, credentials).MobileStatus(number));
  expect((await why(served, requestId)).code).toBe(1);
  expect((await why(served, requestId, '--tenant', id)).stdout).toContain(requestId);
});

it.each([
  [['00000000-0000-4000-8000-000000000000'], 'The journal has no such call, or no longer.'],
  [['../health'], 'The journal has no such call, or no longer.'],
  [['--provider', 'alapi'], 'The journal has no such call, or no longer.'],
])('ends with 1 where there is no such call: %j', async (words, sentence) => {
  const served = await serve('');
  await clientsOf(served.port).balance();
  expect(await why(served, ...words)).toEqual({ code: 1, signal: null, stdout: '', stderr: `${sentence} "konghao why" without an id takes the newest one, and --tenant those of another tenant.\n` });
  expect(await why(served, ...words, '--json')).toMatchObject({ code: 1, stdout: 'null\n', stderr: '' });
});

it('wants the control token beyond this machine, from --token or the environment', async () => {
  const served = await serve('', { gatekeeper: { token: 'a-token' } });
  await clientsOf(served.port).balance();
  const refused = await why(served);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/^Failed to say why: konghao says: konghao listens beyond loopback.* Give it with --token\.\n$/)]);
  expect((await why(served, '--token', 'a-token')).code).toBe(0);
  expect((await konghao(['why', '--url', served.url], { KONGHAO_CONTROL_TOKEN: 'a-token' })).code).toBe(0);
});

it.each([
  [['--provider', 'qtx'], 'Failed to say why: there is no provider "qtx"; did you mean "qxt"? There are acedata, tencent, alapi, qxt.'],
  [['--endpoint', 'qxt.balence'], /^Failed to say why: there is no endpoint "qxt\.balence"; did you mean "qxt\.balance"\? There are /],
  [['1', '--number', '138'], 'Failed to say why: "1" names one call already, and --number another. Give one of them.'],
  [['1', '2'], 'Failed to run why: "2" is one word too many. See "konghao why --help".'],
  [[''], 'Failed to say why: the id is empty. Give one, or none for the newest call.'],
  [['--tenant', 'nobody'], /^Failed to say why: konghao says: There is no tenant of that id, or no longer/],
] as const)('ends with 2 for %j', async (words, sentence) => {
  const served = await serve('');
  expect(await why(served, ...words)).toEqual({ code: 2, signal: null, stdout: '', stderr: typeof sentence === 'string' ? `${sentence}\n` : expect.stringMatching(sentence) });
});

it('says so where nothing listens, and where something else does', async () => {
  const server = createServer((_request, response) => response.end('hello'));
  const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
  onTestFinished(() => void server.close());
  expect(await konghao(['why', '--url', `http://127.0.0.1:${port}`])).toMatchObject({ code: 2, stderr: `Failed to ask http://127.0.0.1:${port}: what answers there is not konghao (HTTP 200). Name its address with --url.\n` });
  await new Promise((resolve) => server.close(resolve));
  expect(await konghao(['why', '--url', `http://127.0.0.1:${port}`])).toMatchObject({ code: 2, stderr: `Failed to ask http://127.0.0.1:${port}: nothing listens there. Is konghao running there? Start it with "konghao".\n` });
  expect(await konghao(['why', '--url', 'localhost'])).toMatchObject({ code: 2, stderr: 'Failed to say why: "localhost" is no address such as http://127.0.0.1:4086.\n' });
});

it('prints no number, name, ID card and no secret', async () => {
  const served = await serve('');
  const wrong = { ...sandbox, tencent: { ...sandbox.tencent, secretKey: 'a-wrong-key-of-mine' } };
  await clientsOf(served.port, wrong).MobileStatus(number);
  const { stdout } = await why(served);
  expect(stdout).toContain('Cause: wrong-key');
  for (const secret of [number, sandbox.tencent.secretId, sandbox.tencent.secretKey, 'a-wrong-key-of-mine']) expect(stdout).not.toContain(secret);
});
