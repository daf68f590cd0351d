type Encoding = readonly [what: string, encode: (text: string) => string];

/** How clients write a parameter's text into a URL, most usual first. */
export const encodings: readonly Encoding[] = [
  ['as RFC 3986 has it', (text) => encoded(text, /[\w.~-]/)],
  ["as encodeURIComponent does, which leaves !'()*", (text) => encoded(text, /[\w.~!'()*-]/)],
  ['as forms are, with + for a blank', (text) => encoded(text, /[\w.*-]/).replaceAll('%20', '+')],
  ["as Python's quote_plus does", (text) => encoded(text, /[\w.~-]/).replaceAll('%20', '+')],
  ["as Python's quote does, which leaves slashes", (text) => encoded(text, /[\w.~/-]/)],
  ['with escapes in small letters', (text) => encoded(text, /[\w.~-]/).replace(/%../g, (escape) => escape.toLowerCase())],
  ['as forms are, with escapes in small letters', (text) => encoded(text, /[\w.*-]/).replaceAll('%20', '+').replace(/%../g, (escape) => escape.toLowerCase())],
];

/** Byte by byte: encodeURIComponent throws at half a surrogate pair. */
const encoded = (text: string, kept: RegExp): string =>
  Array.from(Buffer.from(text, 'utf8'), (byte) => {
    const sign = String.fromCharCode(byte);
    return kept.test(sign) ? sign : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
