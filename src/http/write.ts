import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { WireResponse } from '../wire/wire-response.ts';
import { headOf } from './head.ts';

/** What node:http keeps of a head that it is about to send: lib/_http_outgoing.js, alike in Node 20, 22 and 24. */
interface Outgoing {
  _header: string;
  /** The head is with the socket. */
  _headerSent: boolean;
  /** The connection ends with this answer. */
  _last: boolean;
}

/**
 * Hands head and body to the kernel in one piece. `writeHead` and `end` would check each header, which are constants
 * of ours, and send two pieces: a quarter of the throughput.
 *
 * @param body the answer's in UTF-8
 */
export function write(response: ServerResponse, answer: WireResponse, body: Buffer): void {
  if (response.destroyed) return;
  const keep = response.shouldKeepAlive;
  const head = headOf(answer, body.length, keep);
  const outgoing = response as ServerResponse & Outgoing;
  outgoing._last = !keep;
  if (response.req.method === 'HEAD' || body.length > longBody) {
    outgoing._header = head;
    response.end(body);
  } else {
    // Bytes as latin1 text: a body with Chinese in it would make the head a two-byte string as well, which costs another tenth.
    outgoing._header = head + (typeof answer.body === 'string' && body.length === answer.body.length ? answer.body : body.toString('latin1'));
    response.end();
  }
}

/** A long body is not worth another copy. */
const longBody = 16 * 1024;

/** Sends these bytes, one a character, whether that is HTTP or not, and hangs up behind them. */
export function writeLast(response: ServerResponse, bytes: string): void {
  if (response.destroyed) return;
  const outgoing = response as ServerResponse & Outgoing;
  outgoing._header = bytes;
  outgoing._last = true;
  response.end();
}

/** From here on the caller writes to the socket himself, and `response.end()` says that it was all. */
export function takeOver(response: ServerResponse): void {
  const outgoing = response as ServerResponse & Outgoing;
  // Never sent, but without a head node:http would make one of its own, and take the answer for one that is still to come.
  outgoing._header = ' ';
  outgoing._headerSent = true;
  outgoing._last = !response.shouldKeepAlive;
}

/** Waits until the answers to earlier requests of the connection are out, and the socket is this one's. Never comes back when the client leaves before. */
export function inTurn(response: ServerResponse, act: (socket: Socket) => void): void {
  const usable = (socket: Socket): void => {
    // A socket that is ending already has no use for a fault, and would take a byte more for an error.
    if (!response.destroyed && socket.writable) act(socket);
  };
  if (response.socket !== null) usable(response.socket);
  // A tick later: within the event node:http is still about to hand the socket over.
  else response.once('socket', (socket: Socket) => process.nextTick(usable, socket));
}
