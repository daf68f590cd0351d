import type { ServerResponse } from 'node:http';
import type { WireResponse } from '../wire/wire-response.ts';

/**
 * Sends an answer, `delay` milliseconds from now. The timer ends when the client leaves.
 *
 * @param bytes the answer's body in UTF-8
 */
export function send(response: ServerResponse, answer: WireResponse, delay: number, bytes: Buffer = Buffer.from(answer.body, 'utf8')): void {
  if (delay <= 0) return write(response, answer, bytes);
  const timer = setTimeout(() => write(response, answer, bytes), delay);
  response.once('close', () => clearTimeout(timer));
}

function write(response: ServerResponse, { status, headers, body }: WireResponse, bytes: Buffer): void {
  if (response.destroyed) return;
  // Bytes as latin1 text: node:http joins head and body into one string, and a body with Chinese in it would make
  // the head a two-byte string as well, which costs a tenth of the throughput.
  const lines = ['Date', httpDate()];
  for (const header of headers) lines.push(header[0], header[1]);
  // node:http would add `Keep-Alive: timeout=5` unless Connection is given. Captures of Tencent's gateway do not have it; of the others that is assumed.
  lines.push('Content-Length', `${bytes.length}`, 'Connection', response.shouldKeepAlive ? 'keep-alive' : 'close');
  response.sendDate = false;
  response.writeHead(status, lines);
  // A long body is not worth another copy for that.
  if (bytes.length > longBody) response.end(bytes);
  else response.end(bytes.length === body.length ? body : bytes.toString('latin1'), 'latin1');
}

const longBody = 16 * 1024;

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
