import {
  FORM,
  form,
  JSON_TYPE,
  type KeyPair,
  MULTIPART,
  multipart,
  type NamedRequest,
  type RawRequest,
  type TencentRole,
} from './raw-request.ts';
import { NUMBERS } from './sample-world.ts';
import { tc3Authorization, type Tc3Parts, utcDate, v1Signature } from './sign.ts';

const MOBILE = { Mobile: NUMBERS.normal } as const;
const ENCRYPTION = {
  EncryptList: ['Mobile'],
  CiphertextBlob: 'BASE64+BLOB/==',
  Iv: 'vTjCqg1Xz6Lh0pJZCNjAAQ==',
  Algorithm: 'AES-256-CBC',
} as const;
const FLAT_ENCRYPTION = {
  Mobile: 'c2FuZGJveA==',
  'Encryption.EncryptList.0': 'Mobile',
  'Encryption.CiphertextBlob': ENCRYPTION.CiphertextBlob,
  'Encryption.Iv': ENCRYPTION.Iv,
} as const;

const UNSIGNED = { 'X-TC-Content-SHA256': 'UNSIGNED-PAYLOAD' } as const;
const NOBODY = 'AKIDNOBODY000000000000000000EXAMPLE';

/** Tencent's MobileStatus: each state, each error code, each request form, and each single mistake of both signatures. */
export const TENCENT_REQUESTS: readonly NamedRequest[] = [
  tc3('normal', { body: MOBILE }),
  tc3('first example, not a number', { body: { Mobile: NUMBERS.sampleTencentInvalid } }),
  tc3('second example, suspended', { body: { Mobile: NUMBERS.sampleTencentSuspended } }),
  tc3('cancelled', { body: { Mobile: NUMBERS.cancelled } }),
  tc3('offline', { body: { Mobile: NUMBERS.offline } }),
  tc3('unknown state', { body: { Mobile: NUMBERS.unknown } }),
  tc3('vacant', { body: { Mobile: NUMBERS.vacant }, basis: 'silent' }),
  tc3('silent number', { body: { Mobile: NUMBERS.silent }, basis: 'silent' }),
  tc3('risky number', { body: { Mobile: NUMBERS.risk }, basis: 'silent' }),
  tc3('ported', { body: { Mobile: NUMBERS.sampleQxtPorted } }),
  tc3('no record', { body: { Mobile: NUMBERS.unlisted } }),
  tc3('centre is busy', { body: { Mobile: NUMBERS.busy } }),
  tc3('daily limit', { body: { Mobile: NUMBERS.dailyLimit } }),
  tc3('unknown internal error', { body: { Mobile: NUMBERS.engineUnknown }, basis: 'silent' }),
  tc3('too short', { body: { Mobile: '1380013800' } }),
  tc3('letters', { body: { Mobile: 'abcdefghijk' } }),
  tc3('country code', { body: { Mobile: `+86${NUMBERS.normal}` }, basis: 'silent' }),
  tc3('Mobile empty', { body: { Mobile: '' }, basis: 'silent' }),
  tc3('Mobile missing', { body: {}, basis: 'silent' }),
  tc3('Mobile null', { body: { Mobile: null }, basis: 'silent' }),
  tc3('Mobile is a JSON number', { body: { Mobile: Number(NUMBERS.normal) }, basis: 'silent' }),
  tc3('parameter without a meaning', { body: { ...MOBILE, Colour: 'red' }, basis: 'silent' }),
  tc3('name in lower case', { body: { mobile: NUMBERS.normal }, basis: 'silent' }),
  tc3('broken JSON', { body: '{"Mobile":', basis: 'silent' }),
  tc3('JSON list', { body: '[]', basis: 'silent' }),
  tc3('empty body', { body: '', basis: 'silent' }),

  tc3('GET', { method: 'GET', query: form(MOBILE) }),
  tc3('GET, parameters out of order', { method: 'GET', query: `Region=x&${form(MOBILE)}&Language=en-US`, basis: 'silent' }),
  tc3('GET, plus for a space', { method: 'GET', query: 'Mobile=138+0013+8001', basis: 'silent' }),
  tc3('GET, JSON content type', { method: 'GET', query: form(MOBILE), type: JSON_TYPE, basis: 'silent' }),
  tc3('POST with a query', { body: MOBILE, query: 'Mobile=1', sign: { query: '' }, basis: 'silent' }),
  tc3('multipart', { body: multipart(MOBILE), type: MULTIPART, basis: 'silent' }),
  tc3('form', { body: form(MOBILE), type: FORM, basis: 'silent' }),
  tc3('JSON with charset', { body: MOBILE, type: 'application/json; charset=utf-8' }),
  tc3('JSON with upper-case charset', { body: MOBILE, type: 'application/json; charset=UTF-8', basis: 'silent' }),
  tc3('PUT', { body: MOBILE, send: { method: 'PUT' }, basis: 'silent' }),

  tc3('Action missing', { body: MOBILE, headers: { 'X-TC-Action': '' } }),
  tc3('Action unknown', { body: MOBILE, headers: { 'X-TC-Action': 'MobileStatuses' } }),
  tc3('Action in lower case', { body: MOBILE, headers: { 'X-TC-Action': 'mobilestatus' }, basis: 'silent' }),
  tc3('Version missing', { body: MOBILE, headers: { 'X-TC-Version': '' } }),
  tc3('Version unknown', { body: MOBILE, headers: { 'X-TC-Version': '2017-03-12' } }),
  tc3('Region null', { body: MOBILE, headers: { 'X-TC-Region': 'null' } }),
  tc3('Region unknown', { body: MOBILE, headers: { 'X-TC-Region': 'moon-1' } }),
  tc3('Region in use', { body: MOBILE, headers: { 'X-TC-Region': 'ap-singapore' } }),
  tc3('Language', { body: MOBILE, headers: { 'X-TC-Language': 'en-US' } }),
  tc3('Token of an account without one', { body: MOBILE, headers: { 'X-TC-Token': 'whatever' }, basis: 'silent' }),

  tc3('temporary key with token', { body: MOBILE, account: 'temporary' }),
  tc3('temporary key without token', { body: MOBILE, account: 'temporary', headers: { 'X-TC-Token': '' }, basis: 'silent' }),
  tc3('temporary key with wrong token', { body: MOBILE, account: 'temporary', headers: { 'X-TC-Token': 'wrong' }, basis: 'silent' }),
  tc3('arrears', { body: MOBILE, account: 'arrears' }),
  tc3('billing status is abnormal', { body: MOBILE, account: 'charge-status' }),
  tc3('account without verification', { body: MOBILE, account: 'not-authorized' }),
  tc3('service not activated', { body: MOBILE, account: 'not-activated' }),
  tc3('STS unauthorized', { body: MOBILE, account: 'sts-unauthorized' }),
  tc3('unknown failure', { body: MOBILE, account: 'failing' }),
  tc3('arrears and a number that is none', { body: { Mobile: '1' }, account: 'arrears', basis: 'silent' }),
  tc3('arrears and no Mobile', { body: {}, account: 'arrears', basis: 'silent' }),
  tc3('arrears and an Action unknown', { body: MOBILE, account: 'arrears', headers: { 'X-TC-Action': 'No' }, basis: 'silent' }),

  tc3('Encryption that cannot be opened', { body: { Mobile: 'c2FuZGJveA==', Encryption: ENCRYPTION } }),
  tc3('Encryption that cannot be opened, GET', { method: 'GET', query: form(FLAT_ENCRYPTION) }),
  tc3('Encryption of another field', { body: { ...MOBILE, Encryption: { ...ENCRYPTION, EncryptList: ['Name'] } }, basis: 'silent' }),
  tc3('Encryption of Mobile and another field', { body: { ...MOBILE, Encryption: { ...ENCRYPTION, EncryptList: ['Mobile', 'Name'] } }, basis: 'silent' }),
  tc3('Encryption without fields', { body: { ...MOBILE, Encryption: { ...ENCRYPTION, EncryptList: [] } }, basis: 'silent' }),
  tc3('Encryption empty', { body: { ...MOBILE, Encryption: {} }, basis: 'silent' }),
  tc3('Encryption null', { body: { ...MOBILE, Encryption: null }, basis: 'silent' }),
  tc3('Encryption is a text', { body: { ...MOBILE, Encryption: 'AES' }, basis: 'silent' }),
  tc3('Encryption with another algorithm', { body: { ...MOBILE, Encryption: { ...ENCRYPTION, Algorithm: 'ROT13' } }, basis: 'silent' }),
  tc3('Encryption without Iv', { body: { ...MOBILE, Encryption: { ...ENCRYPTION, Iv: '' } }, basis: 'silent' }),

  tc3('x-tc-action signed in lower case', { body: MOBILE, signedAction: 'mobilestatus' }),
  tc3('x-tc-action signed as sent', { body: MOBILE, signedAction: 'MobileStatus' }),
  tc3('host signed without port', { body: MOBILE, signedHost: withoutPort }),
  tc3('public host signed', { body: MOBILE, signedHost: () => 'faceid.intl.tencentcloudapi.com', basis: 'silent' }),
  tc3('service is the first label of the host', { body: MOBILE, service: (host) => host.split('.')[0] ?? '', basis: 'silent' }),
  tc3('service is the host', { body: MOBILE, service: (host) => host, basis: 'silent' }),
  tc3('unsigned payload', { body: MOBILE, headers: UNSIGNED, sign: { payload: 'UNSIGNED-PAYLOAD' } }),
  tc3('299 seconds old', { body: MOBILE, age: 299 }),
  tc3('299 seconds early', { body: MOBILE, age: -299 }),
  tc3('300 seconds old', { body: MOBILE, age: 300, basis: 'silent' }),
  tc3('no space after the commas', { body: MOBILE, rewrite: (text) => text.replaceAll(', ', ','), basis: 'silent' }),

  tc3('301 seconds old', { body: MOBILE, age: 301 }),
  tc3('301 seconds early', { body: MOBILE, age: -301 }),
  tc3('an hour old and SecretId unknown', { body: MOBILE, age: 3600, sign: { secretId: NOBODY } }),
  tc3('timestamp missing', { body: MOBILE, headers: { 'X-TC-Timestamp': '' } }),
  tc3('timestamp is no number', { body: MOBILE, headers: { 'X-TC-Timestamp': 'now' }, basis: 'silent' }),
  tc3('timestamp in milliseconds', { body: MOBILE, headers: (now) => ({ 'X-TC-Timestamp': `${now}000` }), basis: 'silent' }),
  tc3('timestamp other than signed', { body: MOBILE, headers: (now) => ({ 'X-TC-Timestamp': String(now - 1) }) }),
  tc3('date of the day before', { body: MOBILE, date: (now) => utcDate(now - 86_400), basis: 'silent' }),
  tc3('another service', { body: MOBILE, service: () => 'cvm' }),
  tc3('SecretId unknown', { body: MOBILE, sign: { secretId: NOBODY } }),
  tc3('another SecretKey', { body: MOBILE, sign: { secretKey: 'AnotherSecretKey0000000000EXAMPLE' } }),
  tc3('SecretKey without TC3 before it', { body: MOBILE, sign: { prefix: '' } }),
  tc3('body changed after signing', { body: MOBILE, sign: { payload: JSON.stringify({ Mobile: NUMBERS.cancelled }) } }),
  tc3('space added to the body after signing', { body: MOBILE, send: { body: Buffer.from(`${JSON.stringify(MOBILE)} `) } }),
  tc3('query changed after signing', { method: 'GET', query: form(MOBILE), sign: { query: form({ Mobile: NUMBERS.cancelled }) } }),
  tc3('GET with a decoded query signed', { method: 'GET', query: form(FLAT_ENCRYPTION), sign: { query: decodeURIComponent(form(FLAT_ENCRYPTION)) } }),
  tc3('POST signed as GET', { body: MOBILE, sign: { method: 'GET' } }),
  tc3('path signed with a prefix', { body: MOBILE, sign: { path: '/v3/' } }),
  tc3('empty path signed', { body: MOBILE, sign: { path: '' } }),
  tc3('another host signed', { body: MOBILE, signedHost: () => 'cvm.tencentcloudapi.com' }),
  tc3('content type other than signed', { body: MOBILE, signedType: 'application/json; charset=utf-8' }),
  tc3('content type not signed', { body: MOBILE, sign: { headers: [['host', 'faceid.intl.tencentcloudapi.com']] }, basis: 'silent' }),
  tc3('host not signed', { body: MOBILE, sign: { headers: [['content-type', JSON_TYPE]] }, basis: 'silent' }),
  tc3('signed headers out of order', { body: MOBILE, reversed: true, basis: 'silent' }),
  tc3('UNSIGNED-PAYLOAD signed without its header', { body: MOBILE, sign: { payload: 'UNSIGNED-PAYLOAD' } }),
  tc3('signature in upper case', { body: MOBILE, rewrite: (text) => text.replace(/[0-9a-f]+$/, (hex) => hex.toUpperCase()), basis: 'silent' }),
  tc3('signature one digit short', { body: MOBILE, rewrite: (text) => text.slice(0, -1) }),
  tc3('signature empty', { body: MOBILE, rewrite: (text) => text.replace(/[0-9a-f]+$/, ''), basis: 'silent' }),
  tc3('another algorithm', { body: MOBILE, rewrite: (text) => text.replace('TC3-HMAC-SHA256', 'TC3-HMAC-SHA1'), basis: 'silent' }),
  tc3('scope without its end', { body: MOBILE, rewrite: (text) => text.replace('/tc3_request', ''), basis: 'silent' }),
  tc3('scope with another end', { body: MOBILE, rewrite: (text) => text.replace('/tc3_request', '/aws4_request'), basis: 'silent' }),
  tc3('no Authorization', { body: MOBILE, rewrite: () => '', basis: 'silent' }),
  tc3('Authorization SKIP', { body: MOBILE, rewrite: () => 'SKIP', basis: 'silent' }),
  tc3('Bearer token', { body: MOBILE, rewrite: () => 'Bearer token', basis: 'silent' }),

  v1('HmacSHA1, GET', {}),
  v1('HmacSHA1, POST', { method: 'POST' }),
  v1('HmacSHA256, GET', { parameters: { SignatureMethod: 'HmacSHA256' } }),
  v1('HmacSHA256, POST', { method: 'POST', parameters: { SignatureMethod: 'HmacSHA256' } }),
  v1('no SignatureMethod', { parameters: { SignatureMethod: '' } }),
  v1('second example, suspended', { parameters: { Mobile: NUMBERS.sampleTencentSuspended } }),
  v1('Region, Language and RequestClient', { parameters: { Region: 'ap-singapore', Language: 'en-US', RequestClient: 'TWIN_1' } }),
  v1('values in need of encoding', { parameters: { ...FLAT_ENCRYPTION } }),
  v1('lower-case percent encoding', { rewrite: (text) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()), basis: 'silent' }),
  v1('host signed without port', { signed: ({ text, host }) => text.replace(host, withoutPort(host)), basis: 'silent' }),
  v1('temporary key with token', { account: 'temporary' }),
  v1('temporary key without token', { account: 'temporary', parameters: { Token: '' }, basis: 'silent' }),
  v1('arrears', { account: 'arrears' }),

  v1('Mobile missing', { parameters: { Mobile: '' }, basis: 'silent' }),
  v1('Action missing', { parameters: { Action: '' } }),
  v1('Action unknown', { parameters: { Action: 'MobileStatuses' } }),
  v1('Version missing', { parameters: { Version: '' } }),
  v1('Version unknown', { parameters: { Version: '2017-03-12' } }),
  v1('Timestamp missing', { parameters: { Timestamp: '' } }),
  v1('Nonce missing', { parameters: { Nonce: '' } }),
  v1('SecretId missing', { parameters: { SecretId: '' } }),
  v1('Signature missing', { rewrite: (text) => text.replace(/&Signature=[^&]*/, '') }),
  v1('Signature empty', { rewrite: (text) => text.replace(/&Signature=[^&]*/, '&Signature='), basis: 'silent' }),
  v1('301 seconds old', { age: 301 }),
  v1('301 seconds early', { age: -301 }),
  v1('SecretId unknown', { parameters: { SecretId: NOBODY } }),
  v1('another SecretKey', { secretKey: 'AnotherSecretKey0000000000EXAMPLE' }),
  v1('SignatureMethod unknown', { parameters: { SignatureMethod: 'HmacMD5' }, basis: 'silent' }),
  v1('HmacSHA256 said, HmacSHA1 made', { parameters: { SignatureMethod: 'HmacSHA256' }, algorithm: 'HmacSHA1' }),
  v1('signature in hexadecimal', { rewrite: (text) => text.replace(/(?<=&Signature=)[^&]*/, hexadecimal) }),
  v1('signature with a bare plus', { bare: true, basis: 'silent' }),
  v1('encoded values signed', { parameters: { Mobile: '+8613800138001' }, signed: ({ text }) => text.replace('=+86', '=%2B86') }),
  v1('parameters signed out of order', { signed: ({ text }) => text.replace(/\?(.*)$/, (_, all: string) => `?${all.split('&').toReversed().join('&')}`) }),
  v1('method signed in lower case', { signed: ({ text }) => text.replace('GET', 'get') }),
  v1('POST signed as GET', { method: 'POST', signed: ({ text }) => text.replace('POST', 'GET') }),
  v1('another host signed', { signed: ({ text, host }) => text.replace(host, 'cvm.tencentcloudapi.com') }),
  v1('path left out of the signature', { signed: ({ text }) => text.replace('/?', '?') }),
  v1('Mobile changed after signing', { rewrite: (text) => text.replace(NUMBERS.normal, NUMBERS.cancelled) }),
  v1('parameter added after signing', { rewrite: (text) => `${text}&Language=en-US` }),
  v1('parameter with a dot changed after signing', { parameters: FLAT_ENCRYPTION, rewrite: (text) => text.replace('List.0=Mobile', 'List.0=Name') }),
  v1('same nonce again', { basis: 'silent' }),
  v1('form of a POST sent as JSON', { method: 'POST', type: JSON_TYPE, basis: 'silent' }),
  raw('nothing at all', (host) => ({ method: 'GET', target: '/', headers: [['Host', host]], body: Buffer.alloc(0) })),
  raw('nothing but the query of the examples', (host) => ({
    method: 'GET',
    target: `/?Action=MobileStatus&${form(MOBILE)}`,
    headers: [['Host', host]],
    body: Buffer.alloc(0),
  })),
];

