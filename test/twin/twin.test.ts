import { afterEach, expect, it } from 'vitest';
import type { Incoming } from './incoming.ts';
import { formParameters } from './parameters.ts';
import type { NamedRequest, RawRequest } from './raw-request.ts';
import { REQUESTS } from './requests.ts';
import { CREDENTIALS, NUMBERS, OWNER, sampleWorld } from './sample-world.ts';
import { type RawAnswer, send } from './send.ts';
import { startTwin, type Twin } from './server.ts';
import { tc3Authorization, v1Signature } from './sign.ts';
import { canonicalRequest, v1StringToSign, verifyTc3, verifyV1 } from './tc3.ts';
import type { World } from './world.ts';

const NOW = 1_795_321_350;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const running: Twin[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((twin) => twin.close()));
});

/** The example of the signature documents, with content type and host signed. */
const OFFICIAL = {
  secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
  secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
  timestamp: 1_551_113_065,
  payload: String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`,
  hashedPayload: '35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064',
  signature: '72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
  signatureWithAction: '10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f',
  v1Query:
    'Action=DescribeInstances&InstanceIds.0=ins-09dx96dg&Limit=20&Nonce=11886&Offset=0&Region=ap-guangzhou' +
    '&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&Signature=EliP9YW3pW28FpsEdkXt%2F%2BWcGeI%3D' +
    '&Timestamp=1465185768&Version=2017-03-12',
} as const;

const ACCOUNT = { secretId: OFFICIAL.secretId, secretKey: OFFICIAL.secretKey, condition: 'good' } as const;
/** The document masks this key; 32 asterisks reproduce every value that it prints. */
const MASKED = { secretId: OFFICIAL.secretId, secretKey: '*'.repeat(32), condition: 'good' } as const;

it('writes the canonical request of the official example', () => {
  expect(canonicalRequest(official(''), ['content-type', 'host'], 'cvm.tencentcloudapi.com')).toBe(
    `POST\n/\n\ncontent-type:application/json; charset=utf-8\nhost:cvm.tencentcloudapi.com\n\n` +
      `content-type;host\n${OFFICIAL.hashedPayload}`,
  );
});

it.each([
  ['content-type;host', OFFICIAL.signature, ACCOUNT],
  ['content-type;host;x-tc-action', OFFICIAL.signatureWithAction, MASKED],
])('accepts the official signature over %s', (signedHeaders, signature, account) => {
  const incoming = official(
    `TC3-HMAC-SHA256 Credential=${OFFICIAL.secretId}/2019-02-25/cvm/tc3_request, ` +
      `SignedHeaders=${signedHeaders}, Signature=${signature}`,
  );
  expect(verifyTc3(incoming, [account], OFFICIAL.timestamp)).toEqual({ kind: 'accepted', account });
  expect(verifyTc3(incoming, [account], OFFICIAL.timestamp + 301)).toMatchObject({ code: 'AuthFailure.SignatureExpire' });
});

it('accepts the official signature v1', () => {
  const incoming: Incoming = {
    method: 'GET',
    path: '/',
    query: OFFICIAL.v1Query,
    headers: { host: 'cvm.tencentcloudapi.com' },
    body: Buffer.alloc(0),
  };
  const parameters = formParameters(incoming.query);
  expect(verifyV1(incoming, parameters, [ACCOUNT], 1_465_185_768)).toEqual({ kind: 'accepted', account: ACCOUNT });
  expect(v1StringToSign(incoming, parameters, 'cvm.tencentcloudapi.com')).toBe(
    'GETcvm.tencentcloudapi.com/?Action=DescribeInstances&InstanceIds.0=ins-09dx96dg&Limit=20&Nonce=11886&Offset=0' +
      '&Region=ap-guangzhou&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&Timestamp=1465185768&Version=2017-03-12',
  );
});

it('signs the official examples as their documents print them', () => {
  const { secretId, secretKey, timestamp, payload, signature, signatureWithAction, v1Query } = OFFICIAL;
  const headers = [
    ['content-type', 'application/json; charset=utf-8'],
    ['host', 'cvm.tencentcloudapi.com'],
  ] as const;
  const parts = { method: 'POST', query: '', headers, payload, timestamp, service: 'cvm', secretId, secretKey } as const;
  expect(tc3Authorization(parts)).toMatch(new RegExp(`Signature=${signature}$`));
  const withAction = [...headers, ['x-tc-action', 'describeinstances']] as const;
  expect(tc3Authorization({ ...parts, headers: withAction, secretKey: MASKED.secretKey })).toMatch(
    new RegExp(`Signature=${signatureWithAction}$`),
  );
  const text = `GETcvm.tencentcloudapi.com/?${v1Query.replace(/&Signature=[^&]*/, '')}`;
  expect(v1Signature('HmacSHA1', secretKey, text)).toBe('EliP9YW3pW28FpsEdkXt/+WcGeI=');
});

/** Requests that the official SDKs were seen to send, with throw-away keys. */
const RECORDED_KEYS = {
  secretId: 'AKIDSANDBOX00000000000000000EXAMPLE',
  secretKey: 'SandboxSecretKey0000000000EXAMPLE',
  condition: 'good',
} as const;
const FLAT = 'Encryption.EncryptList.0=Mobile&Encryption.CiphertextBlob=BASE64%2BBLOB%2F%3D%3D&Encryption.Iv=vTjCqg1Xz6Lh0pJZCNjAAQ%3D%3D&Encryption.Algorithm=AES-256-CBC';
const V1 = 'Action=MobileStatus&RequestClient=SDK_NODEJS_INTL_EN3.0.1335';
const BOUNDARY = '--------------------------fa087f2992c1dd2e52dea2bd';

it.each<[string, RawRequest, object]>([
  ['JSON, service 127, host without port', recordedTc3('29e7cc01df42a53ca0bb6e39317b406595a5e2a2b89ebe5a3f91e8864e91d485', '{"Mobile":"13800138000"}'), { StatusCode: 1 }],
  ['JSON, service with a port', recordedTc3('4447e2ae3e9806e3b43db3cc1114cb3c2064084cc8940d9acc91afc649d77613', '{"Mobile":"13800138000"}', { host: 'localhost:39941', service: 'localhost:39941', timestamp: 1_795_321_391 }), { StatusCode: 1 }],
  ['JSON, host of the provider', recordedTc3('391fb50a5156f10086256bb5f98e6350306fc07c5f55c0e791d85edeee6b209c', '{"Mobile":"13800138000"}', { host: 'faceid.intl.tencentcloudapi.com', service: 'faceid', timestamp: 1_795_321_774 }), { StatusCode: 1 }],
  ['JSON, encrypted', recordedTc3('1d5ead3ea0a2ec445517b55a0f19b0fefa4d25ed7604ecc3948d96063d7fc73c', '{"Mobile":"c2FuZGJveA==","Encryption":{"EncryptList":["Mobile"],"CiphertextBlob":"BASE64+BLOB/==","Iv":"vTjCqg1Xz6Lh0pJZCNjAAQ==","Algorithm":"AES-256-CBC","TagList":[]}}'), { Error: { Code: 'FailedOperation.DecryptSystemError' } }],
  ['multipart', recordedTc3('b920e5199c1d2d93d2cc6edde690c0b4d917fffe31ab5bd987b73a1f3c814f3d', `--${BOUNDARY}\r\nContent-Disposition: form-data; name="Mobile"\r\n\r\n13800138000\r\n--${BOUNDARY}--\r\n`, { type: `multipart/form-data; boundary=${BOUNDARY}` }), { StatusCode: 1 }],
  ['GET', recordedTc3('592d70a7425f10f8edff10ae127ee64939054d8084d0d967acbbe39fce5c08ce', '', { query: 'Mobile=13800138000' }), { StatusCode: 1 }],
  ['GET, encrypted', recordedTc3('59a6d287c3b4142073a3a9230f79ff0c8cc92697c53d1fdbff0698637e9003e5', '', { query: `Mobile=c2FuZGJveA%3D%3D&${FLAT}` }), { Error: { Code: 'FailedOperation.DecryptSystemError' } }],
  ['v1 HmacSHA1, GET', recordedV1('GET', `Mobile=13800138000&${V1}&Nonce=45425&Timestamp=1795321311&Version=2018-03-01&Language=en-US&SecretId=${RECORDED_KEYS.secretId}&Region=ap-singapore&SignatureMethod=HmacSHA1&Signature=UxZ21KQQelCJE4tgQqhDygZHfVg%3D`), { StatusCode: 1 }],
  ['v1 HmacSHA1, GET, encrypted', recordedV1('GET', `Mobile=c2FuZGJveA%3D%3D&${FLAT}&${V1}&Nonce=56129&Timestamp=1795321311&Version=2018-03-01&Language=en-US&SecretId=${RECORDED_KEYS.secretId}&Region=ap-singapore&SignatureMethod=HmacSHA1&Signature=iQ3WGEwqWIYx7b4cZPwsBG10F4Y%3D`), { Error: { Code: 'FailedOperation.DecryptSystemError' } }],
  ['v1 HmacSHA256, POST', recordedV1('POST', `Mobile=13800138000&${V1}&Nonce=21876&Timestamp=1795321311&Version=2018-03-01&Language=en-US&SecretId=${RECORDED_KEYS.secretId}&Region=ap-singapore&SignatureMethod=HmacSHA256&Signature=Rq42o918aVbLatX9yCq2PCj7Ha5mn3TGoWRdw1Su81E%3D`), { StatusCode: 1 }],
  ['v1 HmacSHA256, POST, token', recordedV1('POST', `Mobile=13800138000&${V1}&Nonce=16051&Timestamp=1795321392&Version=2018-03-01&Language=en-US&SecretId=${RECORDED_KEYS.secretId}&Token=sandbox-session-token-EXAMPLE&SignatureMethod=HmacSHA256&Signature=BDFtijR9zojozG4YE5IPioM7embRt8ogrcjTZLdWCJM%3D`, '127.0.0.1:39941'), { StatusCode: 1 }],
])('answers what an SDK sends: %s', async (name, raw, response) => {
  const clock = (): number => (name.includes('provider') ? 1_795_321_774 : NOW) * 1000;
  const twin = await start({ ...sampleWorld(clock), tencent: [RECORDED_KEYS] });
  expect(parse(await send(twin.port, raw))).toMatchObject({ Response: response });
});

it.each<[string, string, object]>([
  ['acedata/check-1e', 'normal', { result: '0', description: 'Success', status_code: 0 }],
  ['acedata/check-3e', 'consistent', { result: '0', description: 'Authentication passed', isp: 'Mobile', result_detail: null }],
  ['tencent/MobileStatus', 'TC3: first example, not a number', { Response: { Description: 'Invalid phone number format', RequestId: expect.stringMatching(UUID), Result: '-2', StatusCode: 99 } }],
  ['tencent/MobileStatus', 'TC3: second example, suspended', { Response: { Result: '0', Description: 'Success', StatusCode: 1, RequestId: expect.stringMatching(UUID) } }],
  ['alapi/phonecheck', 'sample', { code: 200, msg: 'success', data: [{ area: '山西-临汾', mobile: '13111111111', number_type: '中国联通', status: 1, status_name: '实号' }], time: NOW, usage: 1, log_id: '0' }],
  ['qxt/ssPhone_Status', 'sample, ported, GET', { code: 0, reason: 'Succ', result: { Mobile: '13972565391', Status: '正常', Area: '湖北-宜昌', Is_MNP: '1', Init_isp: '中国移动', Now_isp: '中国电信' } }],
  ['qxt/balance', 'prepaid, GET', { code: 0, reason: 'Succ', result: { feeType: '预付费', balance: '12048' } }],
  ['qxt/balance', 'postpaid', { code: 0, reason: 'Succ', result: { feeType: '后付费', balance: '-2047' } }],
])('gives the answer that the document of %s shows: %s', async (endpoint, name, answer) => {
  const sent = await ask(await start(), endpoint, name);
  expect(sent).toMatchObject({ status: 200, contentType: 'application/json; charset=utf-8' });
  expect(parse(sent)).toStrictEqual(answer);
});

it.each<[string, number, string]>([
  ['acedata/check-1e: mobile missing', 400, 'token_mismatched'],
  ['acedata/check-1e: API that is not there', 400, 'api_not_implemented'],
  ['acedata/check-1e: no token', 401, 'invalid_token'],
  ['acedata/check-1e: too many requests', 429, 'too_many_requests'],
  ['acedata/check-3e: server error', 500, 'api_error'],
])('refuses %s with %i %s', async (label, status, code) => {
  const sent = await ask(await start(), ...split(label));
  expect(sent.status).toBe(status);
  expect(parse(sent)).toStrictEqual({
    success: false,
    error: { code, message: expect.any(String) },
    trace_id: expect.stringMatching(UUID),
  });
});

it.each([
  ['no record', '-1'],
  ['engine, unknown error', '-2'],
  ['engine exception', '-3'],
  ['name verification fails', '-4'],
  ['phone too short', '-5'],
  ['daily limit', '-6'],
  ['another name', '1'],
])('results of check-3e: %s is %s', async (name, result) => {
  expect(parse(await ask(await start(), 'acedata/check-3e', name))).toMatchObject({ result, result_detail: null });
});

it.each([
  ['Encryption that cannot be opened', 'FailedOperation.DecryptSystemError'],
  ['STS unauthorized', 'FailedOperation.StsUnAuthErrError'],
  ['unknown failure', 'FailedOperation.UnKnown'],
  ['broken JSON', 'InvalidParameter'],
  ['Encryption of another field', 'InvalidParameter.UnsupportEncryptField'],
  ['Encryption with another algorithm', 'InvalidParameterValue'],
  ['arrears', 'UnauthorizedOperation.Arrears'],
  ['billing status is abnormal', 'UnauthorizedOperation.ChargeStatusException'],
  ['account without verification', 'UnauthorizedOperation.NonAuthorize'],
  ['service not activated', 'UnauthorizedOperation.Nonactivated'],
  ['Mobile missing', 'MissingParameter'],
  ['Action unknown', 'InvalidAction'],
  ['Version unknown', 'NoSuchVersion'],
  ['parameter without a meaning', 'UnknownParameter'],
  ['PUT', 'UnsupportedProtocol'],
  ['temporary key without token', 'AuthFailure.TokenFailure'],
  ['301 seconds old', 'AuthFailure.SignatureExpire'],
  ['301 seconds early', 'AuthFailure.SignatureExpire'],
  ['an hour old and SecretId unknown', 'AuthFailure.SignatureExpire'],
  ['SecretId unknown', 'AuthFailure.SecretIdNotFound'],
  ['date of the day before', 'AuthFailure.InvalidAuthorization'],
  ['another service', 'AuthFailure.InvalidAuthorization'],
  ['no Authorization', 'AuthFailure.InvalidAuthorization'],
  ['host not signed', 'AuthFailure.InvalidAuthorization'],
])('Tencent answers "%s" with %s', async (name, code) => {
  expect(parse(await ask(await start(), 'tencent/MobileStatus', `TC3: ${name}`))).toStrictEqual({
    Response: { Error: { Code: code, Message: expect.any(String) }, RequestId: expect.stringMatching(UUID) },
  });
});

it('accepts every signature of the table that is right', async () => {
  const twin = await start();
  const right = [
    'TC3: GET',
    'TC3: GET, parameters out of order',
    'TC3: JSON with charset',
    'TC3: JSON with upper-case charset',
    'TC3: POST with a query',
    'TC3: multipart',
    'TC3: x-tc-action signed in lower case',
    'TC3: host signed without port',
    'TC3: public host signed',
    'TC3: service is the first label of the host',
    'TC3: unsigned payload',
    'TC3: 299 seconds old',
    'TC3: temporary key with token',
    'v1: HmacSHA1, GET',
    'v1: HmacSHA1, POST',
    'v1: HmacSHA256, GET',
    'v1: HmacSHA256, POST',
    'v1: no SignatureMethod',
    'v1: lower-case percent encoding',
    'v1: temporary key with token',
  ];
  for (const name of right) {
    expect(parse(await ask(twin, 'tencent/MobileStatus', name)), name).toMatchObject({ Response: { Result: '0', StatusCode: 0 } });
  }
});

it('answers every single change of a signature with SignatureFailure', async () => {
  const twin = await start();
  const wrong =
    /another SecretKey|without TC3|after signing|decoded query|signed as|path signed|another host|other than signed|out of order$|without its header|signature (in|one)|bare plus|HmacSHA1 made|encoded values|lower case$|left out/;
  const spoiled = REQUESTS.filter(
    ({ name }) => /^(TC3|v1)/.test(name) && wrong.test(name) && !/Action in lower|name in lower|action signed in lower|GET, parameters/.test(name),
  );
  expect(spoiled.length).toBeGreaterThanOrEqual(25);
  for (const request of spoiled) {
    expect(parse(await ask(twin, request.endpoint, request.name)), request.name).toMatchObject({
      Response: { Error: { Code: 'AuthFailure.SignatureFailure' } },
    });
  }
});

it('admits twenty Tencent requests within a second of the clock', async () => {
  let now = NOW * 1000;
  const world = sampleWorld(() => now);
  const twin = await start({ ...world, tencent: [{ ...CREDENTIALS.tencent.good, requestsPerSecond: 20, condition: 'good' }] });
  const normal = (): Promise<RawAnswer> => ask(twin, 'tencent/MobileStatus', 'TC3: normal');
  for (let count = 1; count <= 20; count += 1) expect(parse(await normal())).toMatchObject({ Response: { Result: '0' } });
  expect(parse(await normal())).toMatchObject({ Response: { Error: { Code: 'RequestLimitExceeded' } } });
  now += 1000;
  expect(parse(await normal())).toMatchObject({ Response: { Result: '0' } });
});

it.each([
  ['token wrong', 100],
  ['account expired', 101],
  ['account exhausted', 102],
  ['address not on the list', 104],
  ['broken JSON', 400],
  ['address that is not there', 404],
  ['PUT', 405],
  ['no more data', 406],
  ['2001 numbers', 422],
  ['mobiles missing', 422],
  ['too many requests', 429],
])('ALAPI answers "%s" with code %i', async (name, code) => {
  const sent = await ask(await start(), 'alapi/phonecheck', name);
  expect(sent.status).toBe(200);
  expect(parse(sent)).toStrictEqual({ code, msg: expect.any(String), data: null, time: NOW, usage: 0, log_id: '0' });
});

it('answers a list of ALAPI numbers in order and charges each', async () => {
  const answer = parse(await ask(await start(), 'alapi/phonecheck', 'six states at once'));
  expect(answer).toMatchObject({
    usage: 6,
    data: [{ status: 0 }, { status: 1 }, { status: 2 }, { status: 3 }, { status: 4 }, { status: 5 }],
  });
});

it('takes a list of 2000 ALAPI numbers', async () => {
  expect(parse(await ask(await start(), 'alapi/phonecheck', '2000 numbers'))).toMatchObject({ code: 200, usage: 2000 });
});

it.each([
  ['mobile missing, GET', 1],
  ['apikey missing, POST', 1],
  ['apikey of 31 characters', 1],
  ['apikey unknown', -1],
  ['too short', -2],
  ['eleven letters', -3],
  ['no record, GET', -4],
  ['no balance', -5],
  ['system error', -8],
  ['address not allowed', -9],
])('QXT answers "%s" with code %i', async (name, code) => {
  const sent = await ask(await start(), 'qxt/ssPhone_Status', name);
  expect(sent.status).toBe(200);
  expect(parse(sent)).toStrictEqual({ code, reason: expect.any(String), result: null });
});

it('charges QXT queries with code 0 alone', async () => {
  const twin = await start();
  for (const name of ['normal, GET', 'no record, GET', 'too short', 'look-up fails', 'normal, POST']) {
    await ask(twin, 'qxt/ssPhone_Status', name);
  }
  expect(parse(await ask(twin, 'qxt/balance', 'prepaid, POST'))).toMatchObject({ result: { balance: '12046' } });
});

it('reads the sample addresses of QXT in both spellings', async () => {
  const twin = await start();
  const target = `/ssphone_status?apikey=${CREDENTIALS.qxt.prepaid}&mobile=${NUMBERS.sampleQxtUrl}`;
  const raw = { method: 'GET', target, headers: [['Host', 'ps.szqxt.com']], body: Buffer.alloc(0) } as const;
  expect(parse(await send(twin.port, raw))).toMatchObject({ code: 0, result: { Mobile: NUMBERS.sampleQxtUrl } });
});

it('keeps no balance from one twin to the next', async () => {
  const world = sampleWorld(() => NOW * 1000);
  await ask(await start(world), 'qxt/ssPhone_Status', 'normal, GET');
  expect(parse(await ask(await start(world), 'qxt/balance', 'prepaid, GET'))).toMatchObject({ result: { balance: '12048' } });
});

it('takes a number of the world for one, whatever its segment', async () => {
  const world = sampleWorld(() => NOW * 1000);
  const stated = { status: 'normal', carrier: 'mobile', area: { province: '北京', city: '北京' }, owner: OWNER } as const;
  const twin = await start({ ...world, numbers: { ...world.numbers, [NUMBERS.sampleTencentInvalid]: stated } });
  expect(parse(await ask(twin, 'tencent/MobileStatus', 'TC3: first example, not a number'))).toMatchObject({
    Response: { Result: '0', StatusCode: 0 },
  });
});

it('names each request of the table once, and has more than 120', () => {
  const names = REQUESTS.map(({ endpoint, name }) => `${endpoint} ${name}`);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(120);
});

it('answers every request of the table in the envelope of its provider', async () => {
  const twin = await start();
  for (const request of REQUESTS) {
    const label = `${request.endpoint} ${request.name}`;
    const answer = parse(await send(twin.port, build(request, twin)));
    const envelope = request.endpoint.split('/')[0];
    if (envelope === 'tencent') expect(answer, label).toHaveProperty('Response.RequestId');
    else if (envelope === 'acedata') expect('result' in answer || 'trace_id' in answer, label).toBe(true);
    else expect(answer, label).toHaveProperty('code');
  }
});

async function start(world: World = sampleWorld(() => NOW * 1000)): Promise<Twin> {
  const twin = await startTwin(world);
  running.push(twin);
  return twin;
}

function ask(twin: Twin, endpoint: string, name: string): Promise<RawAnswer> {
  const request = REQUESTS.find((candidate) => candidate.endpoint === endpoint && candidate.name === name);
  if (request === undefined) throw new Error(`Failed to ask: the table has no "${name}" for ${endpoint}.`);
  return send(twin.port, build(request, twin));
}

function build(request: NamedRequest, twin: Twin): RawRequest {
  return request.build({ host: `127.0.0.1:${twin.port}`, now: NOW, credentials: CREDENTIALS });
}

function split(label: string): [string, string] {
  const at = label.indexOf(': ');
  return [label.slice(0, at), label.slice(at + 2)];
}

function parse({ text }: RawAnswer): object {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error(`Failed to read the answer: ${text} is no object.`);
  return value;
}

function official(authorization: string): Incoming {
  return {
    method: 'POST',
    path: '/',
    query: '',
    headers: {
      authorization,
      'content-type': 'application/json; charset=utf-8',
      host: 'cvm.tencentcloudapi.com',
      'x-tc-action': 'DescribeInstances',
      'x-tc-timestamp': String(OFFICIAL.timestamp),
      'x-tc-version': '2017-03-12',
    },
    body: Buffer.from(OFFICIAL.payload),
  };
}

interface Recorded {
  readonly host?: string;
  readonly service?: string;
  readonly timestamp?: number;
  readonly type?: string;
  readonly query?: string;
}

function recordedTc3(signature: string, body: string, options: Recorded = {}): RawRequest {
  const { host = '127.0.0.1:39943', service = '127', timestamp = 1_795_321_311, query } = options;
  const scope = `${RECORDED_KEYS.secretId}/2026-11-22/${service}/tc3_request`;
  return {
    method: query === undefined ? 'POST' : 'GET',
    target: query === undefined ? '/' : `/?${query}`,
    headers: [
      ['Host', host],
      ['X-TC-Action', 'MobileStatus'],
      ['X-TC-Region', 'null'],
      ['X-TC-Timestamp', String(timestamp)],
      ['X-TC-Version', '2018-03-01'],
      ['Content-Type', options.type ?? (query === undefined ? 'application/json' : 'application/x-www-form-urlencoded')],
      ['Authorization', `TC3-HMAC-SHA256 Credential=${scope}, SignedHeaders=content-type;host, Signature=${signature}`],
    ],
    body: Buffer.from(body),
  };
}

function recordedV1(method: 'GET' | 'POST', parameters: string, host = '127.0.0.1:39943'): RawRequest {
  return method === 'GET'
    ? { method, target: `/?${parameters}`, headers: [['Host', host]], body: Buffer.alloc(0) }
    : {
        method,
        target: '/',
        headers: [['Host', host], ['Content-Type', 'application/x-www-form-urlencoded']],
        body: Buffer.from(parameters),
      };
}
