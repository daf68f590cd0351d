import { Agent } from 'node:http';
import { exchange, type Outgoing } from './exchange.ts';

/** The code that an answer bears, whosever it is: for runs of calls that are too many to hold each against its shape. */
export function codeOf(body: string): string {
  const [, text, number = ''] = /"(?:Code|Result|code|result)":(?:"([^"]*)"|(-?\d+))/.exec(body) ?? [];
  return text ?? number;
}

/** The bodies that come for these requests, sent one behind the other on one connection. */
export async function bodiesOf(port: number, requests: Iterable<Outgoing>): Promise<string[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const bodies = [];
  for (const request of requests) bodies.push((await exchange(port, request, agent)).body);
  agent.destroy();
  return bodies;
}

/** Their codes. */
export const codesOf = async (port: number, requests: Iterable<Outgoing>): Promise<string[]> => (await bodiesOf(port, requests)).map(codeOf);

export const times = <T>(count: number, each: T): readonly T[] => Array.from({ length: count }, () => each);
