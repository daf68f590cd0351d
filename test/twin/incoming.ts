import type { IncomingHttpHeaders } from 'node:http';

/** One request as it came off the wire; nothing is decoded, because Tencent signs the raw text. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  /** Everything after the first question mark. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a provider decides: a status and a value that goes out as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The value of a header, or the empty text where it is absent. */
export function header(incoming: Incoming, name: string): string {
  const value = incoming.headers[name];
  return (Array.isArray(value) ? value.join(', ') : value) ?? '';
}

/** The content type without its parameters, in lower case. */
export function mediaType(incoming: Incoming): string {
  return (header(incoming, 'content-type').split(';')[0] ?? '').trim().toLowerCase();
}
