import { connect } from 'node:net';
import type { Incoming, Outgoing } from './exchange.ts';

/** What came back over one connection until the server hung up. */
export interface Heard {
  readonly bytes: Buffer;
  /** How it ended: with FIN, or with the error that the system names. */
  readonly end: string;
}

/** Sends bytes as they are, and listens until the server hangs up. The last request has to ask for that, unless it is refused. */
export function speak(port: number, ...parts: readonly (string | Buffer)[]): Promise<Heard> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    let end = 'reset';
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('end', () => void (end = 'FIN'));
    socket.on('error', (error: NodeJS.ErrnoException) => void (end = error.code ?? error.message));
    socket.on('close', () => resolve({ bytes: Buffer.concat(chunks), end }));
    for (const part of parts) socket.write(typeof part === 'string' ? Buffer.from(part, 'utf8') : part);
  });
}

/** A request as bytes: nothing is added, `Connection: close` included. */
export function bytesOfRequest({ method, target, headers = [], body = '' }: Outgoing): Buffer {
  const head = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]);
}

/** The answers in these bytes, one behind the other, none of them to a HEAD. Throws where something else stands between or is left. */
export function answersIn(bytes: Buffer): Incoming[] {
  const answers: Incoming[] = [];
  for (let at = 0; at < bytes.length; ) {
    const headEnd = bytes.indexOf('\r\n\r\n', at);
    const [statusLine = '', ...lines] = bytes.toString('latin1', at, headEnd === -1 ? bytes.length : headEnd).split('\r\n');
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1];
    if (headEnd === -1 || status === undefined) throw new Error(`this is no answer: ${JSON.stringify(bytes.toString('latin1', at).slice(0, 200))}`);
    const headers = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const);
    const of = (name: string): string | undefined => headers.find(([each]) => each.toLowerCase() === name)?.[1];
    const start = headEnd + 4;
    // node:http's own refusals are an empty chunked body.
    const end = of('transfer-encoding') === 'chunked' ? bytes.indexOf('0\r\n\r\n', start) + 5 : start + Number(of('content-length'));
    if (!(end >= start && end <= bytes.length)) throw new Error(`the answer ends early: ${statusLine}`);
    answers.push({ status: Number(status), headers, body: bytes.toString('utf8', start, end) });
    at = end;
  }
  return answers;
}

/** An answer that is there for sure. */
export function only(answers: readonly Incoming[]): Incoming {
  const [answer, ...more] = answers;
  if (answer === undefined || more.length > 0) throw new Error(`${answers.length} answers came, and one was due`);
  return answer;
}
