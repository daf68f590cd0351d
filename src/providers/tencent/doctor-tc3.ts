import { createHmac, hash } from 'node:crypto';
import { header, type WireRequest } from '../../wire/wire-request.ts';
import type { SignedText } from '../provider.ts';
import { bodySpellings } from './doctor-body.ts';
import type { KeysSeen } from './doctor-keys.ts';
import type { Mistake, Variant } from './doctor-mistake.ts';
import { canonicalRequest, headerLine, lowerCased, sha256, signedHosts, signedPaths, signingKey, type SignatureMode, type Tc3Authorization } from './tc3.ts';

/** All that goes into a TC3 signature, each part as text, so that a mistake is another text in one of them. */
export interface Tc3Signing {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** `name:value`, without line breaks. */
  readonly lines: readonly string[];
  /** Stands between the header lines and SignedHeaders. */
  readonly blankLine: '\n' | '';
  readonly names: readonly string[];
  readonly payload: string;
  /** How the canonical request becomes bytes. `latin1` writes back the bytes that node:http has read so. */
  readonly charset: 'latin1' | 'utf8';
  readonly lineBreak: '\n' | '\r\n';
  /** Behind the canonical request. */
  readonly canonicalEnd: '' | '\n';
  readonly canonicalAs: 'hash' | 'hash in capitals' | 'text';
  readonly timestamp: string;
  readonly date: string;
  readonly service: string;
  /** Behind the string to sign. */
  readonly end: '' | '\n';
  /** The signing key, derived. */
  readonly key: string | Buffer;
  readonly encoding: 'hex' | 'hex in capitals' | 'base64';
}

export interface Tc3Seen extends KeysSeen {
  readonly request: WireRequest;
  readonly authorization: Tc3Authorization;
  readonly timestamp: string;
  readonly mode: SignatureMode;
  /** A header's line, as sent and as documented. */
  line(name: string): { readonly asSent: string; readonly lowered: string };
  /** Hashes of what a client may have signed in place of the body. */
  payloads(): readonly (readonly [what: string, hash: string])[];
}

export type Tc3Mistake = Mistake<Tc3Signing, Tc3Seen>;
export type Tc3Change = Variant<Tc3Signing>;

/** @param parts all that is known before the request is looked into */
export function tc3Seen(parts: Omit<Tc3Seen, 'line' | 'payloads'>): Tc3Seen {
  const { request } = parts;
  let payloads: ReturnType<Tc3Seen['payloads']> | undefined;
  return {
    ...parts,
    line: (name) => lineOf(name, name === 'host' ? request.host : ownHeader(request, name)),
    // A body is written anew at the first need only, and once.
    payloads: () => (payloads ??= bodySpellings(request.body).map(([what, text]) => [what, sha256(text)] as const)),
  };
}

/** A canonical request longer than this is compared in its documented form alone: each of the others is hashed some hundred times. */
const longestInAllForms = 8192;

/** What `verifyTc3` takes, the documented form first. */
export function tc3Rights(seen: Tc3Seen): readonly Tc3Signing[] {
  const { request, mode, line } = seen;
  const documented = documentedTc3(seen);
  const forms = new Map([[canonicalOf(documented), documented]]);
  if (canonicalOf(documented).length > longestInAllForms) return [documented];
  for (const path of signedPaths(request.path, mode)) {
    for (const host of signedHosts(request.host, mode)) {
      const spelt = documented.names.map((name) => ({ name, ...(name === 'host' ? lineOf(name, host) : line(name)) }));
      for (const lines of [spelt.map(({ lowered }) => lowered), spelt.map(({ name, lowered, asSent }) => (mayStandAsSent.has(name) ? asSent : lowered))]) {
        const form = { ...documented, path, lines };
        forms.set(canonicalOf(form), form);
      }
    }
  }
  return [...forms.values()];
}

/** The two that official clients sign, who put nothing into small letters. */
export const mayStandAsSent: ReadonlySet<string> = new Set(['content-type', 'host']);

export function documentedTc3({ request, authorization, account, timestamp, line }: Tc3Seen): Tc3Signing {
  const { credential: { date, service } } = authorization;
  const names = [...new Set(authorization.signedHeaders.map((name) => name.toLowerCase()))].sort();
  const isGet = request.method === 'GET';
  return {
    method: request.method,
    path: '/',
    query: isGet ? request.query : '',
    lines: names.map((name) => line(name).lowered),
    blankLine: '\n',
    names,
    payload: sha256(isUnsigned(request) ? unsignedPayload : isGet ? '' : request.body),
    charset: 'latin1',
    lineBreak: '\n',
    canonicalEnd: '',
    canonicalAs: 'hash',
    timestamp,
    date,
    service,
    end: '',
    key: signingKey(account.terms.secret, date, service).bytes,
    encoding: 'hex',
  };
}

export const unsignedPayload = 'UNSIGNED-PAYLOAD';
export const isUnsigned = (request: WireRequest): boolean => header(request, 'x-tc-content-sha256') === unsignedPayload;

/** What was signed, in characters as their bytes mean them. */
export function tc3Texts(signing: Tc3Signing): SignedText {
  const bytes = Buffer.from(canonicalOf(signing), signing.charset);
  return { canonicalRequest: bytes.toString('utf8'), stringToSign: stringToSign(signing, bytes) };
}

export function tc3Signature(signing: Tc3Signing): string {
  const digest = createHmac('sha256', signing.key).update(stringToSign(signing, Buffer.from(canonicalOf(signing), signing.charset))).digest();
  switch (signing.encoding) {
    case 'hex': return digest.toString('hex');
    case 'hex in capitals': return digest.toString('hex').toUpperCase();
    case 'base64': return digest.toString('base64');
    default: return signing.encoding satisfies never;
  }
}

function canonicalOf({ method, path, query, lines, blankLine, names, payload, lineBreak, canonicalEnd }: Tc3Signing): string {
  const text = canonicalRequest(method, path, query, lines.join('\n') + blankLine, names, payload) + canonicalEnd;
  return lineBreak === '\n' ? text : text.replaceAll('\n', lineBreak);
}

function stringToSign({ canonicalAs, lineBreak, timestamp, date, service, end }: Tc3Signing, canonical: Buffer): string {
  const last = canonicalAs === 'text' ? canonical.toString('utf8') : hash('sha256', canonical, 'hex');
  return ['TC3-HMAC-SHA256', timestamp, `${date}/${service}/tc3_request`, canonicalAs === 'hash in capitals' ? last.toUpperCase() : last].join(lineBreak) + end;
}

function lineOf(name: string, value: string): { readonly asSent: string; readonly lowered: string } {
  const asSent = headerLine(name, value).trimEnd();
  // Only ASCII: a letter of latin1 is half a character here, and has no small form of its own.
  return { asSent, lowered: lowerCased(asSent) };
}

/** A name comes from the client: only own properties are headers, `constructor` is none. */
const ownHeader = (request: WireRequest, name: string): string => (Object.hasOwn(request.headers, name) ? header(request, name) : '');
