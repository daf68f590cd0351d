import { keep } from './keep.ts';

/** One line of the ledger. Units are queries; amounts are ten-thousandths of a yuan (integers). */
export interface LedgerEntry {
  /** From 1, and never given twice until the ledger is cleared. */
  readonly line: number;
  /** Milliseconds since 1970, on the tenant's clock. */
  readonly at: number;
  readonly kind: 'charge' | 'top-up' | 'correction';
  readonly provider: string;
  /** In clear: masked wherever it leaves the house. */
  readonly credential: string;
  /** Of a charge, what it takes from the balance; of a top-up, what it adds; of a correction, the same of either sign. */
  readonly units: number;
  /** Of a charge, its units at their price, 0 where the endpoint has none; 0 of the other kinds. */
  readonly amount: number;
  /** Of the account, behind this line; `undefined` where the account is not counted. */
  readonly balance: number | undefined;
  /** Place in the journal. It and all below are a charge's, and 0 or `''` otherwise. */
  readonly exchange: number;
  readonly endpoint: string;
  /** Of the catalogue. */
  readonly row: string;
  /** The numbers that the call asked about: the first and how many. */
  readonly number: string;
  readonly numbers: number;
  /** The id that the client saw, such as RequestId; `''` where the answer carried none, or one that all answers share. */
  readonly ids: string;
  /** `sent`, or the kind of the fault that kept the answer from the client. */
  readonly delivered: string;
  /** The reason that was given for a top-up or correction; `''` for a charge. */
  readonly why: string;
}

export type Charge = Omit<LedgerEntry, 'line' | 'kind' | 'why'>;

/** A top-up or a correction. */
export type Entered = Pick<LedgerEntry, 'at' | 'provider' | 'credential' | 'units' | 'balance' | 'why'> & { readonly kind: 'top-up' | 'correction' };

/** What a number of lines comes to. */
export interface Sums {
  readonly charges: number;
  /** Charged, of all charges. */
  readonly units: number;
  readonly amount: number;
  readonly topUps: number;
  readonly corrections: number;
}

/** The sums of one account at one endpoint. Its top-ups and corrections are at the endpoint `''`. */
export interface Subtotal {
  readonly provider: string;
  readonly credential: string;
  readonly endpoint: string;
  readonly total: Sums;
  /** The part of `total` whose lines are dropped: the balance brought forward. */
  readonly forward: Sums;
}

