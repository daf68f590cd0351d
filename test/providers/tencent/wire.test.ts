import { readdirSync, readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { sortedParameters, signatureV1, stringToSignV1 } from '../../../src/providers/tencent/hmac-v1.ts';
import { tencent } from '../../../src/providers/tencent/index.ts';
import { tc3Authorization } from '../../../src/providers/tencent/sign.ts';
import { sha256, utcDate } from '../../../src/providers/tencent/tc3.ts';
import { sandboxPublicKeys } from '../../../src/sealed/sandbox-keys.ts';
import { seal } from '../../../src/sealed/seal.ts';
import { loadSm } from '../../../src/sealed/sm.ts';
import { exchange, headerOf, lastEntry, type Outgoing } from '../../support/exchange.ts';
import { serve, serveForFile, type Served } from '../../support/serve.ts';

/** The server's time in seconds, the last millisecond of that second: the documented five minutes are exact. */
const now = 1795321311;
const realTime = { now: () => now * 1000 + 999 };

/** An account for each set of troubles, all with a temporary key. The tenant's clock stands still, so that a second never ends. */
const troubles = ['Forbidden', 'Rated', 'Poor'] as const;
const troubled = troubles.reduce<readonly string[]>((names, trouble) => names.flatMap((name) => [name, name + trouble]), ['AKID']);
const scenario = `
clock: 2026-01-31T12:00:00+08:00
accounts:
  tencent:
${troubled.map((secretId) => `    - { secretId: ${secretId}, secretKey: theSecretKey, sessionToken: theToken${
  secretId.includes('Forbidden') ? ', state: not-permitted' : ''}${secretId.includes('Rated') ? ', rate: 1/s' : ''}${secretId.includes('Poor') ? ', quota: 0' : ''} }`).join('\n')}
    - { secretId: AKIDnotActivated, secretKey: theSecretKey, sessionToken: theToken, state: not-activated }
numbers:
  "13800138000": { status: suspended }
`;

let served: Served;
beforeAll(async () => {
  await loadSm();
  served = await serveForFile(scenario, { realTime });
});
afterAll(() => served.close(0));

/** A call before it is signed. What both families of signatures have has one name here. */
interface Plan {
  method: string;
  host: string;
  secretId: string;
  secretKey: string;
  timestamp: string;
  /** Common parameters, without the `X-TC-` of headers; those that are `undefined` are left out. */
  common: Record<string, string | undefined>;
  params: Record<string, unknown>;
  /** TC3 only. */
  service: string;
  contentType: string;
  /** In place of the params as JSON. */
  body?: string;
  /** The signed headers, in this order. */
  signed?: readonly ('content-type' | 'host')[];
  authorization?: (text: string) => string;
  /** v1 only: put behind the query. */
  tail: string;
}

const plan = (change: Partial<Plan> = {}): Plan => ({
  method: 'POST', host: served.address, secretId: 'AKID', secretKey: 'theSecretKey', timestamp: String(now),
  params: { Mobile: '13800138000' }, service: 'faceid', contentType: 'application/json', tail: '',
  ...change,
  common: { Action: 'MobileStatus', Version: '2018-03-01', Token: 'theToken', ...change.common },
});

const present = (pairs: Readonly<Record<string, string | undefined>>): (readonly [string, string])[] =>
  Object.entries(pairs).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));

function tc3({ method, host, secretId, secretKey, timestamp, common, params, service, contentType, signed = ['content-type', 'host'], ...rest }: Plan): Outgoing {
  const get = method === 'GET';
  const query = get ? encoded(flat(params)) : '';
  const body = get ? '' : (rest.body ?? JSON.stringify(params));
  const lines = signed.map((name) => [name, name === 'host' ? host : contentType] as const);
  const text = tc3Authorization({ secretId, secretKey }, { service, timestamp, method: get ? 'GET' : 'POST', query, signed: lines, payload: sha256(body) });
  const headers = present({ ...common, Timestamp: timestamp }).map(([name, value]) => [`X-TC-${name}`, value] as const);
  const authorization = rest.authorization?.(text) ?? text;
  return { method, target: query === '' ? '/' : `/?${query}`, headers: [['Host', host], ['Content-Type', contentType], ...headers, ['Authorization', authorization]], body };
}

function v1({ method, host, secretId, secretKey, timestamp, common, params, tail }: Plan): Outgoing {
  const unsigned = [...flat(params), ...present({ Timestamp: timestamp, Nonce: '11886', SecretId: secretId, SignatureMethod: 'HmacSHA256', ...common })];
  const signature = signatureV1('HmacSHA256', secretKey, stringToSignV1(method, host, '/', sortedParameters(new Map(unsigned))));
  const text = encoded([...unsigned, ['Signature', signature]]) + tail;
  return method === 'POST'
    ? { method, target: '/', headers: [['Host', host], ['Content-Type', 'application/x-www-form-urlencoded']], body: text }
    : { method, target: `/?${text}`, headers: [['Host', host]] };
}

const flat = (params: Readonly<Record<string, unknown>>, prefix = ''): (readonly [string, string])[] =>
  Object.entries(params).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null ? flat(value as Record<string, unknown>, `${prefix}${name}.`) : [[prefix + name, String(value)] as const]);

