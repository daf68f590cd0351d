/** One parameter as sent, decoded. Repeated names stay repeated: what they mean is the provider's affair. */
export type Parameter = readonly [name: string, value: string];

const needsDecoding = /[%+]/;

/** Bytes of `application/x-www-form-urlencoded` text, from a query or a body, as pairs in the order sent. Never throws. */
export function parseForm(text: string, limit = 4096): Parameter[] {
  const parameters: Parameter[] = [];
  let start = 0;
  while (start < text.length && parameters.length < limit) {
    let end = text.indexOf('&', start);
    if (end === -1) end = text.length;
    if (end > start) {
      const equals = text.indexOf('=', start);
      const cut = equals === -1 || equals > end ? end : equals;
      parameters.push([decode(text.slice(start, cut)), decode(text.slice(cut + 1, end))]);
    }
    start = end + 1;
  }
  return parameters;
}

/** Percent-decoding as browsers and PHP do it: `+` is a space, a broken escape stays as it is, bytes are UTF-8. */
export function decode(text: string): string {
  if (!needsDecoding.test(text)) return text;
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    // Bytes that are no UTF-8 (GBK clients send such) or a broken escape: keep what can be kept.
    const bytes: number[] = [];
    const source = Buffer.from(spaced, 'utf8');
    for (let i = 0; i < source.length; i += 1) {
      const pair = source[i] === 0x25 ? source.toString('latin1', i + 1, i + 3) : '';
      if (/^[0-9a-f]{2}$/i.test(pair)) {
        bytes.push(Number.parseInt(pair, 16));
        i += 2;
      } else bytes.push(source[i] ?? 0);
    }
    return Buffer.from(bytes).toString('utf8');
  }
}

/** The value of the last parameter of that name; PHP and most others let the last one win. */
export function last(parameters: readonly Parameter[], name: string): string | undefined {
  for (let i = parameters.length - 1; i >= 0; i -= 1) {
    const parameter = parameters[i];
    if (parameter !== undefined && parameter[0] === name) return parameter[1];
  }
  return undefined;
}
