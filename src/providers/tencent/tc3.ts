import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { header, type WireRequest } from '../../wire/wire-request.ts';
import { HmacKey } from './hmac-key.ts';

const algorithm = 'TC3-HMAC-SHA256';
const terminator = 'tc3_request';
const longestAuthorization = 4096;

/** The reading `tencent.scopeService`: `strict` is Tencent's own gateway, `lenient` also what official clients sign when their endpoint is 127.0.0.1 or a proxy. */
export type SignatureMode = 'lenient' | 'strict';

/** What stands in `Credential=`; `scopeFault` judges all of it but the SecretId. */
export interface Credential {
  readonly secretId: string;
  readonly date: string;
  readonly service: string;
  readonly terminator: string;
}

export interface Tc3Authorization {
  readonly kind: 'tc3';
  readonly credential: Credential;
  /** As sent: neither sorted nor lower-cased. */
  readonly signedHeaders: readonly string[];
  /** Any text at all: a signature of the wrong length is a wrong signature. */
  readonly signature: string;
}

export interface MalformedAuthorization {
  readonly kind: 'malformed';
  readonly part: 'Authorization' | 'Algorithm' | 'Credential' | 'SignedHeaders' | 'Signature';
  readonly why: string;
}

export type Tc3Verdict =
  /** `host`: the form of the host that was signed. */
  | { readonly kind: 'valid'; readonly host: string }
  /** What should have been signed, in the documented form: the Host as sent, values in lower case. */
  | { readonly kind: 'invalid'; readonly why: string; readonly canonicalRequest: string; readonly stringToSign: string };

/** Reads `TC3-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`, in that order, with any number of blanks behind a comma. `SKIP` is malformed: it is for actions that need no signature, and faceid has none. */
export function parseAuthorization(text: string): Tc3Authorization | MalformedAuthorization {
  if (text.length > longestAuthorization) return malformed('Authorization', `it is longer than ${longestAuthorization} characters`);
  if (!text.startsWith(`${algorithm} `)) return malformed('Algorithm', `it does not begin with ${algorithm}`);
  const [credentialPart, headersPart, signaturePart, more] = threeParts(text.slice(algorithm.length + 1));

  const [secretId, date, service, end, ...deeper] = behind('Credential=', credentialPart).split('/');
  if (!secretId || !date || !service || !end || deeper.length > 0) {
    return malformed('Credential', `it is not Credential=SecretId/date/service/${terminator}`);
  }
  const signedHeaders = behind('SignedHeaders=', headersPart).split(';');
  if (signedHeaders.includes('')) return malformed('SignedHeaders', 'it is not SignedHeaders= and names with semicolons between them');
  const signature = behind('Signature=', signaturePart);
  if (signature === '' || more) return malformed('Signature', 'it does not end with one Signature=');
  return { kind: 'tc3', credential: { secretId, date, service, terminator: end }, signedHeaders, signature };
}

/** What stands between commas, the blanks behind each left out, and whether there is a fourth. */
function threeParts(text: string): [string, string, string, more: boolean] {
  const first = text.indexOf(',');
  if (first === -1) return [text, '', '', false];
  const second = text.indexOf(',', first + 1);
  const afterFirst = behindBlanks(text, first + 1);
  if (second === -1) return [text.slice(0, first), text.slice(afterFirst), '', false];
  const rest = text.slice(behindBlanks(text, second + 1));
  return [text.slice(0, first), text.slice(afterFirst, Math.max(afterFirst, second)), rest, rest.includes(',')];
}

function behindBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at += 1;
  return at;
}

const malformed = (part: MalformedAuthorization['part'], why: string): MalformedAuthorization => ({ kind: 'malformed', part, why });

const behind = (name: string, text: string): string => (text.startsWith(name) ? text.slice(name.length) : '');