const encoded = (pairs: readonly (readonly [string, string])[]): string => pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');

interface Response { readonly Error?: { readonly Code: string; readonly Message: string }; readonly Result?: string; readonly StatusCode?: number; readonly RequestId: string }

async function answer(outgoing: Outgoing, port = served.port): Promise<Response> {
  const incoming = await exchange(port, outgoing);
  // An official client takes errors for empty answers where anything stands behind the type.
  expect([incoming.status, headerOf(incoming, 'content-type')]).toEqual([200, 'application/json']);
  return (JSON.parse(incoming.body) as { Response: Response }).Response;
}

/** `Code: Message`, or `Result/StatusCode`. */
async function said(outgoing: Outgoing, port = served.port): Promise<string> {
  const { Error: error, Result: result, StatusCode: code } = await answer(outgoing, port);
  return error === undefined ? `${result}/${code}` : `${error.Code}: ${error.Message}`;
}

const success = '0/1';
const signatureFailure = 'AuthFailure.SignatureFailure: The provided credentials could not be validated. Please check your signature is correct.';
const secretIdNotFound = 'AuthFailure.SecretIdNotFound: The SecretId is not found, please ensure that your SecretId is correct.';
const expired = `AuthFailure.SignatureExpire: Signature expired. Please use local time and enable NTP service for time synchronization to avoid a deviation between \`Timestamp\` and the server time ${now}.`;
const tokenFailure = 'AuthFailure.TokenFailure: Token verification failed, please check if your Token is correct.';
const invalidAuthorization = (part: string) => `AuthFailure.InvalidAuthorization: The request \`Authorization\` header does not conform to tencentcloud standards: ${part} not valid.`;
const missing = (name: string) => `MissingParameter: The request is missing a required parameter \`${name}\`.`;
const unknown = (name: string) => `UnknownParameter: The parameter \`${name}\` is not recognized.`;
const wrongType = (name: string) => `InvalidParameter: The value type of parameter \`${name}\` is not valid.`;

const tc3Ways = [{ way: 'TC3 POST', send: tc3, method: 'POST' }, { way: 'TC3 GET', send: tc3, method: 'GET' }];
const v1Ways = [{ way: 'v1 POST', send: v1, method: 'POST' }, { way: 'v1 GET', send: v1, method: 'GET' }];
const ways = [...tc3Ways, ...v1Ways];

it.each(ways)('accepts a call that is in order: $way', async ({ send, method }) => {
  expect(await said(send(plan({ method })))).toBe(success);
});

it.each(ways.flatMap((way) => ([
  ['another key', { secretKey: 'anotherSecretKey' }, signatureFailure],
  ['an unknown SecretId', { secretId: 'AKIDnobody' }, secretIdNotFound],
  ['the token of another key', { common: { Token: 'anotherToken' } }, tokenFailure],
  ['no token', { common: { Token: undefined } }, tokenFailure],
  ['a timestamp 301 s old', { timestamp: String(now - 301) }, expired],
  ['a timestamp 301 s ahead', { timestamp: String(now + 301) }, expired],
  ['a timestamp in milliseconds', { timestamp: String(now * 1000) }, expired],
  ['an old timestamp and an unknown SecretId', { timestamp: '1', secretId: 'AKIDnobody' }, expired],
  ['another version', { common: { Version: '2019-07-22' } }, 'NoSuchVersion: The specified api version=`2019-07-22` does not exist in service=`faceid`.'],
  ['an action in lower case', { common: { Action: 'mobilestatus' } }, 'InvalidAction: The request action=`mobilestatus` is invalid or not found in service=`faceid` and version=`2018-03-01`.'],
] as const).map(([fault, change, expected]) => ({ ...way, fault, change, expected }))))('refuses $fault: $way', async ({ send, method, change, expected }) => {
  expect(await said(send(plan({ method, ...change })))).toBe(expected);
});

it.each(ways.flatMap((way) => [-300, -299, 299, 300].map((seconds) => ({ ...way, seconds }))))('accepts a timestamp $seconds s off: $way', async ({ send, method, seconds }) => {
  expect(await said(send(plan({ method, timestamp: String(now + seconds) })))).toBe(success);
});

/** The request with this header's value changed, behind the signing. */
const edited = (outgoing: Outgoing, header: string, edit: (value: string) => string): Outgoing => ({
  ...outgoing, headers: (outgoing.headers ?? []).map(([name, value]) => [name, name.toLowerCase() === header ? edit(value) : value] as const),
});

it.each<[string, (signed: () => Outgoing) => Outgoing]>([
  ['body', (signed) => ({ ...signed(), body: '{"Mobile":"13800138001"}' })],
  ['space behind the body', (signed) => ({ ...signed(), body: `${signed().body?.toString()} ` })],
  ['Content-Type', (signed) => edited(signed(), 'content-type', (type) => `${type}; charset=utf-8`)],
  ['Host', (signed) => edited(signed(), 'host', () => 'localhost')],
  ['timestamp', (signed) => edited(signed(), 'x-tc-timestamp', () => String(now + 1))],
  ['method', (signed) => ({ ...signed(), method: 'GET' })],
  ['last digit of the signature', (signed) => edited(signed(), 'authorization', (text) => text.slice(0, -1) + (text.endsWith('0') ? '1' : '0'))],
  ['case of the signature', (signed) => edited(signed(), 'authorization', (text) => text.replace(/[0-9a-f]{64}$/, (hex) => hex.toUpperCase()))],
  ['length of the signature', (signed) => edited(signed(), 'authorization', (text) => text.slice(0, -1))],
])('refuses another %s than was signed', async (_, change) => {
  expect(await said(change(() => tc3(plan())))).toBe(signatureFailure);
});

