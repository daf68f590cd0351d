/** An answer as it goes out. `Date`, `Content-Length` and `Connection` are added by the edge; nothing else is. */
export interface WireResponse {
  readonly status: number;
  /** Name and value, in the order in which the provider sends them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** A text, or its bytes in UTF-8 where they exist already. */
  readonly body: string | Buffer;
}

export const bytesOf = ({ body }: WireResponse): Buffer => (typeof body === 'string' ? Buffer.from(body, 'utf8') : body);
