import { createServer, type IncomingMessage } from 'node:http';
import { answerAceData } from './acedata.ts';
import { answerAlapi } from './alapi.ts';
import type { Answer, Incoming } from './incoming.ts';
import { answerQxt, type Balances, QXT_PATHS } from './qxt.ts';
import { answerTencent, type RequestCounts } from './tencent.ts';
import type { World } from './world.ts';

export interface Twin {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts an independent reading of the five provider documents on a loopback port.
 *
 * It shares no code and no author with the simulator, so that a difference between the two points at a bug or at a place
 * where the documents leave a choice; each such choice is a comment that begins with "reading:". It is no provider.
 *
 * @param world - the numbers, the accounts and the clock; balances are copied from it and run down during the twin's life
 */
export async function startTwin(world: World): Promise<Twin> {
  const balances: Balances = new Map(world.qxt.map(({ apikey, balance }) => [apikey, balance]));
  const counts: RequestCounts = new Map();
  const server = createServer((request, response) => {
    receive(request)
      .then((incoming) => {
        const { status, body } = route(incoming, world, balances, counts);
        // reading: every answer is application/json in UTF-8 (QXT overview; the other documents only show JSON).
        response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
      })
      .catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Failed to start the twin: it has no port.');
  return {
    port: address.port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** The path tells the providers apart, as none of their paths is another's. */
function route(incoming: Incoming, world: World, balances: Balances, counts: RequestCounts): Answer {
  if (incoming.path.startsWith('/identity/')) return answerAceData(incoming, world);
  if (incoming.path === '/') return answerTencent(incoming, world, counts);
  if (incoming.path.startsWith('/api/')) return answerAlapi(incoming, world);
  if (QXT_PATHS.includes(incoming.path.toLowerCase())) return answerQxt(incoming, world, balances);
  // reading: a path of no provider is a plain 404; only ALAPI has a code for one, under its own /api/ (ALAPI, code 404).
  return { status: 404, body: null };
}

/** Splits the request target by hand: a URL parser would decode and normalise what Tencent's clients have signed. */
async function receive(request: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: request.headers,
    body: Buffer.concat(chunks),
  };
}