interface Tc3Options {
  readonly account?: TencentRole;
  readonly basis?: NamedRequest['basis'];
  readonly method?: 'GET' | 'POST';
  readonly query?: string;
  readonly body?: object | string;
  readonly type?: string;
  /** Headers beyond or instead of the usual ones; an empty value leaves the header out. */
  readonly headers?: Headers | ((now: number) => Headers);
  /** Seconds by which the signed time lies before now. */
  readonly age?: number;
  readonly date?: (now: number) => string;
  readonly service?: (host: string) => string;
  readonly signedHost?: (host: string) => string;
  readonly signedType?: string;
  readonly signedAction?: string;
  readonly reversed?: boolean;
  /** Parts of the signature that are not what is sent. */
  readonly sign?: Partial<Tc3Parts>;
  /** Parts of the request that are not what was signed. */
  readonly send?: Partial<RawRequest>;
  readonly rewrite?: (authorization: string) => string;
}

type Headers = Readonly<Record<string, string>>;

function tc3(name: string, options: Tc3Options): NamedRequest {
  const { account = 'good', basis = 'documented', method = 'POST', query = '', body = '', age = 0 } = options;
  const type = options.type ?? (method === 'GET' ? FORM : JSON_TYPE);
  const payload = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    endpoint: 'tencent/MobileStatus',
    name: `TC3: ${name}`,
    account,
    basis,
    build({ host, now, credentials }) {
      const keys: KeyPair = credentials.tencent[account];
      const timestamp = now - age;
      const signed: [string, string][] = [
        ['content-type', (options.signedType ?? type).toLowerCase()],
        ['host', options.signedHost?.(host) ?? host],
      ];
      if (options.signedAction !== undefined) signed.push(['x-tc-action', options.signedAction]);
      const authorization = tc3Authorization({
        method,
        query,
        headers: options.reversed ? signed.toReversed() : signed,
        payload,
        timestamp,
        date: options.date?.(timestamp) ?? utcDate(timestamp),
        service: options.service?.(host) ?? 'faceid',
        secretId: keys.secretId,
        secretKey: keys.secretKey,
        ...options.sign,
      });
      const headers: Headers = {
        Host: host,
        'Content-Type': type,
        'X-TC-Action': 'MobileStatus',
        'X-TC-Version': '2018-03-01',
        'X-TC-Timestamp': String(timestamp),
        'X-TC-Token': keys.sessionToken ?? '',
        Authorization: options.rewrite?.(authorization) ?? authorization,
        ...(typeof options.headers === 'function' ? options.headers(now) : options.headers),
      };
      return {
        method,
        target: query === '' ? '/' : `/?${query}`,
        headers: Object.entries(headers).filter(([, value]) => value !== ''),
        body: payload,
        ...options.send,
      };
    },
  };
}

