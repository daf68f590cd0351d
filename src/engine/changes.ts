import type { ScenarioRule } from '../scenario/scenario.ts';

/** What can be done to a tenant's state beside calling. */
export type Change =
  /** Sets it to an instant or to the real time, moves it on by milliseconds, gives it a speed. */
  | { readonly kind: 'clock'; readonly to?: number | 'real'; readonly by?: number; readonly speed?: number }
  /** A rule in front of all others, in the place of one of the same name. */
  | { readonly kind: 'arm'; readonly rule: ScenarioRule }
  | { readonly kind: 'disarm'; readonly id: string }
  /** Another record for the account of this place among those of its provider; `anew` where its balance is to be what the record says. */
  | { readonly kind: 'amend'; readonly provider: string; readonly index: number; readonly record: Readonly<Record<string, unknown>>; readonly anew: boolean }
  | { readonly kind: 'enter'; readonly provider: string; readonly index: number; readonly entry: 'top-up' | 'correction'; readonly units: number; readonly why: string };

/** A change, and when it was made. */
export interface Changed {
  /** The exchange that came next. */
  readonly before: number;
  /** Real time in milliseconds. */
  readonly at: number;
  readonly change: Change;
}

const most = 1000;

/** The changes since a tenant's state began. Of more than a thousand nothing is kept, for a part of them replays nothing. */
export class Changes {
  #all: Changed[] = [];
  #complete = true;

  add(before: number, at: number, change: Change): void {
    if (this.#all.length === most) {
      this.#complete = false;
      this.#all = [];
    }
    if (this.#complete) this.#all.push({ before, at, change });
  }

  get all(): readonly Changed[] {
    return this.#all;
  }

  get complete(): boolean {
    return this.#complete;
  }

  clear(): void {
    this.#all = [];
    this.#complete = true;
  }
}
