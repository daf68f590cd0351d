/** A JSON object, its prototype out of reach of the sender. */
export type JsonObject = { readonly [key: string]: unknown };

export type ParsedJson =
  | { readonly kind: 'object'; readonly object: JsonObject }
  | { readonly kind: 'broken'; readonly why: string };

const deepest = 32;

/** Reads a request body that has to be one JSON object in UTF-8. Never throws. */
export function parseJsonObject(body: Buffer): ParsedJson {
  if (body.length > deepest && tooDeep(body)) return { kind: 'broken', why: `the body nests deeper than ${deepest} levels` };
  const text = body.toString('utf8');
  // A replacement character that the sender did not send means that the bytes are no UTF-8 (GBK, as a rule).
  if (text.includes('\ufffd') && !body.includes('\ufffd')) return { kind: 'broken', why: 'the body is not UTF-8' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'broken', why: text.trim() === '' ? 'the body is empty' : 'the body is not JSON' };
  }
  return isObject(value) ? { kind: 'object', object: value } : { kind: 'broken', why: 'the body is JSON, but no object' };
}

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field of the sender's own: `toString` and its kin are not his unless he sent them. */
export const fieldOf = (object: JsonObject, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined);

// Linear and without recursion, so that it may run before the parser on anything.
function tooDeep(body: Buffer): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i];
    if (quoted) {
      if (byte === 0x5c) i += 1;
      else if (byte === 0x22) quoted = false;
    } else if (byte === 0x22) quoted = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return false;
}
