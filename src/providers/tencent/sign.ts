import { signatureV1, sortedParameters, stringToSignV1 } from './hmac-v1.ts';
import { canonicalRequest, headerLine, sha256, signatureTc3, signingKey, stringToSignTc3, utcDate } from './tc3.ts';

export interface SecretPair {
  readonly secretId: string;
  readonly secretKey: string;
}

export type ParameterValue = string | number | boolean | readonly ParameterValue[] | { readonly [name: string]: ParameterValue };

/** How a request is signed, and so where its parameters stand. */
export type Scheme =
  | { readonly kind: 'tc3'; readonly method: 'GET' | 'POST' }
  | { readonly kind: 'v1'; readonly method: 'GET' | 'POST'; readonly signatureMethod: 'HmacSHA1' | 'HmacSHA256'; readonly nonce: number };

export interface Call extends SecretPair {
  /** As it will stand in the Host header. */
  readonly host: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly action: string;
  readonly version: string;
  /** Further common parameters, such as Region, Token and Language: headers `X-TC-…` in TC3, parameters in v1. */
  readonly common: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, ParameterValue>>;
}

/** A request ready to be sent to `call.host`, byte for byte; only Content-Length is the sender's. */
export interface SignedRequest {
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** Signs a call to faceid as a client does. */
export function signedRequest(scheme: Scheme, call: Call): SignedRequest {
  switch (scheme.kind) {
    case 'tc3': return tc3Request(scheme.method, call);
    case 'v1': return v1Request(scheme, call);
    default: return scheme satisfies never;
  }
}

function tc3Request(method: 'GET' | 'POST', call: Call): SignedRequest {
  const query = method === 'GET' ? encoded(flattened(call.params)) : '';
  const body = method === 'GET' ? '' : JSON.stringify(call.params);
  // The three that the current document signs.
  const signed = [
    ['Content-Type', method === 'GET' ? form : 'application/json'],
    ['Host', call.host],
    ['X-TC-Action', call.action],
  ] as const;
  const timestamp = String(call.timestamp);
  return {
    method,
    target: query === '' ? '/' : `/?${query}`,
    headers: [
      ...signed,
      ['X-TC-Version', call.version],
      ['X-TC-Timestamp', timestamp],
      ...Object.entries(call.common).map(([name, value]) => [`X-TC-${name}`, value] as const),
      ['Authorization', tc3Authorization(call, { service: 'faceid', timestamp, method, query, signed, payload: sha256(body) })],
    ],
    body,
  };
}

const form = 'application/x-www-form-urlencoded';

/** What of a request TC3 covers. */
export interface Tc3Covered {
  readonly service: string;
  readonly timestamp: string;
  readonly method: string;
  /** Raw, behind the `?`; `''` for a POST. */
  readonly query: string;
  /** Content-Type and Host at least, in ASCII order of their lower-cased names. */
  readonly signed: readonly (readonly [name: string, value: string])[];
  /** SHA-256 of the body, or of `UNSIGNED-PAYLOAD`, in lower-case hexadecimal. */
  readonly payload: string;
}

/** The value of the Authorization header. */
export function tc3Authorization(pair: SecretPair, covered: Tc3Covered): string {
  const { service, timestamp, method, query, signed, payload } = covered;
  const names = signed.map(([name]) => name.toLowerCase());
  const lines = signed.map(([name, value]) => headerLine(name, value)).join('').toLowerCase();
  const date = utcDate(timestamp);
  const scope = `${date}/${service}/tc3_request`;
  const toSign = stringToSignTc3(timestamp, scope, canonicalRequest(method, '/', query, lines, names, payload));
  const signature = signatureTc3(signingKey(pair.secretKey, date, service), toSign);
  return `TC3-HMAC-SHA256 Credential=${pair.secretId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
}

function v1Request(scheme: Scheme & { kind: 'v1' }, call: Call): SignedRequest {
  const { method, signatureMethod, nonce } = scheme;
  const unsigned: readonly (readonly [string, string])[] = [
    ...flattened(call.params),
    ...Object.entries(call.common),
    ['Action', call.action],
    ['Version', call.version],
    ['Timestamp', String(call.timestamp)],
    ['Nonce', String(nonce)],
    ['SecretId', call.secretId],
    ['SignatureMethod', signatureMethod],
  ];
  const toSign = stringToSignV1(method, call.host, '/', sortedParameters(new Map(unsigned)));
  const text = encoded([...unsigned, ['Signature', signatureV1(signatureMethod, call.secretKey, toSign)]]);
  return {
    method,
    target: method === 'GET' ? `/?${text}` : '/',
    headers: [['Host', call.host], ['Content-Type', form]],
    body: method === 'GET' ? '' : text,
  };
}

/** Dots between names, list positions from 0: `Encryption.EncryptList.0`. An empty list leaves nothing. */
function flattened(params: Readonly<Record<string, ParameterValue>> | readonly ParameterValue[], prefix = ''): (readonly [string, string])[] {
  return Object.entries(params).flatMap(([name, value]) =>
    typeof value === 'object' ? flattened(value, `${prefix}${name}.`) : [[`${prefix}${name}`, String(value)] as const],
  );
}

const encoded = (parameters: readonly (readonly [string, string])[]): string =>
  parameters.map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`).join('&');

/** RFC 3986 in upper-case hexadecimal, as documented; encodeURIComponent leaves five characters of RFC 2396. */
const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