it('refuses another query than was signed', async () => {
  const signed = tc3(plan({ method: 'GET' }));
  expect(await said({ ...signed, target: `${signed.target}&` })).toBe(signatureFailure);
  expect(await said({ ...signed, target: signed.target.replace('Mobile', '%4dobile') })).toBe(signatureFailure);
});

it.each<[string, Partial<Plan>]>([
  ['in another order', { signed: ['host', 'content-type'] }],
  ['without content-type', { signed: ['host'] }],
  ['without host', { signed: ['content-type'] }],
  ['named in another order than they were signed', { authorization: (text) => text.replace('content-type;host', 'host;content-type') }],
  ['with one that was not sent', { authorization: (text) => text.replace('content-type;host', 'content-type;host;x-tc-nothing') }],
])('refuses SignedHeaders %s', async (_, change) => {
  expect(await said(tc3(plan(change)))).toBe(signatureFailure);
});

it.each<[string, string, (text: string) => string]>([
  ['of yesterday', '`Date` in Credential', (text) => text.replace(utcDate(String(now)), utcDate(String(now - 86_400)))],
  ['of another service', '`Service` in Credential', (text) => text.replace('/faceid/', '/cvm/')],
  ['of another service that is a name of every object', '`Service` in Credential', (text) => text.replace('/faceid/', '/constructor/')],
  ['of another end', '`Terminator` in Credential', (text) => text.replace('tc3_request', 'tc4_request')],
  ['without a date', '`Credential`', (text) => text.replace(/\/\d{4}-\d\d-\d\d\//, '/')],
  ['without a SecretId', '`Credential`', (text) => text.replace('Credential=AKID', 'Credential=')],
  ['without a Credential', '`Credential`', (text) => text.replace(/Credential=[^,]*, /, '')],
  ['without SignedHeaders', '`SignedHeaders`', (text) => text.replace(/SignedHeaders=[^,]*, /, '')],
  ['without a Signature', '`Signature`', (text) => text.replace(/, Signature=.*$/, '')],
  ['with two Signatures', '`Signature`', (text) => `${text}, Signature=x`],
  ['of another algorithm', '`Algorithm`', (text) => text.replace('TC3-HMAC-SHA256', 'TC3-HMAC-SM3')],
  ['of a bearer', '`Algorithm`', () => 'Bearer the-token'],
  ['of 5,000 characters', '`Authorization`', (text) => text + 'x'.repeat(5000)],
])('refuses an Authorization %s as one whose %s is not valid', async (_, part, authorization) => {
  for (const method of ['POST', 'GET']) expect(await said(tc3(plan({ method, authorization })))).toBe(invalidAuthorization(part));
});

// A signature covers the day: on both sides of midnight in UTC the date has to be that of the timestamp, not that of the server.
it('takes the date of the timestamp where the server has another already', async () => {
  const midnight = Date.parse('2026-11-23T00:00:00Z') / 1000;
  const { port } = await serve(scenario, { realTime: { now: () => (midnight + 100) * 1000 } });
  expect(await said(tc3(plan({ timestamp: String(midnight - 100) })), port)).toBe(success);
  expect(await said(tc3(plan({ timestamp: String(midnight - 100), authorization: (text) => text.replace('2026-11-22', '2026-11-23') })), port)).toBe(invalidAuthorization('`Date` in Credential'));
});

it('asks a bare GET for Timestamp first, and then for the other common parameters of v1 one by one', async () => {
  const given = { Timestamp: String(now), Nonce: '1', SecretId: 'AKIDnobody', Signature: 'x', Action: 'MobileStatus', Version: '2018-03-01' };
  const pairs = Object.entries(given);
  const answers = await Promise.all(pairs.map((_, count) => said({ method: 'GET', target: `/?${encoded(pairs.slice(0, count))}`, headers: [['Host', served.address]] })));
  expect(answers).toEqual(Object.keys(given).map(missing));
  expect(await said({ method: 'GET', target: `/?${encoded(pairs)}`, headers: [['Host', served.address]] })).toBe(secretIdNotFound);
});

it('asks a bare POST of JSON for Timestamp first, and then for the other headers of TC3 one by one', async () => {
  const headers = [['X-TC-Timestamp', String(now)], ['X-TC-Action', 'MobileStatus'], ['X-TC-Version', '2018-03-01']] as const;
  const answers = await Promise.all([0, 1, 2, 3].map((count) => said({ method: 'POST', target: '/', headers: [['Content-Type', 'application/json'], ...headers.slice(0, count)], body: '{}' })));
  expect(answers).toEqual(['Timestamp', 'Action', 'Version', 'Authorization'].map(missing));
});

it('asks a bare POST, of a form and of nothing, for Timestamp first', async () => {
  expect(await said({ method: 'POST', target: '/', headers: [['Content-Type', 'application/x-www-form-urlencoded']] })).toBe(missing('Timestamp'));
  expect(await said({ method: 'POST', target: '/' })).toBe(missing('Timestamp'));
});

it.each(['soon', '-1', '1e9', '1795321311.5', '１'])('calls the Timestamp %s and a Nonce like it of another type', async (value) => {
  const ofType = (name: string) => `InvalidParameter: Parameter \`${name}\` type error.`;
  for (const { send, method } of v1Ways) {
    expect(await said(send(plan({ method, timestamp: value })))).toBe(ofType('Timestamp'));
    expect(await said(send(plan({ method, common: { Nonce: value } })))).toBe(ofType('Nonce'));
  }
  if (/^[\x20-\x7e]*$/.test(value)) for (const { send, method } of tc3Ways) expect(await said(send(plan({ method, timestamp: value })))).toBe(ofType('Timestamp'));
});

// A Python client draws it from 63 bits, which no JavaScript number holds.
it('takes a Nonce of 19 digits, and 0', async () => {
  for (const Nonce of ['9223372036854775807', '0']) expect(await said(v1(plan({ method: 'GET', common: { Nonce } })))).toBe(success);
});

it('refuses a parameter without "=" in the gateway’s own spelling', async () => {
  const expected = 'InvalidParameter: Url key and value should be splited by `=`.';
  for (const { send, method } of v1Ways) expect(await said(send(plan({ method, tail: '&Mobile' })))).toBe(expected);
  expect(await said({ method: 'GET', target: '/?hello' })).toBe(expected);
});

const readable = { EncryptList: ['Mobile'], CiphertextBlob: 'x', Iv: 'x' };

it.each(ways.flatMap((way) => ([
  ['no Mobile', {}, missing('Mobile')],
  ['another parameter', { Mobile: '13800138000', Phone: '1' }, unknown('Phone')],
  ['a parameter of another case', { Mobile: '13800138000', mobile: '1' }, unknown('mobile')],
  ['an Encryption that is a text', { Mobile: '1', Encryption: 'AES' }, wrongType('Encryption')],
  ['a Mobile that is an object', { Mobile: { Number: '1' } }, wrongType('Mobile')],
  ['another parameter in Encryption', { Mobile: '1', Encryption: { ...readable, Key: 'x' } }, unknown('Encryption.Key')],
  ['no EncryptList', { Mobile: '1', Encryption: { CiphertextBlob: 'x', Iv: 'x' } }, missing('Encryption.EncryptList')],
  ['no CiphertextBlob', { Mobile: '1', Encryption: { EncryptList: ['Mobile'], Iv: 'x' } }, missing('Encryption.CiphertextBlob')],
  ['no Iv', { Mobile: '1', Encryption: { EncryptList: ['Mobile'], CiphertextBlob: 'x' } }, missing('Encryption.Iv')],
  ['an EncryptList that is a text', { Mobile: '1', Encryption: { ...readable, EncryptList: 'Mobile' } }, wrongType('Encryption.EncryptList')],
  ['a TagList that is a text', { Mobile: '1', Encryption: { ...readable, TagList: 'x' } }, wrongType('Encryption.TagList')],
] as const).map(([fault, params, expected]) => ({ ...way, fault, params, expected }))))('refuses $fault: $way', async ({ send, method, params, expected }) => {
  expect(await said(send(plan({ method, params })))).toBe(expected);
});

it.each<[string, Record<string, unknown>, string]>([
  ['a Mobile that is a number', { Mobile: 13800138000 }, wrongType('Mobile')],
  ['a Mobile that is a list', { Mobile: ['13800138000'] }, wrongType('Mobile')],
  ['a Mobile that is null', { Mobile: null }, missing('Mobile')],
  ['an Encryption that is a list', { Mobile: '1', Encryption: [readable] }, wrongType('Encryption')],
  ['an Iv that is a number', { Mobile: '1', Encryption: { ...readable, Iv: 1 } }, wrongType('Encryption.Iv')],
  ['an EncryptList with a number', { Mobile: '1', Encryption: { ...readable, EncryptList: ['Mobile', 1] } }, wrongType('Encryption.EncryptList')],
])('refuses %s in JSON', async (_, params, expected) => {
  expect(await said(tc3(plan({ params })))).toBe(expected);
});

it.each(['{"Mobile":"13800138000"', '["13800138000"]', '"13800138000"', 'Mobile=13800138000', '\u0000', '[[[['.repeat(20)])('refuses the body %j, which is no JSON object', async (body) => {
  expect(await said(tc3(plan({ body })))).toBe('InvalidParameter: The request body is not a valid JSON object.');
});

it('reads an empty body as one without parameters', async () => {
  expect(await said(tc3(plan({ body: '' })))).toBe(missing('Mobile'));
});

it('reads a flattened list in the order of its indices, however they are counted', async () => {
  const envelope = seal('AES-256-CBC', ['13800138000'], sandboxPublicKeys);
  const heard = async (list: Readonly<Record<string, string>>) => {
    const params = { Mobile: envelope.fields[0], Encryption: { EncryptList: list, CiphertextBlob: envelope.blob, Iv: envelope.iv } };
    return Promise.all(ways.filter(({ way }) => way !== 'TC3 POST').map(({ send, method }) => said(send(plan({ method, params })))));
  };
  const other = 'InvalidParameter.UnsupportEncryptField: Unencrypted fields exist. Refer to the documentation to modify.';
  expect(await heard({ 0: 'Mobile' })).toEqual(Array(3).fill(success));
  expect(await heard({ 7: 'Mobile' })).toEqual(Array(3).fill(success));
  expect(await heard({ 0: 'Mobile', 1: 'Mobile' })).toEqual(Array(3).fill(other));
  expect(await heard({ 0: 'Name', 1: 'Mobile' })).toEqual(Array(3).fill(other));
});

it('answers an Encryption that is null as none', async () => {
  expect(await said(tc3(plan({ params: { Mobile: '13800138000', Encryption: null } })))).toBe(success);
});

it('takes the last of a parameter that comes twice, in each place where one can', async () => {
  expect(await said(tc3(plan({ body: '{"Mobile":"1","Mobile":"13800138000"}' })))).toBe(success);
  const first = 'Mobile=1&Version=2019-07-22&';
  const twice = (outgoing: Outgoing): Outgoing =>
    outgoing.method === 'POST' ? { ...outgoing, body: first + String(outgoing.body) } : { ...outgoing, target: outgoing.target.replace('?', `?${first}`) };
  for (const { send, method } of v1Ways) expect(await said(twice(send(plan({ method }))))).toBe(success);
  const last = (outgoing: Outgoing): Outgoing => ({ ...outgoing, target: outgoing.target.replace(/$/, '&Mobile=1') });
  expect(await said(last(v1(plan({ method: 'GET' }))))).toBe(signatureFailure);
});

it.each(ways)('says errors and answers in Chinese where it is asked to: $way', async ({ send, method }) => {
  const inChinese = (change: Partial<Plan>) => answer(send(plan({ method, ...change, common: { ...change.common, Language: 'zh-CN' } })));
  expect(await inChinese({})).toMatchObject({ Description: '成功' });
  expect(await inChinese({ params: { Mobile: '16137688175' } })).toMatchObject({ Description: '手机号格式不正确' });
  expect(await inChinese({ secretKey: 'x' })).toMatchObject({ Error: { Message: '请求签名验证失败，请检查您的签名计算是否正确。' } });
  expect(await inChinese({ secretId: 'x' })).toMatchObject({ Error: { Message: 'SecretId不存在，请输入正确的密钥。' } });
  expect(await inChinese({ secretId: 'AKIDnotActivated' })).toMatchObject({ Error: { Message: '未开通服务。' } });
});

it.each(ways.flatMap((way) => ['', 'en-US', 'fr-FR', 'zh', 'ZH-CN'].map((Language) => ({ ...way, Language }))))('stays with English where it is asked for "$Language": $way', async ({ send, method, Language }) => {
  expect(await answer(send(plan({ method, common: { Language } })))).toMatchObject({ Description: 'Success' });
});

it.each(ways.flatMap((way) => ['null', '', 'ap-singapore', 'mars-1'].map((Region) => ({ ...way, Region }))))('lets the region "$Region" have no effect: $way', async ({ send, method, Region }) => {
  expect(await said(send(plan({ method, common: { Region } })))).toBe(success);
});

it('answers as an official test expects of an account that is not activated: before Mobile and Encryption are looked at', async () => {
  const params = { Mobile: 'null', Encryption: { EncryptList: ['null'], CiphertextBlob: 'null', Iv: 'null', Algorithm: 'null', TagList: ['null'] } };
  expect(await said(tc3(plan({ secretId: 'AKIDnotActivated', params })))).toBe('UnauthorizedOperation.Nonactivated: The service has not been activated.');
});

// Two faults at once.

interface Fault {
  readonly fault: string;
  readonly expected: string;
  readonly add: (plan: Plan) => void;
}

const cannotOpen = { Mobile: '13800138000', Encryption: { EncryptList: ['Mobile'], CiphertextBlob: 'x', Iv: 'x' } };

/** What comes behind the credential, in the order in which it is told; in front of it stands what a family of signatures has of its own. */
const faultsBehind: readonly Fault[] = [
  { fault: 'another token', expected: tokenFailure, add: ({ common }) => { common['Token'] = 'anotherToken'; } },
  { fault: 'another version', expected: 'NoSuchVersion: The specified api version=`2019-07-22` does not exist in service=`faceid`.', add: ({ common }) => { common['Version'] = '2019-07-22'; } },
  { fault: 'another action', expected: 'InvalidAction: The request action=`Nothing` is invalid or not found in service=`faceid` and version=`2018-03-01`.', add: ({ common }) => { common['Action'] = 'Nothing'; } },
  { fault: 'a lack of permission', expected: 'AuthFailure.UnauthorizedOperation', add: (each) => { each.secretId = account(each, 'Forbidden'); } },
  { fault: 'one call too many', expected: 'RequestLimitExceeded', add: (each) => { each.secretId = account(each, 'Rated'); } },
  { fault: 'an unknown parameter', expected: unknown('Nothing'), add: ({ params }) => { params['Nothing'] = '1'; } },
  { fault: 'a missing parameter', expected: missing('Mobile'), add: ({ params }) => { delete params['Mobile']; } },
  { fault: 'a parameter of another type', expected: wrongType('Encryption'), add: ({ params }) => { params['Encryption'] = 'AES'; } },
  { fault: 'arrears', expected: 'UnauthorizedOperation.Arrears: The account is in arrears.', add: (each) => { each.secretId = account(each, 'Poor'); } },
  { fault: 'an envelope that cannot be opened', expected: 'FailedOperation.DecryptSystemError: Decryption failed.', add: ({ params }) => { Object.assign(params, cannotOpen); } },
  { fault: 'an invalid number', expected: '-2/99', add: ({ params }) => { params['Mobile'] = '1'; } },
];

const unknownSecretId: Fault = { fault: 'an unknown SecretId', expected: secretIdNotFound, add: (each) => { each.secretId = 'AKIDnobody'; } };
const anotherKey: Fault = { fault: 'another key', expected: signatureFailure, add: (each) => { each.secretKey = 'anotherSecretKey'; } };
const oldTimestamp: Fault = { fault: 'an old timestamp', expected: expired, add: (each) => { each.timestamp = String(now - 301); } };
const noVersion: Fault = { fault: 'no Version', expected: missing('Version'), add: ({ common }) => { common['Version'] = undefined; } };

const tc3Faults: readonly Fault[] = [
  { fault: 'another method', expected: 'UnsupportedProtocol', add: (each) => { each.method = 'PUT'; } },
  noVersion,
  oldTimestamp,
  { fault: 'an unreadable Authorization', expected: invalidAuthorization('`Algorithm`'), add: (each) => { each.authorization = () => 'SKIP'; } },
  unknownSecretId,
  { fault: 'another service', expected: invalidAuthorization('`Service` in Credential'), add: (each) => { each.service = 'cvm'; } },
  anotherKey,
  ...faultsBehind,
];

const v1Faults: readonly Fault[] = [
  { fault: 'a query above 32 kB', expected: 'RequestSizeLimitExceeded', add: ({ params }) => { params['Nothing'] = 'x'.repeat(33_000); } },
  { fault: 'a parameter without "="', expected: 'InvalidParameter: Url key and value should be splited by `=`.', add: (each) => { each.tail = '&x'; } },
  noVersion,
  { fault: 'a Nonce of another type', expected: 'InvalidParameter: Parameter `Nonce` type error.', add: ({ common }) => { common['Nonce'] = 'x'; } },
  oldTimestamp,
  unknownSecretId,
  anotherKey,
  ...faultsBehind,
];

/** The account that has this trouble besides those of the plan's. An unknown one stays unknown. */
function account({ secretId }: Plan, trouble: (typeof troubles)[number]): string {
  return `AKID${troubles.filter((each) => each === trouble || secretId.includes(each)).join('')}`;
}

interface Family { readonly way: string; readonly send: (plan: Plan) => Outgoing; readonly method: string; readonly faults: readonly Fault[] }
const families: readonly Family[] = [{ way: 'TC3 POST', send: tc3, method: 'POST', faults: tc3Faults }, { way: 'v1 GET', send: v1, method: 'GET', faults: v1Faults }];

it.each(families.flatMap((family) => family.faults.map((first, index) => ({ ...family, first, fault: first.fault, later: family.faults.slice(index) }))))(
  'tells of $fault, and of nothing that is checked behind it: $way',
  async ({ send, method, first, later }) => {
    // The one call that a rated account has in the second that never ends.
    for (const secretId of troubled) if (secretId.includes('Rated')) await exchange(served.port, send(plan({ method, secretId })));
    const heard: Record<string, string> = {};
    for (const second of later) {
      const both = plan({ method });
      // Where both change the same place, the earlier fault is the one that stays.
      second.add(both);
      first.add(both);
      heard[second.fault] = await said(send(both));
    }
    expect(heard).toEqual(Object.fromEntries(later.map(({ fault }) => [fault, expect.stringContaining(first.expected)])));
  },
);

// Sizes.

const megabyte = 1024 * 1024;

it('reads a form of 1 MB that v1 signed and refuses one byte more in words of its own', async () => {
  // Each sign of the signature as an escape, so that all forms with as much padding are of one length.
  const escaped = (text: string): string => text.replace(/(?<=&Signature=).*$/, (signature) => Buffer.from(decodeURIComponent(signature)).toString('hex').replace(/../g, '%$&'));
  const form = (pad: number): Outgoing => {
    const made = v1(plan({ params: { Mobile: '13800138000', Pad: 'x'.repeat(pad) } }));
    return { ...made, body: escaped(String(made.body)) };
  };
  const sized = (bytes: number): Outgoing => form(bytes - String(form(0).body).length);
  expect(await said(sized(megabyte))).toBe(unknown('Pad'));
  expect(await said(sized(megabyte + 1)))
    .toBe('AuthFailure.SignatureFailure: The provided credentials could not be validated because of exceeding request size limit, please use new signature method `TC3-HMAC-SHA256`.');
});

it('reads a query of 32 kB and refuses more, in TC3 and in v1', async () => {
  for (const { send } of [{ send: tc3 }, { send: v1 }]) {
    expect(await said(send(plan({ method: 'GET', params: { Mobile: '13800138000', Pad: 'x'.repeat(32_000) } })))).toBe(unknown('Pad'));
    expect(await said(send(plan({ method: 'GET', params: { Mobile: '13800138000', Pad: 'x'.repeat(33_000) } })))).toContain('RequestSizeLimitExceeded');
  }
});

it('reads a body of 10 MB, refuses one byte more, and goes on with the connection', async () => {
  let connections = 0;
  const large = await serve(scenario, { realTime });
  large.server.on('connection', () => { connections += 1; });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const body = '{"Mobile":"13800138000"}'.padEnd(10 * megabyte);
  const ask = async (text: string) => JSON.parse((await exchange(large.port, tc3(plan({ body: text })), agent)).body) as unknown;
  expect(await ask(body)).toMatchObject({ Response: { Result: '0', StatusCode: 1 } });
  expect(await ask(`${body} `)).toMatchObject({ Response: { Error: { Code: 'RequestSizeLimitExceeded' } } });
  expect(await ask('{"Mobile":"13800138000"}')).toMatchObject({ Response: { Result: '0', StatusCode: 1 } });
  agent.destroy();
  expect(connections).toBe(1);
});

// The vendor's clients, as they were recorded.

const golden = new URL('../../golden/tencent/', import.meta.url);
const recorded = readdirSync(golden).filter((file) => file.endsWith('.txt') && file !== 'node-cn_skipsign.txt').sort();
const bytesOf = (file: string): string => readFileSync(new URL(file, golden), 'latin1');

/** They were made within eight minutes, so one time is fresh for all. */
const recordedAt = { now: () => 1795321542_000 };
const recordedAccount = (token: boolean): string => `
accounts:
  tencent: { secretId: AKIDSANDBOX00000000000000000EXAMPLE, secretKey: SandboxSecretKey0000000000EXAMPLE${token ? ', sessionToken: sandbox-session-token-EXAMPLE' : ''} }
numbers:
  "13800138000": { status: suspended }
`;

/** With a port of its own, as here, Tencent has every path: some clients had a prefix in their endpoint. */
const alone = [{ ...tencent, ownsPath: () => true }];

/** One of them has the account as a temporary key, for the recordings with a token. */
let players: { readonly permanent: Served; readonly temporary: Served };
beforeAll(async () => {
  const player = (token: boolean) => serveForFile(recordedAccount(token), { realTime: recordedAt, providers: alone });
  players = { permanent: await player(false), temporary: await player(true) };
});
afterAll(() => Promise.all([players.permanent.close(0), players.temporary.close(0)]));

/** Plays the recording, as it is or with a change. */
const play = (recording: string, bytes = recording): Promise<string> =>
  sendBytes((recording.includes('sandbox-session-token') ? players.temporary : players.permanent).port, bytes);

/** Writes latin1 text to a socket as it is, and reads one answer. */
function sendBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    let received = '';
    socket.setEncoding('latin1').on('error', reject).on('end', () => reject(new Error(`the connection ended with: ${received}`)));
    socket.on('data', (chunk: string) => {
      received += chunk;
      const [head = '', ...rest] = received.split('\r\n\r\n');
      const body = rest.join('\r\n\r\n');
      const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
      if (length === undefined || body.length < Number(length)) return;
      socket.destroy();
      const { Response: response } = JSON.parse(Buffer.from(body, 'latin1').toString('utf8')) as { Response: Response };
      resolve(response.Error?.Code ?? `${response.Result}/${response.StatusCode}`);
    });
  });
}

