/** A request as it came: nothing parsed, nothing lost. Signatures are over these bytes. */
export interface WireRequest {
  readonly method: string;
  /** The raw path, without the query. An absolute-form target has lost its scheme and authority (they are `host` then). */
  readonly path: string;
  /** The raw text behind the first `?`, `''` where there is none. */
  readonly query: string;
  /** The Host header as sent, or the authority of an absolute-form target; `''` where neither came. */
  readonly host: string;
  /** Names in lower case; of a repeated header, what node:http makes of it. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Names and values in turn, in the order and spelling sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** The body was longer than the provider reads; `body` is what was kept of it. */
  readonly oversize: boolean;
  /** The peer's address, IPv4-mapped IPv6 written as IPv4. */
  readonly remoteAddress: string;
}

/** One header's value: `''` where it was not sent, joined by `, ` where node:http keeps a list. */
export function header(request: Pick<WireRequest, 'headers'>, name: string): string {
  const value = request.headers[name];
  return value === undefined ? '' : typeof value === 'string' ? value : value.join(', ');
}
