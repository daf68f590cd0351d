import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { randomFor } from '../../../src/domain/random.ts';
import { freshness } from '../../../src/providers/tencent/freshness.ts';
import { sortedParameters, stringToSignV1, verifyV1 } from '../../../src/providers/tencent/hmac-v1.ts';
import { signedRequest, tc3Authorization, type Call, type Scheme, type SignedRequest } from '../../../src/providers/tencent/sign.ts';
import {
  canonicalRequest, headerLine, parseAuthorization, scopeFault, sha256, SigningKeys, signedHosts, signedPaths, stringToSignTc3, verifyTc3,
  type SignatureMode, type Tc3Verdict,
} from '../../../src/providers/tencent/tc3.ts';
import { parseForm, type Parameter } from '../../../src/wire/form.ts';
import { header, type WireRequest } from '../../../src/wire/wire-request.ts';

// The vendor's own signing code. It is CommonJS with a default export, which Node and vitest import differently; `require` returns `any`.
const { default: Sign } = createRequire(import.meta.url)('tencentcloud-sdk-nodejs/tencentcloud/common/sign') as typeof import('tencentcloud-sdk-nodejs/tencentcloud/common/sign.js');

const golden = new URL('../../golden/tencent/', import.meta.url);
const readJson = (file: string): unknown => JSON.parse(readFileSync(new URL(file, golden), 'utf8'));

interface Captured { readonly file: string; readonly secretKey: string; readonly secretId: string; readonly timestamp: number; readonly signature: string; readonly signedHost: string; readonly stringToSign: string }
type Vector =
  | { readonly scheme: 'SKIP'; readonly file: string }
  | (Captured & { readonly scheme: 'HmacSHA1' | 'HmacSHA256' })
  | (Captured & { readonly scheme: 'TC3-HMAC-SHA256'; readonly date: string; readonly service: string; readonly canonicalUri: string; readonly canonicalRequest: string; readonly hashedPayload: string });

interface OfficialTc3 {
  readonly secretId: string; readonly secretKey: string; readonly payload: string; readonly signedHeaders: string; readonly canonicalRequest: string;
  readonly stringToSign: string; readonly secretSigningHex: string; readonly signature: string;
}
interface OfficialV1 { readonly secretId: string; readonly secretKey: string; readonly stringToSign: string; readonly signature: string }
interface Official {
  readonly v3_content_type_host: OfficialTc3 & { readonly headers: Readonly<Record<string, string>>; readonly hashedPayload: string; readonly authorization: string };
  readonly v3_content_type_host_x_tc_action: OfficialTc3;
  readonly v1_hmacsha1_get: OfficialV1 & { readonly url: string };
  readonly v1_hmacsha1_get_masked_key: OfficialV1;
  readonly v1_hmacsha256_get_OUR_computation_not_official: OfficialV1;
}

// Both files are ours and never change; a field that is missing fails the test that reads it.
const vectors = readJson('vectors.json') as readonly Vector[];
const official = readJson('official_vectors.json') as Official;
const captured = vectors.filter((vector) => vector.scheme !== 'SKIP');
const capturedTc3 = captured.filter((vector) => vector.scheme === 'TC3-HMAC-SHA256');
const capturedV1 = captured.filter((vector) => vector.scheme !== 'TC3-HMAC-SHA256');

function wireRequest(method: string, target: string, headers: readonly (readonly [string, string])[], body: Buffer): WireRequest {
  const cut = target.indexOf('?');
  const named = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
  return {
    method,
    path: cut === -1 ? target : target.slice(0, cut),
    query: cut === -1 ? '' : target.slice(cut + 1),
    host: named['host'] ?? '',
    headers: named,
    rawHeaders: headers.flat(),
    body,
    oversize: false,
    remoteAddress: '127.0.0.1',
  };
}

/** A request as it was captured from a socket. Lines may end in LF or CRLF; the body is as long as Content-Length says. */
function rawRequest(file: string): WireRequest {
  const bytes = readFileSync(new URL(file, golden));
  const end = /\r?\n\r?\n/.exec(bytes.toString('latin1'));
  if (end === null) throw new Error(`${file} has no end of headers`);
  const [requestLine = '', ...lines] = bytes.toString('latin1', 0, end.index).split(/\r?\n/);
  const [method = '', target = ''] = requestLine.split(' ');
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const);
  const length = Number(headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? 0);
  const start = end.index + end[0].length;
  expect(bytes.length - start, `${file}: length of the body`).toBeGreaterThanOrEqual(length);
  return wireRequest(method, target, headers, bytes.subarray(start, start + length));
}

const fromSigned = ({ method, target, headers, body }: SignedRequest): WireRequest => wireRequest(method, target, headers, Buffer.from(body));

const withHeader = (request: WireRequest, name: string, value: string): WireRequest => ({
  ...request, host: name === 'host' ? value : request.host, headers: { ...request.headers, [name]: value },
});

/** What an endpoint asks of a TC3 request before its scope: shape, SecretId, signature. */
function judgeTc3(request: WireRequest, pair: { readonly secretId: string; readonly secretKey: string }, mode: SignatureMode = 'lenient', keys = new SigningKeys()): string {
  const authorization = parseAuthorization(header(request, 'authorization'));
  if (authorization.kind === 'malformed') return `malformed ${authorization.part}`;
  if (authorization.credential.secretId !== pair.secretId) return 'unknown SecretId';
  return verifyTc3(request, authorization, header(request, 'x-tc-timestamp'), pair.secretKey, mode, keys).kind;
}

