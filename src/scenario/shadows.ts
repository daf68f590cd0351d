import { globCovers } from '../domain/glob.ts';

/**
 * Number patterns by the digits before their first wildcard and behind their last, so that one that covers another
 * is found without a walk over all of them.
 */
export class Shadows<T> {
  readonly #shelves = new Map<string, { readonly pattern: string; readonly value: T }[]>();
  /** The lengths of both ends that occur. */
  readonly #shapes = new Map<string, readonly [before: number, behind: number]>();
  readonly #first = new Map<string, T>();

  add(pattern: string, value: T): void {
    if (this.#first.has(pattern)) return;
    this.#first.set(pattern, value);
    const [before, behind] = endsOf(pattern);
    this.#shapes.set(`${before.length} ${behind.length}`, [before.length, behind.length]);
    const key = `${before} ${behind}`;
    const shelf = this.#shelves.get(key);
    if (shelf === undefined) this.#shelves.set(key, [{ pattern, value }]);
    else shelf.push({ pattern, value });
  }

  /** One whose pattern surely covers all that this pattern covers. */
  over(pattern: string): T | undefined {
    const same = this.#first.get(pattern);
    if (same !== undefined) return same;
    const [before, behind] = endsOf(pattern);
    for (const [beforeLength, behindLength] of this.#shapes.values()) {
      if (beforeLength > before.length || behindLength > behind.length) continue;
      const shelf = this.#shelves.get(`${before.slice(0, beforeLength)} ${behind.slice(behind.length - behindLength)}`);
      const found = shelf?.find((each) => globCovers(each.pattern, pattern));
      if (found !== undefined) return found.value;
    }
    return undefined;
  }
}

function endsOf(pattern: string): [before: string, behind: string] {
  const first = pattern.search(/[*?]/);
  if (first === -1) return [pattern, pattern];
  return [pattern.slice(0, first), pattern.slice(Math.max(pattern.lastIndexOf('*'), pattern.lastIndexOf('?')) + 1)];
}
