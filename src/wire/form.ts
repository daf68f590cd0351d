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
function decode(text: string): string {
  if (!needsDecoding.test(text)) return text;
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    // Bytes that are no UTF-8 (GBK clients send such) or a broken escape: keep what can be kept.
    const bytes = Buffer.from(spaced, 'utf8');
    let length = 0;
    for (let i = 0; i < bytes.length; i += 1) {
      const high = bytes[i] === percent ? hexDigit(bytes[i + 1]) : undefined;
      const low = high === undefined ? undefined : hexDigit(bytes[i + 2]);
      if (high === undefined || low === undefined) bytes[length] = bytes[i] ?? 0;
      else {
        bytes[length] = high * 16 + low;
        i += 2;
      }
      length += 1;
    }
    return bytes.toString('utf8', 0, length);
  }
}

const percent = 0x25;

function hexDigit(byte = 0): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : undefined;
}

/** The value of the last parameter of that name; PHP and most others let the last one win. */
export function last(parameters: readonly Parameter[], name: string): string | undefined {
  for (let i = parameters.length - 1; i >= 0; i -= 1) {
    const parameter = parameters[i];
    if (parameter !== undefined && parameter[0] === name) return parameter[1];
  }
  return undefined;
}
