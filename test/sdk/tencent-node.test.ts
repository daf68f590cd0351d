import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Envelope } from '../../src/sealed/envelope.ts';
import { sandboxDataKey, sandboxPublicKeys } from '../../src/sealed/sandbox-keys.ts';
import { seal, sealWithDataKey } from '../../src/sealed/seal.ts';
import { loadSm } from '../../src/sealed/sm.ts';
import { serve, serveForFile, type Served } from '../support/serve.ts';

// The vendor's own clients, as npm gives them. They are CommonJS, and `require` returns `any`.
const require = createRequire(import.meta.url);
const { faceid } = require('tencentcloud-sdk-nodejs/tencentcloud/services/faceid') as typeof import('tencentcloud-sdk-nodejs/tencentcloud/services/faceid/index.js');
const { CommonClient } = require('tencentcloud-sdk-nodejs/tencentcloud/common') as typeof import('tencentcloud-sdk-nodejs/tencentcloud/common/index.js');
const { default: Sign } = require('tencentcloud-sdk-nodejs/tencentcloud/common/sign') as typeof import('tencentcloud-sdk-nodejs/tencentcloud/common/sign.js');
// This one has no types of its own.
const intl = require('tencentcloud-sdk-nodejs-intl-en/tencentcloud/common') as IntlCommon;

interface IntlCommon {
  HttpProfile: new (protocol?: string, endpoint?: string, reqMethod?: string) => object;
  ClientProfile: new (signMethod?: string, httpProfile?: object) => object;
  Credential: new (secretId: string, secretKey: string, token?: string) => object;
  CommonClient: new (endpoint: string, version: string, credential: object, region: string | undefined, profile: object) => {
    request: IntlRequest;
    requestOctetStream: IntlRequest;
  };
}
type IntlRequest = (action: string, params: Params, options: Readonly<Record<string, unknown>>, done: (error: Error | null, answer: unknown) => void) => void;

type Params = Readonly<Record<string, unknown>>;
type SignMethod = 'TC3-HMAC-SHA256' | 'HmacSHA1' | 'HmacSHA256';

interface Call {
  readonly address: string;
  /** Left out for what the client does of its own accord. */
  readonly signMethod?: SignMethod;
  readonly method?: 'GET' | 'POST';
  readonly credential?: { readonly secretId: string; readonly secretKey: string; readonly token?: string };
  readonly region?: string;
  readonly language?: 'zh-CN' | 'en-US';
  readonly action?: string;
  readonly version?: string;
  readonly params?: Params;
  readonly options?: Readonly<Record<string, unknown>>;
}

const sdkAccount = { secretId: 'AKIDsdk', secretKey: 'sdkSecretKey' };
const asked = { Mobile: '13800138000' };

/** Settings of the domestic package, which are the same for its two clients. */
const domesticConfig = ({ address, signMethod, method, credential = sdkAccount, region, language }: Call) => ({
  credential,
  ...(region === undefined ? {} : { region }),
  profile: {
    ...(signMethod === undefined ? {} : { signMethod }),
    ...(language === undefined ? {} : { language }),
    httpProfile: { protocol: 'http://', endpoint: address, ...(method === undefined ? {} : { reqMethod: method }) },
  },
});

const typed = (call: Call): Promise<unknown> => new faceid.v20180301.Client(domesticConfig(call)).MobileStatus((call.params ?? asked) as typeof asked);

const generic = (call: Call): Promise<unknown> =>
  new CommonClient('faceid.tencentcloudapi.com', call.version ?? '2018-03-01', domesticConfig(call))
    .request(call.action ?? 'MobileStatus', call.params ?? asked, call.options);

function intlClient({ address, signMethod, method, credential = sdkAccount, region, version = '2018-03-01' }: Call) {
  const { secretId, secretKey, token } = credential;
  const profile = new intl.ClientProfile(signMethod, new intl.HttpProfile('http://', address, method));
  return new intl.CommonClient('faceid.intl.tencentcloudapi.com', version, new intl.Credential(secretId, secretKey, token), region, profile);
}

