import { header, type Incoming, mediaType } from './incoming.ts';

/** Named texts in order of arrival. */
// reading: of a repeated name the first counts, and the body goes before the query (no document says anything on either).
export type Parameters = ReadonlyMap<string, string>;

/** Reads a query string or a form body. */
export function formParameters(text: string): Parameters {
  return firstOfEach(new URLSearchParams(text));
}

/** Reads a JSON object; `undefined` says that the body is none. */
export function jsonObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    // Sound: a JSON value that is an object and no array has text keys.
    return isObject(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the text fields of a multipart body; an unusable boundary yields none. */
export function multipartParameters(incoming: Incoming): Parameters {
  const boundary = /boundary="?([^";]+)"?/i.exec(header(incoming, 'content-type'))?.[1];
  if (boundary === undefined) return new Map();
  const fields: [string, string][] = [];
  for (const part of incoming.body.toString('utf8').split(`--${boundary}`)) {
    const split = part.indexOf('\r\n\r\n');
    const name = /name="([^"]*)"/i.exec(part.slice(0, split))?.[1];
    if (split > 0 && name !== undefined) fields.push([name, part.slice(split + 4).replace(/\r\n$/, '')]);
  }
  return firstOfEach(fields);
}

/**
 * Reads the parameters of a provider that does not care where they are: the body in the form that its content type
 * announces, then the query. `undefined` says that the body announces JSON and is none.
 */
export function anyParameters(incoming: Incoming): Parameters | undefined {
  const query = formParameters(incoming.query);
  if (incoming.method === 'GET') return query;
  const body = bodyParameters(incoming);
  return body && firstOfEach([...body, ...query]);
}

function bodyParameters(incoming: Incoming): Parameters | undefined {
  switch (mediaType(incoming)) {
    case 'application/json': {
      const object = jsonObject(incoming.body);
      return object && firstOfEach(Object.entries(object).flatMap(([name, value]) => scalar(name, value)));
    }
    case 'multipart/form-data':
      return multipartParameters(incoming);
    default:
      return formParameters(incoming.body.toString('utf8'));
  }
}

// reading: a JSON number counts as its digits for ALAPI and QXT, whose tables call every parameter a string but show no
// JSON; lists and objects count as absent.
function scalar(name: string, value: unknown): [string, string][] {
  return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [];
}

function firstOfEach(pairs: Iterable<[string, string]>): Parameters {
  const parameters = new Map<string, string>();
  for (const [name, value] of pairs) if (!parameters.has(name)) parameters.set(name, value);
  return parameters;
}
