import type { ServerResponse } from 'node:http';
import type { WireResponse } from '../wire/wire-response.ts';

/** Sends an answer, `delay` milliseconds from now. The timer ends when the client leaves. */
export function send(response: ServerResponse, answer: WireResponse, delay: number): void {
  if (delay <= 0) return write(response, answer);
  const timer = setTimeout(() => write(response, answer), delay);
  response.once('close', () => clearTimeout(timer));
}

function write(response: ServerResponse, { status, headers, body }: WireResponse): void {
  if (response.destroyed) return;
  // node:http would add `Keep-Alive: timeout=5`, which no provider sends, unless Connection is given.
  const lines = ['Date', httpDate(), ...headers.flat(), 'Content-Length', `${Buffer.byteLength(body)}`];
  lines.push('Connection', response.shouldKeepAlive ? 'keep-alive' : 'close');
  response.sendDate = false;
  response.writeHead(status, lines);
  response.end(body);
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