const international = (call: Call): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const done = (error: Error | null, answer: unknown) => (error === null ? resolve(answer) : reject(error));
    intlClient(call).request(call.action ?? 'MobileStatus', call.params ?? asked, call.options ?? {}, done);
  });

const typedClient = { client: 'domestic typed', ask: typed };
const genericClients = [{ client: 'domestic generic', ask: generic }, { client: 'international generic', ask: international }];
const clients = [typedClient, ...genericClients];

const schemes = (['TC3-HMAC-SHA256', 'HmacSHA1', 'HmacSHA256'] as const).flatMap((signMethod) => (['POST', 'GET'] as const).map((method) => ({ signMethod, method })));
const everyWay = clients.flatMap((each) => schemes.map((scheme) => ({ ...each, ...scheme })));
/** One way for each of the two families of signatures. */
const twoWays = (of: typeof clients) => of.flatMap((each) => [
  { ...each, signMethod: 'TC3-HMAC-SHA256' as const, method: 'POST' as const },
  { ...each, signMethod: 'HmacSHA256' as const, method: 'GET' as const },
]);

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const success = { Description: 'Success', RequestId: expect.stringMatching(uuid), Result: '0', StatusCode: 1 };

/** What a client throws, in the fields that its users read. */
async function failureOf(answer: Promise<unknown>): Promise<{ code: string; message: string; requestId: string; traceId: string }> {
  const error = await answer.then((value) => { throw new Error(`The client got an answer: ${JSON.stringify(value)}`); }, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  // Both packages define these fields on the exceptions of theirs.
  const { code, message, requestId, traceId } = error as Error & { code: string; requestId: string; traceId: string };
  expect(String(error)).toBe(`[TencentCloudSDKException]message:${message}  requestId:${requestId}  traceId:`);
  return { code, message, requestId, traceId };
}

/** No traceId: real answers were not seen to give the header back. */
const refused = (code: string, message: string | RegExp) => ({ code, message: typeof message === 'string' ? message : expect.stringMatching(message), requestId: expect.stringMatching(uuid), traceId: '' });

const scenario = `
accounts:
  tencent:
    - { secretId: AKIDsdk, secretKey: sdkSecretKey }
    - { secretId: AKIDtemporary, secretKey: temporarySecretKey, sessionToken: the-session-token }
    - { secretId: AKIDnoKms, secretKey: noKmsSecretKey, kms: false }
    - { secretId: AKIDproject, secretKey: projectSecretKey, state: not-a-cloud-api-key }
    - { secretId: AKIDmfa, secretKey: mfaSecretKey, state: mfa-required }
    - { secretId: AKIDsubUser, secretKey: subUserSecretKey, state: not-permitted }
numbers:
  "13800138000": { status: suspended }
`;

let served: Served;

beforeAll(async () => {
  // Both packages send even what is for 127.0.0.1 to a proxy named here, and look at no_proxy nowhere.
  vi.stubEnv('http_proxy', undefined);
  await loadSm();
  served = await serveForFile(scenario);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await served.close(0);
});

it.each(everyWay)('answers the $client client that signs with $signMethod and asks with $method', async ({ ask, ...scheme }) => {
  expect(await ask({ address: served.address, region: 'ap-singapore', ...scheme })).toEqual(success);
});

it.each(everyWay)('gives the $client client a business failure as an answer: $signMethod $method', async ({ ask, ...scheme }) => {
  expect(await ask({ address: served.address, params: { Mobile: '16137688175' }, ...scheme })).toEqual({
    Description: 'Invalid phone number format', RequestId: expect.stringMatching(uuid), Result: '-2', StatusCode: 99,
  });
});

it.each(clients)('answers the $client client in its own default scheme', async ({ ask }) => {
  expect(await ask({ address: served.address })).toEqual(success);
});

// The international client spells a region that it was not given as the header `X-TC-Region: null`.
it.each(clients)('answers the $client client without a region in TC3', async ({ ask }) => {
  expect(await ask({ address: served.address, signMethod: 'TC3-HMAC-SHA256' })).toEqual(success);
});

it.each(everyWay)('answers the $client client that was given localhost: $signMethod $method', async ({ ask, ...scheme }) => {
  expect(await ask({ address: `localhost:${served.port}`, ...scheme })).toEqual(success);
});

it.each(everyWay)('answers the $client client that has a temporary key: $signMethod $method', async ({ ask, ...scheme }) => {
  const credential = { secretId: 'AKIDtemporary', secretKey: 'temporarySecretKey', token: 'the-session-token' };
  expect(await ask({ address: served.address, credential, ...scheme })).toEqual(success);
});

const tokenFailure = 'Token verification failed, please check if your Token is correct.';
const authFailures = [
  {
    fault: 'another key', credential: { ...sdkAccount, secretKey: 'anotherSecretKey' },
    code: 'AuthFailure.SignatureFailure', message: 'The provided credentials could not be validated. Please check your signature is correct.',
  },
  {
    fault: 'an unknown SecretId', credential: { ...sdkAccount, secretId: 'AKIDnobody' },
    code: 'AuthFailure.SecretIdNotFound', message: 'The SecretId is not found, please ensure that your SecretId is correct.',
  },
  { fault: 'another token', credential: { secretId: 'AKIDtemporary', secretKey: 'temporarySecretKey', token: 'another-token' }, code: 'AuthFailure.TokenFailure', message: tokenFailure },
  { fault: 'no token for a temporary key', credential: { secretId: 'AKIDtemporary', secretKey: 'temporarySecretKey' }, code: 'AuthFailure.TokenFailure', message: tokenFailure },
  { fault: 'a token for a permanent key', credential: { ...sdkAccount, token: 'the-session-token' }, code: 'AuthFailure.TokenFailure', message: tokenFailure },
  { fault: 'a key of another kind', credential: { secretId: 'AKIDproject', secretKey: 'projectSecretKey' }, code: 'AuthFailure.InvalidSecretId', message: 'The SecretId is not a cloud API key.' },
  { fault: 'a key that wants MFA', credential: { secretId: 'AKIDmfa', secretKey: 'mfaSecretKey' }, code: 'AuthFailure.MFAFailure', message: 'MFA failed.' },
];

it.each(twoWays(clients).flatMap((way) => authFailures.map((failure) => ({ ...way, ...failure }))))(
  'refuses the $client client that has $fault with $code: $signMethod $method',
  async ({ ask, signMethod, method, credential, code, message }) => {
    expect(await failureOf(ask({ address: served.address, signMethod, method, credential }))).toEqual(refused(code, message));
  },
);

it.each(twoWays(clients))('names its request in the refusal of a sub-user to the $client client: $signMethod $method', async ({ ask, ...scheme }) => {
  const failure = await failureOf(ask({ address: served.address, credential: { secretId: 'AKIDsubUser', secretKey: 'subUserSecretKey' }, ...scheme }));
  expect(failure).toEqual(refused('AuthFailure.UnauthorizedOperation', /^You are not authorized to perform this operation\. Check your CAM policies/));
  expect(failure.message).toContain(`[request id:${failure.requestId}]`);
});

// No client has an option for its clock, so the server's is set instead.
it.each(twoWays(clients).flatMap((way) => [310, -310].map((seconds) => ({ ...way, seconds }))))(
  'refuses the $client client whose clock is $seconds s off: $signMethod $method',
  async ({ ask, seconds, ...scheme }) => {
    const off = await serve(scenario, { realTime: { now: () => Date.now() + seconds * 1000 } });
    const before = Math.floor(Date.now() / 1000) + seconds;
    const failure = await failureOf(ask({ address: off.address, ...scheme }));
    expect(failure).toEqual(refused('AuthFailure.SignatureExpire', /^Signature expired\. .* between `Timestamp` and the server time \d{10}\.$/));
    const serverTime = Number(/(\d{10})\.$/.exec(failure.message)?.[1]);
    expect(serverTime).toBeGreaterThanOrEqual(before);
    expect(serverTime).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) + seconds);
  },
);

