import type { AppRecord } from './app-records.ts';
import { grouped } from './grouped.ts';
import type { LedgerEntry } from './ledger.ts';

/** A record with its place in the list, and all that it says in one text. */
export interface Placed {
  readonly record: AppRecord;
  readonly place: number;
  readonly text: string;
}

/** Pairs charges and records of one shape. What lies between the nearest two is paired already, so that only neighbours have to be looked at. */
export function* nearestInTime(charges: readonly LedgerEntry[], records: readonly Placed[]): Generator<readonly [LedgerEntry, Placed]> {
  const timed = records.some(({ record }) => record.at !== undefined);
  const priced = records.some(({ record }) => record.amount !== undefined);
  const terms = (units: number, amount: number | undefined): string => (priced ? `${units} ${amount ?? ''}` : `${units}`);
  const chargesAt = grouped(charges, ({ at }) => (timed ? at : 0));
  const recordsAt = grouped(records, ({ record }) => record.at ?? 0);
  const gaps: Gap[] = [];
  let last: Spot | undefined;
  for (const at of [...new Set([...chargesAt.keys(), ...recordsAt.keys()])].sort((a, b) => a - b)) {
    const here = new Pile(chargesAt.get(at) ?? [], ({ units, amount }) => terms(units, amount));
    const there = new Pile(recordsAt.get(at) ?? [], ({ record }) => terms(record.units, record.amount));
    yield* pairOff(here, there);
    // One kind is left here, if anything.
    if (here.left + there.left === 0) continue;
    const spot: Spot = { at, charges: here, records: there, before: last, behind: undefined };
    if (last !== undefined) {
      last.behind = spot;
      if (differ(last, spot)) gaps.push({ left: last, right: spot });
    }
    last = spot;
  }
  gaps.sort(widerFirst);
  for (let gap = gaps.pop(); gap !== undefined; gap = gaps.pop()) {
    const { left, right } = gap;
    if (isEmpty(left) || isEmpty(right)) continue;
    yield* left.charges.left > 0 ? pairOff(left.charges, right.records) : pairOff(right.charges, left.records);
    const a = isEmpty(left) ? left.before : left;
    const b = isEmpty(right) ? right.behind : right;
    if (a !== undefined) a.behind = b;
    if (b !== undefined) b.before = a;
    if (a !== undefined && b !== undefined && differ(a, b)) insert(gaps, { left: a, right: b });
  }
}

/** What lies at one instant, to be taken by its terms or in its order. */
class Pile<T extends object> {
  left: number;
  readonly termsOf: (thing: T) => string;
  readonly #byTerms: ReadonlyMap<string, Iterator<T>>;
  readonly #inOrder: Iterator<T>;
  readonly #taken = new Set<T>();

  constructor(things: readonly T[], termsOf: (thing: T) => string) {
    this.left = things.length;
    this.termsOf = termsOf;
    this.#byTerms = new Map([...grouped(things, termsOf)].map(([terms, some]) => [terms, this.#untaken(some)]));
    this.#inOrder = this.#untaken(things);
  }

  /** @param terms of what is wanted; without them the first one */
  take(terms?: string): T | undefined {
    const next = (terms === undefined ? this.#inOrder : this.#byTerms.get(terms))?.next();
    if (next === undefined || next.done === true) return undefined;
    this.#taken.add(next.value);
    this.left -= 1;
    return next.value;
  }

  *#untaken(things: readonly T[]): Generator<T> {
    for (const thing of things) if (!this.#taken.has(thing)) yield thing;
  }
}

/** An instant at which there are charges or records, in a row of those that still have some. */
interface Spot {
  readonly at: number;
  readonly charges: Pile<LedgerEntry>;
  readonly records: Pile<Placed>;
  before: Spot | undefined;
  behind: Spot | undefined;
}

/** Two neighbours of which one has charges and the other records. */
interface Gap {
  readonly left: Spot;
  readonly right: Spot;
}

const isEmpty = ({ charges, records }: Spot): boolean => charges.left + records.left === 0;
const differ = (a: Spot, b: Spot): boolean => a.charges.left > 0 !== b.charges.left > 0;
const widerFirst = (a: Gap, b: Gap): number => b.right.at - b.left.at - (a.right.at - a.left.at) || b.left.at - a.left.at;

function insert(gaps: Gap[], gap: Gap): void {
  let [low, high] = [0, gaps.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = gaps[middle];
    if (other !== undefined && widerFirst(other, gap) < 0) low = middle + 1;
    else high = middle;
  }
  gaps.splice(low, 0, gap);
}

/** Takes from both piles until one is empty: what agrees in its terms first. */
const pairOff = (charges: Pile<LedgerEntry>, records: Pile<Placed>): readonly (readonly [LedgerEntry, Placed])[] =>
  charges.left <= records.left ? partners(charges, records) : partners(records, charges).map(([placed, charge]) => [charge, placed] as const);

/** For each of the smaller pile one of the larger. */
function partners<S extends object, L extends object>(small: Pile<S>, large: Pile<L>): (readonly [S, L])[] {
  const pairs: (readonly [S, L])[] = [];
  const others: S[] = [];
  for (let thing = small.take(); thing !== undefined; thing = small.take()) {
    const partner = large.take(small.termsOf(thing));
    if (partner === undefined) others.push(thing);
    else pairs.push([thing, partner]);
  }
  for (const thing of others) {
    const partner = large.take();
    if (partner !== undefined) pairs.push([thing, partner]);
  }
  return pairs;
}
