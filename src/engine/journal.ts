import type { Account, Endpoint, Provider, Refusal } from '../providers/provider.ts';
import type { Fault } from '../domain/fault.ts';
import type { Phase } from '../domain/outcome.ts';
import type { WireRequest } from '../wire/wire-request.ts';
import type { Fired } from './rules.ts';
import type { Generation } from './generation.ts';
import { keep } from './keep.ts';

/** Why a call ended as it did. Kept as facts; the sentence is made when somebody reads it. */
export type Because =
  /** No provider has this host or path. */
  | { readonly kind: 'unrouted'; readonly titles: readonly string[] }
  /** The provider has no endpoint at this path. */
  | { readonly kind: 'stray' }
  | { readonly kind: 'check'; readonly phase: Phase; readonly check: string; readonly refusal: Refusal }
  | { readonly kind: 'rule'; readonly fired: Fired }
  /** A fault befell it before this check, or behind all of them where that is their number. */
  | { readonly kind: 'struck'; readonly fired: Fired; readonly check: number }
  | { readonly kind: 'world' }
  | { readonly kind: 'failure'; readonly message: string };

export interface Exchange {
  readonly sequence: number;
  /** Milliseconds since 1970, on the tenant's clock. */
  readonly at: number;
  /** The same in real time. */
  readonly receivedAt: number;
  /** How long the simulator took, without ordered delays. */
  readonly milliseconds: number;
  readonly provider: Provider | undefined;
  readonly endpoint: Endpoint | undefined;
  readonly account: Account | undefined;
  readonly generation: Generation;
  /** The numbers asked about: the first and how many. */
  readonly number: string;
  readonly numbers: number;
  readonly row: string;
  /** The id that the client saw, `''` where it saw none. */
  readonly id: string;
  /** What of it was charged, in queries. */
  readonly units: number;
  readonly delay: number;
  readonly fault: Fault | undefined;
  readonly status: number;
  readonly remoteAddress: string;
  readonly because: Because;
}

/** What was on the wire, as it was. Anything printed of it goes through masking first. */
export interface Transcript {
  readonly method: string;
  readonly target: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  /** Bytes that came beyond those kept. */
  readonly bodyCut: number;
  readonly answer: string;
  /** Nothing of head, body and answer is cut off. */
  readonly whole: boolean;
}

type Slot = { -readonly [K in keyof Exchange]: Exchange[K] } & {
  start: number;
  headLength: number;
  bodyLength: number;
  bodyCut: number;
  answerLength: number;
  whole: boolean;
};

/** How much a journal holds. */
export interface JournalSize {
  readonly exchanges: number;
  readonly bytes: number;
  /** The most that is kept of a request's head, of its body and of its answer, in bytes: a sixteenth of all, where nothing is said. */
  readonly perPart?: number;
}

const usual: JournalSize = { exchanges: 4096, bytes: 16 * 1024 * 1024 };
const longestText = 500;
const nothing = Buffer.alloc(0);
/** The ring begins with this, and grows: a test that asks five times does not pay for sixteen megabytes. */
const firstBytes = 64 * 1024;

/**
 * The last exchanges, bounded in count and bytes. Requests and answers lie as bytes in one ring, and the rest in
 * slots that are written over: live objects that outlast a request by a few thousand others would cost a third of
 * the throughput in garbage collection.
 */
export class Journal {
  readonly #slots: Slot[] = [];
  #bytes = nothing;
  #write = 0;
  #next = 1;
  /** The oldest sequence number whose bytes are still there. */
  #oldest = 1;
  #cleared = 0;
  readonly #listeners = new Set<(exchange: Exchange) => void>();
  readonly #slotCount: number;
  readonly #byteCount: number;
  readonly #mostPerPart: number;

  constructor({ exchanges, bytes, perPart = Math.floor(bytes / 16) }: JournalSize = usual) {
    this.#slotCount = exchanges;
    this.#byteCount = bytes;
    this.#mostPerPart = perPart;
  }

  /** How many exchanges there have been, those already dropped included. */
  get total(): number {
    return this.#next - 1;
  }

  /** How many were dropped to keep the journal small. */
  get dropped(): number {
    return this.#oldest - 1 - this.#cleared;
  }

  /** The place that the next exchange will have. */
  get next(): number {
    return this.#next;
  }

  /** @param answer the body of the answer */
  record(exchange: Omit<Exchange, 'sequence'>, request: WireRequest, answer: Buffer): number {
    const { rawHeaders, body } = request;
    const target = request.query === '' ? request.path : `${request.path}?${request.query}`;
    // node:http gives header text as latin1; nothing else is in these strings.
    const head = `${request.method} ${target}\n${rawHeaders.join('\n')}`;
    const mostPerPart = this.#mostPerPart;
    const bodyLength = Math.min(body.length, mostPerPart);
    const mostOfHead = Math.min(head.length, mostPerPart);
    const answerLength = wholeCharacters(answer, mostPerPart);
    const most = mostOfHead + bodyLength + answerLength;
    const start = this.#room(most);
    const bytes = this.#reaching(start + most);
    const headLength = bytes.write(head, start, mostOfHead, 'latin1');
    if (bodyLength > 0) body.copy(bytes, start + headLength, 0, bodyLength);
    answer.copy(bytes, start + headLength + bodyLength, 0, answerLength);
    this.#write = start + headLength + bodyLength + answerLength;