it.each(twoWays(clients))('answers the $client client whose clock is 290 s off: $signMethod $method', async ({ ask, ...scheme }) => {
  const off = await serve(scenario, { realTime: { now: () => Date.now() - 290_000 } });
  expect(await ask({ address: off.address, ...scheme })).toEqual(success);
});

it.each(twoWays(genericClients))('refuses an action that there is none of to the $client client: $signMethod $method', async ({ ask, ...scheme }) => {
  expect(await failureOf(ask({ address: served.address, action: 'MobileStatuses', ...scheme })))
    .toEqual(refused('InvalidAction', 'The request action=`MobileStatuses` is invalid or not found in service=`faceid` and version=`2018-03-01`.'));
});

it.each(twoWays(genericClients))('refuses a version that there is none of to the $client client: $signMethod $method', async ({ ask, ...scheme }) => {
  expect(await failureOf(ask({ address: served.address, version: '2019-07-22', ...scheme })))
    .toEqual(refused('NoSuchVersion', 'The specified api version=`2019-07-22` does not exist in service=`faceid`.'));
});

it.each(twoWays(genericClients))('refuses the parameters of the $client client by name: $signMethod $method', async ({ ask, ...scheme }) => {
  const failure = async (params: Params) => failureOf(ask({ address: served.address, params, ...scheme }));
  expect(await failure({})).toEqual(refused('MissingParameter', 'The request is missing a required parameter `Mobile`.'));
  expect(await failure({ ...asked, Phone: '1' })).toEqual(refused('UnknownParameter', 'The parameter `Phone` is not recognized.'));
  expect(await failure({ ...asked, Encryption: 'AES' })).toEqual(refused('InvalidParameter', 'The value type of parameter `Encryption` is not valid.'));
});

