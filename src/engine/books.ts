import { chinaDay } from '../domain/clock.ts';
import type { Terms } from '../providers/provider.ts';
import { CallCounts } from './call-counts.ts';
import { keepKey } from './keep.ts';

/** The running state of one account: what is left, and what was asked in this second and on this day. */
export class Books {
  readonly #terms: Terms;
  #credit: number | undefined;
  readonly #seconds = new Map<string, { second: number; count: number }>();
  #day = Number.NaN;
  readonly #attempts = new CallCounts();

  constructor(terms: Terms) {
    this.#terms = terms;
    this.#credit = terms.credit?.start;
  }

  /** Queries left, `undefined` where the account is not counted. */
  get credit(): number | undefined {
    return this.#credit;
  }

  /** Whether this many queries can still be paid for. */
  affords(units: number): boolean {
    const { credit } = this.#terms;
    return credit === undefined || this.#credit === undefined || this.#credit - units >= credit.floor;
  }

  charge(units: number): void {
    if (this.#credit !== undefined) this.#credit -= units;
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
}
