import { constants, createCipheriv, createHash, publicEncrypt } from 'node:crypto';
import { expect, it } from 'vitest';
import { sandboxPublicKeys } from '../../src/sealed/sandbox-keys.ts';
import { exchange, headerOf, type Incoming, type Outgoing } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';
import { whyOf } from './look-inside.ts';
import { dateOf, signingKey, tc3Request, tc3Signed, v1Signed, type Key, type Tc3Mistake, type Tc3Request, type V1Mistake } from './signer.ts';

/** 17:00 UTC on 22 November 2026, when it is the 23rd in China already. */
const now = 1_795_366_800;
const number = '13987654321';
const key: Key = { secretId: 'AKIDpatient000000001', secretKey: 'theSecretKeyOfThePatient' };
const neighbour: Key = { secretId: 'AKIDneighbour0000002', secretKey: 'theSecretKeyNextDoor' };
const scenario = (readings = ''): string => `
accounts: { tencent: [{ secretId: ${key.secretId}, secretKey: ${key.secretKey} }, { secretId: ${neighbour.secretId}, secretKey: ${neighbour.secretKey} }] }
${readings}`;
const strict = 'readings: { tencent.scopeService: strict }\n';
const serving = (readings?: string) => serve(scenario(readings), { realTime: { now: () => now * 1000 } });

const failure = 'The provided credentials could not be validated. Please check your signature is correct.';
const standards = (part: string): string => `The request \`Authorization\` header does not conform to tencentcloud standards: ${part} not valid.`;
const expired = /^Signature expired\. Please use local time and enable NTP service for time synchronization to avoid a deviation between `Timestamp` and the server time 1795366800\.$/;

/** One mistake of a client: what is sent, what is signed otherwise, what the provider says of it and what the journal calls it. */
interface Mistake {
  readonly cause: string;
  readonly code: string;
  readonly message: string | RegExp;
  readonly request: (host: string) => Outgoing;
  readonly readings?: string;
}

const business = { Mobile: number };
const signatureFailure = (cause: string, request: Mistake['request']): Mistake => ({ cause, code: 'AuthFailure.SignatureFailure', message: failure, request });
const tc3 = (cause: string, change: Partial<Tc3Request>, wrong: Partial<Tc3Mistake> = {}): Mistake =>
  signatureFailure(cause, (host) => tc3Signed({ ...tc3Request(key, host, business, now), ...change }, wrong));
const v1 = (cause: string, wrong: Partial<V1Mistake>, method: 'GET' | 'POST' = 'POST'): Mistake => signatureFailure(cause, (host) => v1Signed(key, host, [['Mobile', number]], now, wrong, method));
const of = (mistake: Mistake, code: string, message: string | RegExp, readings = ''): Mistake => ({ ...mistake, code, message, readings });

const get = { method: 'GET', type: 'application/x-www-form-urlencoded', query: `Mobile=%2B86${number}&Language=en-US` } as const;
const utc = dateOf(now);
const local = dateOf(now + 8 * 3600);