it('refuses the request that the domestic client leaves unsigned', async () => {
  expect(await failureOf(generic({ address: served.address, options: { skipSign: true } })))
    .toEqual(refused('AuthFailure.InvalidAuthorization', 'The request `Authorization` header does not conform to tencentcloud standards: `Algorithm` not valid.'));
});

it.each(genericClients)('refuses a well-signed multipart form of the $client client', async ({ ask }) => {
  expect(await failureOf(ask({ address: served.address, signMethod: 'TC3-HMAC-SHA256', options: { multipart: true } })))
    .toEqual(refused('UnsupportedOperation', /not support Content-Type=`multipart\/form-data`/));
});

it('refuses a well-signed octet stream', async () => {
  const client = new CommonClient('faceid.tencentcloudapi.com', '2018-03-01', domesticConfig({ address: served.address }));
  const stream = refused('UnsupportedOperation', /not support Content-Type=`application\/octet-stream`/);
  expect(await failureOf(client.requestOctetStream('MobileStatus', Buffer.from('{"Mobile":"13800138000"}')))).toEqual(stream);
});

it('gives the domestic client the language that it asks for, in answers and in errors', async () => {
  for (const scheme of schemes) {
    const call: Call = { address: served.address, language: 'zh-CN', ...scheme };
    expect(await typed(call)).toEqual({ ...success, Description: '成功' });
    expect(await failureOf(typed({ ...call, credential: { ...sdkAccount, secretKey: 'x' } }))).toEqual(refused('AuthFailure.SignatureFailure', '请求签名验证失败，请检查您的签名计算是否正确。'));
  }
});

it('lets the en-US that the international client puts into each v1 call win over the reading', async () => {
  const chinese = await serve(`${scenario}readings: { tencent.language: zh-CN }\n`);
  expect(await international({ address: chinese.address, signMethod: 'TC3-HMAC-SHA256' })).toEqual({ ...success, Description: '成功' });
  expect(await international({ address: chinese.address, signMethod: 'HmacSHA256' })).toEqual(success);
});

it.each(clients)('lets the $client client have its rate and refuses one call more', async ({ ask }) => {
  // The clock stands still, so that all calls are in one second.
  const limited = await serve('clock: 2026-01-31T12:00:00+08:00\naccounts:\n  tencent: { secretId: AKIDsdk, secretKey: sdkSecretKey, rate: 20/s }\n');
  const calls = await Promise.allSettled(Array.from({ length: 21 }, () => ask({ address: limited.address })));
  const failures = calls.filter(({ status }) => status === 'rejected');
  expect(failures).toHaveLength(1);
  expect(failures[0]).toMatchObject({ reason: {
    code: 'RequestLimitExceeded',
    message: 'Your current request times equals to `21` in a second, which exceeds the frequency limit `20` for a second. Please reduce the frequency of calls.',
  } });
});

