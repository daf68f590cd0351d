import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { konghao } from '../support/command.ts';
import { serve } from '../support/serve.ts';
import { lastEntry } from '../support/exchange.ts';

const endpoints = [
  ['acedata.check-1e', '13800138000', { result: '0', description: 'Success', status_code: 1 }],
  ['acedata.check-3e', '13912345678', { result: '0', description: 'Authentication passed', isp: 'Mobile', result_detail: null }],
  ['tencent.MobileStatus', '13800138000', { Response: { Description: 'Success', Result: '0', StatusCode: 1 } }],
  ['alapi.phonecheck', '13800138000', { code: 200, usage: 1, data: [{ mobile: '13800138000', status: 2 }] }],
  ['qxt.ssPhone_Status', '13800138000', { code: 0, result: { Mobile: '13800138000', Status: '停机' } }],
  ['qxt.balance', '', { code: 0, result: { feeType: '预付费', balance: '12048' } }],
] as const;

it.each(endpoints)('asks %s as its own client would, and prints the answer', async (endpoint, number, body) => {
  const { url, port } = await serve();
  const { code, stdout, stderr } = await konghao(['ask', endpoint, ...(number === '' ? [] : [number]), '--url', url]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [status, answer = '', ...rest] = stdout.split('\n');
  expect([status, ...rest]).toEqual(['HTTP 200', '']);
  expect(JSON.parse(answer)).toMatchObject(body);
  expect(await lastEntry(port)).toMatchObject({ endpoint });
});

it.each([
  ['acedata', 'acedata.check-1e'],
  ['tencent', 'tencent.MobileStatus'],
  ['alapi', 'alapi.phonecheck'],
  ['qxt', 'qxt.ssPhone_Status'],
])('takes %s for %s', async (provider, endpoint) => {
  const { url, port } = await serve();
  expect((await konghao(['ask', provider, '13800138000', '--url', `${url}/`])).code).toBe(0);
  expect(await lastEntry(port)).toMatchObject({ endpoint });
});

it('gives request and answer to machines', async () => {
  const { url } = await serve();
  const { stdout } = await konghao(['ask', 'acedata.check-3e', '13912345678', '--name', '韩梅梅', '--id-card', '11010519491231002x', '--url', url, '--json']);
  const { endpoint, request, answer } = JSON.parse(stdout) as { endpoint: string; request: { method: string; target: string; body: string }; answer: { status: number; body: string } };
  expect(endpoint).toBe('acedata.check-3e');
  expect(request).toEqual({ method: 'POST', target: '/identity/phone/check-3e', body: '{"name":"韩梅梅","phone":"13912345678","id_card":"11010519491231002x"}' });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ result: '1' });
});

it('asks with credentials of one’s own', async () => {
  const { url } = await serve('accounts:\n  tencent: { secretId: AKIDmine, secretKey: my-key }\n  alapi: { token: my-token }');
  const said = async (...words: string[]): Promise<string> => (await konghao(['ask', ...words, '--url', url])).stdout;
  expect(await said('tencent', '13900000000')).toContain('AuthFailure.SecretIdNotFound');
  expect(await said('tencent', '13900000000', '--credential', 'AKIDmine')).toContain('AuthFailure.SignatureFailure');
  expect(await said('tencent', '13900000000', '--credential', 'AKIDmine', '--secret', 'my-key')).toContain('"Result":"0"');
  expect(await said('alapi', '13900000000', '--credential', 'my-token')).toContain('"code":200');
});

it.each([
  ['a plus and a blank', '+86 13800138000'],
  ['a number in full-width digits', '１３８００１３８０００'],
  ['symbols that mean something in a query', '138&apikey=x#y%'],
])('sends %s as it is', async (_what, number) => {
  const { url } = await serve();
  const { code, stdout } = await konghao(['ask', 'qxt', number, '--url', url, '--json']);
  const { request } = JSON.parse(stdout) as { request: { target: string } };
  expect(code).toBe(0);
  expect(new URLSearchParams(request.target.split('?')[1]).get('mobile')).toBe(number);
});

it('sends several numbers to ALAPI as one batch', async () => {
  const { url } = await serve();
  const { stdout } = await konghao(['ask', 'alapi', '13800138000,13912345678', '--url', url]);
  expect(JSON.parse(stdout.split('\n')[1] ?? '')).toMatchObject({ usage: 2 });
});

const known = 'There are acedata, acedata.check-1e, acedata.check-3e, tencent, tencent.MobileStatus, alapi, alapi.phonecheck, qxt, qxt.ssPhone_Status, qxt.balance.';

it.each([
  [['qtx', '138'], `Failed to ask: no provider or endpoint is called "qtx"; did you mean "qxt"? ${known}`],
  [['nobody', '138'], `Failed to ask: no provider or endpoint is called "nobody". ${known}`],
  [[], `Failed to ask: no provider or endpoint is named. ${known}`],
  [['qxt'], 'Failed to ask: no number is named. Write "konghao ask qxt 13800138000".'],
  [['qxt', '138', '--url', 'https://127.0.0.1:4086'], 'Failed to ask: "https://127.0.0.1:4086" is no address such as http://127.0.0.1:4086.'],
  [['qxt', '138', '--url', '127.0.0.1:4086'], 'Failed to ask: "127.0.0.1:4086" is no address such as http://127.0.0.1:4086.'],
  [['qxt', '138', '--url', 'http://127.0.0.1:99999'], 'Failed to ask: "http://127.0.0.1:99999" is no address such as http://127.0.0.1:4086.'],
] as const)('ends with 2 for %j', async (words, sentence) => {
  expect(await konghao(['ask', ...words])).toEqual({ code: 2, signal: null, stdout: '', stderr: `${sentence}\n` });
});

it('says so where nothing listens', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
  await new Promise((resolve) => server.close(resolve));
  const { code, stderr } = await konghao(['ask', 'qxt', '138', '--url', `http://127.0.0.1:${port}`]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: `Failed to ask http://127.0.0.1:${port}: nothing listens there. Is konghao running there? Start it with "konghao".\n` });
});

it('says so where something else listens and hangs up', async () => {
  const server = createServer((request) => request.socket.destroy());
  const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
  onTestFinished(() => void server.close());
  const { code, stderr } = await konghao(['ask', 'qxt', '138', '--url', `http://127.0.0.1:${port}`]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: `Failed to ask http://127.0.0.1:${port}: socket hang up. Is konghao running there? Start it with "konghao".\n` });
});

it('says so where a credential cannot be sent', async () => {
  const { url } = await serve();
  const { code, stderr } = await konghao(['ask', 'acedata', '138', '--credential', '空号', '--url', url]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^Failed to ask http:\/\/127\.0\.0\.1:\d+: no request can be made of this \(.+\)\. Check the number and the credential\.\n$/);
});
