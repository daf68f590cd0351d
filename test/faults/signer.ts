import { createHash, createHmac } from 'node:crypto';
import { formOf, formType } from '../support/ask.ts';
import type { Outgoing } from '../support/exchange.ts';

// Signs from Tencent's documents alone, and makes a client's mistakes on request: nothing here comes from src.

export interface Key {
  readonly secretId: string;
  readonly secretKey: string;
}

/** A request of TC3-HMAC-SHA256 as it is sent. */
export interface Tc3Request {
  readonly key: Key;
  /** Of the Host header. */
  readonly host: string;
  readonly method: 'GET' | 'POST';
  /** Behind the `?`. */
  readonly query: string;
  readonly type: string;
  readonly body: string;
  /** Unix time in seconds. */
  readonly timestamp: number;
  /** The middle of Credential. */
  readonly date: string;
  readonly service: string;
}

/** What a client signs where that is not what it sends, or writes otherwise than the document has it. */
export interface Tc3Mistake {
  readonly body: string;
  readonly type: string;
  readonly query: string;
  readonly headerLines: string;
  /** In place of the body's digest. */
  readonly payload: string;
  readonly signingKey: Buffer;
  write(digest: Buffer): string;
}

export const dateOf = (timestamp: number): string => new Date(timestamp * 1000).toISOString().slice(0, 10);

/** A POST of this body, in good order. */
export const tc3Request = (key: Key, host: string, body: unknown, timestamp: number): Tc3Request => ({
  key, host, method: 'POST', query: '', type: 'application/json', body: typeof body === 'string' ? body : JSON.stringify(body), timestamp, date: dateOf(timestamp), service: 'faceid',
});

export function tc3Signed(request: Tc3Request, wrong: Partial<Tc3Mistake> = {}): Outgoing {
  const { key, host, method, query, type, body, timestamp, date, service } = request;
  const isGet = method === 'GET';
  const headerLines = wrong.headerLines ?? `content-type:${wrong.type ?? type}\nhost:${host}\n`;
  const canonical = `${method}\n/\n${wrong.query ?? query}\n${headerLines}\ncontent-type;host\n${wrong.payload ?? sha256(isGet ? '' : (wrong.body ?? body))}`;
  const scope = `${date}/${service}/tc3_request`;
  const digest = hmac('sha256', wrong.signingKey ?? signingKey(key.secretKey, date, service), `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`);
  const signature = wrong.write?.(digest) ?? digest.toString('hex');
  return {
    method,
    target: query === '' ? '/' : `/?${query}`,
    headers: [
      ['Host', host], ['Content-Type', type], ['X-TC-Action', 'MobileStatus'], ['X-TC-Version', '2018-03-01'], ['X-TC-Timestamp', `${timestamp}`],
      ['Authorization', `TC3-HMAC-SHA256 Credential=${key.secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`],
    ],
    ...(isGet ? {} : { body }),
  };
}

/** @param prefix what the document puts before the SecretKey */
export const signingKey = (secretKey: string, date: string, service: string, prefix = 'TC3'): Buffer =>
  hmac('sha256', hmac('sha256', hmac('sha256', prefix + secretKey, date), service), 'tc3_request');

type Pair = readonly [name: string, value: string];

/** What a client of the older signatures does otherwise than the document has it. */
export interface V1Mistake {
  sort(pairs: readonly Pair[]): readonly Pair[];
  spell(value: string): string;
  readonly hash: 'sha1' | 'sha256';
  toSign(method: string, host: string, sorted: string): string;
  /** What goes into the form. */
  write(digest: Buffer): string;
  encode(text: string): string;
}

/** A form signed with HmacSHA1, which is what is meant where no method is named. */
export function v1Signed(key: Key, host: string, business: readonly Pair[], timestamp: number, wrong: Partial<V1Mistake> = {}, method: 'GET' | 'POST' = 'POST'): Outgoing {
  const pairs: readonly Pair[] = [['Action', 'MobileStatus'], ['Version', '2018-03-01'], ['Timestamp', `${timestamp}`], ['Nonce', '11886'], ['SecretId', key.secretId], ...business];
  const sort = wrong.sort ?? ((all: readonly Pair[]) => all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const sorted = sort(pairs).map(([name, value]) => `${name}=${wrong.spell?.(value) ?? value}`).join('&');
  const digest = hmac(wrong.hash ?? 'sha1', key.secretKey, wrong.toSign?.(method, host, sorted) ?? `${method}${host}/?${sorted}`);
  const signature = wrong.write?.(digest) ?? digest.toString('base64');
  const text = `${formOf(pairs)}&Signature=${(wrong.encode ?? encodeURIComponent)(signature)}`;
  const headers = [['Host', host], ['Content-Type', formType]] as const;
  return method === 'GET' ? { method, target: `/?${text}`, headers } : { method, target: '/', headers, body: text };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (hash: string, key: string | Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