/** What the backend makes of it: some ask for another action, hold a dummy envelope, or are no JSON. */
function backendAnswer(bytes: string): string {
  if (bytes.includes('PhoneVerification')) return 'InvalidAction';
  if (bytes.includes('multipart/')) return 'UnsupportedOperation';
  return bytes.includes('Encryption') ? 'FailedOperation.DecryptSystemError' : success;
}

it('has 27 recorded requests that are signed', () => {
  expect(recorded).toHaveLength(27);
});

it.each(recorded)('accepts the recorded bytes of %s', async (file) => {
  const bytes = bytesOf(file);
  expect(await play(bytes)).toBe(backendAnswer(bytes));
});

interface Change {
  readonly part: string;
  /** Behind `AuthFailure.`. */
  readonly code: string;
  readonly change: (bytes: string) => string;
}

const digit = (place: RegExp) => (bytes: string): string => bytes.replace(place, (_whole, before: string, sign: string) => before + (sign === '0' ? '1' : '0'));

const hostAndSignature: readonly Change[] = [
  // In a real name not the product, whose lack is told before anything is verified.
  { part: 'host', code: 'SignatureFailure', change: (bytes) => bytes.replace(/^(Host: (?:faceid\.)?)./m, '$1j') },
  { part: 'signature', code: 'SignatureFailure', change: digit(/(Signature=)(.)/) },
];

