import { connect } from 'node:net';
import { exchange, type Outgoing } from '../support/exchange.ts';
import { bytesOfRequest } from '../support/raw.ts';

/** A connection with one request on it. */
export interface Dialled {
  /** What has come so far. */
  heard(): Buffer;
  /** Waits until that is enough, or nothing more will come. */
  until(enough: (heard: Buffer) => boolean): Promise<void>;
  /** How it ended: `FIN`, or the error that the system names. */
  readonly ended: Promise<string>;
  isOpen(): boolean;
  /** The client goes, and waits until it has gone. */
  leave(): Promise<void>;
}

/** Sends a request over a connection of its own, and takes whatever comes for it, be it HTTP or not. */
export function dial(port: number, { headers = [], body = '', ...request }: Outgoing): Dialled {
  const given = headers.some(([name]) => name === 'Host');
  const length = [['Content-Length', String(Buffer.byteLength(body))], ['Connection', 'close']] as const;
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  let how = 'reset';
  let tell = (): void => {};
  const heard = (): Buffer => Buffer.concat(chunks);
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    tell();
  });
  socket.on('end', () => void (how = 'FIN'));
  socket.on('error', (error: NodeJS.ErrnoException) => void (how = error.code ?? error.message));
  const ended = new Promise<string>((resolve) => {
    socket.on('close', () => {
      resolve(how);
      tell();
    });
  });
  socket.write(bytesOfRequest({ ...request, headers: [...(given ? [] : [['Host', `127.0.0.1:${port}`] as const]), ...headers, ...length], body }));
  return {
    heard,
    until: async (enough) => {
      while (!socket.closed && !enough(heard())) await new Promise<void>((resolve) => void (tell = resolve));
    },
    ended,
    isOpen: () => socket.readyState === 'open',
    leave: async () => {
      socket.destroy();
      await ended;
    },
  };
}

/** Waits until the journal has an exchange behind this place, which is when the call has been handled and before all of its answer is out. */
export async function handled(port: number, after: number): Promise<void> {
  const { body } = await exchange(port, { method: 'GET', target: `/_sim/journal/wait?after=${after}` });
  const { met } = JSON.parse(body) as { met: boolean };
  if (!met) throw new Error(`no exchange came behind ${after}`);
}

/** What a careful client makes of the bytes that came, and the answer in them where there is one to be read. */
export interface Heard {
  readonly came: string;
  readonly answer?: unknown;
}

/** Hears a request out: until the server hangs up or, where it does not, until nothing more is to come. */
export async function hear(port: number, request: Outgoing, after: number): Promise<Heard> {
  const client = dial(port, request);
  await handled(port, after);
  // By the time of another answer all is out that goes out at once.
  await exchange(port, { method: 'GET', target: '/_sim/health' });
  if (client.heard().length === 0 && client.isOpen()) {
    await client.leave();
    return { came: 'nothing, and no end' };
  }
  await client.until((heard) => lacking(heard) === 1);
  const short = lacking(client.heard()) === 1 && client.isOpen();
  if (short) await client.leave();
  return told(client.heard(), short ? 'open' : await client.ended);
}

const headEnd = (heard: Buffer): number => heard.indexOf('\r\n\r\n');
const announced = (heard: Buffer): number => Number(/\r\nContent-Length: (\d+)\r\n/i.exec(heard.toString('latin1', 0, headEnd(heard) + 2))?.[1]);
/** How many bytes the head has announced and that have not come. */
const lacking = (heard: Buffer): number => headEnd(heard) + 4 + announced(heard) - heard.length;

function told(heard: Buffer, end: string): Heard {
  if (heard.length === 0) return { came: end === 'FIN' ? 'nothing, and the end' : end };
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(heard.toString('latin1', 0, 13))?.[1];
  if (status === undefined) return { came: 'no HTTP' };
  const body = heard.subarray(headEnd(heard) + 4);
  if (Number.isNaN(announced(heard))) return { came: isChunked(body) ? 'chunks' : 'a chunk without a size' };
  const lacks = lacking(heard);
  if (lacks === 1 && end === 'open') return { came: 'a byte less than announced, and no end', answer: JSON.parse(body.toString()) };
  if (lacks > 0) return { came: lacks === Math.ceil(announced(heard) / 2) ? 'half of a body' : `a body without its last ${lacks} bytes` };
  if (body.toString('latin1').startsWith('<html>')) return { came: `a page of HTML under ${status}` };
  const answer = readAs('utf-8', body);
  if (answer !== undefined) return { came: 'an answer', answer };
  const inGbk = readAs('gbk', body);
  return inGbk === undefined ? { came: 'a body that is no text' } : { came: 'an answer in GBK', answer: inGbk };
}

/** JSON in this charset, `undefined` where it is none. */
function readAs(charset: string, body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder(charset, { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** RFC 9112, 7.1: every chunk has its size, and an empty one is the last. */
function isChunked(body: Buffer): boolean {
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = /^[\da-f]+$/i.exec(body.toString('latin1', at, lineEnd))?.[0];
    if (lineEnd === -1 || size === undefined) return false;
    if (Number.parseInt(size, 16) === 0) return true;
    at = lineEnd + 2 + Number.parseInt(size, 16) + 2;
  }
}
