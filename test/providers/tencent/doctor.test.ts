import { createHash, createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { Account, Desk, Diagnosis } from '../../../src/providers/provider.ts';
import { tencent } from '../../../src/providers/tencent/index.ts';
import { mobileStatus } from '../../../src/providers/tencent/mobile-status.ts';
import { sandboxDataKey, sandboxPublicKeys } from '../../../src/sealed/sandbox-keys.ts';
import { seal, sealWithDataKey } from '../../../src/sealed/seal.ts';
import { loadSm } from '../../../src/sealed/sm.ts';
import type { Envelope } from '../../../src/sealed/envelope.ts';
import type { WireRequest } from '../../../src/wire/wire-request.ts';

// Signs from the documents alone: what a mistaken client signs must not come from the code that looks for it.

const id = 'AKIDdoctorPatient001';
const key = 'theSecretKeyOfPatient001';
const otherId = 'AKIDneighbour0000002';
const otherKey = 'theSecretKeyOfNeighbour2';
const token = 'theSessionTokenOfTheNeighbour';

/** 17:00 UTC on 22 November 2026, when it is the 23rd in China already. */
const now = 1_795_366_800;
const today = '2026-11-22';
const host = 'faceid.tencentcloudapi.com';

type Readings = Readonly<Record<string, string>>;
const lenient: Readings = { 'tencent.scopeService': 'lenient' };
const strict: Readings = { 'tencent.scopeService': 'strict' };

const accountOf = (record: Readonly<Record<string, unknown>>, readings: Readings): Account =>
  ({ provider: 'tencent', tenant: 'default', terms: tencent.accounts.terms({ state: 'normal', kms: true, ...record }), readings });
const accountsUnder = (readings: Readings): readonly Account[] => [
  accountOf({ secretId: id, secretKey: key }, readings),
  accountOf({ secretId: otherId, secretKey: otherKey, sessionToken: token }, readings),
];

const diagnose = (request: WireRequest, readings = lenient, judgedAt = now * 1000 + 999): Diagnosis | undefined =>
  mobileStatus.diagnose?.(request, { accounts: accountsUnder(readings), readings, judgedAt });

/** What the client gets: the row of the first check of the endpoint's own that refuses. */
function refusedAs(request: WireRequest, readings = lenient): string | undefined {
  const desk: Partial<Desk> = {
    account: (_provider, credential) => accountsUnder(readings).find(({ terms }) => terms.credential === credential),
    readings,
    signatureTime: () => now * 1000,
  };
  // The checks that an endpoint has of its own ask for no more.
  const draft = mobileStatus.open(request, desk as Desk);
  for (const check of mobileStatus.checks) {
    const refusal = check.kind === 'own' ? check.run(draft) : undefined;
    if (refusal !== undefined) return refusal.row;
  }
  return undefined;
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (by: string | Buffer, text: string): Buffer => createHmac('sha256', by).update(text).digest();
const derived = (secret: string, date = today, service = 'faceid'): Buffer => hmac(hmac(hmac(`TC3${secret}`, date), service), 'tc3_request');

/** A request, and the string to sign that its client had. */
interface Signed {
  readonly request: WireRequest;
  readonly toSign: string;
}

function wire(method: string, target: string, headers: readonly (readonly [name: string, value: string])[], body: string | Buffer): WireRequest {
  const [path = '', ...query] = target.split('?');
  // As node:http reads what comes as UTF-8.
  const read = headers.map(([name, value]) => [name, Buffer.from(value).toString('latin1')] as const);
  const named = Object.fromEntries(read.map(([name, value]) => [name.toLowerCase(), value]));
  return { method, path, query: query.join('?'), host: named['host'] ?? '', headers: named, rawHeaders: read.flat(), body: Buffer.from(body), oversize: false, remoteAddress: '127.0.0.1' };
}

interface Tc3Plan {
  /** As sent. */
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly type: string;
  readonly body: string | Buffer;
  readonly timestamp: string;
  readonly more: readonly (readonly [name: string, value: string])[];
  readonly secretId: string;
  readonly scope: string;
  readonly listed: string;
  /** As signed. */
  readonly signedMethod: string;
  readonly path: string;
  readonly query: string;
  readonly lines: string;
  readonly names: string;
  readonly payload: string;
  readonly signedTimestamp: string;
  readonly signedScope: string;
  readonly key: string | Buffer;
  canonical(text: string): string;
  hash(canonical: string): string;
  toSign(text: string): string;
  write(digest: Buffer): string;
  authorization(text: string): string;
}

/** Chinese text, a slash and signs that HTML escapes: each way of writing JSON differs. */
const business = { Mobile: '+86/139<韦>&=\'12345678', Encryption: null };
const compact = JSON.stringify(business);

/** A TC3 request as the current document has it, but for the parts given. */
function tc3(plan: Partial<Tc3Plan> = {}): Signed {
  const method = plan.method ?? 'POST';
  const target = plan.target ?? '/';
  const type = plan.type ?? 'application/json; charset=utf-8';
  const sentHost = plan.host ?? host;
  const body = plan.body ?? (method === 'GET' ? '' : compact);
  const timestamp = plan.timestamp ?? String(now);
  const p: Tc3Plan = {
    method, target, host: sentHost, type, body, timestamp,
    more: [], secretId: id, scope: `${today}/faceid/tc3_request`, listed: 'content-type;host;x-tc-action',
    signedMethod: method,
    path: '/',
    query: method === 'GET' ? target.slice(target.indexOf('?') + 1) : '',
    lines: `content-type:${type.toLowerCase()}\nhost:${sentHost}\nx-tc-action:mobilestatus\n`,
    names: plan.listed ?? 'content-type;host;x-tc-action',
    payload: sha256(method === 'GET' ? '' : body),
    signedTimestamp: timestamp,
    signedScope: plan.scope ?? `${today}/faceid/tc3_request`,
    key: derived(key),
    canonical: (text) => text,
    hash: sha256,
    toSign: (text) => text,
    write: (digest) => digest.toString('hex'),
    authorization: (text) => text,
    ...plan,
  };
  const canonical = p.canonical(`${p.signedMethod}\n${p.path}\n${p.query}\n${p.lines}\n${p.names}\n${p.payload}`);
  const toSign = p.toSign(`TC3-HMAC-SHA256\n${p.signedTimestamp}\n${p.signedScope}\n${p.hash(canonical)}`);
  const signature = p.write(hmac(p.key, toSign));
  const authorization = p.authorization(`TC3-HMAC-SHA256 Credential=${p.secretId}/${p.scope}, SignedHeaders=${p.listed}, Signature=${signature}`);
  const headers = [
    ['Host', p.host], ['Content-Type', p.type], ['X-TC-Action', 'MobileStatus'], ['X-TC-Version', '2018-03-01'], ['X-TC-Timestamp', p.timestamp], ...p.more,
    ['Authorization', authorization],
  ] as const;
  return { request: wire(p.method, p.target, headers, p.body), toSign };
}

const escaped = (text: string, which: RegExp): string => text.replace(which, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
const signedBody = (text: string): Signed => tc3({ payload: sha256(text) });
const linesWith = (type: string, name = host, action = 'mobilestatus'): string => `content-type:${type}\nhost:${name}\nx-tc-action:${action}\n`;
const json = 'application/json; charset=utf-8';
const get = (plan: Partial<Tc3Plan> = {}): Signed => tc3({ method: 'GET', target: '/?Mobile=%2B86+139%2f1&Language=en-US', type: 'application/x-www-form-urlencoded', ...plan });
const dateAt = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

type Case = readonly [cause: string, variant: string, signed: Signed, readings?: Readings];

const inTc3: readonly Case[] = [
  ['signature-upper-case', '', tc3({ write: (digest) => digest.toString('hex').toUpperCase() })],
  ['signature-base64', '', tc3({ write: (digest) => digest.toString('base64') })],
  ['key-of-another-account', '', tc3({ key: derived(otherKey) })],
  ['key-padded', 'a line break', tc3({ key: derived(`${key}\n`) })],
  ['key-padded', 'quotes', tc3({ key: derived(`"${key}"`) })],
  ['secret-id-as-key', '', tc3({ key: derived(id) })],
  ['key-without-prefix', '', tc3({ key: hmac(hmac(hmac(key, today), 'faceid'), 'tc3_request') })],
  ['key-from-hex', '', tc3({ key: hmac(hmac(hmac(`TC3${key}`, today).toString('hex'), 'faceid').toString('hex'), 'tc3_request').toString('hex') })],
  ['key-not-derived', '', tc3({ key })],
  ['wrong-key', '', tc3({ key: derived('nobody has this key') })],

  ['body-re-serialised', 'compact', tc3({ body: JSON.stringify(business, undefined, 2), payload: sha256(compact) })],
  ['body-re-serialised', 'indented by 2', signedBody(JSON.stringify(business, undefined, 2))],
  ['body-re-serialised', 'indented by 4', signedBody(JSON.stringify(business, undefined, 4))],
  ['body-re-serialised', 'as Python does', signedBody(escaped(compact, /[^ -~]/g).replaceAll(/(?<="),|:(?=["n])/g, '$& '))],
  ['body-re-serialised', 'sorted', signedBody(JSON.stringify({ Encryption: null, Mobile: business.Mobile }))],
  ['body-re-serialised', 'as ASCII', signedBody(escaped(compact, /[^ -~]/g))],
  ['body-re-serialised', 'as PHP does', signedBody(escaped(compact, /[^ -~]/g).replaceAll('/', '\\/'))],
  ['body-re-serialised', 'as Go does', signedBody(escaped(compact, /[<>&]/g))],
  ['body-re-serialised', 'as Gson does', signedBody(escaped(compact, /[<>&='](?!")/g))],
  ['body-re-serialised', 'a line break more', signedBody(`${compact}\n`)],
  ['body-re-serialised', 'a line break less', tc3({ body: `${compact}\n`, payload: sha256(compact) })],
  ['payload-empty', '', signedBody('')],
  ['payload-empty', 'an empty object', signedBody('{}')],
  ['payload-unsigned', '', signedBody('UNSIGNED-PAYLOAD')],
  ['payload-signed-although-unsigned', '', tc3({ more: [['X-TC-Content-SHA256', 'UNSIGNED-PAYLOAD']] })],
  ['payload-of-get', 'the body', get({ body: compact, payload: sha256(compact) })],
  ['payload-of-get', 'the parameters', get({ payload: sha256('{"Mobile":"+86 139/1","Language":"en-US"}') })],
  ['payload-not-hashed', '', tc3({ body: '{"Mobile":"13800138000"}', payload: '{"Mobile":"13800138000"}' })],
  ['hash-upper-case', 'of the payload', tc3({ payload: sha256(compact).toUpperCase() })],
  ['hash-upper-case', 'of the canonical request', tc3({ hash: (canonical) => sha256(canonical).toUpperCase() })],

  ['content-type-differs', 'without charset', tc3({ lines: linesWith('application/json') })],
  ['content-type-differs', 'with charset', tc3({ type: 'application/json', lines: linesWith(json) })],
  ['content-type-differs', 'of a form', tc3({ lines: linesWith('application/x-www-form-urlencoded') })],
  ['host-without-port', '', tc3({ host: `${host}:8443`, lines: linesWith(json, host) }), strict],
  ['host-differs', 'loopback', tc3({ host: 'konghao.example:4086', lines: linesWith(json, '127.0.0.1:4086') })],
  ['host-differs', 'the public name', tc3({ host: '127.0.0.1:4086', lines: linesWith(json) }), strict],
  ['host-differs', 'copied from an example', tc3({ lines: linesWith(json, 'cvm.tencentcloudapi.com') })],
  ['header-name-case', 'lines', tc3({ lines: `Content-Type:${json}\nHost:${host}\nX-TC-Action:mobilestatus\n` })],
  ['header-name-case', 'list', tc3({ names: 'Content-Type;Host;X-TC-Action' })],
  ['header-value-case', '', tc3({ lines: linesWith(json, host, 'MobileStatus') })],
  ['header-lines-not-trimmed', '', tc3({ lines: `content-type: ${json}\nhost: ${host}\nx-tc-action: mobilestatus\n` })],
  ['header-lines-unsorted', '', tc3({ names: 'host;content-type;x-tc-action', lines: `host:${host}\ncontent-type:${json}\nx-tc-action:mobilestatus\n` })],
  ['header-lines-unsorted', 'lines only', tc3({ lines: `x-tc-action:mobilestatus\ncontent-type:${json}\nhost:${host}\n` })],
  ['signed-headers-differ', 'fewer', tc3({ names: 'content-type;host', lines: `content-type:${json}\nhost:${host}\n` })],
  ['signed-headers-differ', 'more', tc3({ names: 'content-type;host;x-tc-action;x-tc-timestamp', lines: `${linesWith(json)}x-tc-timestamp:${now}\n` })],
  ['header-encoding', 'Latin-1', tc3({ type: 'a/b; n=é', hash: (canonical) => sha256(Buffer.from(canonical, 'latin1')) })],
  ['header-encoding', 'twice', tc3({ type: 'a/b; n=韦', hash: (canonical) => sha256(Buffer.from(canonical).toString('latin1')) })],
  ['header-encoding', 'question marks', tc3({ type: 'a/b; n=韦', lines: linesWith('a/b; n=?') })],

  ['blank-line-missing', '', tc3({ lines: linesWith(json).trimEnd() })],
  ['canonical-request-not-hashed', '', tc3({ hash: (canonical) => canonical })],
  ['line-breaks-crlf', '', tc3({ canonical: (text) => text.replaceAll('\n', '\r\n'), toSign: (text) => text.replaceAll('\n', '\r\n') })],
  ['line-break-at-the-end', 'canonical request', tc3({ canonical: (text) => `${text}\n` })],
  ['line-break-at-the-end', 'string to sign', tc3({ toSign: (text) => `${text}\n` })],

  ['method-differs', 'POST as GET', tc3({ signedMethod: 'GET' })],
  ['method-differs', 'POST as GET without payload', tc3({ signedMethod: 'GET', payload: sha256('') })],
  ['method-differs', 'GET as POST', get({ signedMethod: 'POST' })],
  ['method-differs', 'small letters', tc3({ signedMethod: 'post' })],
  ['path-differs', "the URL's", tc3({ target: '/proxy/faceid', path: '/proxy/faceid' }), strict],
  ['path-differs', 'none', tc3({ path: '' })],
  ['query-of-post', '', tc3({ target: '/?a=1', query: 'a=1' })],
  ['query-not-signed', '', get({ query: '' })],
  ['query-question-mark', '', get({ query: '?Mobile=%2B86+139%2f1&Language=en-US' })],
  ['query-re-sorted', '', get({ query: 'Language=en-US&Mobile=%2B86+139%2f1' })],
  ['query-decoded', '', get({ query: 'Mobile=+86 139/1&Language=en-US' })],
  ['query-decoded', 'and beyond ASCII', get({ target: '/?Mobile=%E9%9F%A6', query: 'Mobile=韦' })],
  ['query-re-encoded', '', get({ query: 'Mobile=%2B86%20139%2F1&Language=en-US' })],
  ['query-re-encoded', 'and sorted', get({ query: 'Language=en-US&Mobile=%2B86%20139%2F1' })],

  ['timestamp-differs', 'before', tc3({ signedTimestamp: String(now - 1) })],
  ['timestamp-differs', 'behind', tc3({ signedTimestamp: String(now + 5) })],
  ['date-differs', 'in the key', tc3({ key: derived(key, '2026-11-23') })],
  ['date-differs', 'in both', tc3({ signedScope: '2026-11-23/faceid/tc3_request', key: derived(key, '2026-11-23') })],
  ['service-differs', 'in the string', tc3({ host: '127.0.0.1:4086', signedScope: `${today}/127/tc3_request` })],
  ['service-differs', 'in both', tc3({ signedScope: `${today}/cvm/tc3_request`, key: derived(key, today, 'cvm') })],
];

/** What a look tells, and where no text was compared. */
const atALook: readonly Case[] = [
  ['timestamp-not-a-number', 'with a fraction', tc3({ timestamp: `${now}.25` })],
  ['timestamp-in-milliseconds', '', tc3({ timestamp: `${now}123`, scope: `${dateAt(now * 1000 + 123)}/faceid/tc3_request` })],
  ['timestamp-in-microseconds', '', tc3({ timestamp: `${now}123456` })],
  ['timestamp-in-nanoseconds', '', tc3({ timestamp: `${now}123456789` })],
  ['timestamp-in-local-time', '', tc3({ timestamp: String(now + 8 * 3600) })],
  ['clock-skew', 'behind', tc3({ timestamp: String(now - 301) })],
  ['clock-skew', 'ahead', tc3({ timestamp: String(now + 301) })],
  ['authorization-missing', '', { toSign: '', request: wire('POST', '/', [['Host', host], ['Content-Type', 'application/json']], '{"Action":"MobileStatus","Signature":"x"}') }],
  ['authorization-missing', 'GET', { toSign: '', request: wire('GET', '/?Mobile=1', [['Host', host], ['X-TC-Timestamp', String(now)]], '') }],
  ['authorization-malformed', 'order', tc3({ authorization: (text) => text.replace(/(SignedHeaders=[^,]+), (Signature=.*)/, '$2, $1') })],
  ['authorization-malformed', 'algorithm', tc3({ authorization: (text) => text.replace('TC3', 'AWS4') })],
  ['secret-id-padded', '', tc3({ secretId: ` ${id}` })],
  ['secret-id-misspelt', 'a letter', tc3({ secretId: id.replace('P', 'p') })],
  ['secret-id-misspelt', 'cut', tc3({ secretId: id.slice(0, -1) })],
  ['secret-key-as-id', '', tc3({ secretId: key })],
  ['secret-id-unknown', '', tc3({ secretId: 'somebodyElseAltogether' })],
  ['scope-terminator', '', tc3({ scope: `${today}/faceid/aws4_request` })],
  ['scope-date-local', '', tc3({ scope: '2026-11-23/faceid/tc3_request', key: derived(key, '2026-11-23') })],
  ['scope-date-local', 'west of Greenwich', tc3({ scope: '2026-11-21/faceid/tc3_request', key: derived(key, '2026-11-21') })],
  ['scope-date-wrong', 'without hyphens', tc3({ scope: '20261122/faceid/tc3_request', key: derived(key, '20261122') })],
  ['service-from-host', '', tc3({ host: '127.0.0.1:4086', scope: `${today}/127/tc3_request`, key: derived(key, today, '127') }), strict],
  ['service-of-another-product', '', tc3({ scope: `${today}/cvm/tc3_request`, key: derived(key, today, 'cvm') })],
  ['signed-headers-unsorted', '', tc3({ listed: 'host;content-type;x-tc-action', lines: `host:${host}\ncontent-type:${json}\nx-tc-action:mobilestatus\n` })],
  ['signed-headers-upper-case', '', tc3({ listed: 'Content-Type;Host;X-TC-Action' })],
  ['signed-headers-repeated', '', tc3({ listed: 'content-type;host;host', lines: `content-type:${json}\nhost:${host}\nhost:${host}\n` })],
  ['signed-headers-incomplete', 'host', tc3({ listed: 'host', lines: `host:${host}\n` })],
  ['signed-headers-incomplete', 'content-type', tc3({ listed: 'content-type', lines: `content-type:${json}\n` })],
  ['signed-header-not-sent', '', tc3({ listed: 'content-type;host;x-tc-nothing', lines: `content-type:${json}\nhost:${host}\nx-tc-nothing:\n` })],
];

type Pairs = readonly (readonly [name: string, value: string])[];

interface V1Plan {
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly host: string;
  readonly pairs: Pairs;
  encode(text: string): string;
  /** As signed. */
  readonly key: string;
  readonly hash: 'sha1' | 'sha256';
  sort(pairs: Pairs): Pairs;
  spell(text: string): string;
  /** From method, host, path and parameters. */
  toSign(method: string, host: string, path: string, sorted: string): string;
  write(digest: Buffer): string;
  /** The signature as it stands in the query. */
  encodeSignature(signature: string): string;
}

const byName = (pairs: Pairs): Pairs => pairs.toSorted(([a], [b]) => (a < b ? -1 : 1));

/** Nonces are chosen so that the signature has a `+` and a `/`. */
const v1Pairs = (nonce = '11886'): Pairs => [
  ['Version', '2018-03-01'], ['Action', 'MobileStatus'], ['Timestamp', String(now)], ['Nonce', nonce], ['SecretId', id], ['Mobile', '+86 139/1345'],
  ['Encryption.EncryptList.10', 'x'], ['Encryption.EncryptList.2', 'y'], ['aLast', ''],
];

function v1(plan: Partial<V1Plan> = {}): Signed {
  const p: V1Plan = {
    method: 'GET', target: '/', host: '127.0.0.1:4086', pairs: v1Pairs(), encode: encodeURIComponent, key, hash: 'sha1', sort: byName, spell: (text) => text,
    toSign: (method, name, path, sorted) => `${method}${name}${path}?${sorted}`,
    write: (digest) => digest.toString('base64'),
    encodeSignature: encodeURIComponent,
    ...plan,
  };
  const toSign = p.toSign(p.method, p.host, '/', p.sort(p.pairs).map(([name, value]) => `${name}=${p.spell(value)}`).join('&'));
  const signature = p.write(createHmac(p.hash, p.key).update(toSign).digest());
  const text = `${p.pairs.map(([name, value]) => `${p.encode(name)}=${p.encode(value)}`).join('&')}&Signature=${p.encodeSignature(signature)}`;
  const headers = [['Host', p.host], ['Content-Type', 'application/x-www-form-urlencoded']] as const;
  return { request: p.method === 'GET' ? wire('GET', `${p.target}?${text}`, headers, '') : wire('POST', p.target, headers, text), toSign };
}

/** The same with a nonce under which the signature has a plus sign, so that its spelling matters. */
function v1WithPlus(plan: Partial<V1Plan>): Signed {
  for (let nonce = 1; ; nonce += 1) {
    const pairs = v1Pairs(String(nonce));
    if (new URLSearchParams(v1({ pairs }).request.query).get('Signature')?.includes('+') === true) return v1({ pairs, ...plan });
  }
}

const sha256Pairs: Pairs = [...v1Pairs(), ['SignatureMethod', 'HmacSHA256']];

const inV1: readonly Case[] = [
  ['signature-not-url-encoded', '', v1WithPlus({ encodeSignature: (text) => text })],
  ['signature-encoded-twice', '', v1({ encodeSignature: (text) => encodeURIComponent(encodeURIComponent(text)) })],
  ['signature-hex', '', v1({ write: (digest) => digest.toString('hex') })],
  ['signature-hex', 'in base64', v1({ write: (digest) => Buffer.from(digest.toString('hex')).toString('base64') })],
  ['signature-base64-variant', 'a line break', v1({ write: (digest) => `${digest.toString('base64')}\n` })],
  ['signature-base64-variant', 'for URLs', v1WithPlus({ write: (digest) => digest.toString('base64url') })],
  ['signature-method-differs', 'SHA-1', v1({ pairs: sha256Pairs })],
  ['signature-method-differs', 'SHA-256', v1({ hash: 'sha256' })],
  ['key-of-another-account', 'v1', v1({ key: otherKey })],
  ['key-padded', 'v1', v1({ key: `${key}\n` })],
  ['secret-id-as-key', 'v1', v1({ key: id })],
  ['wrong-key', 'v1', v1({ key: 'nobody has this key' })],
  ['wrong-key', 'v1 in a form', v1({ method: 'POST', key: 'nobody has this key' })],
  ['parameters-unsorted', '', v1({ sort: (pairs) => pairs })],
  ['parameters-sorted-otherwise', 'ignoring case', v1({ sort: (pairs) => pairs.toSorted(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)) })],
  ['parameters-sorted-otherwise', 'by numbers', v1({ sort: (pairs) => byName(pairs).toSorted(([a], [b]) => Number(/^E.*\.(\d+)$/.exec(a)?.[1] ?? 0) - Number(/^E.*\.(\d+)$/.exec(b)?.[1] ?? 0)).toSorted(([a], [b]) => (a.slice(0, 3) < b.slice(0, 3) ? -1 : a.slice(0, 3) > b.slice(0, 3) ? 1 : 0)) })],
  ['values-url-encoded', '', v1({ spell: encodeURIComponent })],
  ['values-url-encoded', 'as forms are', v1({ spell: (text) => encodeURIComponent(text).replaceAll('%20', '+') })],
  ['value-not-url-encoded', '', v1({ pairs: [...v1Pairs().slice(0, 5), ['Mobile', '+8613800138000']], encode: (text) => text })],
  ['parameter-not-signed', 'one', v1({ sort: (pairs) => byName(pairs.filter(([name]) => name !== 'Nonce')) })],
  ['parameter-not-signed', 'the empty ones', v1({ pairs: [...v1Pairs(), ['Region', ''], ['Token', '']], sort: (pairs) => byName(pairs.filter(([, value]) => value !== '')) })],
  ['timestamp-differs', 'v1', v1({ spell: (text) => (text === String(now) ? String(now - 2) : text) })],
  ['question-mark-missing', '', v1({ toSign: (method, name, path, sorted) => `${method}${name}${path}${sorted}` })],
  ['path-missing', '', v1({ toSign: (method, name, _path, sorted) => `${method}${name}?${sorted}` })],
  ['only-parameters-signed', '', v1({ toSign: (_method, _host, _path, sorted) => sorted })],
  ['method-differs', 'v1', v1({ method: 'POST', toSign: (_method, name, path, sorted) => `GET${name}${path}?${sorted}` })],
  ['method-differs', 'v1 in small letters', v1({ toSign: (_method, name, path, sorted) => `get${name}${path}?${sorted}` })],
  ['host-without-port', 'v1', v1({ toSign: (method, _host, path, sorted) => `${method}127.0.0.1${path}?${sorted}` }), strict],
  ['host-differs', 'v1', v1({ toSign: (method, _host, path, sorted) => `${method}cvm.tencentcloudapi.com${path}?${sorted}` })],
  ['path-differs', 'v1', v1({ toSign: (method, name, _path, sorted) => `${method}${name}/v2/index.php?${sorted}` })],
];

const v1AtALook: readonly Case[] = [
  ['clock-skew', 'v1', v1({ pairs: v1Pairs().map(([name, value]) => [name, name === 'Timestamp' ? String(now - 4000) : value] as const) })],
  ['timestamp-in-milliseconds', 'v1', v1({ pairs: v1Pairs().map(([name, value]) => [name, name === 'Timestamp' ? `${now}000` : value] as const) })],
  ['secret-id-padded', 'v1', v1({ pairs: v1Pairs().map(([name, value]) => [name, name === 'SecretId' ? `${id}\n` : value] as const) })],
];

const withReadings = ([cause, variant, signed, readings = lenient]: Case) => [cause, variant, signed, readings] as const;
const compared = [...inTc3, ...inV1].map(withReadings);
const all = [...compared, ...[...atALook, ...v1AtALook].map(withReadings)];

it.each(all)('names the mistake %s (%s) alone', (cause, _variant, { request }, readings) => {
  expect(refusedAs(request, readings)).toMatch(/^AuthFailure\.|^MissingParameter$|^InvalidParameter$/);
  expect(diagnose(request, readings)?.cause).toBe(cause);
});

it.each(compared.filter(([cause]) => cause !== 'wrong-key'))('shows what was signed with the mistake %s (%s)', (_cause, _variant, { request, toSign }, readings) => {
  const { signed, expected } = diagnose(request, readings) ?? {};
  expect(signed?.stringToSign).toBe(toSign);
  expect(expected?.stringToSign).toBeTypeOf('string');
});

it('has a request for each cause that is written in the source, and for no other', () => {
  const folder = new URL('../../../src/providers/tencent/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.startsWith('doctor'));
  const written = files.flatMap((file) => [...readFileSync(new URL(file, folder), 'utf8').matchAll(/cause: '([a-z0-9-]+[a-z0-9])'/g)].map((match) => match[1]));
  const units = ['milliseconds', 'microseconds', 'nanoseconds'].map((unit) => `timestamp-in-${unit}`);
  expect([...new Set(all.map(([cause]) => cause))].sort()).toEqual([...new Set([...written, ...units])].sort());
});

it.each(all)('tells what to do about %s (%s) in one or two sentences, and no secret', (_cause, _variant, { request }, readings) => {
  const diagnosis = diagnose(request, readings);
  expect(diagnosis?.explanation).toMatch(/^[A-Z].*\.$/s);
  for (const secret of [key, otherKey, token]) expect(JSON.stringify(diagnosis)).not.toContain(secret);
});

it('shows a body and a header as they were signed beside what should have been', () => {
  const { expected, signed } = diagnose(tc3({ lines: linesWith('application/json') }).request) ?? {};
  const canonical = (type: string): string => `POST\n/\n\n${linesWith(type)}\ncontent-type;host;x-tc-action\n${sha256(compact)}`;
  expect([expected?.canonicalRequest, signed?.canonicalRequest]).toEqual([canonical(json), canonical('application/json')]);
  expect(expected?.stringToSign).toBe(`TC3-HMAC-SHA256\n${now}\n${today}/faceid/tc3_request\n${sha256(canonical(json))}`);
});

it('shows a header beyond ASCII in the characters that its bytes mean', () => {
  const { expected, signed } = diagnose(tc3({ type: 'a/b; n=韦', lines: linesWith('a/b; n=?') }).request) ?? {};
  expect([expected, signed].map((text) => /n=.*/.exec(text?.canonicalRequest ?? '')?.[0])).toEqual(['n=韦', 'n=?']);
});

it('names the neighbour whose key was used by the beginning of its SecretId', () => {
  expect(diagnose(tc3({ key: derived(otherKey) }).request)?.explanation)
    .toBe('The request names the SecretId AKIDdoct… and is signed with the SecretKey of AKIDneig…. Take both from the same pair.');
});

it('says honestly that a wrong key is what remains, and what was not tried of a long body', () => {
  const long = JSON.stringify({ Mobile: 'x'.repeat(70_000) });
  const spelt = { payload: sha256(JSON.stringify(JSON.parse(long), undefined, 2)) };
  const remaining = 'None of the known mistakes explains it: most likely the SecretKey is another';
  expect(diagnose(tc3({ key: 'k' }).request)).toMatchObject({ cause: 'wrong-key', explanation: expect.stringContaining(remaining) });
  expect(diagnose(tc3({ key: 'k' }).request)?.explanation).not.toContain('too long');
  expect(diagnose(tc3({ body: long, ...spelt }).request)).toMatchObject({ cause: 'wrong-key', explanation: expect.stringContaining('the body is too long') });
});

it('finds a mistake in the forms that official clients sign at 127.0.0.1', () => {
  const node = { host: '127.0.0.1:4086', scope: `${today}/127/tc3_request`, listed: 'content-type;host', type: 'application/json', lines: 'content-type:application/json\nhost:127.0.0.1\n' };
  const right = { ...node, key: derived(key, today, '127') };
  expect(diagnose(tc3(right).request)).toBeUndefined();
  expect(diagnose(tc3({ ...right, body: `${compact}\n`, payload: sha256(compact) }).request)?.cause).toBe('body-re-serialised');
  expect(diagnose(tc3({ ...right, key: hmac(hmac(hmac(key, today), '127'), 'tc3_request') }).request)?.cause).toBe('key-without-prefix');
});

it.each([
  ['TC3', tc3()], ['TC3 by GET', get()], ['TC3 with an unsigned payload', tc3({ more: [['X-TC-Content-SHA256', 'UNSIGNED-PAYLOAD']], payload: sha256('UNSIGNED-PAYLOAD') })],
  ['HmacSHA1', v1()], ['HmacSHA256', v1({ pairs: sha256Pairs, hash: 'sha256' })], ['HmacSHA1 in a form', v1({ method: 'POST' })],
])('has nothing to say about a good signature: %s', (_name, { request }) => {
  expect(diagnose(request)).toBeUndefined();
  expect(refusedAs(request) ?? '').not.toMatch(/^AuthFailure/);
});

it.each([
  ['PUT', { ...tc3().request, method: 'PUT' }],
  ['a body that was cut', { ...tc3({ key: 'k' }).request, oversize: true }],
  ['a form beyond 1 MB', { ...v1({ method: 'POST', key: 'k' }).request, body: Buffer.alloc(1024 * 1024 + 1, 'a') }],
  ['a bare GET', wire('GET', '/', [['Host', host]], '')],
  ['v1 without Signature', wire('GET', `/?SecretId=${id}&Timestamp=${now}`, [['Host', host]], '')],
])('leaves %s to the answer that the client got', (_name, request) => {
  expect(diagnose(request)).toBeUndefined();
});

it('takes every secret out of what it shows, where the client signed one', () => {
  const pairs: Pairs = [...v1Pairs(), ['Token', 'aTokenNobodyElseKnows'], ['Comment', `${key} and ${token}`], ['Note', 'no secret']];
  const shown = diagnose(v1({ pairs, spell: encodeURIComponent }).request);
  expect(shown?.cause).toBe('values-url-encoded');
  expect(shown?.expected?.stringToSign).toContain('Comment=… and …&');
  expect(shown?.signed?.stringToSign).toContain('Note=no%20secret');
  for (const secret of ['aTokenNobodyElseKnows', key, token]) expect(JSON.stringify(shown)).not.toContain(secret);
  const lowered = tc3({ more: [['X-TC-Token', token]], listed: 'content-type;host;x-tc-token', lines: `content-type:${json}\nhost:${host}\nx-tc-token:${token.toLowerCase()}\n`, key: 'k' });
  expect(diagnose(lowered.request)?.expected?.canonicalRequest).toContain('x-tc-token:…\n');
});

beforeAll(loadSm);

const sealedBody = (envelope: Envelope): string =>
  JSON.stringify({
    Mobile: envelope.fields[0],
    Encryption: { EncryptList: ['Mobile'], CiphertextBlob: envelope.blob, Iv: envelope.iv, Algorithm: envelope.algorithm, ...(envelope.tags.length === 0 ? {} : { TagList: envelope.tags }) },
  });
const aes = seal('AES-256-CBC', ['13800138000'], sandboxPublicKeys);

it.each([
  ['blob', { ...aes, blob: aes.blob.slice(0, 40) }], ['unwrap', { ...aes, blob: Buffer.alloc(128, 1).toString('base64') }],
  ['data-key', { ...aes, blob: 'of-k-another-k-account' }], ['iv', { ...aes, iv: 'short' }], ['field', { ...aes, fields: ['bm8='] }],
  ['padding', sealWithDataKey(['13800138000'], { ...sandboxDataKey, plaintext: Buffer.alloc(32, 7).toString('base64') }, '0123456789abcdef')],
] as const)('says where an Encryption with a good signature stays closed: %s', (step, envelope) => {
  const { request } = tc3({ body: sealedBody(envelope) });
  expect(refusedAs(request)).toBe('FailedOperation.DecryptSystemError');
  expect(diagnose(request)).toEqual({ cause: `decryption-${step}`, explanation: expect.stringMatching(/^The signature is good, and Encryption stays closed: [a-z].*\.$/) });
});

it('opens SM4-GCM too, and has nothing to say about what opens or is refused for its shape', () => {
  const sm4 = seal('SM4-GCM', ['13800138000'], sandboxPublicKeys);
  const causes = [sm4, { ...sm4, tags: [] }, { ...sm4, tags: aes.fields }, aes].map((envelope) => diagnose(tc3({ body: sealedBody(envelope) }).request)?.cause);
  expect(causes).toEqual([undefined, 'decryption-tag-count', 'decryption-tag', undefined]);
  const otherwise = [sealedBody(aes).replace('["Mobile"]', '["Name"]'), sealedBody(aes).replace('AES-256-CBC', 'AES-128'), '{"Mobile":1}', 'no JSON'];
  expect(otherwise.map((body) => diagnose(tc3({ body }).request))).toEqual(otherwise.map(() => undefined));
});

it('never throws, and never shows a SecretKey, whatever stands in a request', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 200 }), fc.constantFrom('', key, '%', '%ff=&&==', '{"a":[{}]}', '__proto__;constructor', '9'.repeat(400)));
  const bases = [tc3({ key: 'k' }), get({ key: 'k' }), v1({ key: 'k' }), v1({ method: 'POST', key: 'k' })].map(({ request }) => request);
  const change: fc.Arbitrary<(request: WireRequest) => WireRequest> = fc.oneof(
    fc.tuple(fc.constantFrom('authorization', 'x-tc-timestamp', 'content-type', 'x-tc-content-sha256', 'x-tc-action', 'x-tc-token', 'x-forwarded-host', '__proto__'), text)
      .map(([name, value]) => (request: WireRequest) => ({ ...request, headers: { ...request.headers, [name]: value } })),
    fc.tuple(fc.constantFrom('Credential=', 'SignedHeaders=', 'Signature='), text)
      .map(([part, value]) => (request: WireRequest) => ({ ...request, headers: { ...request.headers, authorization: String(request.headers['authorization']).replace(new RegExp(`${part}[^,]*`), () => part + value) } })),
    fc.tuple(fc.constantFrom('host', 'path', 'query', 'method'), text).map(([part, value]) => (request: WireRequest) => ({ ...request, [part]: value })),
    text.map((value) => (request: WireRequest) => ({ ...request, query: `${request.query}&${value}=${value}` })),
    fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.json().map((value) => Buffer.from(value)), text.map((value) => Buffer.from(value))).map((body) => (request: WireRequest) => ({ ...request, body: Buffer.from(body) })),
  );
  fc.assert(
    fc.property(fc.constantFrom(...bases), fc.array(change, { minLength: 1, maxLength: 3 }), fc.constantFrom(lenient, strict), (base, changes, readings) => {
      const diagnosis = diagnose(changes.reduce((request, each) => each(request), base), readings);
      expect(JSON.stringify(diagnosis ?? '')).not.toContain(key);
    }),
    { numRuns: 300 },
  );
});

it('answers for the longest of requests at once', () => {
  const deep = JSON.stringify({ list: Array.from({ length: 2000 }, (_, at) => ({ [`name${at}`]: '韦/<&>' })) });
  const requests = [
    tc3({ body: Buffer.alloc(10 * 1024 * 1024, '{'), key: 'k' }), tc3({ body: deep, key: 'k' }), get({ target: `/?${'a=%E9%9F%A6&'.repeat(2700)}b=1`, key: 'k' }),
    v1({ method: 'POST', pairs: [...v1Pairs(), ['Long', 'x y+'.repeat(100_000)]], key: 'k' }),
  ];
  for (const { request } of requests) {
    const start = process.cpuUsage();
    expect(diagnose(request)?.cause).toBe('wrong-key');
    expect(process.cpuUsage(start).user).toBeLessThan(1_500_000);
  }
});