    const number = keep(exchange.number, longestText);
    const because = bounded(exchange.because);
    const slotCount = this.#slotCount;
    const sequence = this.#next;
    this.#next += 1;
    if (sequence - this.#oldest >= slotCount) this.#oldest = sequence - slotCount + 1;
    const slot = this.#slots[sequence % slotCount];
    const bodyCut = body.length - bodyLength;
    const whole = bodyCut === 0 && mostOfHead === head.length && answerLength === answer.length;
    if (slot === undefined) {
      this.#slots[sequence % slotCount] = { sequence, ...exchange, number, because, start, headLength, bodyLength, bodyCut, answerLength, whole };
    } else {
      slot.sequence = sequence;
      slot.at = exchange.at;
      slot.receivedAt = exchange.receivedAt;
      slot.milliseconds = exchange.milliseconds;
      slot.provider = exchange.provider;
      slot.endpoint = exchange.endpoint;
      slot.account = exchange.account;
      slot.generation = exchange.generation;
      slot.number = number;
      slot.numbers = exchange.numbers;
      slot.row = exchange.row;
      slot.id = exchange.id;
      slot.units = exchange.units;
      slot.fault = exchange.fault;
      slot.delay = exchange.delay;
      slot.status = exchange.status;
      slot.remoteAddress = exchange.remoteAddress;
      slot.because = because;
      slot.start = start;
      slot.headLength = headLength;
      slot.bodyLength = bodyLength;
      slot.bodyCut = bodyCut;
      slot.answerLength = answerLength;
      slot.whole = whole;
    }
    if (this.#listeners.size > 0) this.#tell(sequence);
    return sequence;
  }

  /** Calls back with each exchange from now on; returns what ends it. */
  listen(listener: (exchange: Exchange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Exchanges still held, newest first. */
  *newestFirst(): Generator<Exchange> {
    for (let sequence = this.#next - 1; sequence >= this.#oldest; sequence -= 1) {
      const exchange = this.get(sequence);
      if (exchange !== undefined) yield exchange;
    }
  }

  get(sequence: number): Exchange | undefined {
    const slot = this.#slots[sequence % this.#slotCount];
    return slot?.sequence === sequence && sequence >= this.#oldest ? { ...slot } : undefined;
  }

  transcript(sequence: number): Transcript | undefined {
    const slot = this.#slots[sequence % this.#slotCount];
    if (slot?.sequence !== sequence || sequence < this.#oldest) return undefined;
    const bodyStart = slot.start + slot.headLength;
    const answerStart = bodyStart + slot.bodyLength;
    const [line = '', ...headers] = this.#bytes.toString('latin1', slot.start, bodyStart).split('\n');
    const space = line.indexOf(' ');
    return {
      method: line.slice(0, space),
      target: line.slice(space + 1),
      headers,
      body: Buffer.from(this.#bytes.subarray(bodyStart, answerStart)),
      bodyCut: slot.bodyCut,
      answer: this.#bytes.toString('utf8', answerStart, answerStart + slot.answerLength),
      whole: slot.whole,
    };
  }

  clear(): void {
    this.#cleared += this.#next - this.#oldest;
    this.#oldest = this.#next;
    this.#write = 0;
    // A slot keeps the generation that it was answered by, with its world and rules.
    this.#slots.length = 0;
    this.#bytes = nothing;
  }

  #tell(sequence: number): void {
    const exchange = this.get(sequence);
    if (exchange === undefined) return;
    for (const listener of this.#listeners) {
      try {
        listener(exchange);
      } catch {
        // A listener that breaks must not cost a client the answer that he is charged for.
      }
    }
  }

  /** The ring, with room up to here. */
  #reaching(end: number): Buffer {
    if (end <= this.#bytes.length) return this.#bytes;
    const grown = Buffer.allocUnsafeSlow(Math.min(this.#byteCount, Math.max(end, firstBytes, this.#bytes.length * 2)));
    this.#bytes.copy(grown);
    this.#bytes = grown;
    return grown;
  }

  // Bytes are written in order, so the oldest exchanges are the ones in the way.
  #room(most: number): number {
    const start = this.#write + most > this.#byteCount ? 0 : this.#write;
    const end = start + most;
    while (this.#oldest < this.#next) {
      const slot = this.#slots[this.#oldest % this.#slotCount];
      if (slot === undefined) break;
      const slotEnd = slot.start + slot.headLength + slot.bodyLength + slot.answerLength;
      const wrapped = start === 0 && slot.start >= this.#write;
      if (!wrapped && (slot.start >= end || slotEnd <= start)) break;
      this.#oldest += 1;
    }
    return start;
  }
}

/** How much of UTF-8 fits without cutting a character. */
function wholeCharacters(text: Buffer, most: number): number {
  if (text.length <= most) return text.length;
  let end = most;
  while (end > 0 && ((text[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}

/** Without what a client could make as long as its request: no more than the sentence needs. */
function bounded(because: Because): Because {
  switch (because.kind) {
    case 'check':
      return { ...because, refusal: { row: because.refusal.row, why: keep(because.refusal.why, longestText) } };
    case 'failure':
      return { kind: 'failure', message: keep(because.message, longestText) };
    default:
      return because;
  }
}