/** The part of the credential's scope that is wrong, in the word that belongs into ``` `Service` in Credential not valid. ```; `undefined` where all is well. */
export function scopeFault(credential: Credential, timestamp: string, host: string, mode: SignatureMode): 'Date' | 'Service' | 'Terminator' | undefined {
  if (credential.terminator !== terminator) return 'Terminator';
  if (credential.date !== utcDate(timestamp)) return 'Date';
  const { service } = credential;
  if (service === 'faceid') return undefined;
  // Pointed at 127.0.0.1:8080, the Node, Java, PHP and .NET clients name the service after the host's first label, `127`; at localhost:8080 that label is the whole of it.
  const accepted = mode === 'lenient' && [host.split('.', 1)[0], host, withoutPort(host)].includes(service);
  return accepted ? undefined : 'Service';
}

/** The UTC date of a timestamp in seconds, `''` where it has none. */
export function utcDate(timestamp: string): string {
  if (!/^\d{1,12}$/.test(timestamp)) return '';
  const day = Math.floor(Number(timestamp) / 86_400);
  if (day !== lastDay) {
    lastDay = day;
    lastDate = new Date(day * 86_400_000).toISOString().slice(0, 10);
  }
  return lastDate;
}

/** A memo: nearly all calls are of one day. */
let lastDay = 0;
let lastDate = '1970-01-01';

/** Verifies the signature and nothing else: freshness, SecretId and scope are the caller's, each with an error of its own. */
export function verifyTc3(
  request: WireRequest,
  authorization: Tc3Authorization,
  timestamp: string,
  secretKey: string,
  mode: SignatureMode,
  keys: SigningKeys,
): Tc3Verdict {
  const { credential, signedHeaders, signature } = authorization;
  const scope = `${credential.date}/${credential.service}/${credential.terminator}`;
  const fault = signedHeadersFault(request, signedHeaders);
  const names = fault === undefined ? signedHeaders : sortedNames(signedHeaders);
  const payload = hashedPayload(request);
  // A POST's canonical query is fixed as empty: what stands behind its `?` is not covered, and must not be read.
  const query = request.method === 'GET' ? request.query : '';
  const canonical = (path: string, lines: string): string => canonicalRequest(request.method, path, query, lines, names, payload);

  if (fault === undefined) {
    const key = keys.of(secretKey, credential.date, credential.service);
    for (const path of signedPaths(request.path, mode)) {
      for (const host of signedHosts(request.host, mode)) {
        for (const lines of headerSpellings(request, names, host)) {
          const expected = signatureTc3(key, stringToSignTc3(timestamp, scope, canonical(path, lines)));
          if (sameText(expected, signature)) return { kind: 'valid', host };
        }
      }
    }
  }
  const documented = canonical('/', lowerCased(headerLines(request, names, request.host)));
  return {
    kind: 'invalid',
    why: fault ?? `it is not the signature of this request, with the host as any of: ${signedHosts(request.host, mode).join(', ')}`,
    canonicalRequest: documented,
    stringToSign: stringToSignTc3(timestamp, scope, documented),
  };
}

/** The document wants names in lower case and ASCII order. Another order hashes to something else on a server that sorts, so it is refused whichever order the client hashed. */
function signedHeadersFault(request: WireRequest, names: readonly string[]): string | undefined {
  let previous = '';
  for (const name of names) {
    if (name <= previous || name !== name.toLowerCase()) return `SignedHeaders are not ${sortedNames(names).join(';')}: lower case, in ASCII order, each once`;
    previous = name;
  }
  const unsigned = ['content-type', 'host'].find((name) => !names.includes(name));
  if (unsigned !== undefined) return `${unsigned} is not among SignedHeaders`;
  const absent = names.find((name) => (name === 'host' ? request.host === '' : !Object.hasOwn(request.headers, name)));
  return absent === undefined ? undefined : `${absent} is among SignedHeaders and was not sent`;
}

const sortedNames = (names: readonly string[]): readonly string[] => [...new Set(names.map((name) => name.toLowerCase()))].sort();

/**
 * As documented in lower case; then with Content-Type and Host as sent, for these two are all that official clients
 * sign, who lower-case nothing, and a multipart boundary may hold capitals.
 */
function headerSpellings(request: WireRequest, names: readonly string[], host: string): readonly string[] {
  const lowered = lowerCased(headerLines(request, names, host));
  const asSent = headerLines(request, names, host, (name, line) => (name === 'content-type' || name === 'host' ? line : lowerCased(line)));
  return lowered === asSent ? [asSent] : [lowered, asSent];
}

