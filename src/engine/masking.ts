import { parseForm } from '../wire/form.ts';
import { isObject } from '../wire/json.ts';
import { parseMultipart } from '../wire/multipart.ts';
import type { FieldKind, FieldKinds, SignedText } from '../providers/provider.ts';
import type { Transcript } from './journal.ts';

// Whatever leaves the house goes through here. What is not known to be harmless is not shown.

/** `138****8000`. Of what is shorter or no number, nothing is shown but its length. */
export const maskNumber = (number: string): string =>
  /^[+\p{Nd}][\p{Nd}\s()-]{10,}$/u.test(number) ? `${number.slice(0, 3)}${stars(number.length - 7)}${number.slice(-4)}` : stars(number.length);

/** `李*`. */
export const maskName = (name: string): string => {
  const [first = '', ...rest] = name;
  return rest.length === 0 ? stars(first.length) : first + stars(rest.length);
};

/** `110*************2X`. */
export const maskIdCard = (idCard: string): string =>
  /^\p{Nd}{14,}[Xx]?$/u.test(idCard) ? `${idCard.slice(0, 3)}${stars(idCard.length - 5)}${idCard.slice(-2)}` : stars(idCard.length);

/** `sand… (21 characters)`: enough to tell two of one's own apart. What is no ASCII is no secret, but something that strayed there. */
export const maskSecret = (secret: string): string => (secret.length < 12 || !isAscii(secret) ? sizeOnly(secret) : `${secret.slice(0, 4)}${sizeOnly(secret)}`);

/** Numbers and ID numbers in a running text, in digits of any script. The ids of our own answers are left alone. */
export const maskText = (text: string): string =>
  text.replace(/(?<![\da-f])[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}(?![\da-f])|\p{Nd}{17}[\p{Nd}Xx]|\p{Nd}{8,}/gu, (run) =>
    run.includes('-') || looksLikeTime(run) ? run : run.length >= 18 ? maskIdCard(run) : maskNumber(run),
  );

