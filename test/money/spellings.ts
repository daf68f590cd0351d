/** How a text may stand in another: each name with what it makes of the text. */
export const spellings: Readonly<Record<string, (text: string) => string>> = {
  clear: (text) => text,
  'percent-encoded': (text) => encodeURIComponent(text),
  'percent-encoded whole': (text) => Buffer.from(text).toString('hex').toUpperCase().replaceAll(/../g, '%$&'),
  base64: (text) => Buffer.from(text).toString('base64'),
  'JSON-escaped': (text) => [...Array(text.length).keys()].map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
};

/** All that would give a text away to somebody who can decode. */
function tracesOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const escaped = spellings['JSON-escaped']?.(text) ?? text;
  const beyondAscii = [...text].map((sign) => (sign > '~' ? (spellings['JSON-escaped']?.(sign) ?? sign) : sign)).join('');
  const percents = [spellings['percent-encoded']?.(text) ?? text, spellings['percent-encoded whole']?.(text) ?? text];
  const whole = [text, escaped, beyondAscii, ...percents];
  return [
    ...whole,
    // As JSON within JSON, and encoded once more.
    ...[escaped, beyondAscii].map((each) => each.replaceAll('\\', '\\\\')),
    ...percents.map((each) => encodeURIComponent(each)),
    // As a reader of latin1 shows it.
    bytes.toString('latin1'),
    bytes.toString('hex'),
    ...[0, 1, 2].flatMap((before) => [alignedIn(bytes, 'base64', before), alignedIn(bytes, 'base64url', before)]),
  ];
}

/** The part of a longer base64 text that these bytes alone decide, when so many others stand before them. */
function alignedIn(bytes: Buffer, encoding: 'base64' | 'base64url', before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString(encoding);
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

/** Finds what can be read of some texts in others, in any case of its letters: each as the text, or as what gives it away. */
export function readerOf(texts: readonly string[]): (said: string) => readonly string[] {
  const traces = texts.flatMap((text) => tracesOf(text).map((trace) => [trace.toLowerCase(), trace === text ? text : `${text} as ${trace}`] as const));
  return (said) => {
    const lower = said.toLowerCase();
    return traces.filter(([trace]) => lower.includes(trace)).map(([, leak]) => leak);
  };
}