/** Letters of ASCII only: node:http reads headers as latin1, where the bytes of UTF-8 look like capitals as well. */
export const lowerCased = (text: string): string => (/[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text);

function headerLines(request: WireRequest, names: readonly string[], host: string, spell = (_name: string, line: string): string => line): string {
  let lines = '';
  // A name comes from the client: only own properties are headers, `constructor` is none.
  for (const name of names) lines += spell(name, headerLine(name, name === 'host' ? host : Object.hasOwn(request.headers, name) ? header(request, name) : ''));
  return lines;
}

export const headerLine = (name: string, value: string): string => `${name}:${value.trim()}\n`;

/** Clients that know UNSIGNED-PAYLOAD hash it for a GET too, whose payload is empty otherwise (Python SDK). */
function hashedPayload(request: WireRequest): string {
  if (header(request, 'x-tc-content-sha256') === 'UNSIGNED-PAYLOAD') return sha256('UNSIGNED-PAYLOAD');
  return sha256(request.method === 'GET' ? '' : request.body);
}

/**
 * The hosts that a client may have signed. Behind the Host header as sent come, in lenient mode, that without its port
 * (Node SDKs) and, where the Host is an address or a bare name, the public names: `apigwEndpoint` of the Python, Go and
 * Java SDKs, like many a proxy, replaces the Host of a request that is signed already. A URL as host (Python SDK with a
 * URL as endpoint) is text like any other.
 */
export function signedHosts(host: string, mode: SignatureMode): readonly string[] {
  if (mode === 'strict') return [host];
  const name = withoutPort(host);
  const hosts = name === host ? [host] : [host, name];
  return /^(?:\[.*\]|[\d.]+|[^.]*)$/.test(name) ? [...hosts, 'faceid.tencentcloudapi.com', 'faceid.intl.tencentcloudapi.com'] : hosts;
}

const withoutPort = (host: string): string => host.replace(/:\d{1,5}$/, '');

/** The path is always `/`. Of an endpoint with a prefix, `127.0.0.1:8080/x`, Node SDKs sign `/x/`, the Go and Java ones `/`. */
export const signedPaths = (path: string, mode: SignatureMode): readonly string[] => (mode === 'strict' || path === '/' ? ['/'] : ['/', path]);

/** `lines`: what `headerLine` makes of the signed headers, in the order of `names`. */
export const canonicalRequest = (method: string, path: string, query: string, lines: string, names: readonly string[], payload: string): string =>
  `${method}\n${path}\n${query}\n${lines}\n${names.join(';')}\n${payload}`;

export const stringToSignTc3 = (timestamp: string, scope: string, canonical: string): string =>
  // node:http reads header bytes as latin1; written back so, they are the bytes that the client hashed.
  `${algorithm}\n${timestamp}\n${scope}\n${sha256(Buffer.from(canonical, 'latin1'))}`;

export const signatureTc3 = (key: HmacKey, stringToSign: string): string => key.sign(stringToSign);

/** Lower-case hexadecimal. */
export const sha256 = (data: string | Buffer): string => hash('sha256', data, 'hex');

/** Equal in constant time, once they are of equal length. */
export function sameText(expected: string, given: string): boolean {
  if (expected.length !== given.length) return false;
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

export function signingKey(secretKey: string, date: string, service: string): HmacKey {
  const step = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return new HmacKey(step(step(step(`TC3${secretKey}`, date), service), terminator));
}

/** The last signing keys derived: a key holds for a day, and deriving it costs more than all the rest of a verification. */
export class SigningKeys {
  static readonly #most = 64;
  readonly #keys = new Map<string, HmacKey>();

  of(secretKey: string, date: string, service: string): HmacKey {
    // Neither date nor service can hold a `/`, so no two credentials share a name.
    const name = `${date}/${service}/${secretKey}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key = signingKey(secretKey, date, service);
    const oldest = this.#keys.keys().next();
    if (this.#keys.size >= SigningKeys.#most && !oldest.done) this.#keys.delete(oldest.value);
    this.#keys.set(name, key);
    return key;
  }
}
