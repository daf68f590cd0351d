/** An answer as it goes out. `Date`, `Content-Length` and `Connection` are added by the edge; nothing else is. */
export interface WireResponse {
  readonly status: number;
  /** Name and value, in the order in which the provider sends them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}
