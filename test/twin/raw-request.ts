import type { CREDENTIALS } from './sample-world.ts';

/** One request as it goes on the wire, except for Content-Length, which the sender adds. */
export interface RawRequest {
  readonly method: string;
  /** Path and query, percent-encoded as they are to be sent. */
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** What a request needs to know of the server it goes to. */
export interface Context {
  /** The Host header, with a port where there is one. */
  readonly host: string;
  /** Seconds since the epoch, by the clock of the server. */
  readonly now: number;
  readonly credentials: Credentials;
}

export interface Credentials {
  readonly acedata: Readonly<Record<keyof typeof CREDENTIALS.acedata, string>>;
  readonly tencent: Readonly<Record<TencentRole, KeyPair>>;
  readonly alapi: Readonly<Record<keyof typeof CREDENTIALS.alapi, string>>;
  readonly qxt: Readonly<Record<keyof typeof CREDENTIALS.qxt, string>>;
}

export type TencentRole = keyof typeof CREDENTIALS.tencent;

export interface KeyPair {
  readonly secretId: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
}

export type Endpoint =
  | 'acedata/check-1e'
  | 'acedata/check-3e'
  | 'tencent/MobileStatus'
  | 'alapi/phonecheck'
  | 'qxt/ssPhone_Status'
  | 'qxt/balance';

export interface NamedRequest {
  readonly endpoint: Endpoint;
  /** Unique within its endpoint; says what is special about the request. */
  readonly name: string;
  /** The account that signs; a server without one of this condition cannot be asked. */
  readonly account: string;
  /**
   * Whether the documents, with Tencent's Common Error Codes and signature rules, decide the answer's code, or the reader
   * had to. A difference on a `silent` request shows a place where the documents leave a choice, not a bug.
   */
  readonly basis: 'documented' | 'silent';
  readonly build: (context: Context) => RawRequest;
}

/** The body of a form, percent-encoded. */
export function form(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}

/** The body of a multipart form, with a fixed boundary so that a signature over it can be repeated. */
export function multipart(parameters: Readonly<Record<string, string>>): string {
  const parts = Object.entries(parameters).map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return `${parts.join('')}--${BOUNDARY}--\r\n`;
}

export const FORM = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';
const BOUNDARY = 'twin-boundary-0123456789';
export const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;
