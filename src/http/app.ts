import express from 'express';
import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** What answers a request. It takes bytes and gives bytes; nothing of Express reaches it. */
export type Respond = (request: IncomingMessage, response: ServerResponse) => void;

/** How long a client may take, in milliseconds. */
export interface Patience {
  /** Until its last header has come. */
  readonly headers: number;
  /** Until its request has come whole, until it reads on in its answer, and until it sends another. */
  readonly request: number;
  /** How often that is looked at, and how long one that was refused may take to hang up by itself. */
  readonly check: number;
}

const usual: Patience = { headers: 5_000, request: 10_000, check: 1_000 };
/** node:http drops what comes beyond this without a word. */
const mostHeaders = 500;

/**
 * A server on Express, bare: providers own every header, and signatures are over raw bytes, so there is no body
 * parser, no ETag and no X-Powered-By.
 *
 * Express sets the prototype of each request and response to its own. Done to plain objects that costs four
 * fifths of the throughput (V8 gives up its fast shapes), so the server makes them with those prototypes at once.
 */
export function createApp(respond: Respond, patience: Patience = usual): Server {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  class Request extends IncomingMessage {}
  class Response extends ServerResponse<Request> {}
  Object.setPrototypeOf(Request.prototype, app.request);
  Object.setPrototypeOf(Response.prototype, app.response);
  // Express only ever hands these two on, and each still inherits all that Express puts on them.
  app.request = Request.prototype as unknown as typeof app.request;
  app.response = Response.prototype as unknown as typeof app.response;
  const take: Respond = (request, response) => {
    const refusal = refusalOf(request);
    if (refusal === undefined) respond(request, response);
    else refuse(response, refusal);
  };
  app.use((request, response) => take(request, response));

  const server = createServer(
    {
      IncomingMessage: Request,
      ServerResponse: Response,
      // 2,000 numbers in the query of a GET are 24 kB.
      maxHeaderSize: 128 * 1024,
      // A client that never finishes its request is cut off, so that slow ones cannot hold every socket.
      headersTimeout: patience.headers,
      requestTimeout: patience.request,
      connectionsCheckingInterval: patience.check,
      // One limit is enough for a client that is silent, `timeout` below: a second timer for those between two requests would be made anew with each.
      keepAliveTimeout: 0,
    },
    (request, response) =>
      // Express knows no path in an absolute form that is no URL, and has a page of HTML for that and for errors: neither may be seen.
      app(request as unknown as express.Request, response as unknown as express.Response, (error?: unknown) => {
        if (error) refuse(response, 500);
        else take(request, response);
      }),
  );
  server.maxHeadersCount = mostHeaders;
  // Nor does one that does not read its answer stay. One whose answer is still to come is as silent, and has to wait.
  server.timeout = patience.request;
  server.on('timeout', (socket: Taken) => {
    if (socket._httpMessage?.headersSent !== false) socket.destroy();
  });
  // What is no HTTP has no provider: answer as a front server does, without a body, and hang up.
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Taken) => {
    // Behind the last request of a connection nothing is read, and that request still gets its answer.
    if (error.code === 'HPE_CLOSED_CONNECTION') return;
    // What has had an answer gets no second.
    if (socket._httpMessage?.headersSent === true) return void socket.destroySoon();
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    // A client that does not hang up in its turn would hold the socket for ever: nothing else watches it any more.
    const timer = setTimeout(() => socket.destroy(), patience.check).unref();
    socket.once('close', () => clearTimeout(timer)).resume();
  });
  return server;
}

/** node:http keeps the answer under way here, and nowhere else that one could ask. */
type Taken = Socket & { readonly _httpMessage?: ServerResponse | null };

/** What RFC 9112 has a server refuse and node:http lets pass: other versions, more than one Host (3.2), and headers of which some are lost. */
function refusalOf({ httpVersionMajor, rawHeaders }: IncomingMessage): 400 | 431 | 505 | undefined {
  if (httpVersionMajor !== 1) return 505;
  if (rawHeaders.length >= 2 * mostHeaders) return 431;
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1 ? 400 : undefined;
}

/** As a front server does: without a body, and hanging up. */
function refuse(response: ServerResponse, status: number): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'Content-Length': 0, Connection: 'close' }).end();
}
