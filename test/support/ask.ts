import { createHash, createHmac } from 'node:crypto';
import type { Outgoing } from './exchange.ts';

// What clients send, from the providers' documents alone: nothing here comes from src.

/** The published credentials. */
export const keys = {
  acedata: 'sandbox-acedata-token',
  secretId: 'AKIDkonghaoSandbox',
  secretKey: 'sandboxSecretKey',
  alapi: 'sandbox-alapi-token',
  apikey: '7c11272au708345c834b8ue81ac78972',
} as const;

/** A scenario's accounts: the published credentials, and no limit at all. */
export const unlimited = `accounts:
  acedata: { token: ${keys.acedata} }
  tencent: { secretId: ${keys.secretId}, secretKey: ${keys.secretKey} }
  alapi: { token: ${keys.alapi} }
  qxt: { apikey: ${keys.apikey}, billing: postpaid, balance: 0 }
`;

type Pairs = readonly (readonly [name: string, value: string])[];
type Bytes = string | Buffer;

export const formType = 'application/x-www-form-urlencoded';
export const formOf = (pairs: Pairs): string => pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');

/** A POST with a body of this type. */
export const posted = (target: string, type: string, body: Bytes, headers: Pairs = []): Outgoing => ({
  method: 'POST',
  target,
  headers: [...(type === '' ? [] : [['Content-Type', type] as const]), ...headers],
  body,
});

/** A call of AceData's `check-1e` or `check-3e`. */
export const acedata = (operation: 'check-1e' | 'check-3e', body: unknown, type = 'application/json'): Outgoing =>
  posted(`/identity/phone/${operation}`, type, bytesOf(body), [['Authorization', `Bearer ${keys.acedata}`]]);

/** JSON, unless it is text or bytes already. */
export const bytesOf = (body: unknown): Bytes => (typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));

const sha256 = (data: Bytes): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: Bytes, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** A call of MobileStatus signed with TC3 as the document has it; `host` is what stands in the Host header. */
export function tc3(host: string, body: unknown, { type = 'application/json', method = 'POST', query = '', action = 'MobileStatus', headers = [] as Pairs } = {}): Outgoing {
  const bytes = bytesOf(body);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const date = new Date(Number(timestamp) * 1000).toISOString().slice(0, 10);
  const canonical = `${method}\n/\n${method === 'GET' ? query : ''}\ncontent-type:${type.trim().toLowerCase()}\nhost:${host}\n\ncontent-type;host\n${sha256(method === 'GET' ? '' : bytes)}`;
  const scope = `${date}/faceid/tc3_request`;
  const key = hmac(hmac(hmac(`TC3${keys.secretKey}`, date), 'faceid'), 'tc3_request');
  const signature = hmac(key, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`).toString('hex');
  return {
    method,
    target: query === '' ? '/' : `/?${query}`,
    headers: [
      ['Host', host],
      ['Content-Type', type],
      ['X-TC-Action', action],
      ['X-TC-Version', '2018-03-01'],
      ['X-TC-Timestamp', timestamp],
      ['Authorization', `TC3-HMAC-SHA256 Credential=${keys.secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`],
      ...headers,
    ],
    ...(method === 'GET' ? {} : { body: bytes }),
  };
}

/** The same signed with HmacSHA1, in a form or in the query. Of a doubled parameter the last is signed. */
export function v1(host: string, business: Pairs, method: 'GET' | 'POST' = 'POST'): Outgoing {
  const pairs: Pairs = [
    ['Action', 'MobileStatus'], ['Version', '2018-03-01'], ['Timestamp', String(Math.floor(Date.now() / 1000))], ['Nonce', '11886'], ['SecretId', keys.secretId],
    ...business,
  ];
  const sorted = [...new Map(pairs)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`).join('&');
  const signature = createHmac('sha1', keys.secretKey).update(`${method}${host}/?${sorted}`).digest('base64');
  const text = formOf([...pairs, ['Signature', signature]]);
  const headers = [['Host', host], ['Content-Type', formType]] as const;
  return method === 'GET' ? { method, target: `/?${text}`, headers } : { method, target: '/', headers, body: text };
}

/** A call of ALAPI's phonecheck with the token in a header, where a broken body does not hide it. */
export const alapi = (type: string, body: Bytes): Outgoing => posted('/api/phonecheck', type, body, [['token', keys.alapi]]);

/** A call of QXT in the query, its values percent-encoded. */
export const qxt = (mobile: string): Outgoing => ({ method: 'GET', target: `/ssPhone_Status?apikey=${keys.apikey}&mobile=${encodeURIComponent(mobile)}` });
export const balance: Outgoing = { method: 'GET', target: `/balance?apikey=${keys.apikey}` };

/** A multipart body under the boundary `b`. */
export const multipartOf = (pairs: Pairs): string => `${pairs.map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join('')}--b--\r\n`;
export const multipartType = 'multipart/form-data; boundary=b';
