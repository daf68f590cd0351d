import { STATUS_CODES, type ServerResponse } from 'node:http';
import { bytesOf, type WireResponse } from '../wire/wire-response.ts';

/**
 * Sends an answer, `delay` milliseconds from now. The timer ends when the client leaves.
 *
 * @param bytes the answer's body in UTF-8
 */
export function send(response: ServerResponse, answer: WireResponse, delay: number, bytes: Buffer = bytesOf(answer)): void {
  if (delay <= 0) return write(response, answer, bytes);
  const timer = setTimeout(() => write(response, answer, bytes), delay);
  response.once('close', () => clearTimeout(timer));
}

/** What node:http keeps of a head that it is about to send: lib/_http_outgoing.js, alike in Node 20, 22 and 24. */
interface Outgoing {
  _header: string;
  /** The connection ends with this answer. */
  _last: boolean;
}

/**
 * Hands head and body to the kernel in one piece. `writeHead` and `end` would check each header, which are constants
 * of ours, and send two pieces: a quarter of the throughput.
 */
function write(response: ServerResponse, answer: WireResponse, bytes: Buffer): void {
  if (response.destroyed) return;
  const keep = response.shouldKeepAlive;
  const head = headOf(answer, bytes.length, keep);
  const outgoing = response as ServerResponse & Outgoing;
  outgoing._last = !keep;
  if (response.req.method === 'HEAD' || bytes.length > longBody) {
    outgoing._header = head;
    response.end(bytes);
  } else {
    // Bytes as latin1 text: a body with Chinese in it would make the head a two-byte string as well, which costs another tenth.
    outgoing._header = head + (typeof answer.body === 'string' && bytes.length === answer.body.length ? answer.body : bytes.toString('latin1'));
    response.end();
  }
}

/** A long body is not worth another copy. */
const longBody = 16 * 1024;

/** `Keep-Alive: timeout=5`, which node:http would add, is not in captures of Tencent's gateway; of the others that is assumed. */
function headOf({ status, headers }: WireResponse, length: number, keep: boolean): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nDate: ${httpDate()}\r\n`;
  for (const header of headers) head += `${header[0]}: ${header[1]}\r\n`;
  return `${head}Content-Length: ${length}\r\nConnection: ${keep ? 'keep-alive' : 'close'}\r\n\r\n`;
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