const parametersOf = (request: WireRequest): Parameter[] => parseForm(request.method === 'GET' ? request.query : request.body.toString());

const judgeV1 = (request: WireRequest, secretKey: string, parameters: readonly Parameter[] = parametersOf(request), mode: SignatureMode = 'lenient'): string =>
  verifyV1(request.method, signedHosts(request.host, mode), signedPaths(request.path, mode), parameters, secretKey).kind;

/** The documents mask the key of some vectors, or explain it behind the value. */
const firstWord = (text: string): string => text.split(' ', 1)[0] ?? '';

const officialHeaders = Object.entries(official.v3_content_type_host.headers);
const officialBody = Buffer.from(official.v3_content_type_host.payload);
const officialTc3 = [official.v3_content_type_host, official.v3_content_type_host_x_tc_action].map((vector) => {
  const pair = { secretId: firstWord(vector.secretId), secretKey: firstWord(vector.secretKey) };
  const authorization = `TC3-HMAC-SHA256 Credential=${pair.secretId}/2019-02-25/cvm/tc3_request, SignedHeaders=${vector.signedHeaders}, Signature=${vector.signature}`;
  return { vector, pair, authorization, request: wireRequest('POST', '/', [...officialHeaders, ['Authorization', authorization]], officialBody) };
});
const officialV1 = [
  official.v1_hmacsha1_get, official.v1_hmacsha1_get_masked_key, official.v1_hmacsha256_get_OUR_computation_not_official,
].map((vector) => {
  const query = `${vector.stringToSign.slice(vector.stringToSign.indexOf('?') + 1)}&Signature=${encodeURIComponent(vector.signature)}`;
  return { vector, request: wireRequest('GET', `/?${query}`, [['Host', 'cvm.tencentcloudapi.com']], Buffer.alloc(0)) };
});

it('has a captured request for every vector and a vector for every signed request', () => {
  const files = readdirSync(golden).filter((file) => /\.(?:txt|raw)$/.test(file));
  expect(vectors.map(({ file }) => file).sort()).toEqual(files.filter((file) => !file.endsWith('.raw')).sort());
  expect([capturedTc3.length, capturedV1.length]).toEqual([19, 8]);
});

it.each(officialTc3)('verifies the published TC3 vector that signs $vector.signedHeaders', ({ vector, pair, request }) => {
  expect(judgeTc3(request, pair)).toBe('valid');
  expect(judgeTc3(request, pair, 'strict')).toBe('valid');
  expect(new SigningKeys().of(pair.secretKey, '2019-02-25', 'cvm').bytes.toString('hex')).toBe(vector.secretSigningHex);
  expect(sha256(officialBody)).toBe(official.v3_content_type_host.hashedPayload);
});

it.each(officialTc3)('shows the published canonical request to a wrong key that signs $vector.signedHeaders', ({ vector, request, authorization }) => {
  const parsed = parseAuthorization(authorization);
  if (parsed.kind === 'malformed') throw new Error(parsed.why);
  expect(verifyTc3(request, parsed, '1551113065', 'another key', 'strict', new SigningKeys())).toEqual({
    kind: 'invalid',
    why: 'it is not the signature of this request, with the host as any of: cvm.tencentcloudapi.com',
    canonicalRequest: vector.canonicalRequest,
    stringToSign: vector.stringToSign,
  });
});

it.each(officialTc3)('signs the published TC3 vector that signs $vector.signedHeaders as the document does', ({ vector, pair, authorization }) => {
  const signed = officialHeaders.filter(([name]) => vector.signedHeaders.split(';').includes(name.toLowerCase()));
  expect(tc3Authorization(pair, { service: 'cvm', timestamp: '1551113065', method: 'POST', query: '', signed, payload: sha256(officialBody) })).toBe(authorization);
});

