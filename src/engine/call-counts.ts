const most = 65_536;

/**
 * How often a subject has been seen, for ids and chance that depend on the count of calls and not on their order.
 * Bounded: of what was not seen among the last 65,536 other subjects the count starts anew.
 */
export class CallCounts {
  #young = new Map<string, number>();
  #old = new Map<string, number>();

  /** How often it has been counted. */
  count(subject: string): number {
    return this.#young.get(subject) ?? this.#old.get(subject) ?? 0;
  }

  /** Counts one more, and returns how many there were before. */
  next(subject: string): number {
    const count = this.count(subject);
    this.#young.set(subject, count + 1);
    if (this.#young.size > most) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    return count;
  }

  /** Of subjects that begin so, the count starts anew. */
  forget(beginning: string): void {
    for (const counts of [this.#young, this.#old]) for (const subject of counts.keys()) if (subject.startsWith(beginning)) counts.delete(subject);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }

  /** All that is known, the older first. */
  snapshot(): readonly (readonly [subject: string, count: number])[] {
    return [...new Map([...this.#old, ...this.#young])];
  }

  restore(counts: readonly (readonly [subject: string, count: number])[]): void {
    this.clear();
    for (const [subject, count] of counts.slice(-most)) this.#young.set(subject, count);
  }
}
