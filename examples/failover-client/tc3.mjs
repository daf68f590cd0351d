import { createHash, createHmac } from 'node:crypto';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

/**
 * The headers of a Tencent Cloud call, signed with TC3-HMAC-SHA256. The signature is over the bytes of the body, so
 * what is sent has to be this very text.
 *
 * @param {{ url: URL, service: string, action: string, version: string, body: string, secretId: string, secretKey: string, now: number }} call
 *   `now` in milliseconds
 */
export function tc3Headers({ url, service, action, version, body, secretId, secretKey, now }) {
  const timestamp = String(Math.floor(now / 1000));
  // The date is that of UTC: with the local one, every call between midnight and eight in China is refused.
  const date = new Date(now).toISOString().slice(0, 10);
  const type = 'application/json';
  const canonical = ['POST', '/', '', `content-type:${type}`, `host:${url.host}`, '', 'content-type;host', sha256(body)].join('\n');
  const scope = `${date}/${service}/tc3_request`;
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');
  const signature = hmac(key, ['TC3-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n')).toString('hex');
  return {
    'content-type': type,
    'x-tc-action': action,
    'x-tc-version': version,
    'x-tc-timestamp': timestamp,
    authorization: `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=content-type;host, Signature=${signature}`,
  };
}