const mistakes: readonly Mistake[] = [
  tc3('wrong-key', { key: { ...key, secretKey: 'aKeyThatNobodyHas' } }),
  tc3('key-of-another-account', { key: { ...key, secretKey: neighbour.secretKey } }),
  tc3('key-padded', { key: { ...key, secretKey: `${key.secretKey}\n` } }),
  tc3('key-without-prefix', {}, { signingKey: signingKey(key.secretKey, utc, 'faceid', '') }),
  tc3('body-re-serialised', { body: JSON.stringify(business, undefined, 2) }, { body: JSON.stringify(business) }),
  tc3('payload-empty', {}, { body: '' }),
  tc3('payload-not-hashed', {}, { payload: JSON.stringify(business) }),
  tc3('content-type-differs', { type: 'application/json; charset=utf-8' }, { type: 'application/json' }),
  signatureFailure('header-name-case', (host) => tc3Signed(tc3Request(key, host, business, now), { headerLines: `Content-Type:application/json\nHost:${host}\n` })),
  signatureFailure('header-lines-unsorted', (host) => tc3Signed(tc3Request(key, host, business, now), { headerLines: `host:${host}\ncontent-type:application/json\n` })),
  tc3('signature-upper-case', {}, { write: (digest) => digest.toString('hex').toUpperCase() }),
  tc3('signature-base64', {}, { write: (digest) => digest.toString('base64') }),
  tc3('query-re-sorted', get, { query: `Language=en-US&Mobile=%2B86${number}` }),
  tc3('query-decoded', get, { query: `Mobile=+86${number}&Language=en-US` }),
  of(tc3('scope-date-local', { date: local }), 'AuthFailure.InvalidAuthorization', standards('`Date` in Credential')),
  of(tc3('service-from-host', { service: '127' }), 'AuthFailure.InvalidAuthorization', standards('`Service` in Credential'), strict),
  of(tc3('service-of-another-product', { service: 'cvm' }), 'AuthFailure.InvalidAuthorization', standards('`Service` in Credential')),
  of(tc3('secret-id-misspelt', { key: { ...key, secretId: 'AKIDpatient000000011' } }), 'AuthFailure.SecretIdNotFound', 'The SecretId is not found, please ensure that your SecretId is correct.'),
  of(tc3('secret-key-as-id', { key: { secretId: key.secretKey, secretKey: key.secretId } }), 'AuthFailure.SecretIdNotFound', 'The SecretId is not found, please ensure that your SecretId is correct.'),
  of(tc3('clock-skew', { timestamp: now - 4000 }), 'AuthFailure.SignatureExpire', expired),
  of(tc3('timestamp-in-local-time', { timestamp: now + 8 * 3600 }), 'AuthFailure.SignatureExpire', expired),
  of(tc3('timestamp-in-milliseconds', { timestamp: now * 1000, date: utc }), 'AuthFailure.SignatureExpire', expired),
  v1('parameters-unsorted', { sort: (pairs) => pairs }),
  signatureFailure('values-url-encoded', (host) => v1Signed(key, host, [['Mobile', `+86${number}`]], now, { spell: encodeURIComponent })),
  v1('only-parameters-signed', { toSign: (_method, _host, sorted) => sorted }),
  v1('method-differs', { toSign: (_method, host, sorted) => `GET${host}/?${sorted}` }),
  v1('signature-method-differs', { hash: 'sha256' }),
  v1('signature-hex', { write: (digest) => digest.toString('hex') }, 'GET'),
  v1('parameter-not-signed', { sort: (pairs) => pairs.filter(([name]) => name !== 'Nonce').toSorted(([a], [b]) => (a < b ? -1 : 1)) }, 'GET'),
];

/** Whether an answer is the provider's error and nothing besides. */
function expectOnly(answer: Incoming, code: string, message: string | RegExp): void {
  const { Response } = JSON.parse(answer.body) as { Response: { RequestId: string } };
  expect(Response).toEqual({ Error: { Code: code, Message: typeof message === 'string' ? message : expect.stringMatching(message) }, RequestId: expect.stringMatching(/^[\da-f-]{36}$/) });
  expect(answer.status).toBe(200);
  expect(answer.headers.map(([name]) => name.toLowerCase()).sort()).toEqual(['connection', 'content-length', 'content-type', 'date']);
  expect(headerOf(answer, 'content-type')).toBe('application/json');
}

it.each(mistakes)('names the mistake $cause to its user, and says $code to the client', async ({ cause, code, message, request, readings }) => {
  const { port, address } = await serving(readings);
  const answer = await exchange(port, request(address));
  expectOnly(answer, code, message);
  const { Response: { RequestId } } = JSON.parse(answer.body) as { Response: { RequestId: string } };
  const why = await whyOf(port, RequestId);
  expect(why).toMatchObject({ row: code, units: 0, diagnosis: { cause, explanation: expect.stringMatching(/^[A-Z].*\.$/s) } });
  expect(answer.body).not.toContain(why.diagnosis?.explanation);
  const refused = why.phases.filter(({ verdict }) => verdict === 'refused');
  expect(refused.map(({ phase }) => phase)).toEqual(['authenticate']);
  const said = JSON.stringify(why);
  for (const secret of [number, key.secretKey, neighbour.secretKey, key.secretId]) expect([secret, said.includes(secret)]).toEqual([secret, false]);
});

it('answers a request that is signed as the document has it, under both readings', async () => {
  for (const readings of ['', strict]) {
    const { port, address } = await serving(readings);
    const requests = [tc3Signed(tc3Request(key, address, business, now)), tc3Signed({ ...tc3Request(key, address, '', now), ...get, query: `Mobile=%2B86${number}` }), v1Signed(key, address, [['Mobile', number]], now), v1Signed(key, address, [['Mobile', number]], now, {}, 'GET')];
    for (const request of requests) expect(JSON.parse((await exchange(port, request)).body)).toMatchObject({ Response: { RequestId: expect.any(String), Result: expect.any(String) } });
    expect((await whyOf(port, requests.length)).diagnosis).toBeNull();
  }
});

