import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Fault, FaultKind } from '../domain/fault.ts';
import { bytesOf, type WireResponse } from '../wire/wire-response.ts';
import { gatewayPage } from './gateway-page.ts';
import { encodeGbk } from './gbk.ts';
import { headOf } from './head.ts';
import { inTurn, takeOver, write, writeLast } from './write.ts';

/** An answer under way, and what the fault says of itself. */
interface Stricken {
  readonly response: ServerResponse;
  readonly answer: WireResponse;
  /** The answer's in UTF-8. */
  readonly body: Buffer;
  readonly bytes: number | undefined;
}

/** Does a fault to an answer, or to its socket, once those before it on the connection are out. */
export function strike(response: ServerResponse, { kind, bytes }: Fault, answer: WireResponse, body: Buffer): void {
  deeds[kind]({ response, answer, body, bytes });
}

/** A client that waits for ever is at fault itself, and is not waited for longer than this. */
const longest = 600_000;
/** Between two pieces of a slow answer. */
const drip = 100;

const deeds = {
  timeout: ({ response }) =>
    inTurn(response, (socket) => {
      const timer = setTimeout(() => socket.destroy(), longest);
      response.once('close', () => clearTimeout(timer));
    }),
  'connection-reset': ({ response }) => inTurn(response, (socket) => transportOf(socket).resetAndDestroy()),
  'empty-response': ({ response }) => inTurn(response, (socket) => socket.destroySoon()),
  'limit-data': (stricken) => {
    const { body, bytes = half(body) } = stricken;
    breakOff(stricken, body.length, body.toString('latin1', 0, bytes));
  },
  'wrong-length': ({ response, answer, body }) => {
    // A HEAD is answered with that, and its client waits for nothing.
    if (isHead(response)) return write(response, answer, Buffer.alloc(body.length + 1));
    inTurn(response, (socket) => {
      const head = headOf(answer, body.length + 1, response.shouldKeepAlive);
      takeOver(response);
      // Who hangs up is the client, or the limit for silent connections.
      socket.write(head + body.toString('latin1'), 'latin1');
    });
  },
  'broken-chunk': (stricken) => {
    const { body } = stricken;
    const end = half(body);
    // An empty chunk would be the end, and a valid one.
    const chunk = end === 0 ? '' : `${end.toString(16)}\r\n${body.toString('latin1', 0, end)}\r\n`;
    breakOff(stricken, 'chunked', `${chunk}no size\r\n`);
  },
  'slow-drip': ({ response, answer, body, bytes = 1 }) =>
    inTurn(response, (socket) => {
      const head = headOf(answer, body.length, response.shouldKeepAlive);
      const all = Buffer.from(isHead(response) ? head : head + body.toString('latin1'), 'latin1');
      takeOver(response);
      let at = 0;
      const fall = (): void => {
        // The client has hung up its side, ours follows, and `close` is on its way.
        if (!socket.writable) return;
        socket.write(all.subarray(at, (at += Math.max(1, bytes))));
        if (at < all.length) return;
        clearInterval(timer);
        response.end();
      };
      const timer = setInterval(fall, drip);
      response.once('close', () => clearInterval(timer));
      fall();
    }),
  // 0xC0 begins no character of UTF-8, and nothing of JSON.
  'malformed-body': ({ response, answer, body }) => rewrite(response, { ...answer, body: Buffer.alloc(body.length, 'c0ff0080', 'hex') }),
  garbage: ({ response }) => writeLast(response, noise),
  'gateway-502': ({ response }) => rewrite(response, gatewayPage(502)),
  'gateway-503': ({ response }) => rewrite(response, gatewayPage(503)),
  'gateway-504': ({ response }) => rewrite(response, gatewayPage(504)),
  // Each provider says UTF-8, be it only by saying JSON. A body of nothing but ASCII is the same in both, and goes out as it is.
  'wrong-charset': ({ response, answer, body }) => rewrite(response, { ...answer, body: encodeGbk(body.toString('utf8')) }),
} satisfies Record<FaultKind, (stricken: Stricken) => void>;

/** What a port that speaks TLS says to a client that does not: an alert, for a message that it did not expect. */
const noise = '\x15\x03\x01\x00\x02\x02\x0a';

const half = (body: Buffer): number => Math.floor(body.length / 2);

const isHead = (response: ServerResponse): boolean => response.req.method === 'HEAD';

const rewrite = (response: ServerResponse, answer: WireResponse): void => write(response, answer, bytesOf(answer));

/** The head as if all were well, what comes of the body, and the end of the connection, of which the head does not warn. */
function breakOff({ response, answer }: Stricken, length: number | 'chunked', part: string): void {
  writeLast(response, headOf(answer, length, response.shouldKeepAlive) + (isHead(response) ? '' : part));
}

/** TCP can reset and TLS cannot, so of a TLS socket it is the one below, which node:tls keeps here. */
function transportOf(socket: Socket & { readonly _parent?: Socket | null }): Socket {
  return socket._parent ?? socket;
}
