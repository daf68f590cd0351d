import type { ServerResponse } from 'node:http';
import { elapsed } from '../domain/clock.ts';
import type { Fault } from '../domain/fault.ts';
import { bytesOf, type WireResponse } from '../wire/wire-response.ts';
import { strike } from './faults.ts';
import { inTurn, write } from './write.ts';

/** What the engine hands over has this shape, so that no object is made for it. */
interface How {
  /** Milliseconds from now, before the fault strikes as well. */
  readonly delay?: number;
  readonly fault?: Fault | undefined;
  /** The answer's body in UTF-8, where that exists already. */
  readonly body?: Buffer;
}

const asItIs: How = {};

/** Sends an answer, or does to its socket what the fault says. */
export function send(response: ServerResponse, answer: WireResponse, how: How = asItIs): void {
  const { delay = 0, fault, body = bytesOf(answer) } = how;
  if (delay > 0) deliverLater(response, answer, body, fault, delay);
  else deliver(response, answer, body, fault);
}

function deliver(response: ServerResponse, answer: WireResponse, body: Buffer, fault: Fault | undefined): void {
  if (fault === undefined) write(response, answer, body);
  else strike(response, fault, answer, body);
}

/** The timer ends when the client leaves. Of that node:http tells only the answer whose turn it is, so no other has a timer. */
function deliverLater(response: ServerResponse, answer: WireResponse, body: Buffer, fault: Fault | undefined, delay: number): void {
  const asked = elapsed();
  inTurn(response, () => {
    const timer = setTimeout(deliver, Math.ceil(delay - (elapsed() - asked)), response, answer, body, fault);
    response.once('close', () => clearTimeout(timer));
  });
}