const tc3Changes: readonly Change[] = [
  ...hostAndSignature,
  { part: 'Content-Type', code: 'SignatureFailure', change: (bytes) => bytes.replace(/^(content-type: .)./im, '$1q') },
  { part: 'timestamp', code: 'SignatureFailure', change: digit(/^(X-TC-Timestamp: \d{9})(\d)/m) },
  { part: 'date', code: 'InvalidAuthorization', change: (bytes) => bytes.replace('/2026-11-22/', '/2026-11-21/') },
  { part: 'service', code: 'InvalidAuthorization', change: (bytes) => bytes.replace(/(\/2026-11-22\/)./, '$1x') },
  { part: 'SecretId', code: 'SecretIdNotFound', change: (bytes) => bytes.replace('EXAMPLE/', 'EXAMPLF/') },
];

const v1Changes: readonly Change[] = [
  ...hostAndSignature,
  { part: 'timestamp', code: 'SignatureFailure', change: digit(/(Timestamp=\d{9})(\d)/) },
  { part: 'nonce', code: 'SignatureFailure', change: digit(/(Nonce=\d+)(\d)/) },
  { part: 'version', code: 'SignatureFailure', change: (bytes) => bytes.replace('2018-03-01', '2018-03-02') },
  { part: 'SecretId', code: 'SecretIdNotFound', change: (bytes) => bytes.replace('EXAMPLE&', 'EXAMPLF&') },
];