/** A text that fits one line of a terminal: what would move the cursor, turn the writing or begin a line is spelled out. */
export const onOneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16) ?? ''}}`);

// A Unix time has ten digits; a mobile number eleven.
const looksLikeTime = (digits: string): boolean => digits.length === 10 && digits.startsWith('1');

const shownNumbers = 5;
const stars = (count: number): string => '*'.repeat(Math.min(count, 32));
const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);
const sizeOnly = (text: string): string => `… (${text.length} characters)`;

function maskField(value: string, kind: FieldKind | undefined): string {
  switch (kind) {
    case 'plain':
      // All that is plain here is ASCII by its nature; a name that strayed into it is not.
      return isAscii(value) ? cut(maskText(value), 200) : sizeOnly(value);
    case 'numbers': {
      const numbers = value.split(',', shownNumbers + 1);
      const shown = numbers.slice(0, shownNumbers).map((number) => maskNumber(number.trim())).join(',');
      return numbers.length > shownNumbers ? `${shown},…` : shown;
    }
    case 'name':
      return maskName(value);
    case 'id-card':
      return maskIdCard(value);
    case 'secret':
      return maskSecret(value);
    case undefined:
      return sizeOnly(value);
    default:
      return kind satisfies never;
  }
}

const lowerCased = (fields: FieldKinds): FieldKinds => Object.fromEntries(Object.entries(fields).map(([name, kind]) => [name.toLowerCase(), kind]));

/** Field names are matched in any case, as one provider takes them. */
function kindOf(name: string, kinds: FieldKinds): FieldKind | undefined {
  const lower = name.toLowerCase();
  return Object.hasOwn(kinds, lower) ? kinds[lower] : undefined;
}

/** A name that is known, or a word with a number of its own perhaps: not a phone number, a key or a whole body that was sent as one. */
const nameOf = (name: string, kinds: FieldKinds): string =>
  kindOf(name, kinds) !== undefined || (name.length <= 32 && /^[a-z$_.-]+\d{0,3}$/i.test(name)) ? name : sizeOnly(name);

const harmlessHeaders: ReadonlySet<string> = new Set([
  'host', 'content-type', 'content-length', 'accept', 'accept-encoding', 'user-agent', 'connection', 'transfer-encoding', 'expect', 'origin',
]);

export interface MaskedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** An answer as it may be shown: what it repeats of the request is masked as it is there. */
export function maskAnswer(answer: string, fields: FieldKinds): string {
  const kinds = lowerCased(fields);
  const known = answer.replace(/"(\w+)":"((?:[^"\\]|\\.)*)"/g, (whole, name: string, value: string) => {
    const kind = kindOf(name, kinds);
    return kind === undefined || kind === 'plain' ? whole : `"${name}":${JSON.stringify(maskField(value, kind))}`;
  });
  return cut(maskText(known), longestAnswer);
}

const longestAnswer = 20_000;
const longestBody = 64 * 1024;

/** Masked first and cut then: half a number is no number to a mask. */
const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text);

/** A path as it may be shown: words as they are, and what holds many digits or escapes by its length. */
export const maskPath = (path: string): string =>
  path.split('/').map((part) => (/^[\w.~-]{0,40}$/.test(part) && part.replace(/\D/g, '').length < 5 ? part : sizeOnly(part))).join('/');

/** A request as it may be shown. */
export function maskRequest(transcript: Transcript, fields: FieldKinds): MaskedRequest {
  const kinds = lowerCased(fields);
  const { method, target, headers, body } = transcript;
  const question = target.indexOf('?');
  const path = question === -1 ? target : target.slice(0, question);
  const query = question === -1 ? '' : `?${maskPairs(parseForm(target.slice(question + 1)), kinds)}`;
  const shown: [string, string][] = [];
  let type = '';
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = (headers[i] ?? '').toLowerCase();
    const value = headers[i + 1] ?? '';
    if (name === 'content-type') type = value;
    shown.push([nameOf(name, kinds), maskHeader(name, value, kinds)]);
  }
  return { method, target: cut(maskPath(path), 500) + query, headers: Object.fromEntries(shown), body: maskBody(body, type, kinds) };
}

const maskHeader = (name: string, value: string, kinds: FieldKinds): string =>
  harmlessHeaders.has(name) ? cut(maskText(value), 200) : maskField(value, kindOf(name, kinds));

/** What was signed, as it may be shown: line by line as its client wrote it, each value masked as it is in the request. */
export function maskSigned({ canonicalRequest, stringToSign }: SignedText, fields: FieldKinds): SignedText {
  const kinds = lowerCased(fields);
  const lines = stringToSign.split('\n');
  // The older signatures are over one line of parameters; the new one over three lines and a digest, or by mistake what it is of.
  const shown = lines.length < 4 ? maskSpelt(stringToSign, kinds) : [...lines.slice(0, 3).map(maskText), isDigest(lines[3] ?? '') ? lines.slice(3).join('\n') : maskCanonical(lines.slice(3), kinds)].join('\n');
  return canonicalRequest === undefined ? { stringToSign: shown } : { canonicalRequest: maskCanonical(canonicalRequest.split('\n'), kinds), stringToSign: shown };
}

/** Method, path, query, header lines, the list of their names, which has no colon, and the payload's digest. */
function maskCanonical([method = '', path = '', query = '', ...rest]: readonly string[], kinds: FieldKinds): string {
  const list = rest.findIndex((line) => line.trim() !== '' && !line.includes(':'));
  const headers = rest.slice(0, list).map((line) => {
    const colon = line.indexOf(':');
    if (colon === -1) return line;
    const name = line.slice(0, colon);
    return `${nameOf(name, kinds)}:${maskHeader(name.toLowerCase(), line.slice(colon + 1), kinds)}`;
  });
  const payload = rest.slice(list + 1).join('\n');
  return [maskText(method), maskSpelt(path, kinds), maskSpelt(query, kinds), ...headers, maskText(rest[list] ?? ''), isDigest(payload) ? payload : sizeOnly(payload)].join('\n');
}

const isDigest = (text: string): boolean => /^([\da-f]{64}|UNSIGNED-PAYLOAD)?\s*$/i.test(text);

/** Parameters as they are spelt, and what stands before them: a difference in spelling is what one looks for in them. */
function maskSpelt(text: string, kinds: FieldKinds): string {
  const before = /^[^=&]*[/?]/.exec(text)?.[0] ?? '';
  const slash = before.indexOf('/');
  const place = slash === -1 ? maskText(before) : maskText(before.slice(0, slash)) + maskPath(before.slice(slash).replace(/\?$/, '')) + (before.endsWith('?') ? '?' : '');
  if (text === before) return place;
  const pairs = text.slice(before.length).split('&').map((pair) => {
    const equals = pair.indexOf('=');
    if (equals === -1) return pair === '' ? '' : sizeOnly(pair);
    const name = pair.slice(0, equals);
    return `${nameOf(name, kinds)}=${maskSpeltValue(pair.slice(equals + 1), kindOf(name, kinds))}`;
  });
  return place + pairs.join('&');
}

function maskSpeltValue(value: string, kind: FieldKind | undefined): string {
  const [, plus, number] = kind === 'numbers' ? (/^(\+|%2B)?(\d+)$/i.exec(value) ?? []) : [];
  if (number !== undefined) return `${plus ?? ''}${maskNumber(number)}`;
  return kind === 'plain' && !/^[\w.:+ -]*$/.test(value) ? sizeOnly(value) : maskField(value, kind);
}

function maskPairs(pairs: readonly (readonly [string, string])[], kinds: FieldKinds): string {
  const shown = pairs.slice(0, 50).map(([name, value]) => {
    const kind = kindOf(name, kinds);
    // A name without a value may be a value without its name.
    return `${kind === undefined && value === '' ? sizeOnly(name) : nameOf(name, kinds)}=${maskField(value, kind)}`;
  });
  return shown.join('&');
}

function maskBody(body: Buffer, type: string, kinds: FieldKinds): unknown {
  if (body.length === 0) return '';
  const hidden = `(${body.length} bytes)`;
  // A page of the journal has two hundred of these, and provider calls wait meanwhile.
  if (body.length > longestBody) return hidden;
  if (/^multipart\//i.test(type)) {
    const parsed = parseMultipart(type, body);
    return parsed.kind === 'fields' ? maskPairs(parsed.fields, kinds) : hidden;
  }
  if (/json/i.test(type)) {
    try {
      return maskJson(JSON.parse(body.toString('utf8')), undefined, kinds, 0);
    } catch {
      return hidden;
    }
  }
  return /urlencoded/i.test(type) || type === '' ? maskPairs(parseForm(body.toString('utf8')), kinds) : hidden;
}

function maskJson(value: unknown, kind: FieldKind | undefined, kinds: FieldKinds, depth: number): unknown {
  if (depth > 8) return '…';
  if (Array.isArray(value)) return value.slice(0, 20).map((each) => maskJson(each, kind, kinds, depth + 1));
  if (isObject(value)) {
    const entries = Object.entries(value).slice(0, 50);
    return Object.fromEntries(entries.map(([key, each]) => [nameOf(key, kinds), maskJson(each, kindOf(key, kinds), kinds, depth + 1)]));
  }
  if (typeof value === 'string') return maskField(value, kind);
  return typeof value === 'number' ? maskField(String(value), kind) : value;
}
