import { isObject, parseJsonObject } from '../../wire/json.ts';

type Spelling = readonly [what: string, text: Buffer];

/** Where a serialiser puts blanks and line breaks. */
interface Spacing {
  readonly comma: string;
  readonly colon: string;
  /** One level of it; `''` writes all on one line. */
  readonly indent: string;
}

// It is written thirty times; faceid's own bodies have a few hundred bytes.
const longest = 64 * 1024;

/** Whether a body is short enough to be written again. */
export const isSpelt = (body: Buffer): boolean => body.length <= longest;

/** The bytes that clients sign in place of the same body as it was sent; none of them are those. */
export function bodySpellings(body: Buffer): readonly Spelling[] {
  if (!isSpelt(body)) return [];
  const found = new Map<string, Spelling>();
  for (const [what, text] of [...endings(body), ...serialised(body)]) {
    // As latin1, so that bytes which are no UTF-8 stay apart.
    const name = text.toString('latin1');
    if (!found.has(name) && !text.equals(body)) found.set(name, [what, text]);
  }
  return [...found.values()];
}

function endings(body: Buffer): readonly Spelling[] {
  const text = body.toString('latin1');
  const spellings: readonly (readonly [what: string, text: string])[] = [
    ['with a line break behind it', `${text}\n`],
    ['with CR and LF behind it', `${text}\r\n`],
    ['without the blanks around it', text.trim()],
    ['with LF for each CR LF', text.replaceAll('\r\n', '\n')],
    ['with CR LF for each LF', text.replaceAll(/\r?\n/g, '\r\n')],
    ['with a byte order mark', `\u00ef\u00bb\u00bf${text}`],
  ];
  return spellings.map(([what, each]) => [what, Buffer.from(each, 'latin1')]);
}

function serialised(body: Buffer): readonly Spelling[] {
  const parsed = parseJsonObject(body);
  if (parsed.kind === 'broken') return [];
  const { object } = parsed;
  return orders.flatMap(([order, ordered]) =>
    spacings.flatMap(([spacing, style], index) =>
      // Who escapes more than has to be writes compactly, as a rule.
      (index === 0 ? [...usualEscapings, ...furtherEscapings] : usualEscapings).map(([escaping, escaped]): Spelling => [
        `${spacing}${order}${escaping}`, Buffer.from(written(object, style, ordered, escaped, '')),
      ]),
    ),
  );
}

const spacings: readonly (readonly [what: string, style: Spacing])[] = [
  ['compact', { comma: ',', colon: ':', indent: '' }],
  ["with a blank behind each comma and colon (Python's json.dumps)", { comma: ', ', colon: ': ', indent: '' }],
  ['indented by 2', { comma: ',', colon: ': ', indent: '  ' }],
  ['indented by 4', { comma: ',', colon: ': ', indent: '    ' }],
  ['indented by tabs', { comma: ',', colon: ': ', indent: '\t' }],
  ["indented by 2 with a blank before each colon (Jackson's pretty printer)", { comma: ',', colon: ' : ', indent: '  ' }],
];

type Entries = readonly (readonly [name: string, value: unknown])[];

const orders: readonly (readonly [what: string, order: (entries: Entries) => Entries])[] = [
  ['', (entries) => entries],
  [', keys sorted', (entries) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1))],
];

const asEscapes = (text: string, which: RegExp): string => text.replace(which, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const beyondAscii = /[\u0080-\uffff]/g;

/** From a text as JSON.stringify quotes it. */
type Escaping = readonly [what: string, escape: (quotedText: string) => string];

const usualEscapings: readonly Escaping[] = [
  ['', (text) => text],
  [', all but ASCII escaped as \\uXXXX', (text) => asEscapes(text, beyondAscii)],
];

const furtherEscapings: readonly Escaping[] = [
  [", slashes and all but ASCII escaped (PHP's json_encode)", (text) => asEscapes(text, beyondAscii).replaceAll('/', '\\/')],
  [', slashes escaped', (text) => text.replaceAll('/', '\\/')],
  [", <, > and & escaped (Go's json.Marshal)", (text) => asEscapes(text, /[<>&\u2028\u2029]/g)],
  [', <, >, &, = and \' escaped (Gson)', (text) => asEscapes(text, /[<>&='\u2028\u2029]/g)],
];

/** JSON in a style; `parseJsonObject` has bounded the depth. */
function written(value: unknown, style: Spacing, order: (entries: Entries) => Entries, escape: (text: string) => string, margin: string): string {
  const inner = margin + style.indent;
  const around = (open: string, items: readonly string[], close: string): string => {
    if (items.length === 0) return open + close;
    return style.indent === '' ? open + items.join(style.comma) + close : `${open}\n${inner}${items.join(`${style.comma}\n${inner}`)}\n${margin}${close}`;
  };
  const text = (part: unknown): string => written(part, style, order, escape, inner);
  if (Array.isArray(value)) return around('[', value.map(text), ']');
  if (!isObject(value)) return escape(JSON.stringify(value));
  return around('{', order(Object.entries(value)).map(([name, part]) => `${escape(JSON.stringify(name))}${style.colon}${text(part)}`), '}');
}
