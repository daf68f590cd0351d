import { Agent } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { signedRequest, type Scheme } from '../../src/providers/tencent/sign.ts';
import { exchange, type Incoming, type Outgoing } from '../support/exchange.ts';
import { serve, type Served } from '../support/serve.ts';

// The requests of the providers' documents, written down anew with the sandbox's credentials and numbers.

const token = 'Bearer sandbox-acedata-token';
const person = { name: '李雷', phone: '13912345678', id_card: '11010519491231002X' };
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const formType = ['Content-Type', 'application/x-www-form-urlencoded'] as const;

/** As the documents' two clients send it: the shell with line breaks, Python with blanks and escapes. */
const acedataClients = [
  ['curl', (target: string, body: object): Outgoing => acedata(target, JSON.stringify(body, undefined, 2))],
  ['Python', (target: string, body: object): Outgoing => acedata(target, pythonJson(body))],
] as const;

const acedata = (target: string, body: string): Outgoing => ({
  method: 'POST',
  target,
  headers: [['Host', 'api.acedata.cloud'], ['accept', 'application/json'], ['authorization', token], ['content-type', 'application/json']],
  body,
});
const pythonJson = (body: object): string =>
  JSON.stringify(body).replaceAll('":', '": ').replaceAll(',"', ', "').replace(/[^\0-\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`);

it.each(acedataClients)("answers AceData's sample of check-1e, sent by %s, as its guide prints it", async (_client, sent) => {
  const { port } = await serve();
  const answer = await exchange(port, sent('/identity/phone/check-1e', { mobile: '13912345678' }));
  expect(answer).toMatchObject({ status: 200, body: '{"result":"0","description":"Success","status_code":0}' });
});

it.each(acedataClients)("answers AceData's sample of check-3e, sent by %s, as its guide prints it", async (_client, sent) => {
  const { port } = await serve();
  const answer = await exchange(port, sent('/identity/phone/check-3e', person));
  expect(answer).toMatchObject({ status: 200, body: '{"result":"0","description":"Authentication passed","isp":"Mobile","result_detail":null}' });
});

it.each(['/identity/phone/check-1e', '/identity/phone/check-3e'])("answers the magic number 19900000500 at %s with the error of AceData's guides", async (target) => {
  const { port } = await serve();
  const answer = await exchange(port, acedata(target, JSON.stringify({ ...person, mobile: '19900000500', phone: '19900000500' })));
  expect(answer.status).toBe(500);
  expect(answer.body).toMatch(new RegExp(`^\\{"success":false,"error":\\{"code":"api_error","message":"fetch failed"\\},"trace_id":"${uuid}"\\}$`));
});

const schemes: readonly (readonly [string, Scheme])[] = [
  ['a GET signed with HmacSHA1', { kind: 'v1', method: 'GET', signatureMethod: 'HmacSHA1', nonce: 11886 }],
  ['a form signed with HmacSHA256', { kind: 'v1', method: 'POST', signatureMethod: 'HmacSHA256', nonce: 11886 }],
  ['a GET signed with TC3', { kind: 'tc3', method: 'GET' }],
  ['JSON signed with TC3', { kind: 'tc3', method: 'POST' }],
];

function tencent(mobile: string, scheme: Scheme, host = 'faceid.intl.tencentcloudapi.com'): Outgoing {
  const { method, target, headers, body } = signedRequest(scheme, {
    secretId: 'AKIDkonghaoSandbox', secretKey: 'sandboxSecretKey', host, timestamp: Math.floor(Date.now() / 1000), action: 'MobileStatus', version: '2018-03-01', common: {}, params: { Mobile: mobile },
  });
  return { method, target, headers, body };
}

it.each(schemes)("answers Tencent's sample of a suspended number in %s", async (_name, scheme) => {
  const { port } = await serve();
  const answer = await exchange(port, tencent('13800138000', scheme));
  expect(answer.status).toBe(200);
  expect(answer.body).toMatch(new RegExp(`^\\{"Response":\\{"Description":"Success","RequestId":"${uuid}","Result":"0","StatusCode":1\\}\\}$`));
});

it.each(schemes)("answers Tencent's sample of a malformed number in %s", async (_name, scheme) => {
  const { port } = await serve();
  const answer = await exchange(port, tencent('16137688175', scheme));
  expect(answer.status).toBe(200);
  expect(answer.body).toMatch(new RegExp(`^\\{"Response":\\{"Description":"Invalid phone number format","RequestId":"${uuid}","Result":"-2","StatusCode":99\\}\\}$`));
});

it('gives each answer of Tencent a RequestId of its own', async () => {
  const { port } = await serve();
  const ids = new Set<string | undefined>();
  for (const mobile of ['13800138000', '13800138000', '16137688175', '16137688175']) {
    const { body } = await exchange(port, tencent(mobile, { kind: 'tc3', method: 'POST' }));
    ids.add(/"RequestId":"([^"]+)"/.exec(body)?.[1]);
  }
  expect(ids.size).toBe(4);
});

const alapiBody = 'token=sandbox-alapi-token&mobiles=13111111111';
const boundary = '--------------------------d74496d66958873e';
const multipart = ['token', 'sandbox-alapi-token', 'mobiles', '13111111111']
  .flatMap((value, index, all) => (index % 2 === 0 ? [`--${boundary}\r\nContent-Disposition: form-data; name="${value}"\r\n\r\n${all[index + 1]}\r\n`] : []))
  .join('');

const alapiRequests: readonly (readonly [string, Outgoing])[] = [
  ['a form, as all of its clients do', { method: 'POST', target: '/api/phonecheck', headers: [['Host', 'v2.alapi.cn'], formType], body: alapiBody }],
  ['a form in another charset parameter', { method: 'POST', target: '/api/phonecheck', headers: [['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8']], body: alapiBody }],
  ['a query', { method: 'GET', target: `/api/phonecheck?${alapiBody}` }],
  ['a header and a form', { method: 'POST', target: '/api/phonecheck', headers: [['token', 'sandbox-alapi-token'], formType], body: 'mobiles=13111111111' }],
  ['multipart', { method: 'POST', target: '/api/phonecheck', headers: [['Content-Type', `multipart/form-data; boundary=${boundary}`]], body: `${multipart}--${boundary}--\r\n` }],
  ['JSON', { method: 'POST', target: '/api/phonecheck', headers: [['Content-Type', 'application/json']], body: '{"token":"sandbox-alapi-token","mobiles":"13111111111"}' }],
];

it.each(alapiRequests)("answers ALAPI's sample, sent as %s, at the second it was printed", async (_name, request) => {
  const { port } = await serve('clock: 2024-07-06T13:20:35+08:00');
  expect(await exchange(port, request)).toMatchObject({
    status: 200,
    body: '{"code":200,"msg":"success","data":[{"area":"山西-临汾","mobile":"13111111111","number_type":"中国联通","status":1,"status_name":"实号"}],"time":1720243235,"usage":1,"log_id":"0"}',
  });
});

it("tells ALAPI's clients the second of now", async () => {
  const { port } = await serve();
  const before = Math.floor(Date.now() / 1000);
  const { body } = await exchange(port, { method: 'GET', target: `/api/phonecheck?${alapiBody}` });
  const { time } = JSON.parse(body) as { time: number };
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Math.floor(Date.now() / 1000));
});

const apikeys = ['7c11272au708345c834b8ue81ac78972', '7c11272au708345c839b8ue81ac78972', '7c11272au708395c834b8ue81ac78972'] as const;
const ported = '{"code":0,"reason":"Succ","result":{"Mobile":"13972565391","Status":"正常","Area":"湖北-宜昌","Is_MNP":"1","Init_isp":"中国移动","Now_isp":"中国电信"}}';
const prepaid = '{"code":0,"reason":"Succ","result":{"feeType":"预付费","balance":"12048"}}';
const postpaid = '{"code":0,"reason":"Succ","result":{"feeType":"后付费","balance":"-2047"}}';

const get = (path: string, query: string): Outgoing => ({ method: 'GET', target: `${path}?${query}`, headers: [['Host', 'ps.szqxt.com']] });
const form = (path: string, body: string): Outgoing => ({ method: 'POST', target: path, headers: [['Host', 'ps.szqxt.com'], formType], body });
const bodyOf = async ({ port }: Served, request: Outgoing): Promise<string> => (await exchange(port, request)).body;

it.each(apikeys)("answers QXT's sample of a ported number to its apikey %s", async (apikey) => {
  expect(await bodyOf(await serve(), get('/ssphone_status', `apikey=${apikey}&mobile=13972565391`))).toBe(ported);
});

it.each(['/ssPhone_Status', '/ssphone_status', '/SSPHONE_STATUS'])("answers QXT's sample of a ported number at %s, by GET and by POST", async (path) => {
  const served = await serve();
  const parameters = `apikey=${apikeys[0]}&mobile=13972565391`;
  expect([await bodyOf(served, get(path, parameters)), await bodyOf(served, form(path, parameters))]).toEqual([ported, ported]);
});

it("answers the number of QXT's sample request as one of a virtual operator", async () => {
  const body = await bodyOf(await serve(), get('/ssphone_status', `apikey=${apikeys[1]}&mobile=16717707933`));
  expect(body).toMatch(/^\{"code":0,"reason":"Succ","result":\{"Mobile":"16717707933","Status":"正常","Area":"\p{Script=Han}+-\p{Script=Han}+","Is_MNP":"0","Init_isp":"其它运营商","Now_isp":"其它运营商"\}\}$/u);
});

it.each([[apikeys[0], prepaid], [apikeys[1], postpaid], [apikeys[2], prepaid]])("tells the balance of QXT's apikey %s as %s", async (apikey, balance) => {
  expect(await bodyOf(await serve(), get('/balance', `apikey=${apikey}`))).toBe(balance);
});

it.each(['/balance', '/Balance', '/BALANCE'])("tells QXT's balance at %s, by GET and by POST", async (path) => {
  const served = await serve();
  expect([await bodyOf(served, get(path, `apikey=${apikeys[0]}`)), await bodyOf(served, form(path, `apikey=${apikeys[0]}`))]).toEqual([prepaid, prepaid]);
});

it('takes one query from a prepaid balance, and one from a postpaid one below zero', async () => {
  const served = await serve();
  for (const apikey of apikeys.slice(0, 2)) await bodyOf(served, get('/ssPhone_Status', `apikey=${apikey}&mobile=13972565391`));
  expect([await bodyOf(served, get('/balance', `apikey=${apikeys[0]}`)), await bodyOf(served, get('/balance', `apikey=${apikeys[1]}`))]).toEqual([
    prepaid.replace('12048', '12047'),
    postpaid.replace('-2047', '-2048'),
  ]);
});

const json = 'application/json; charset=utf-8';
const samples: readonly (readonly [string, Outgoing, number, string])[] = [
  ['check-1e', acedata('/identity/phone/check-1e', '{"mobile":"13912345678"}'), 200, json],
  ['check-3e', acedata('/identity/phone/check-3e', JSON.stringify(person)), 200, json],
  ['an error of AceData', acedata('/identity/phone/check-1e', '{"mobile":"19900000500"}'), 500, json],
  ['MobileStatus', tencent('13800138000', { kind: 'tc3', method: 'POST' }), 200, 'application/json'],
  ['an error of Tencent', { method: 'GET', target: '/', headers: [['Host', 'faceid.tencentcloudapi.com']] }, 200, 'application/json'],
  ['phonecheck', { method: 'GET', target: `/api/phonecheck?${alapiBody}` }, 200, json],
  ['an error of ALAPI', { method: 'GET', target: '/api/phonecheck' }, 200, json],
  ['ssPhone_Status', get('/ssPhone_Status', `apikey=${apikeys[0]}&mobile=13972565391`), 200, json],
  ['an error of QXT', get('/ssPhone_Status', ''), 200, json],
  ['balance', get('/balance', `apikey=${apikeys[0]}`), 200, json],
];

const dated = (answer: Incoming) => answer.headers.map(([name, value]) => [name, name === 'Date' && Math.abs(Date.parse(value) - Date.now()) < 60_000 ? 'now' : value]);

it.each(samples)('sends the headers of %s that a front server sends, and no other', async (_name, request, status, type) => {
  const { port } = await serve();
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const answer = await exchange(port, request, agent);
  expect(answer.status).toBe(status);
  expect(dated(answer)).toEqual([['Date', 'now'], ['Content-Type', type], ['Content-Length', String(Buffer.byteLength(answer.body))], ['Connection', 'keep-alive']]);
});

it.each(samples)('closes the connection of %s where the client asks for it', async (_name, request) => {
  const { port } = await serve();
  expect((await exchange(port, request)).headers).toContainEqual(['Connection', 'close']);
});

/** Without what is of the moment: ids and seconds. */
const lasting = ({ status, body }: Incoming) => [status, body.replace(new RegExp(uuid), 'id').replace(/"time":\d+/, 'time')];

it.each(samples)('answers the request of %s alike where its Host is an address', async (_name, request) => {
  const { port, address } = await serve();
  const local = { ...request, headers: (request.headers ?? []).map(([name, value]) => [name, name === 'Host' ? address : value] as const) };
  expect(lasting(await exchange(port, local))).toEqual(lasting(await exchange(port, request)));
});
