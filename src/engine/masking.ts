import { parseForm } from '../wire/form.ts';
import { isObject } from '../wire/json.ts';
import { parseMultipart } from '../wire/multipart.ts';
import type { FieldKind, FieldKinds } from '../providers/provider.ts';
import type { Transcript } from './journal.ts';

// Whatever leaves the house goes through here. What is not known to be harmless is not shown.

/** `138****8000`. */
export const maskNumber = (number: string): string =>
  number.length < 8 ? '*'.repeat(number.length) : `${number.slice(0, 3)}${'*'.repeat(Math.min(number.length, 32) - 7)}${number.slice(-4)}`;

/** `李*`. */
export const maskName = (name: string): string => {
  const [first = '', ...rest] = name;
  return first + '*'.repeat(Math.min(rest.length, 32));
};

/** `110*************2X`. */
export const maskIdCard = (idCard: string): string =>
  idCard.length < 10 ? '*'.repeat(idCard.length) : `${idCard.slice(0, 3)}${'*'.repeat(Math.min(idCard.length, 32) - 5)}${idCard.slice(-2)}`;

/** `sand… (21 characters)`: enough to tell two of one's own apart. */
export const maskSecret = (secret: string): string => (secret.length < 12 ? `… (${secret.length} characters)` : `${secret.slice(0, 4)}… (${secret.length} characters)`);

/** Numbers and ID numbers in a running text. */
export const maskText = (text: string): string =>
  text.replace(/\d{17}[\dXx]/g, maskIdCard).replace(/(?<!\d)\d{8,15}(?!\d)/g, (run) => (looksLikeTime(run) ? run : maskNumber(run)));

// A Unix time has ten digits; a mobile number eleven.
const looksLikeTime = (digits: string): boolean => digits.length === 10 && digits.startsWith('1');

const shownNumbers = 5;

function maskField(value: string, kind: FieldKind | undefined): string {
  switch (kind) {
    case 'plain':
      return maskText(value.length > 200 ? `${value.slice(0, 200)}…` : value);
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
      return `… (${value.length} characters)`;
    default:
      return kind satisfies never;
  }
}

/** Field names are matched in any case, as one provider takes them, and by their last part, as `Encryption.Iv`. */
function kindOf(name: string, kinds: FieldKinds): FieldKind | undefined {
  const lower = name.toLowerCase();
  return Object.hasOwn(kinds, lower) ? kinds[lower] : undefined;
}

const harmlessHeaders: ReadonlySet<string> = new Set([
  'host', 'content-type', 'content-length', 'accept', 'accept-encoding', 'user-agent', 'connection', 'transfer-encoding', 'expect', 'origin',
]);

export interface MaskedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** A request as it may be shown. */
export function maskRequest(transcript: Transcript, fields: FieldKinds): MaskedRequest {
  const kinds = Object.fromEntries(Object.entries(fields).map(([name, kind]) => [name.toLowerCase(), kind]));
  const { method, target, headers, body } = transcript;
  const question = target.indexOf('?');
  const path = question === -1 ? target : target.slice(0, question);
  const query = question === -1 ? '' : `?${maskPairs(parseForm(target.slice(question + 1)), kinds)}`;
  const shown: Record<string, string> = {};
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = (headers[i] ?? '').toLowerCase();
    const value = headers[i + 1] ?? '';
    shown[name] = harmlessHeaders.has(name) ? maskText(value.slice(0, 200)) : maskField(value, kindOf(name, kinds));
  }
  return { method, target: maskText(path.slice(0, 500)) + query, headers: shown, body: maskBody(body, shown['content-type'] ?? '', kinds) };
}

const maskPairs = (pairs: readonly (readonly [string, string])[], kinds: FieldKinds): string =>
  pairs.slice(0, 50).map(([name, value]) => `${maskText(name.slice(0, 64))}=${maskField(value, kindOf(name, kinds))}`).join('&');

function maskBody(body: Buffer, type: string, kinds: FieldKinds): unknown {
  if (body.length === 0) return '';
  const hidden = `(${body.length} bytes)`;
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
    return Object.fromEntries(entries.map(([key, each]) => [maskText(key.slice(0, 64)), maskJson(each, kindOf(key, kinds), kinds, depth + 1)]));
  }
  if (typeof value === 'string') return maskField(value, kind);
  return typeof value === 'number' ? maskField(String(value), kind) : value;
}
