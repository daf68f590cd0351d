import { Agent, request } from 'node:http';
import type { ExchangeReport } from '../../src/engine/report.ts';

/** A request as a client writes it: nothing is added but Content-Length, and Host where it is not given. */
export interface Outgoing {
  readonly method: string;
  readonly target: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Buffer;
}

export interface Incoming {
  readonly status: number;
  /** In the order and spelling sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** One exchange over real HTTP, on a connection of its own unless an agent is given. Unlike `fetch`, any Host can be sent. */
export function exchange(port: number, { method, target, headers = [], body = '' }: Outgoing, agent: Agent | false = false): Promise<Incoming> {
  const bytes = Buffer.from(body);
  const length = bytes.length > 0 || method !== 'GET' ? { 'Content-Length': String(bytes.length) } : {};
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path: target, agent, headers: { ...length, ...Object.fromEntries(headers) } }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const { rawHeaders } = incoming;
        const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []));
        resolve({ status: incoming.statusCode ?? 0, headers: pairs, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}

/** One header of an answer, `undefined` where it was not sent. */
export const headerOf = ({ headers }: Incoming, name: string): string | undefined => headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];

/** The journal's newest entry, as the control API gives it. */
export async function lastEntry(port: number): Promise<ExchangeReport> {
  const { body } = await exchange(port, { method: 'GET', target: '/_sim/journal?limit=1' });
  const { exchanges } = JSON.parse(body) as { exchanges: ExchangeReport[] };
  const [entry] = exchanges;
  if (entry === undefined) throw new Error('the journal is empty');
  return entry;
}
