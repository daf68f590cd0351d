import express from 'express';
import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';

/** What answers a request. It takes bytes and gives bytes; nothing of Express reaches it. */
export type Respond = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A server on Express, bare: providers own every header, and signatures are over raw bytes, so there is no body
 * parser, no ETag and no X-Powered-By.
 *
 * Express sets the prototype of each request and response to its own. Done to plain objects that costs four
 * fifths of the throughput (V8 gives up its fast shapes), so the server makes them with those prototypes at once.
 */
export function createApp(respond: Respond): Server {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  class Request extends IncomingMessage {}
  class Response extends ServerResponse<Request> {}
  Object.setPrototypeOf(Request.prototype, app.request);
  Object.setPrototypeOf(Response.prototype, app.response);
  // Express only ever hands these two on, and each still inherits all that Express puts on them.
  app.request = Request.prototype as unknown as typeof app.request;
  app.response = Response.prototype as unknown as typeof app.response;
  app.use((request, response) => respond(request, response));

  const server = createServer(
    {
      IncomingMessage: Request,
      ServerResponse: Response,
      // 2,000 numbers in the query of a GET are 24 kB.
      maxHeaderSize: 128 * 1024,
      // A client that never finishes its request is cut off, so that slow ones cannot hold every socket.
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      connectionsCheckingInterval: 1_000,
    },
    app,
  );
  // What is no HTTP has no provider: answer as a front server does, without a body, and hang up.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  });
  return server;
}