it('reads the published Authorization header', () => {
  expect(parseAuthorization(official.v3_content_type_host.authorization)).toEqual({
    kind: 'tc3',
    credential: { secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE', date: '2019-02-25', service: 'cvm', terminator: 'tc3_request' },
    signedHeaders: ['content-type', 'host'],
    signature: official.v3_content_type_host.signature,
  });
});

it.each(officialV1)('verifies the published v1 vector $vector.signature', ({ vector, request }) => {
  expect(judgeV1(request, vector.secretKey, undefined, 'strict')).toBe('valid');
  expect(verifyV1('GET', [request.host], ['/'], parametersOf(request), 'another key')).toEqual({
    kind: 'invalid',
    why: 'it is not the signature of this request, with the host as any of: cvm.tencentcloudapi.com',
    stringToSign: vector.stringToSign,
  });
});

it('verifies the published v1 URL', () => {
  const { url, secretKey } = official.v1_hmacsha1_get;
  expect(judgeV1(wireRequest('GET', url.slice(url.indexOf('/?')), [['Host', 'cvm.tencentcloudapi.com']], Buffer.alloc(0)), secretKey)).toBe('valid');
});

it.each(capturedTc3)('verifies the SDK request $file', (vector) => {
  const request = rawRequest(vector.file);
  const authorization = parseAuthorization(header(request, 'authorization'));
  if (authorization.kind === 'malformed') throw new Error(authorization.why);
  const { credential, signature } = authorization;
  expect({ ...credential, signature }).toEqual({
    secretId: vector.secretId, date: vector.date, service: vector.service, terminator: 'tc3_request', signature: vector.signature,
  });
  expect(scopeFault(credential, String(vector.timestamp), request.host, 'lenient')).toBeUndefined();
  expect(verifyTc3(request, authorization, String(vector.timestamp), vector.secretKey, 'lenient', new SigningKeys())).toEqual({ kind: 'valid', host: vector.signedHost });

  const lines = headerLine('content-type', header(request, 'content-type')) + headerLine('host', vector.signedHost);
  const canonical = canonicalRequest(request.method, vector.canonicalUri, request.query, lines, ['content-type', 'host'], vector.hashedPayload);
  expect(canonical).toBe(vector.canonicalRequest);
  expect(stringToSignTc3(String(vector.timestamp), `${vector.date}/${vector.service}/tc3_request`, canonical)).toBe(vector.stringToSign);
});

it.each(capturedV1)('verifies the SDK request $file', (vector) => {
  const request = rawRequest(vector.file);
  const parameters = parametersOf(request);
  expect(verifyV1(request.method, signedHosts(request.host, 'lenient'), signedPaths(request.path, 'lenient'), parameters, vector.secretKey))
    .toEqual({ kind: 'valid', host: vector.signedHost });
  expect(stringToSignV1(request.method, vector.signedHost, request.path, sortedParameters(new Map(parameters)))).toBe(vector.stringToSign);
});

it('calls an unsigned request and a CONNECT malformed', () => {
  const skipped = rawRequest('node-cn_skipsign.txt');
  expect(header(skipped, 'authorization')).toBe('SKIP');
  expect(parseAuthorization('SKIP')).toEqual({ kind: 'malformed', part: 'Algorithm', why: 'it does not begin with TC3-HMAC-SHA256' });
  const connect = rawRequest('node-intl_httpproxy_step1_connect.raw');
  expect([connect.method, connect.host]).toEqual(['CONNECT', 'faceid.intl.tencentcloudapi.com:443']);
  expect(parseAuthorization(header(connect, 'authorization'))).toMatchObject({ kind: 'malformed', part: 'Algorithm' });
});

// From here on: one byte changed in what a signature covers.

const printable = Array.from({ length: 0x7e - 0x20 }, (_, i) => String.fromCharCode(0x21 + i)).join('');

/** `text` with the character at each position replaced by three others, seeded; where case does not count, by others than its other case. */
function changed(text: string, seed: string, ignoreCase = false): string[] {
  return Array.from(text, (old, at) => {
    const random = randomFor(seed, text, at);
    return Array.from({ length: 3 }, () => {
      let by = old;
      while (by === old || (ignoreCase && by.toLowerCase() === old.toLowerCase())) by = printable.charAt(random.below(printable.length));
      return text.slice(0, at) + by + text.slice(at + 1);
    });
  }).flat();
}

/** `body` with one bit-pattern changed at every position, or at 400 seeded ones of a long body; one byte shorter; one longer. */
function changedBody(body: Buffer, seed: string): Buffer[] {
  const random = randomFor(seed, 'body');
  const positions = body.length <= 400 ? [...body.keys()] : Array.from({ length: 400 }, () => random.below(body.length));
  const mutants = positions.map((at) => {
    const copy = Buffer.from(body);
    copy[at] = (copy[at] ?? 0) ^ (1 + random.below(255));
    return copy;
  });
  return [...mutants, body.subarray(0, -1), Buffer.concat([body, Buffer.from(' ')])];
}

/** `/` may be signed for any path, so only a prefix that was signed itself is covered. */
const changedPaths = (request: WireRequest): string[] => (request.path === '/' ? [] : changed(request.path, 'path'));

/** Every request that differs in one place from a TC3 one whose host was signed as `signedHost`. */
function tc3Mutants(request: WireRequest, signedHost: string): (readonly [what: string, request: WireRequest])[] {
  const authorization = parseAuthorization(header(request, 'authorization'));
  if (authorization.kind === 'malformed') throw new Error(authorization.why);
  const ofHeader = (name: string, values: readonly string[]) => values.map((value) => [`${name}: ${value}`, withHeader(request, name, value)] as const);
  const unsignedTail = request.host.slice(signedHost.length);
  return [
    ...changed(request.method, 'method').map((method) => [`method ${method}`, { ...request, method }] as const),
    [`method ${request.method.toLowerCase()}`, { ...request, method: request.method.toLowerCase() }],
    ...changedPaths(request).map((path) => [`path ${path}`, { ...request, path }] as const),
    ...(request.method === 'GET' ? changed(request.query, 'query').map((query) => [`query ${query}`, { ...request, query }] as const) : []),
    ...(request.method === 'GET' ? [] : changedBody(request.body, 'body').map((body) => [`body ${body}`, { ...request, body }] as const)),
    // A Node SDK leaves the port out of what it signs: then only the name in front of it is covered.
    ...ofHeader('host', changed(signedHost, 'host', true).map((host) => host + unsignedTail)),
    ...authorization.signedHeaders.filter((name) => name !== 'host').flatMap((name) => ofHeader(name, changed(header(request, name), name, true))),
    ...ofHeader('x-tc-timestamp', changed(header(request, 'x-tc-timestamp'), 'timestamp')),
    // Date, service and terminator, the list of signed headers, the signature, and each sign between them.
    ...ofHeader('authorization', changed(header(request, 'authorization'), 'authorization')),
  ];
}

function acceptedTc3(request: WireRequest, signedHost: string, pair: { readonly secretId: string; readonly secretKey: string }): string[] {
  expect(judgeTc3(request, pair)).toBe('valid');
  const keys = new SigningKeys();
  const mutants = tc3Mutants(request, signedHost);
  expect(mutants.length).toBeGreaterThan(700);
  return mutants.filter(([, mutant]) => judgeTc3(mutant, pair, 'lenient', keys) === 'valid').map(([what]) => what);
}

it.each(officialTc3)('refuses one byte changed in the published vector that signs $vector.signedHeaders', ({ pair, request }) => {
  expect(acceptedTc3(request, 'cvm.tencentcloudapi.com', pair)).toEqual([]);
});

it.each(capturedTc3)('refuses one byte changed in $file', (vector) => {
  expect(acceptedTc3(rawRequest(vector.file), vector.signedHost, vector)).toEqual([]);
});

const call: Call = {
  secretId: 'AKIDSANDBOX00000000000000000EXAMPLE', secretKey: 'SandboxSecretKey0000000000EXAMPLE', host: 'faceid.tencentcloudapi.com', timestamp: 1795321311,
  action: 'MobileStatus', version: '2018-03-01', common: { Region: 'ap-singapore', Language: 'en-US' },
  params: { Mobile: '13800138000', Encryption: { EncryptList: ['Mobile'], Iv: 'a+b/c==', TagList: [] }, Name: "韦 小宝 !'()*~", Count: 7 },
};

it('refuses one byte changed in a long body', () => {
  const long = { ...call, params: { Mobile: '13800138000', CiphertextBlob: '密'.repeat(30_000) } };
  expect(acceptedTc3(fromSigned(signedRequest({ kind: 'tc3', method: 'POST' }, long)), call.host, call)).toEqual([]);
});

/** All single changes to a v1 request, in names and values as decoded and in the text as sent. */
function v1Mutants(request: WireRequest): (readonly [what: string, request: WireRequest, parameters: readonly Parameter[]])[] {
  const parameters = parametersOf(request);
  const text = request.method === 'GET' ? request.query : request.body.toString();
  return [
    ...changed(request.method, 'method').map((method) => [`method ${method}`, { ...request, method }, parameters] as const),
    ...changed(request.host, 'host').map((host) => [`host ${host}`, { ...request, host }, parameters] as const),
    ...changedPaths(request).map((path) => [`path ${path}`, { ...request, path }, parameters] as const),
    ...parameters.flatMap(([name, value], at) => {
      const alteredNames = changed(name, 'name').map((altered) => [altered, value] as const);
      const alteredValues = [...changed(value, 'value'), `${value} `, value.slice(1)].map((altered) => [name, altered] as const);
      return [...alteredNames, ...alteredValues].map((altered) => [`parameter ${altered.join('=')}`, request, parameters.with(at, altered)] as const);
    }),
    ...parameters.map(([name], at) => [`without ${name}`, request, parameters.toSpliced(at, 1)] as const),
    [`another parameter`, request, [...parameters, ['Extra', '1']]],
    ...changed(text, 'text').flatMap((altered) => {
      const read = parseForm(altered);
      // `%2f` for `%2F` changes nothing that is signed.
      return JSON.stringify(read) === JSON.stringify(parameters) ? [] : [[`text ${altered}`, request, read] as const];
    }),
  ];
}

/** The Java and Python SDKs sign `.` for `_`, so either may stand in a name. */
const dotted = (parameters: readonly Parameter[]): string => JSON.stringify(parameters.map(([name, value]) => [name.replaceAll('_', '.'), value]));

function acceptedV1(request: WireRequest, secretKey: string): string[] {
  const parameters = parametersOf(request);
  expect(judgeV1(request, secretKey)).toBe('valid');
  const mutants = v1Mutants(request).filter(([, , altered]) => altered === parameters || dotted(altered) !== dotted(parameters));
  expect(mutants.length).toBeGreaterThan(700);
  return mutants.filter(([, mutant, altered]) => judgeV1(mutant, secretKey, altered) === 'valid').map(([what]) => what);
}

it.each(officialV1)('refuses one byte changed in the published v1 vector $vector.signature', ({ vector, request }) => {
  expect(acceptedV1(request, vector.secretKey)).toEqual([]);
});

it.each(capturedV1)('refuses one byte changed in $file', (vector) => {
  expect(acceptedV1(rawRequest(vector.file), vector.secretKey)).toEqual([]);
});

// What clients do differently, and what they get wrong.

const tc3Post = fromSigned(signedRequest({ kind: 'tc3', method: 'POST' }, call));
const schemes: readonly Scheme[] = [
  { kind: 'tc3', method: 'POST' },
  { kind: 'tc3', method: 'GET' },
  ...(['GET', 'POST'] as const).flatMap((method) => (['HmacSHA1', 'HmacSHA256'] as const).map((signatureMethod) => ({ kind: 'v1', method, signatureMethod, nonce: 11886 }) as const)),
];

it.each(schemes)('verifies what its own client signs: $kind $method $signatureMethod', (scheme) => {
  const request = fromSigned(signedRequest(scheme, call));
  const judge = (secretKey: string, mode: SignatureMode) => (scheme.kind === 'tc3' ? judgeTc3(request, { ...call, secretKey }, mode) : judgeV1(request, secretKey, undefined, mode));
  expect(judge(call.secretKey, 'strict')).toBe('valid');
  expect(judge(call.secretKey, 'lenient')).toBe('valid');
  expect(judge(`${call.secretKey}x`, 'lenient')).toBe('invalid');
  expect(judge('', 'lenient')).toBe('invalid');
});

it('flattens parameters as the SDKs do, lists from 0 and empty ones away', () => {
  expect(parametersOf(fromSigned(signedRequest({ kind: 'tc3', method: 'GET' }, call)))).toEqual([
    ['Mobile', '13800138000'], ['Encryption.EncryptList.0', 'Mobile'], ['Encryption.Iv', 'a+b/c=='], ['Name', "韦 小宝 !'()*~"], ['Count', '7'],
  ]);
});

it.each(['http://127.0.0.1:8080/', 'http://localhost:8080/x/', 'http://[::1]:8080/', 'https://faceid.tencentcloudapi.com/'])('verifies what the Node SDK signs for %s', (url) => {
  const { host, pathname } = new URL(url);
  for (const multipart of [false, true]) {
    const headers = { 'Content-Type': 'application/json; charset=utf-8' };
    const boundary = 'Boundary-With-CAPITALS';
    const payload = multipart ? { Name: '韦小宝' } : { Mobile: '13800138000' };
    const authorization = Sign.sign3({ ...call, method: 'POST', url, payload, service: host.split('.')[0] ?? '', multipart, boundary, headers });
    const body = multipart
      ? `--${boundary}\r\nContent-Disposition: form-data; name="Name"\r\n\r\n韦小宝\r\n--${boundary}--\r\n`
      : JSON.stringify(payload);
    const request = wireRequest('POST', pathname, [
      ['Host', host], ['Content-Type', multipart ? `multipart/form-data; boundary=${boundary}` : headers['Content-Type']],
      ['X-TC-Timestamp', String(call.timestamp)], ['Authorization', authorization],
    ], Buffer.from(body));
    expect(judgeTc3(request, call)).toBe('valid');
    const parsed = parseAuthorization(authorization);
    expect(parsed.kind === 'tc3' && scopeFault(parsed.credential, String(call.timestamp), host, 'lenient')).toBeUndefined();
  }
});

it('accepts values signed in lower case, and Content-Type and Host as they are', () => {
  const headers = [['Content-Type', 'Multipart/Form-Data; boundary=AbC'], ['Host', 'FaceID.tencentcloudapi.com'], ['X-TC-Action', 'MobileStatus']] as const;
  const request = wireRequest('POST', '/', [...headers, ['X-TC-Timestamp', String(call.timestamp)]], Buffer.from('x'));
  const scope = '2026-11-22/faceid/tc3_request';
  const asSent = headers.map(([name, value]) => `${name.toLowerCase()}:${value}\n`).join('');
  const names = ['content-type', 'host', 'x-tc-action'];
  const keys = new SigningKeys();
  const half = asSent.replace('MobileStatus', 'mobilestatus');
  const verdicts = [asSent, asSent.toLowerCase(), half].map((lines) => {
    const toSign = stringToSignTc3(String(call.timestamp), scope, canonicalRequest('POST', '/', '', lines, names, sha256('x')));
    const signature = signature3(toSign);
    return judgeTc3(withHeader(request, 'authorization', `TC3-HMAC-SHA256 Credential=${call.secretId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`), call, 'strict', keys);
  });
  expect(verdicts).toEqual(['invalid', 'valid', 'valid']);
});

it('hashes the bytes of a header that is not ASCII, as node:http reads it', () => {
  const contentType = 'application/json; note=韦';
  const headers = { 'Content-Type': contentType };
  const authorization = Sign.sign3({ ...call, method: 'POST', url: `http://${call.host}/`, payload: {}, service: 'faceid', multipart: false, boundary: '', headers });
  const read = Buffer.from(contentType).toString('latin1');
  const request = wireRequest('POST', '/', [['Host', call.host], ['Content-Type', read], ['X-TC-Timestamp', String(call.timestamp)], ['Authorization', authorization]], Buffer.from('{}'));
  expect(judgeTc3(request, call, 'strict')).toBe('valid');
});

it('lower-cases letters and not the bytes of UTF-8, which look like capitals to node:http', () => {
  const read = (text: string): string => Buffer.from(text).toString('latin1');
  const request = wireRequest('POST', '/', [['Host', call.host], ['Content-Type', read('application/json; note=é')], ['X-TC-Action', 'MobileStatus'], ['X-TC-Timestamp', String(call.timestamp)]], Buffer.from('{}'));
  const scope = '2026-11-22/faceid/tc3_request';
  const lines = `content-type:${read('application/json; note=é')}\nhost:${call.host}\nx-tc-action:mobilestatus\n`;
  const names = ['content-type', 'host', 'x-tc-action'];
  const signature = signature3(stringToSignTc3(String(call.timestamp), scope, canonicalRequest('POST', '/', '', lines, names, sha256('{}'))));
  expect(judgeTc3(withHeader(request, 'authorization', `TC3-HMAC-SHA256 Credential=${call.secretId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`), call, 'strict')).toBe('valid');
});

/** HMAC with the sandbox key of the day, which the published vectors vouch for. */
function signature3(toSign: string): string {
  const key = new SigningKeys().of(call.secretKey, '2026-11-22', 'faceid');
  return createHmac('sha256', key.bytes).update(toSign).digest('hex');
}

it('refuses signed headers out of order, in capitals or repeated, even where the client hashed them so', () => {
  const lines = (names: readonly string[]) => names.map((name) => headerLine(name.toLowerCase(), name.toLowerCase() === 'host' ? call.host : 'application/json')).join('');
  const verdicts = [['host', 'content-type'], ['Content-Type', 'Host'], ['content-type', 'host', 'host']].flatMap((names) => [names, [...names].sort()].map((hashed) => {
    const toSign = stringToSignTc3(String(call.timestamp), '2026-11-22/faceid/tc3_request', canonicalRequest('POST', '/', '', lines(hashed), hashed, sha256(tc3Post.body)));
    const authorization = `TC3-HMAC-SHA256 Credential=${call.secretId}/2026-11-22/faceid/tc3_request, SignedHeaders=${names.join(';')}, Signature=${signature3(toSign)}`;
    return verdictOf(withHeader(tc3Post, 'authorization', authorization));
  }));
  expect(verdicts).toHaveLength(6);
  for (const verdict of verdicts) {
    expect(verdict).toMatchObject({ kind: 'invalid', why: 'SignedHeaders are not content-type;host: lower case, in ASCII order, each once' });
  }
});

function verdictOf(request: WireRequest): Tc3Verdict {
  const authorization = parseAuthorization(header(request, 'authorization'));
  if (authorization.kind === 'malformed') throw new Error(authorization.why);
  return verifyTc3(request, authorization, header(request, 'x-tc-timestamp'), call.secretKey, 'lenient', new SigningKeys());
}

it.each([
  ['host', 'content-type is not among SignedHeaders'],
  ['content-type', 'host is not among SignedHeaders'],
  ['content-type;host;x-tc-nothing', 'x-tc-nothing is among SignedHeaders and was not sent'],
  ['__proto__;content-type;host', '__proto__ is among SignedHeaders and was not sent'],
  ['constructor;content-type;host', 'constructor is among SignedHeaders and was not sent'],
])('refuses the signed headers %s', (list, why) => {
  const authorization = header(tc3Post, 'authorization').replace(/SignedHeaders=[^,]+/, `SignedHeaders=${list}`);
  expect(verdictOf(withHeader(tc3Post, 'authorization', authorization))).toMatchObject({ kind: 'invalid', why });
});

it.each(['content-type', 'host', 'x-tc-action'])('refuses a request without its signed %s', (name) => {
  const { [name]: _, ...headers } = tc3Post.headers;
  expect(verdictOf({ ...tc3Post, headers, host: name === 'host' ? '' : tc3Post.host })).toMatchObject({ kind: 'invalid', why: `${name} is among SignedHeaders and was not sent` });
});

it.each(['GET', 'POST'] as const)('accepts UNSIGNED-PAYLOAD on %s, whatever the body', (method) => {
  const signed = [['Content-Type', 'application/json'], ['Host', call.host]] as const;
  const authorization = tc3Authorization(call, { service: 'faceid', timestamp: String(call.timestamp), method, query: '', signed, payload: sha256('UNSIGNED-PAYLOAD') });
  const headers = [...signed, ['X-TC-Timestamp', String(call.timestamp)], ['Authorization', authorization]] as const;
  const request = wireRequest(method, '/', [...headers, ['X-TC-Content-SHA256', 'UNSIGNED-PAYLOAD']], Buffer.from('anything'));
  expect(judgeTc3(request, call, 'strict')).toBe('valid');
  expect(judgeTc3(withHeader(request, 'x-tc-content-sha256', 'unsigned-payload'), call)).toBe('invalid');
  expect(judgeTc3(wireRequest(method, '/', headers, Buffer.from('UNSIGNED-PAYLOA')), call)).toBe('invalid');
});

it('covers neither the query of a POST nor headers outside SignedHeaders, as documented', () => {
  const request = rawRequest('node-intl_tc3_post.txt');
  expect(judgeTc3({ ...request, query: 'Mobile=1' }, call)).toBe('valid');
  expect(judgeTc3(withHeader(request, 'x-tc-action', 'PhoneVerification'), call)).toBe('valid');
  expect(judgeTc3(withHeader(tc3Post, 'x-tc-action', 'PhoneVerification'), call)).toBe('invalid');
});

it('is strict about the host, the path and the service where the reading says so', () => {
  const loopback = rawRequest('node-intl_tc3_post.txt');
  const credential = { secretId: 'x', date: '2026-11-22', service: '127', terminator: 'tc3_request' };
  expect(judgeTc3(loopback, call, 'strict')).toBe('invalid');
  const authorization = Sign.sign3({ ...call, method: 'POST', url: `https://${call.host}/x/`, payload: {}, service: 'faceid', multipart: false, boundary: '', headers: { 'Content-Type': 'a/b' } });
  const prefixed = wireRequest('POST', '/x/', [['Host', call.host], ['Content-Type', 'a/b'], ['X-TC-Timestamp', String(call.timestamp)], ['Authorization', authorization]], Buffer.from('{}'));
  expect([judgeTc3(prefixed, call, 'strict'), judgeTc3(prefixed, call, 'lenient')]).toEqual(['invalid', 'valid']);
  expect(scopeFault(credential, '1795321311', loopback.host, 'strict')).toBe('Service');
  expect(judgeTc3(rawRequest('node-intl_httpproxy_realhost_tc3_post.txt'), call, 'strict')).toBe('valid');
});

it('accepts a public name that a proxy replaced by an address, and no other replacement', () => {
  const behind = (host: string, mode: SignatureMode = 'lenient') => judgeTc3(withHeader(tc3Post, 'host', host), call, mode);
  expect(['127.0.0.1:8080', '127.0.0.1', 'konghao:8080', '[::1]:8080', '[::ffff:127.0.0.1]'].map((host) => behind(host))).toEqual(Array(5).fill('valid'));
  expect(['konghao.example:8080', 'faceid.tencentcloudapi.cn', 'cvm.tencentcloudapi.com'].map((host) => behind(host))).toEqual(Array(3).fill('invalid'));
  expect(behind('127.0.0.1:8080', 'strict')).toBe('invalid');
});

it('signs a URL as host where the Python SDK was given one as endpoint', () => {
  const host = 'http://127.0.0.1:8080';
  expect(judgeTc3(fromSigned(signedRequest({ kind: 'tc3', method: 'POST' }, { ...call, host })), call, 'strict')).toBe('valid');
});

it.each([
  [{ date: '2026-11-21' }, 'Date'], [{ date: '' }, 'Date'], [{ date: '2026-11-22 ' }, 'Date'],
  [{ service: 'cvm' }, 'Service'], [{ service: 'Faceid' }, 'Service'],
  [{ terminator: 'aws4_request' }, 'Terminator'],
  [{}, undefined], [{ service: 'localhost' }, undefined], [{ service: 'localhost:8080' }, undefined],
])('finds in the scope %o the fault %s', (part, fault) => {
  const credential = { secretId: 'x', date: '2026-11-22', service: 'faceid', terminator: 'tc3_request', ...part };
  expect(scopeFault(credential, '1795321311', 'localhost:8080', 'lenient')).toBe(fault);
});

it.each(['', 'now', '1e9', '-1', '9'.repeat(40)])('finds no date in the timestamp %j', (timestamp) => {
  expect(scopeFault({ secretId: 'x', date: '2026-11-22', service: 'faceid', terminator: 'tc3_request' }, timestamp, 'h', 'lenient')).toBe('Date');
});

const good = { id: 'AKID', scope: '2026-11-22/faceid/tc3_request', headers: 'content-type;host', signature: 'a'.repeat(64) };

it.each([',', ', ', ',    '])('reads an Authorization header with %j between its parts', (comma) => {
  const text = `TC3-HMAC-SHA256 Credential=${good.id}/${good.scope}${comma}SignedHeaders=${good.headers}${comma}Signature=${good.signature}`;
  expect(parseAuthorization(text)).toMatchObject({ kind: 'tc3', signature: good.signature });
});

it.each([
  ['', 'Algorithm'],
  ['TC3-HMAC-SHA1 Credential=a/b/c/tc3_request, SignedHeaders=host, Signature=x', 'Algorithm'],
  ['tc3-hmac-sha256 Credential=a/b/c/tc3_request, SignedHeaders=host, Signature=x', 'Algorithm'],
  ['TC3-HMAC-SHA256', 'Algorithm'],
  ['TC3-HMAC-SHA256 ', 'Credential'],
  ['TC3-HMAC-SHA256 Credential=a/b/tc3_request, SignedHeaders=host, Signature=x', 'Credential'],
  ['TC3-HMAC-SHA256 Credential=a/b/c/d/tc3_request, SignedHeaders=host, Signature=x', 'Credential'],
  ['TC3-HMAC-SHA256 Credential=/b/c/tc3_request, SignedHeaders=host, Signature=x', 'Credential'],
  ['TC3-HMAC-SHA256 SignedHeaders=host, Credential=a/b/c/tc3_request, Signature=x', 'Credential'],
  ['TC3-HMAC-SHA256 Credential=a/b/c/tc3_request, Signature=x', 'SignedHeaders'],
  ['TC3-HMAC-SHA256 Credential=a/b/c/tc3_request, SignedHeaders=, Signature=x', 'SignedHeaders'],
  ['TC3-HMAC-SHA256 Credential=a/b/c/tc3_request, SignedHeaders=a;;host, Signature=x', 'SignedHeaders'],
  ['TC3-HMAC-SHA256 Credential=a/b/c/tc3_request, SignedHeaders=host', 'Signature'],
  ['TC3-HMAC-SHA256 Credential=a/b/c/tc3_request, SignedHeaders=host, Signature=', 'Signature'],
  ['TC3-HMAC-SHA256 Credential=a/b/c/tc3_request, SignedHeaders=host, Signature=x, Signature=x', 'Signature'],
])('calls %j malformed in its %s', (text, part) => {
  expect(parseAuthorization(text)).toMatchObject({ kind: 'malformed', part });
});

it.each([
  'x'.repeat(1 << 20), ' '.repeat(1 << 20), ','.repeat(1 << 20), `TC3-HMAC-SHA256 ${', '.repeat(1 << 19)}`, `TC3-HMAC-SHA256 Credential=${'/'.repeat(1 << 20)}`,
  `TC3-HMAC-SHA256 Credential=a/b/c/tc3_request, SignedHeaders=${'a;'.repeat(1 << 19)}host, Signature=x`,
])('refuses a megabyte of Authorization at once (%#)', (text) => {
  const start = performance.now();
  expect(parseAuthorization(text)).toMatchObject({ kind: 'malformed', part: 'Authorization' });
  expect(performance.now() - start).toBeLessThan(50);
});

it.each(['A'.repeat(64), 'é'.repeat(32), '韦', 'x'])('calls the signature %j wrong, not malformed', (signature) => {
  expect(verdictOf(withHeader(tc3Post, 'authorization', header(tc3Post, 'authorization').replace(/Signature=.*/, `Signature=${signature}`))).kind).toBe('invalid');
});

it('selects SHA-256 by the exact word HmacSHA256, and SHA-1 by any other and by none', () => {
  const signed = (method: string | undefined, hash: 'HmacSHA1' | 'HmacSHA256'): string => {
    const parameters: Parameter[] = [['Action', 'MobileStatus'], ...(method === undefined ? [] : [['SignatureMethod', method] as const])];
    const signature = Sign.sign(call.secretKey, `GETh/?${parameters.map((pair) => pair.join('=')).join('&')}`, hash);
    return verifyV1('GET', ['h'], ['/'], [...parameters, ['Signature', signature]], call.secretKey).kind;
  };
  expect(signed('HmacSHA256', 'HmacSHA256')).toBe('valid');
  expect(['HmacSHA1', 'hmacsha256', 'HmacSHA256 ', '', undefined].map((method) => signed(method, 'HmacSHA1'))).toEqual(Array(5).fill('valid'));
  expect(['hmacsha256', 'SHA256', undefined].map((method) => signed(method, 'HmacSHA256'))).toEqual(Array(3).fill('invalid'));
});

it('sorts names by ASCII and takes the last of a repeated parameter', () => {
  const signature = Sign.sign('k', 'GETh/?B=2&X.12=x&X.2=y&a=1', 'HmacSHA1');
  expect(verifyV1('GET', ['h'], ['/'], [['a', '1'], ['X.2', 'y'], ['B', '1'], ['X.12', 'x'], ['Signature', 'no'], ['B', '2'], ['Signature', signature]], 'k').kind).toBe('valid');
  expect(verifyV1('GET', ['h'], ['/'], [['a', '1'], ['X.2', 'y'], ['B', '2'], ['X.12', 'x'], ['B', '1'], ['Signature', signature]], 'k').kind).toBe('invalid');
});

it('accepts an underscore in a name signed as it is and signed as a dot, sorted before it is replaced', () => {
  const verdict = (toSign: string) => verifyV1('POST', ['h'], ['/'], [['A_b', '1'], ['Aa', '2'], ['A.c', '3'], ['Signature', Sign.sign('k', toSign, 'HmacSHA1')]], 'k').kind;
  expect(verdict('POSTh/?A.c=3&A_b=1&Aa=2')).toBe('valid');
  expect(verdict('POSTh/?A.c=3&A.b=1&Aa=2')).toBe('valid');
  expect(verdict('POSTh/?A.b=1&A.c=3&Aa=2')).toBe('invalid');
});

it('says so where there is no v1 signature', () => {
  expect(verifyV1('GET', ['h'], ['/'], [['Action', 'X']], 'k')).toEqual({ kind: 'invalid', why: 'there is no Signature', stringToSign: 'GETh/?Action=X' });
});

it('keeps 64 signing keys and derives the others again', () => {
  const keys = new SigningKeys();
  const first = keys.of('k', '2026-11-22', 'faceid');
  expect(keys.of('k', '2026-11-22', 'faceid')).toBe(first);
  for (let i = 0; i < 63; i += 1) keys.of(`k${i}`, '2026-11-22', 'faceid');
  expect(keys.of('k', '2026-11-22', 'faceid')).toBe(first);
  keys.of('one more', '2026-11-22', 'faceid');
  const again = keys.of('k', '2026-11-22', 'faceid');
  expect(again).not.toBe(first);
  expect(again).toEqual(first);
});

it.each([
  ['1795321311', 'fresh'], ['1795321011', 'fresh'], ['1795321611', 'fresh'], ['1795321010', 'expired'], ['1795321612', 'expired'], ['0', 'expired'],
  ['1795321311000', 'expired'], ['9'.repeat(400), 'expired'],
  ['', 'not-a-number'], ['-1795321311', 'not-a-number'], ['+1795321311', 'not-a-number'], ['1795321311.0', 'not-a-number'], ['1.8e9', 'not-a-number'],
  ['0x6b02c9df', 'not-a-number'], [' 1795321311', 'not-a-number'], ['1795321311\n', 'not-a-number'], ['１７９５３２１３１１', 'not-a-number'],
])('calls the timestamp %j %s', (timestamp, verdict) => {
  expect(freshness(timestamp, 1795321311_999)).toBe(verdict);
});