/** A ledger as plain JSON. It holds credentials and numbers in clear. */
export interface LedgerState {
  /** The line that comes next. */
  readonly next: number;
  readonly forward: readonly (Pick<Subtotal, 'provider' | 'credential' | 'endpoint'> & { readonly sums: Sums })[];
  readonly lines: readonly (Omit<LedgerEntry, 'line' | 'balance'> & { readonly balance?: number })[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Running extends Subtotal {
  readonly total: Mutable<Sums>;
  readonly forward: Mutable<Sums>;
}

const usual = 20_000;
const longestNumber = 64;
const longestWhy = 500;

/**
 * What a tenant's accounts were charged, topped up and corrected by. Of the oldest lines only the sums are kept, so
 * that brought forward and lines together are always all that ever was. The lines lie in slots that are written over,
 * for the reason that the journal's do.
 */
export class Ledger {
  readonly #most: number;
  readonly #slots: Mutable<LedgerEntry>[] = [];
  /** Beside each slot, where it is counted. */
  readonly #counted: Running[] = [];
  #next = 1;
  /** The line that the first slot was made for. */
  #first = 1;
  /** By provider, then by credential, then by endpoint. */
  readonly #sums = new Map<string, Map<string, Map<string, Running>>>();

  /** @param most lines that are held, 1 or more */
  constructor(most = usual) {
    this.#most = most;
  }

  charge(charge: Charge): void {
    const slot = this.#turn(this.#running(charge.provider, charge.credential, charge.endpoint));
    slot.at = charge.at;
    slot.kind = 'charge';
    slot.units = charge.units;
    slot.amount = charge.amount;
    slot.balance = charge.balance;
    slot.exchange = charge.exchange;
    slot.endpoint = charge.endpoint;
    slot.row = charge.row;
    slot.number = keep(charge.number, longestNumber);
    slot.numbers = charge.numbers;
    // A text of our own making: no view of a request.
    slot.ids = charge.ids;
    slot.delivered = charge.delivered;
    slot.why = '';
    this.#close(slot);
  }

  enter(entered: Entered): void {
    const slot = this.#turn(this.#running(entered.provider, entered.credential, ''));
    Object.assign(slot, none);
    slot.at = entered.at;
    slot.kind = entered.kind;
    slot.units = entered.units;
    slot.balance = entered.balance;
    slot.why = keep(entered.why, longestWhy);
    this.#close(slot);
  }

  /** Oldest first. */
  *entries(): Generator<LedgerEntry> {
    for (let line = Math.max(this.#first, this.#next - this.#most); line < this.#next; line += 1) {
      const slot = this.#slots[(line - this.#first) % this.#most];
      // Written over meanwhile, where somebody reads slowly.
      if (slot?.line === line) yield { ...slot };
    }
  }

  /** Exact whatever was dropped. In the order in which accounts and endpoints first came. */
  subtotals(): Subtotal[] {
    return this.#all().map((running) => ({ ...running, total: { ...running.total }, forward: { ...running.forward } }));
  }

  /** How many charges have no line any more. */
  get chargesForward(): number {
    return this.#all().reduce((sum, { forward }) => sum + forward.charges, 0);
  }

  snapshot(): LedgerState {
    return {
      next: this.#next,
      forward: this.#all().map(({ provider, credential, endpoint, forward }) => ({ provider, credential, endpoint, sums: { ...forward } })),
      lines: Array.from(this.entries(), ({ balance, ...entry }) => (balance === undefined ? entry : { ...entry, balance })),
    };
  }

  /** Puts a snapshot in the place of all that is here. Of lines beyond those that this ledger holds, the sums are kept. */
  restore({ next, forward, lines }: LedgerState): void {
    this.clear();
    for (const { provider, credential, endpoint, sums } of forward) {
      const running = this.#running(provider, credential, endpoint);
      Object.assign(running.total, sums);
      Object.assign(running.forward, sums);
    }
    this.#next = next - lines.length;
    this.#first = this.#next;
    for (const line of lines) {
      const { kind, balance } = line;
      if (kind === 'charge') this.charge({ ...line, balance });
      else this.enter({ ...line, kind, balance });
    }
  }

  clear(): void {
    this.#slots.length = 0;
    this.#counted.length = 0;
    this.#sums.clear();
    this.#next = 1;
    this.#first = 1;
  }

  /** The slot of the next line, with what was in it brought forward. */
  #turn(running: Running): Mutable<LedgerEntry> {
    const line = this.#next;
    const place = (line - this.#first) % this.#most;
    let slot = this.#slots[place];
    const before = this.#counted[place];
    if (slot === undefined) {
      slot = { line, at: 0, kind: 'charge', provider: '', credential: '', units: 0, balance: undefined, why: '', ...none };
      this.#slots[place] = slot;
    } else if (before !== undefined) {
      add(before.forward, slot);
    }
    this.#counted[place] = running;
    this.#next = line + 1;
    slot.line = line;
    slot.provider = running.provider;
    slot.credential = running.credential;
    return slot;
  }

  /** Counts the line once all of it is there. */
  #close(slot: Mutable<LedgerEntry>): void {
    const running = this.#counted[(slot.line - this.#first) % this.#most];
    if (running !== undefined) add(running.total, slot);
  }

  #running(provider: string, credential: string, endpoint: string): Running {
    const endpoints = within(within(this.#sums, provider), credential);
    const known = endpoints.get(endpoint);
    if (known !== undefined) return known;
    const running = { provider, credential, endpoint, total: { ...nothing }, forward: { ...nothing } };
    endpoints.set(endpoint, running);
    return running;
  }

  #all(): Running[] {
    return [...this.#sums.values()].flatMap((credentials) => [...credentials.values()].flatMap((endpoints) => [...endpoints.values()]));
  }
}

/** The map at a key of a map, made with the first need. */
function within<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Map<string, V>();
  map.set(key, made);
  return made;
}

function add(sums: Mutable<Sums>, { kind, units, amount }: LedgerEntry): void {
  switch (kind) {
    case 'charge':
      sums.charges += 1;
      sums.units += units;
      sums.amount += amount;
      return;
    case 'top-up':
      sums.topUps += units;
      return;
    case 'correction':
      sums.corrections += units;
      return;
    default:
      kind satisfies never;
  }
}

const nothing: Sums = { charges: 0, units: 0, amount: 0, topUps: 0, corrections: 0 };

/** What only a charge has. */
const none = { amount: 0, exchange: 0, endpoint: '', row: '', number: '', numbers: 0, ids: '', delivered: '' };
