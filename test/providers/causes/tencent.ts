import { sandboxDataKey, sandboxPublicKeys } from '../../../src/sealed/sandbox-keys.ts';
import { seal, sealWithDataKey } from '../../../src/sealed/seal.ts';
import type { Envelope } from '../../../src/sealed/envelope.ts';
import { sha256 } from '../../../src/providers/tencent/tc3.ts';
import { signedRequest, tc3Authorization, type Call, type ParameterValue, type SignedRequest } from '../../../src/providers/tencent/sign.ts';
import type { Outgoing } from '../../support/exchange.ts';
import type { At, ProviderCauses, Recipe } from './recipe.ts';

const secretId = 'AKIDkonghaoSandbox';
const secretKey = 'sandboxSecretKey';
const number = '13912345678';

const account = (facts: string): string => `accounts: { tencent: { secretId: ${secretId}, secretKey: ${secretKey}, quota: 5, ${facts} } }`;
const clock = 'clock: 2026-02-01T12:00:00+08:00';

const outgoing = ({ method, target, headers, body }: SignedRequest): Outgoing => ({ method, target, headers, body });

const callAt = ({ host, now }: At, change: Partial<Call>): Call => ({
  secretId, secretKey, host, timestamp: now, action: 'MobileStatus', version: '2018-03-01', common: {}, params: { Mobile: number }, ...change,
});
const tc3 = (at: At, change: Partial<Call> = {}, method: 'GET' | 'POST' = 'POST'): Outgoing => outgoing(signedRequest({ kind: 'tc3', method }, callAt(at, change)));
const v1 = (at: At, change: Partial<Call> = {}, method: 'GET' | 'POST' = 'POST'): Outgoing =>
  outgoing(signedRequest({ kind: 'v1', method, signatureMethod: 'HmacSHA1', nonce: 11886 }, callAt(at, change)));
const ask = (mobile: ParameterValue) => (at: At): readonly Outgoing[] => [tc3(at, { params: { Mobile: mobile } })];

interface Posted {
  readonly type: string;
  readonly body: string;
  readonly service: string;
}

/** A TC3 POST whose body, type and service are as given, signed as they are. */
function posted({ host, now }: At, { type = 'application/json', body = `{"Mobile":"${number}"}`, service = 'faceid' }: Partial<Posted>): Outgoing {
  const signed = [['Content-Type', type], ['Host', host]] as const;
  const authorization = tc3Authorization({ secretId, secretKey }, { service, timestamp: String(now), method: 'POST', query: '', signed, payload: sha256(body) });
  return {
    method: 'POST',
    target: '/',
    headers: [...signed, ['X-TC-Action', 'MobileStatus'], ['X-TC-Version', '2018-03-01'], ['X-TC-Timestamp', String(now)], ['Authorization', authorization]],
    body,
  };
}

const withHeader = (request: Outgoing, name: string, change: (value: string) => string): Outgoing => ({
  ...request,
  headers: (request.headers ?? []).map(([each, value]) => [each, each === name ? change(value) : value] as const),
});
const withoutHeader = (request: Outgoing, name: string): Outgoing => ({ ...request, headers: (request.headers ?? []).filter(([each]) => each !== name) });
const withAuthorization = (at: At, change: (value: string) => string): readonly Outgoing[] => [withHeader(tc3(at), 'Authorization', change)];

/** A call whose `Mobile` is encrypted. */
function sealedCall(at: At, { blob, iv, tags, fields: [mobile = ''], algorithm }: Envelope, change: Readonly<Record<string, ParameterValue>> = {}): Outgoing {
  const encryption: Record<string, ParameterValue> = { EncryptList: ['Mobile'], CiphertextBlob: blob, Iv: iv, Algorithm: algorithm, TagList: tags, ...change };
  return tc3(at, { params: { Mobile: mobile, Encryption: encryption } });
}
const aes = (): Envelope => seal('AES-256-CBC', [number], sandboxPublicKeys);
const kms = (): Envelope => sealWithDataKey([number], sandboxDataKey, '0123456789abcdef');

const standards = 'The request `Authorization` header does not conform to tencentcloud standards: ';
const state = (name: string): readonly Recipe[] => [{ by: `an account in state ${name}`, scenario: account(`state: ${name}`), requests: (at) => [tc3(at)] }];

