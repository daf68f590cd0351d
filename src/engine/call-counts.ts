const most = 65_536;

/**
 * How often a subject has been seen, for ids and chance that depend on the count of calls and not on their order.
 * Bounded: of what was not seen among the last 65,536 other subjects the count starts anew.
 */
export class CallCounts {
  #young = new Map<string, number>();
  #old = new Map<string, number>();

  /** Counts one more, and returns how many there were before. */
  next(subject: string): number {
    const count = this.#young.get(subject) ?? this.#old.get(subject) ?? 0;
    this.#young.set(subject, count + 1);
    if (this.#young.size > most) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    return count;
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
