import { chinaDay } from '../domain/clock.ts';
import type { Terms } from '../providers/provider.ts';
import { CallCounts } from './call-counts.ts';
import { keepKey } from './keep.ts';

/** The running state of one account: what is left, and what was asked in this second and on this day. */
export class Books {
  #floor: number;
  #credit: number | undefined;
  #seconds = new Map<string, { second: number; count: number }>();
  #day = Number.NaN;
  readonly #attempts = new CallCounts();

  constructor({ credit }: Terms) {
    this.#floor = credit?.floor ?? 0;
    this.#credit = credit?.start;
  }

  /** Queries left, `undefined` where the account is not counted. */
  get credit(): number | undefined {
    return this.#credit;
  }

  /** Whether this many queries can still be paid for. */
  affords(units: number): boolean {
    return this.#credit === undefined || this.#credit - units >= this.#floor;
  }

  charge(units: number): void {
    if (this.#credit !== undefined) this.#credit -= units;
  }

  /** The account under other terms: what is left and what was counted stays, how far it may go does not. */
  amend({ credit }: Terms): void {
    this.#floor = credit?.floor ?? 0;
    this.#credit = credit === undefined ? undefined : (this.#credit ?? credit.start);
  }

  /** Counts a call of this endpoint in its calendar second, and says which one of that second it is. */
  countInSecond(endpoint: string, now: number): number {
    const second = Math.floor(now / 1000);
    const window = this.#seconds.get(endpoint);
    if (window?.second === second) {
      window.count += 1;
      return window.count;
    }
    this.#seconds.set(endpoint, { second, count: 1 });
    return 1;
  }

  /** Counts an attempt for a number on its day in China, and says which one of that day it is. */
  countOnDay(endpoint: string, number: string, now: number): number {
    const day = chinaDay(now);
    if (day !== this.#day) {
      this.#day = day;
      this.#attempts.clear();
    }
    return this.#attempts.next(`${endpoint} ${keepKey(number)}`) + 1;
  }

  snapshot(): BooksState {
    return {
      ...(this.#credit === undefined ? {} : { credit: this.#credit }),
      seconds: Object.fromEntries([...this.#seconds].map(([endpoint, window]) => [endpoint, { ...window }])),
      ...(Number.isNaN(this.#day) ? {} : { day: this.#day }),
      attempts: this.#attempts.snapshot(),
    };
  }

  restore({ credit, seconds, day, attempts }: BooksState): void {
    this.#credit = credit;
    this.#seconds = new Map(Object.entries(seconds).map(([endpoint, { second, count }]) => [endpoint, { second, count }]));
    this.#day = day ?? Number.NaN;
    this.#attempts.restore(attempts);
  }
}

export interface BooksState {
  readonly credit?: number;
  /** By endpoint: a calendar second, as seconds since 1970, and the calls in it. */
  readonly seconds: Readonly<Record<string, { readonly second: number; readonly count: number }>>;
  /** Days since 1970, in China. */
  readonly day?: number;
  readonly attempts: readonly (readonly [subject: string, count: number])[];
}