it('shows what was signed beside what should have been', async () => {
  const { port, address } = await serving();
  await exchange(port, tc3Signed({ ...tc3Request(key, address, business, now), type: 'application/json; charset=utf-8' }, { type: 'application/json' }));
  const { diagnosis } = await whyOf(port, 1);
  const canonical = (type: string): string => `POST\n/\n\ncontent-type:${type}\nhost:${address}\n\ncontent-type;host\n${sha256(JSON.stringify(business))}`;
  expect([diagnosis?.expected?.canonicalRequest, diagnosis?.signed?.canonicalRequest]).toEqual([canonical('application/json; charset=utf-8'), canonical('application/json')]);
  expect(diagnosis?.signed?.stringToSign).toBe(`TC3-HMAC-SHA256\n${now}\n${utc}/faceid/tc3_request\n${sha256(canonical('application/json'))}`);
});

it('masks the number and the SecretId in what was signed', async () => {
  const { port, address } = await serving();
  await exchange(port, v1Signed(key, address, [['Mobile', number]], now, { sort: (pairs) => pairs }));
  const { diagnosis } = await whyOf(port, 1);
  expect(diagnosis?.expected?.stringToSign).toBe(`POST${address}/?Action=MobileStatus&Mobile=139****4321&Nonce=11886&SecretId=AKID… (20 characters)&Timestamp=${now}&Version=2018-03-01`);
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const base64 = (bytes: Buffer): string => bytes.toString('base64');

interface Sealed {
  readonly Mobile: string;
  readonly Encryption: Readonly<Record<string, unknown>>;
}

/** Fixed, for one in 256 wrong keys leaves by chance what looks like padding. */
const [ownKey, otherKey, iv] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8), Buffer.alloc(16, 9)];

const wrapped = (aesKey: Buffer, padding = constants.RSA_PKCS1_PADDING): string => base64(publicEncrypt({ key: sandboxPublicKeys.rsa, padding }, aesKey));

/** A number under AES-256-CBC, its key under RSA, as the vendor's kit does it. */
function sealed(change: Readonly<Record<string, unknown>> = {}): Sealed {
  const cipher = createCipheriv('aes-256-cbc', ownKey, iv);
  return {
    Mobile: base64(Buffer.concat([cipher.update(number), cipher.final()])),
    Encryption: { EncryptList: ['Mobile'], CiphertextBlob: wrapped(ownKey), Iv: base64(iv), Algorithm: 'AES-256-CBC', ...change },
  };
}

it.each<[step: string, mistake: string, body: () => Sealed]>([
  ['unwrap', 'a blob without padding', () => sealed({ CiphertextBlob: wrapped(Buffer.concat([Buffer.alloc(96), ownKey]), constants.RSA_NO_PADDING) })],
  ['key', 'a key of 16 bytes', () => sealed({ CiphertextBlob: wrapped(ownKey.subarray(0, 16)) })],
  ['blob', 'a blob of another size', () => sealed({ CiphertextBlob: base64(Buffer.alloc(512, 1)) })],
  ['iv', 'an IV of 8 bytes', () => sealed({ Iv: base64(iv.subarray(0, 8)) })],
  ['padding', 'the blob of another request', () => sealed({ CiphertextBlob: wrapped(otherKey) })],
  ['data-key', 'a KMS key that is not known', () => sealed({ CiphertextBlob: `${'0'.repeat(32)}-k-nobody` })],
  ['field', 'a number in clear', () => ({ ...sealed(), Mobile: number })],
])('names the step %s at which an envelope stays closed for %s, and says one thing to the client', async (step, _mistake, body) => {
  const { port, address } = await serving();
  const answer = await exchange(port, tc3Signed(tc3Request(key, address, body(), now)));
  expectOnly(answer, 'FailedOperation.DecryptSystemError', 'Decryption failed.');
  const why = await whyOf(port, 1);
  expect(why.diagnosis?.cause).toBe(`decryption-${step}`);
  expect(why.phases.filter(({ verdict }) => verdict === 'refused')).toEqual([expect.objectContaining({ what: 'encryption', why: expect.stringContaining(`decryption fails at ${step}: `) })]);
  expect(JSON.stringify(why)).not.toContain(number);
});

it('opens what is sealed as the document has it', async () => {
  const { port, address } = await serving();
  expect(JSON.parse((await exchange(port, tc3Signed(tc3Request(key, address, sealed(), now)))).body)).toMatchObject({ Response: { Result: expect.any(String) } });
  expect((await whyOf(port, 1)).phases.find(({ what }) => what === 'encryption')).toMatchObject({ verdict: 'passed' });
});
