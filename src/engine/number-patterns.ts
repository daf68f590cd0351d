import { matchesGlob } from '../domain/glob.ts';

/** Values by number or by glob over numbers (`*` any run of digits, `?` one), found without walking all of them: only globs that begin with a wildcard are tried one by one. */
export class NumberPatterns<T> {
  readonly #exact = new Map<string, Entry<T>[]>();
  /** By the digits before the first wildcard. */
  readonly #globs = new Map<string, Entry<T>[]>();
  #prefixLengths: number[] = [];
  #size = 0;

  /** Adds a value; `undefined` stands for any number, also for a call that has none. */
  add(pattern: string | undefined, value: T): void {
    const glob = pattern ?? '*';
    const wildcard = glob.search(/[*?]/);
    const prefix = wildcard === -1 ? glob : glob.slice(0, wildcard);
    const entry: Entry<T> = { order: this.#size, glob, literals: glob.replace(/[*?]/g, '').length, value };
    this.#size += 1;
    const shelf = wildcard === -1 ? this.#exact : this.#globs;
    const entries = shelf.get(prefix);
    if (entries === undefined) shelf.set(prefix, [entry]);
    else entries.push(entry);
    if (wildcard !== -1 && !this.#prefixLengths.includes(prefix.length)) {
      this.#prefixLengths = [...this.#prefixLengths, prefix.length].sort((a, b) => b - a);
    }
  }

  /** The value that was added first among those whose pattern fits and that are accepted. */
  first(number: string, accept: (value: T) => boolean): T | undefined {
    let best = firstOf(this.#exact.get(number), number, accept);
    for (const length of this.#prefixLengths) {
      const entry = firstOf(this.#globs.get(number.slice(0, length)), number, accept);
      if (entry !== undefined && (best === undefined || entry.order < best.order)) best = entry;
    }
    return best?.value;
  }

  /** The value whose pattern says most: the number itself, else the glob with the most digits, the later of equals. */
  closest(number: string): T | undefined {
    const exact = this.#exact.get(number);
    if (exact !== undefined) return exact.at(-1)?.value;
    let best: Entry<T> | undefined;
    for (const length of this.#prefixLengths) {
      for (const entry of this.#globs.get(number.slice(0, length)) ?? []) {
        if (matchesGlob(entry.glob, number) && (best === undefined || saysMore(entry, best))) best = entry;
      }
    }
    return best?.value;
  }
}

interface Entry<T> {
  readonly order: number;
  readonly glob: string;
  readonly literals: number;
  readonly value: T;
}

const saysMore = (a: Entry<unknown>, b: Entry<unknown>): boolean => a.literals > b.literals || (a.literals === b.literals && a.order > b.order);

function firstOf<T>(entries: readonly Entry<T>[] | undefined, number: string, accept: (value: T) => boolean): Entry<T> | undefined {
  if (entries === undefined) return undefined;
  for (const entry of entries) if (matchesGlob(entry.glob, number) && accept(entry.value)) return entry;
  return undefined;
}
