import { createHash, createHmac } from 'node:crypto';
import { header, type Incoming } from './incoming.ts';
import type { Parameters } from './parameters.ts';
import type { TencentAccount } from './world.ts';

/** Whether a request is signed by one of the accounts; a refusal carries one of Tencent's common codes. */
export type Verdict =
  | { readonly kind: 'accepted'; readonly account: TencentAccount }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/**
 * Verifies signature v3, TC3-HMAC-SHA256.
 *
 * @param now - seconds since the epoch
 */
// reading: the order is authorization, time, date and service, SecretId, signature; only "expiry before SecretId and
// signature" is known (signature rules, clock).
export function verifyTc3(incoming: Incoming, accounts: readonly TencentAccount[], now: number): Verdict {
  // reading: a missing Authorization header is an invalid one rather than a missing parameter (Common Error Codes).
  const parts = AUTHORIZATION.exec(header(incoming, 'authorization'));
  if (parts === null) return refused('AuthFailure.InvalidAuthorization', 'Authorization is missing or malformed.');
  const [, secretId = '', date = '', service = '', signedHeaders = '', signature = ''] = parts;
  const names = signedHeaders.split(';');
  // reading: a list without content-type or host is an invalid authorization (signature rules: both are mandatory).
  if (!names.includes('content-type') || !names.includes('host')) {
    return refused('AuthFailure.InvalidAuthorization', 'SignedHeaders lacks content-type or host.');
  }
  const timestamp = header(incoming, 'x-tc-timestamp');
  const untimely = judgeTime(timestamp, now);
  if (untimely !== undefined) return untimely;
  // reading: a date that differs from the timestamp's is an invalid authorization, like a wrong service (signature
  // rules say that it has to be equal, not what happens otherwise).
  if (date !== new Date(Number(timestamp) * 1000).toISOString().slice(0, 10)) {
    return refused('AuthFailure.InvalidAuthorization', '`Date` in Credential not valid.');
  }
  if (!services(incoming).includes(service)) {
    return refused('AuthFailure.InvalidAuthorization', '`Service` in Credential not valid.');
  }
  const account = accounts.find((candidate) => candidate.secretId === secretId);
  if (account === undefined) return refused('AuthFailure.SecretIdNotFound', 'The SecretId is not found.');

  const scope = `${date}/${service}/tc3_request`;
  const key = [date, service, 'tc3_request'].reduce(
    (derived: Buffer | string, part) => hmac('sha256', derived, part),
    `TC3${account.secretKey}`,
  );
  const genuine = hosts(incoming).some((host) => {
    const canonical = canonicalRequest(incoming, names, host);
    return hmac('sha256', key, stringToSign(timestamp, scope, canonical)).toString('hex') === signature;
  });
  return genuine ? { kind: 'accepted', account } : wrongSignature();
}

/** The canonical request of signature v3, for the host that the client may have signed. */
// reading: the signed headers are put in order here, so that a list out of order is a wrong signature (signature
// rules: keys are sorted).
export function canonicalRequest(incoming: Incoming, names: readonly string[], host: string): string {
  const sorted = names.toSorted();
  const lines = sorted.map((name) => `${name}:${(name === 'host' ? host : header(incoming, name)).trim().toLowerCase()}\n`);
  const isGet = incoming.method === 'GET';
  const unsigned = header(incoming, 'x-tc-content-sha256') === 'UNSIGNED-PAYLOAD';
  // The raw query, neither sorted nor encoded again: every SDK signs what it sends.
  const query = isGet ? incoming.query : '';
  const payload = unsigned ? 'UNSIGNED-PAYLOAD' : isGet ? '' : incoming.body;
  return [incoming.method, incoming.path, query, lines.join(''), sorted.join(';'), sha256(payload)].join('\n');
}

/** The text of signature v3 over which the MAC is taken. */
function stringToSign(timestamp: string, scope: string, canonical: string): string {
  return ['TC3-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n');
}

/**
 * Verifies signature v1, HmacSHA1 or HmacSHA256 over the sorted parameters.
 *
 * @param parameters - of the query of a GET or the form of a POST, decoded
 * @param now - seconds since the epoch
 */
export function verifyV1(
  incoming: Incoming,
  parameters: Parameters,
  accounts: readonly TencentAccount[],
  now: number,
): Verdict {
  const untimely = judgeTime(parameters.get('Timestamp') ?? '', now);
  if (untimely !== undefined) return untimely;
  const account = accounts.find(({ secretId }) => secretId === parameters.get('SecretId'));
  if (account === undefined) return refused('AuthFailure.SecretIdNotFound', 'The SecretId is not found.');
  // Only the exact word HmacSHA256 chooses SHA-256; no word and any other are HmacSHA1 (Common Params, SignatureMethod).
  const algorithm = parameters.get('SignatureMethod') === 'HmacSHA256' ? 'sha256' : 'sha1';
  const signature = parameters.get('Signature');
  const genuine = hosts(incoming).some(
    (host) =>
      hmac(algorithm, account.secretKey, v1StringToSign(incoming, parameters, host)).toString('base64') === signature,
  );
  // reading: a nonce may be used again, as only its presence is known to matter (Common Params).
  return genuine ? { kind: 'accepted', account } : wrongSignature();
}

/** The text of signature v1: raw values in the order of their names, all but the signature itself. */
export function v1StringToSign(incoming: Incoming, parameters: Parameters, host: string): string {
  const pairs = [...parameters].filter(([name]) => name !== 'Signature').toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${incoming.method}${host}${incoming.path}?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`;
}

const AUTHORIZATION =
  /^TC3-HMAC-SHA256 +Credential=([^/,\s]+)\/([^/,\s]+)\/([^/,\s]+)\/tc3_request, *SignedHeaders=([^,\s]+), *Signature=(\S+)$/;

// reading: the window includes its ends, so 300 seconds are in time and 301 are not (signature rules, clock). A
// timestamp that is no whole number is an invalid parameter; one in milliseconds is merely far ahead.
function judgeTime(timestamp: string, now: number): Verdict | undefined {
  if (!/^\d+$/.test(timestamp)) return refused('InvalidParameter', 'The timestamp is not a number of seconds.');
  if (Math.abs(now - Number(timestamp)) <= 300) return undefined;
  return refused('AuthFailure.SignatureExpire', 'The signature is expired.');
}

// reading: the signed host may be the Host header with or without its port or a public name, because SDKs drop the port
// and proxies replace the header after signing (signature rules, host traps).
function hosts(incoming: Incoming): readonly string[] {
  const host = header(incoming, 'host');
  return [host, host.replace(/:\d+$/, ''), 'faceid.intl.tencentcloudapi.com', 'faceid.tencentcloudapi.com'];
}

// reading: the service is the product, the first label of the host or the whole host, as SDKs derive it from the
// endpoint (signature rules, host traps).
function services(incoming: Incoming): readonly string[] {
  const host = header(incoming, 'host');
  return ['faceid', host.split('.')[0] ?? '', host];
}

function wrongSignature(): Verdict {
  return refused('AuthFailure.SignatureFailure', 'The provided signature does not match the computed one.');
}

function refused(code: string, message: string): Verdict {
  return { kind: 'refused', code, message };
}

function hmac(algorithm: string, key: Buffer | string, text: string): Buffer {
  return createHmac(algorithm, key).update(text, 'utf8').digest();
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}