const bodyByte: Change = { part: 'body', code: 'SignatureFailure', change: (bytes) => bytes.replace(/(\r\n\r\n[^]*)[^\r\n](?=[\r\n]*$)/, '$1~') };
const queryByte: Change = { part: 'query', code: 'SignatureFailure', change: (bytes) => bytes.replace(/^(GET \/[^?]*\?[^ ]*?=)./, '$1~') };

const covered = recorded.flatMap((file) => {
  const bytes = bytesOf(file);
  const isTc3 = bytes.includes('TC3-HMAC-SHA256');
  const changes = [...(isTc3 ? tc3Changes : v1Changes), bytes.startsWith('GET') ? queryByte : bodyByte];
  // The service of a loopback host is part of its name, and no longer fits it.
  const loopback = isTc3 && !bytes.includes('tencentcloudapi.com');
  return changes.map((each) => ({ file, ...each, code: loopback && each.part === 'host' ? 'InvalidAuthorization' : each.code }));
});

it.each(covered)('refuses $file with one byte of its $part changed: $code', async ({ file, code, change }) => {
  const bytes = bytesOf(file);
  const changed = change(bytes);
  expect(changed).toHaveLength(bytes.length);
  expect([...changed].filter((sign, at) => sign !== bytes[at])).toHaveLength(1);
  expect(await play(bytes, changed)).toBe(`AuthFailure.${code}`);
});