interface V1Options {
  readonly account?: TencentRole;
  readonly basis?: NamedRequest['basis'];
  readonly method?: 'GET' | 'POST';
  /** Parameters beyond or instead of the usual ones; an empty value leaves the parameter out. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly age?: number;
  readonly secretKey?: string;
  readonly algorithm?: 'HmacSHA1' | 'HmacSHA256';
  readonly type?: string;
  /** Changes the text over which the signature is made. */
  readonly signed?: (made: { readonly text: string; readonly host: string }) => string;
  /** Changes the encoded parameters after signing. */
  readonly rewrite?: (text: string) => string;
  /** Leaves a plus of the signature unencoded, and picks a nonce whose signature has one. */
  readonly bare?: boolean;
}

function v1(name: string, options: V1Options): NamedRequest {
  const { account = 'good', basis = 'documented', method = 'GET', age = 0 } = options;
  return {
    endpoint: 'tencent/MobileStatus',
    name: `v1: ${name}`,
    account,
    basis,
    build({ host, now, credentials }) {
      const keys: KeyPair = credentials.tencent[account];
      const make = (nonce: number): { query: string; signature: string } => {
        const all = {
          ...MOBILE,
          Action: 'MobileStatus',
          Version: '2018-03-01',
          Timestamp: String(now - age),
          Nonce: String(nonce),
          SecretId: keys.secretId,
          SignatureMethod: 'HmacSHA1',
          Token: keys.sessionToken ?? '',
          ...options.parameters,
        };
        const parameters = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
        const sorted = Object.entries(parameters).toSorted(([a], [b]) => (a < b ? -1 : 1));
        const text = `${method}${host}/?${sorted.map(([key, value]) => `${key}=${value}`).join('&')}`;
        const said = parameters['SignatureMethod'] === 'HmacSHA256' ? 'HmacSHA256' : 'HmacSHA1';
        const signature = v1Signature(
          options.algorithm ?? said,
          options.secretKey ?? keys.secretKey,
          options.signed?.({ text, host }) ?? text,
        );
        return { query: form(parameters), signature };
      };
      let nonce = 11886;
      while (options.bare && !make(nonce).signature.includes('+')) nonce += 1;
      const { query, signature } = make(nonce);
      const encoded = encodeURIComponent(signature);
      const whole = `${query}&Signature=${options.bare ? encoded.replaceAll('%2B', '+') : encoded}`;
      const sent = options.rewrite?.(whole) ?? whole;
      const isGet = method === 'GET';
      return {
        method,
        target: isGet ? `/?${sent}` : '/',
        headers: isGet ? [['Host', host]] : [['Host', host], ['Content-Type', options.type ?? FORM]],
        body: Buffer.from(isGet ? '' : sent),
      };
    },
  };
}

function raw(name: string, build: (host: string) => RawRequest): NamedRequest {
  const endpoint = 'tencent/MobileStatus';
  return { endpoint, name, account: 'good', basis: 'silent', build: ({ host }) => build(host) };
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '');
}

function hexadecimal(encoded: string): string {
  return Buffer.from(decodeURIComponent(encoded), 'base64').toString('hex');
}
