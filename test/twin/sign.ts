import { createHash, createHmac } from 'node:crypto';

/** What a v3 signature is made of; a test spoils single parts to get each kind of wrong signature. */
export interface Tc3Parts {
  readonly method: 'GET' | 'POST';
  readonly path?: string;
  readonly query: string;
  /** Names and values as they are to be signed, in the order in which they are to be signed. */
  readonly headers: readonly (readonly [string, string])[];
  readonly payload: Buffer | string;
  readonly timestamp: number;
  readonly date?: string;
  readonly service: string;
  readonly secretId: string;
  readonly secretKey: string;
  /** What is put before the secret key; "TC3" in a correct signature. */
  readonly prefix?: string;
}

/** Writes the Authorization header of signature v3 as a client does, apart from the verifier's code. */
export function tc3Authorization(parts: Tc3Parts): string {
  const date = parts.date ?? utcDate(parts.timestamp);
  const scope = `${date}/${parts.service}/tc3_request`;
  const signedHeaders = parts.headers.map(([name]) => name).join(';');
  const canonical =
    `${parts.method}\n${parts.path ?? '/'}\n${parts.query}\n` +
    `${parts.headers.map(([name, value]) => `${name}:${value}\n`).join('')}\n${signedHeaders}\n${hash(parts.payload)}`;
  const text = `TC3-HMAC-SHA256\n${parts.timestamp}\n${scope}\n${hash(canonical)}`;
  const dateKey = mac(`${parts.prefix ?? 'TC3'}${parts.secretKey}`, date);
  const signingKey = mac(mac(dateKey, parts.service), 'tc3_request');
  const signature = mac(signingKey, text).toString('hex');
  return `TC3-HMAC-SHA256 Credential=${parts.secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

/** The UTC date of a timestamp in seconds, as the scope of a credential has it. */
export function utcDate(timestamp: number): string {
  return new Date(timestamp * 1000).toISOString().slice(0, 10);
}

/** The signature v1 of a text, in base64. */
export function v1Signature(method: 'HmacSHA1' | 'HmacSHA256', secretKey: string, text: string): string {
  return createHmac(method === 'HmacSHA1' ? 'sha1' : 'sha256', secretKey).update(text).digest('base64');
}

function mac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function hash(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}