/** The fields of a request whose Mobile is sealed. */
const sealedParams = ({ algorithm, blob, iv, tags, fields }: Envelope) => ({
  Mobile: fields[0], Encryption: { EncryptList: ['Mobile'], CiphertextBlob: blob, Iv: iv, Algorithm: algorithm, TagList: tags },
});

/** As accounts from before 2023 send it: no Algorithm, no TagList, and an IV of sixteen characters that looks like base64 of twelve bytes. */
function kmsParams(number: string, iv = '+am/h1FrULT8Y39M') {
  const { fields, blob } = sealWithDataKey([number], sandboxDataKey, iv);
  return { Mobile: fields[0], Encryption: { EncryptList: ['Mobile'], CiphertextBlob: blob, Iv: iv } };
}

const forms = [
  { form: 'AES-256-CBC', params: (number: string): Params => sealedParams(seal('AES-256-CBC', [number], sandboxPublicKeys)) },
  { form: 'SM4-GCM', params: (number: string): Params => sealedParams(seal('SM4-GCM', [number], sandboxPublicKeys)) },
  { form: 'the older KMS form', params: (number: string): Params => kmsParams(number) },
];

it.each(everyWay.flatMap((way) => forms.map((form) => ({ ...way, ...form }))))(
  'opens what the $client client sends sealed in $form: $signMethod $method',
  async ({ ask, signMethod, method, params }) => {
    expect(await ask({ address: served.address, signMethod, method, params: params('13800138000') })).toEqual(success);
  },
);

it.each(forms)('judges the number inside an envelope in $form', async ({ params }) => {
  expect(await typed({ address: served.address, params: params('16137688175') })).toMatchObject({ Result: '-2', StatusCode: 99 });
});

const sealedNow = () => sealedParams(seal('AES-256-CBC', ['13800138000'], sandboxPublicKeys));
const sealedWith = (change: Params): Params => {
  const sealed = sealedNow();
  return { ...sealed, Encryption: { ...sealed.Encryption, ...change } };
};
const envelopeFaults = [
  { fault: 'a field that is not encrypted', params: () => ({ ...sealedNow(), Mobile: '13800138000' }), code: 'FailedOperation.DecryptSystemError', message: 'Decryption failed.' },
  { fault: 'the IV of another request', params: () => sealedWith({ Iv: Buffer.alloc(16).toString('base64') }), code: 'FailedOperation.DecryptSystemError', message: 'Decryption failed.' },
  { fault: 'the wrong algorithm for its blob', params: () => sealedWith({ Algorithm: 'SM4-GCM' }), code: 'FailedOperation.DecryptSystemError', message: 'Decryption failed.' },
  { fault: 'an algorithm that there is none of', params: () => sealedWith({ Algorithm: 'AES-128-CBC' }), code: 'InvalidParameterValue', message: 'Incorrect parameter value.' },
  {
    fault: 'a list with another field', params: () => sealedWith({ EncryptList: ['IdCard'] }),
    code: 'InvalidParameter.UnsupportEncryptField', message: 'Unencrypted fields exist. Refer to the documentation to modify.',
  },
  { fault: 'no IV', params: () => sealedWith({ Iv: null }), code: 'MissingParameter', message: 'The request is missing a required parameter `Encryption.Iv`.' },
];

it.each(twoWays(clients).flatMap((way) => envelopeFaults.map((fault) => ({ ...way, ...fault }))))(
  'refuses an envelope of the $client client with $fault: $signMethod $method',
  async ({ ask, signMethod, method, params, code, message }) => {
    expect(await failureOf(ask({ address: served.address, signMethod, method, params: params() }))).toEqual(refused(code, message));
  },
);

