import { globCovers } from '../domain/glob.ts';

/**
 * Number patterns by the digits before their first wildcard and behind their last, so that one that covers another
 * is found without a walk over all of them.
 */
export class Shadows<T> {
  readonly #first = new Map<string, T>();
  readonly #globs = new Map<string, string[]>();
  /** The lengths of both ends that occur. */
  readonly #shapes = new Map<string, readonly [before: number, behind: number]>();

  add(pattern: string, value: T): void {
    if (this.#first.has(pattern)) return;
    this.#first.set(pattern, value);
    const wildcard = pattern.search(/[*?]/);
    if (wildcard === -1) return;
    const before = pattern.slice(0, wildcard);
    const behind = pattern.slice(Math.max(pattern.lastIndexOf('*'), pattern.lastIndexOf('?')) + 1);
    this.#shapes.set(`${before.length} ${behind.length}`, [before.length, behind.length]);
    const shelf = this.#globs.get(`${before} ${behind}`);
    if (shelf === undefined) this.#globs.set(`${before} ${behind}`, [pattern]);
    else shelf.push(pattern);
  }

  /** The value of one whose pattern surely covers all that this pattern covers. */
  over(pattern: string): T | undefined {
    const same = this.#first.get(pattern);
    if (same !== undefined) return same;
    for (const [before, behind] of this.#shapes.values()) {
      const shelf = this.#globs.get(`${pattern.slice(0, before)} ${pattern.slice(Math.max(0, pattern.length - behind))}`);
      const found = shelf?.find((glob) => globCovers(glob, pattern));
      if (found !== undefined) return this.#first.get(found);
    }
    return undefined;
  }
}
