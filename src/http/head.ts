import { STATUS_CODES } from 'node:http';
import type { WireResponse } from '../wire/wire-response.ts';

/**
 * An answer's head as it goes over the wire. `Keep-Alive: timeout=5`, which node:http would add, is not in captures of
 * Tencent's gateway; of the others that is assumed.
 *
 * @param length of the body in bytes, or that it comes in chunks
 * @param keep the connection is said to outlive the answer
 */
export function headOf({ status, headers }: WireResponse, length: number | 'chunked', keep: boolean): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nDate: ${httpDate()}\r\n`;
  for (const header of headers) head += `${header[0]}: ${header[1]}\r\n`;
  return `${head}${length === 'chunked' ? 'Transfer-Encoding' : 'Content-Length'}: ${length}\r\nConnection: ${keep ? 'keep-alive' : 'close'}\r\n\r\n`;
}

let second = 0;
let text = '';

/** The time of the machine, not of a scenario: front servers write this header, and caches read it. */
function httpDate(): string {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    second = now;
    text = new Date(now * 1000).toUTCString();
  }
  return text;
}