it.each(twoWays(clients))('refuses the KMS form of an account that did not let faceid use its keys to the $client client: $signMethod $method', async ({ ask, ...scheme }) => {
  const credential = { secretId: 'AKIDnoKms', secretKey: 'noKmsSecretKey' };
  expect(await failureOf(ask({ address: served.address, credential, params: kmsParams('13800138000'), ...scheme }))).toEqual(refused('FailedOperation.StsUnAuthErrError', 'STS unauthorized.'));
  expect(await ask({ address: served.address, credential, params: sealedNow(), ...scheme })).toEqual(success);
});

const strict = `${scenario}readings: { tencent.scopeService: strict }\n`;

it.each(clients.flatMap((each) => (['POST', 'GET'] as const).map((method) => ({ ...each, method }))))(
  'refuses the service 127 that the $client client signs where the reading is strict: $method',
  async ({ ask, method }) => {
    const { address } = await serve(strict);
    expect(await failureOf(ask({ address, method, signMethod: 'TC3-HMAC-SHA256' })))
      .toEqual(refused('AuthFailure.InvalidAuthorization', 'The request `Authorization` header does not conform to tencentcloud standards: `Service` in Credential not valid.'));
  },
);

it.each(clients.flatMap((each) => schemes.filter(({ signMethod }) => signMethod !== 'TC3-HMAC-SHA256').map((scheme) => ({ ...each, ...scheme }))))(
  'answers the $client client in v1, which has no service, where the reading is strict: $signMethod $method',
  async ({ ask, ...scheme }) => {
    const { address } = await serve(strict);
    expect(await ask({ address, ...scheme })).toEqual(success);
  },
);

/** The host names of the real service, reached at this server. */
class Detour extends Agent {
  readonly #port: number;
  constructor(port: number) {
    super();
    this.#port = port;
  }
  override createConnection() {
    return connect(this.#port, '127.0.0.1');
  }
}

const realHosts = ['faceid.tencentcloudapi.com', 'faceid.intl.tencentcloudapi.com', 'faceid.ap-guangzhou.tencentcloudapi.com'];

it.each(realHosts.flatMap((endpoint) => schemes.map((scheme) => ({ endpoint, ...scheme }))))(
  'answers the domestic client at $endpoint where the reading is strict: $signMethod $method',
  async ({ endpoint, signMethod, method }) => {
    const { port } = await serve(strict);
    const agent = new Detour(port);
    const httpProfile = { protocol: 'http://', endpoint, reqMethod: method, agent };
    expect(await new faceid.v20180301.Client({ credential: sdkAccount, profile: { signMethod, httpProfile } }).MobileStatus(asked)).toEqual(success);
    agent.destroy();
  },
);

/** POSTs the JSON with the vendor's signature for this host and service. */
async function postSigned(port: number, host: string, service: string): Promise<unknown> {
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = { 'Content-Type': 'application/json' };
  const authorization = Sign.sign3({ ...sdkAccount, method: 'POST', url: `https://${host}/`, payload: asked, timestamp, service, multipart: false, boundary: '', headers });
  const outgoing = request({
    port, host: '127.0.0.1', method: 'POST', path: '/', agent: false,
    headers: { ...headers, Host: host, 'X-TC-Action': 'MobileStatus', 'X-TC-Version': '2018-03-01', 'X-TC-Timestamp': timestamp, Authorization: authorization },
  });
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject).on('response', (incoming) => void text(incoming).then((body) => resolve(JSON.parse(body)), reject)).end(JSON.stringify(asked));
  });
}

it.each(realHosts)('accepts the service faceid signed for %s where the reading is strict', async (host) => {
  const { port } = await serve(strict);
  expect(await postSigned(port, host, 'faceid')).toEqual({ Response: success });
});

it.each(['127', 'cvm', 'Faceid', 'faceid.tencentcloudapi.com'])('refuses the service %s signed for a real host where the reading is strict', async (service) => {
  const { port } = await serve(strict);
  expect(await postSigned(port, 'faceid.tencentcloudapi.com', service)).toMatchObject({ Response: { Error: {
    Code: 'AuthFailure.InvalidAuthorization', Message: 'The request `Authorization` header does not conform to tencentcloud standards: `Service` in Credential not valid.',
  } } });
});