export const tencent: ProviderCauses = {
  language: 'en',
  read(body) {
    const { Response: answer } = JSON.parse(body) as {
      Response: { RequestId: string; Result?: string; Description?: string; Error?: { Code: string; Message: string } };
    };
    const { Error: error, Result: result = '', Description: description = '', RequestId: requestId } = answer;
    return { ...(error === undefined ? { code: result, message: description } : { code: error.Code, message: error.Message }), repeats: { requestId } };
  },
  causes: {
    'tencent.MobileStatus': {
      '0': [
        { by: 'a number that exists', scenario: account(''), requests: ask(number) },
        { by: 'a number that exists, in a GET signed with TC3', scenario: account(''), requests: (at) => [tc3(at, {}, 'GET')] },
        { by: 'a number that exists, in a form signed with v1', scenario: account(''), requests: (at) => [v1(at)] },
        { by: 'a number that exists, in a GET signed with v1', scenario: account(''), requests: (at) => [v1(at, {}, 'GET')] },
        { by: 'a Region, which has no effect', scenario: account(''), requests: (at) => [tc3(at, { common: { Region: 'null' } })] },
        { by: 'an encrypted number', scenario: account(''), requests: (at) => [sealedCall(at, aes())] },
        { by: 'a number encrypted with a KMS data key', scenario: account(''), requests: (at) => [sealedCall(at, kms())] },
        { by: 'a temporary key with its token', scenario: account('sessionToken: sandbox-session-token'), requests: (at) => [tc3(at, { common: { Token: 'sandbox-session-token' } })] },
      ],
      '-1': [{ by: 'a number without a record', scenario: `${account('')}\nnumbers: { "${number}": { status: no-record } }`, requests: ask(number) }],
      '-2': [
        { by: 'a number of 10 digits', scenario: account(''), requests: ask('1391234567') },
        { by: 'a prefix that was never given out', scenario: account(''), requests: ask('16137688175') },
        { by: 'an empty number', scenario: account(''), requests: ask('') },
      ],
      '-4': [{ by: 'a second attempt for a number on a day that has one', scenario: `${clock}\n${account('perNumberPerDay: 1')}`, requests: (at) => [tc3(at), tc3(at)] }],

      ActionOffline: [{ by: 'an endpoint that is switched off', scenario: 'switchedOff: [tencent.MobileStatus]', requests: ask(number) }],
      'AuthFailure.InvalidAuthorization': [
        { by: 'a Credential of another service', requests: (at) => [posted(at, { service: 'cvm' })], says: `${standards}\`Service\` in Credential not valid.` },
        { by: 'a Credential of another day', requests: (at) => withAuthorization(at, (value) => value.replace(/\/\d{4}-\d{2}-\d{2}\//, '/2019-02-25/')), says: `${standards}\`Date\` in Credential not valid.` },
        { by: 'a Credential with another end', requests: (at) => withAuthorization(at, (value) => value.replace('tc3_request', 'tc2_request')), says: `${standards}\`Terminator\` in Credential not valid.` },
        { by: 'another algorithm', requests: (at) => withAuthorization(at, (value) => value.replace('SHA256', 'SM3')), says: `${standards}\`Algorithm\` not valid.` },
        { by: 'no Signature in Authorization', requests: (at) => withAuthorization(at, (value) => value.replace(/, Signature=.*/, '')), says: `${standards}\`Signature\` not valid.` },
        { by: 'SKIP, which faceid does not take', requests: (at) => withAuthorization(at, () => 'SKIP'), says: `${standards}\`Algorithm\` not valid.` },
      ],
      'AuthFailure.InvalidSecretId': state('not-a-cloud-api-key'),
      'AuthFailure.MFAFailure': state('mfa-required'),
      'AuthFailure.SecretIdNotFound': [
        { by: 'a SecretId that no account has', requests: (at) => [tc3(at, { secretId: 'AKIDnobody' })] },
        { by: 'a SecretId that no account has, signed with v1', requests: (at) => [v1(at, { secretId: 'AKIDnobody' })] },
      ],
      'AuthFailure.SignatureExpire': [
        { by: 'a Timestamp of six minutes ago', requests: (at) => [tc3(at, { timestamp: at.now - 360 })], says: /^Signature expired\. .* the server time \d{10}\.$/ },
        { by: 'a Timestamp in six minutes', requests: (at) => [v1(at, { timestamp: at.now + 360 })], says: /^Signature expired\. .* the server time \d{10}\.$/ },
        { by: 'an old Timestamp of a SecretId that no account has', requests: (at) => [tc3(at, { timestamp: at.now - 360, secretId: 'AKIDnobody' })], says: /^Signature expired\. .* the server time \d{10}\.$/ },
      ],
      'AuthFailure.SignatureFailure': [
        { by: 'another SecretKey than the account has', requests: (at) => [tc3(at, { secretKey: 'another' })] },
        { by: 'another SecretKey than the account has, signed with v1', requests: (at) => [v1(at, { secretKey: 'another' })] },
        { by: 'a body that was changed behind its signature', requests: (at) => [{ ...tc3(at), body: '{"Mobile":"13800138000"}' }] },
        {
          by: 'a form signed with v1 above 1 MB',
          requests: (at) => [{ ...v1(at), body: `Mobile=${'0'.repeat(1024 * 1024)}` }],
          says: 'The provided credentials could not be validated because of exceeding request size limit, please use new signature method `TC3-HMAC-SHA256`.',
        },
      ],
      'AuthFailure.TokenFailure': [
        { by: 'a temporary key without its token', scenario: account('sessionToken: sandbox-session-token'), requests: (at) => [tc3(at)] },
        { by: 'a temporary key with another token', scenario: account('sessionToken: sandbox-session-token'), requests: (at) => [v1(at, { common: { Token: 'another' } })] },
      ],
      'AuthFailure.UnauthorizedOperation': state('not-permitted'),
      InvalidAction: [
        {
          by: 'another Action',
          requests: (at) => [tc3(at, { action: 'PhoneVerification' })],
          says: 'The request action=`PhoneVerification` is invalid or not found in service=`faceid` and version=`2018-03-01`.',
        },
      ],
      InvalidParameter: [
        { by: 'a Mobile that is a number', requests: ask(Number(number)), says: 'The value type of parameter `Mobile` is not valid.' },
        { by: 'an EncryptList that is no list', requests: (at) => [sealedCall(at, aes(), { EncryptList: 'Mobile' })], says: 'The value type of parameter `Encryption.EncryptList` is not valid.' },
        { by: 'a query item without a value', requests: () => [{ method: 'GET', target: '/?Action' }], says: 'Url key and value should be splited by `=`.' },
        { by: 'a Timestamp that is no number', requests: (at) => [withHeader(tc3(at), 'X-TC-Timestamp', () => 'now')], says: 'Parameter `Timestamp` type error.' },
        { by: 'a Nonce that is no number', requests: (at) => [{ ...v1(at), body: v1(at).body?.toString().replace('Nonce=11886', 'Nonce=x') ?? '' }], says: 'Parameter `Nonce` type error.' },
        { by: 'a body that is no JSON', requests: (at) => [posted(at, { body: 'Mobile' })], says: 'The request body is not a valid JSON object.' },
      ],
      InvalidParameterValue: [{ by: 'an Algorithm that there is none of', requests: (at) => [sealedCall(at, aes(), { Algorithm: 'DES' })], says: 'Incorrect parameter value.' }],
      InvalidRequest: [
        { by: 'a multipart body that ends before its boundary', requests: (at) => [posted(at, { type: 'multipart/form-data; boundary=x', body: '--x\r\nContent-Disposition: form-data; name="Mobile"\r\n\r\n139' })] },
      ],
      IpInBlacklist: [{ by: 'an address on the deny list', scenario: account('deny: ["127.0.0.0/8"]'), requests: ask(number) }],
      IpNotInWhitelist: [{ by: 'an address that is not on the allow list', scenario: account('allow: ["10.0.0.0/8"]'), requests: ask(number) }],
      MissingParameter: [
        { by: 'no Mobile', requests: (at) => [tc3(at, { params: {} })] },
        { by: 'a bare GET', requests: () => [{ method: 'GET', target: '/' }], says: 'The request is missing a required parameter `Timestamp`.' },
        { by: 'no Version', requests: (at) => [withoutHeader(tc3(at), 'X-TC-Version')], says: 'The request is missing a required parameter `Version`.' },
        { by: 'no Signature in a form', requests: (at) => [{ ...v1(at), body: v1(at).body?.toString().replace(/&Signature=.*/, '') ?? '' }], says: 'The request is missing a required parameter `Signature`.' },
        {
          by: 'an Encryption without Iv',
          requests: (at) => [tc3(at, { params: { Mobile: number, Encryption: { EncryptList: ['Mobile'], CiphertextBlob: 'x' } } })],
          says: 'The request is missing a required parameter `Encryption.Iv`.',
        },
      ],
      NoSuchProduct: [
        { by: 'a Host of another product', requests: (at) => [tc3(at, { host: 'cvm.tencentcloudapi.com' })], says: 'The product `cvm` does not exist.' },
        { by: 'a regional Host of another product', requests: (at) => [tc3(at, { host: 'sms.ap-guangzhou.tencentcloudapi.com' })], says: 'The product `sms` does not exist.' },
      ],
      NoSuchVersion: [{ by: 'another Version', requests: (at) => [tc3(at, { version: '2019-07-22' })], says: 'The specified api version=`2019-07-22` does not exist in service=`faceid`.' }],
      RequestLimitExceeded: [
        {
          by: 'a second call in a second that has one',
          scenario: `${clock}\n${account('rate: 1/s')}`,
          requests: (at) => [tc3(at), tc3(at)],
          says: 'Your current request times equals to `2` in a second, which exceeds the frequency limit `1` for a second. Please reduce the frequency of calls.',
        },
      ],
      RequestSizeLimitExceeded: [
        { by: 'a GET above 32 kB', requests: () => [{ method: 'GET', target: `/?Mobile=${'0'.repeat(32 * 1024)}` }] },
        { by: 'a body above 10 MB', requests: (at) => [{ ...tc3(at), body: Buffer.alloc(10 * 1024 * 1024 + 1, 0x20) }] },
      ],
      UnknownParameter: [
        { by: 'a parameter that the action does not have', requests: (at) => [tc3(at, { params: { Mobile: number, DryRun: 'true' } })], says: 'The parameter `DryRun` is not recognized.' },
        { by: 'a parameter that Encryption does not have', requests: (at) => [sealedCall(at, aes(), { Padding: 'none' })], says: 'The parameter `Encryption.Padding` is not recognized.' },
      ],
      UnsupportedOperation: [
        {
          by: 'a well-formed multipart body',
          requests: (at) => [posted(at, { type: 'multipart/form-data; boundary=x', body: `--x\r\nContent-Disposition: form-data; name="Mobile"\r\n\r\n${number}\r\n--x--\r\n` })],
          says: 'The action does not support Content-Type=`multipart/form-data`.',
        },
      ],
      UnsupportedProtocol: [
        { by: 'PUT', requests: (at) => [{ ...tc3(at), method: 'PUT' }] },
        { by: 'DELETE', requests: () => [{ method: 'DELETE', target: '/' }] },
      ],
      'FailedOperation.DecryptSystemError': [
        { by: 'a field encrypted with another key than the blob holds', requests: (at) => [sealedCall(at, { ...aes(), fields: aes().fields })] },
        { by: 'a blob that is none', requests: (at) => [sealedCall(at, { ...aes(), blob: 'none' })] },
      ],
      'FailedOperation.StsUnAuthErrError': [
        { by: 'a KMS blob from an account without kms', scenario: account('kms: false'), requests: (at) => [sealedCall(at, kms())] },
        ...state('sts-unauthorized'),
      ],
      'InvalidParameter.UnsupportEncryptField': [
        { by: 'an EncryptList that names another field than Mobile', requests: (at) => [sealedCall(at, aes(), { EncryptList: ['Name'] })] },
        { by: 'an EncryptList that names nothing', requests: (at) => [sealedCall(at, aes(), { EncryptList: [] })] },
      ],
      'UnauthorizedOperation.Arrears': [
        ...state('arrears'),
        { by: 'an account with quota 0', scenario: `accounts: { tencent: { secretId: ${secretId}, secretKey: ${secretKey}, quota: 0 } }`, requests: ask(number) },
        { by: 'a query more than the quota', scenario: `accounts: { tencent: { secretId: ${secretId}, secretKey: ${secretKey}, quota: 1 } }`, requests: (at) => [tc3(at), tc3(at)] },
      ],
      'UnauthorizedOperation.ChargeStatusException': state('charge-status-exception'),
      'UnauthorizedOperation.NonAuthorize': state('not-verified'),
      'UnauthorizedOperation.Nonactivated': [
        ...state('not-activated'),
        {
          by: 'garbage in Encryption from an account that is not activated',
          scenario: account('state: not-activated'),
          requests: (at) => [tc3(at, { params: { Mobile: 'null', Encryption: { EncryptList: ['null'], CiphertextBlob: 'null', Iv: 'null' } } })],
        },
      ],
    },
  },
};