it('refuses the recorded request that is not signed', async () => {
  expect(await play(bytesOf('node-cn_skipsign.txt'))).toBe('AuthFailure.InvalidAuthorization');
});

// SM2 and SM4 are loaded by need.

it.each<[string, (params: Record<string, unknown>) => Outgoing]>([
  ['in JSON', (params) => tc3(plan({ params }))],
  ['in JSON, with escapes', (params) => tc3(plan({ body: JSON.stringify(params).replace('SM4-GCM', '\\u0053\\u004d4-GCM') }))],
  ['in the query of a GET', (params) => tc3(plan({ method: 'GET', params }))],
  ['in a form', (params) => v1(plan({ params }))],
])('opens SM4-GCM in the first request of a process, named %s', async (_, ofParams) => {
  const { fields, blob, iv, tags, algorithm } = seal('SM4-GCM', ['13800138000'], sandboxPublicKeys);
  const outgoing = ofParams({ Mobile: fields[0], Encryption: { EncryptList: ['Mobile'], CiphertextBlob: blob, Iv: iv, Algorithm: algorithm, TagList: tags } });
  vi.resetModules();
  const fresh = await import('../../support/serve.ts');
  const { smLoaded } = await import('../../../src/sealed/sm.ts');
  const { port } = await fresh.serve(scenario, { realTime });
  expect(smLoaded()).toBe(false);
  expect(await said(outgoing, port)).toBe(success);
  expect(smLoaded()).toBe(true);
});

it('writes into the journal why a signature is refused, without the key', async () => {
  const { port } = await serve(scenario, { realTime });
  await exchange(port, tc3(plan({ host: '127.0.0.1:1', secretKey: 'anotherSecretKey' })));
  const { because } = await lastEntry(port);
  expect(because).toContain('The check "signature" (authenticate) refused it: it is not the signature of this request');
  expect(because).not.toMatch(/SecretKey/i);
});

it('writes into the journal at which step an envelope stays closed, without what it was said to hold', async () => {
  const { port } = await serve(scenario, { realTime });
  await exchange(port, tc3(plan({ params: { ...cannotOpen, Encryption: { ...cannotOpen.Encryption, CiphertextBlob: 'AAAA' } } })));
  const entry = await lastEntry(port);
  expect(entry.because).toMatch(/^The check "encryption" \(validate\) refused it: decryption fails at blob: .*[^.]\.$/);
  expect(JSON.stringify(entry)).not.toContain('13800138000');
});
