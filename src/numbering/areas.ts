import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { planFor } from './plan.ts';

/** Where the areas come from; the rest of it is in NOTICE.md. */
export interface Provenance {
  readonly package: string;
  readonly version: string;
  readonly data: string;
  readonly licence: string;
  /** How many of the 700,000 seven-digit prefixes from 1300000 to 1999999 have an area. */
  readonly prefixes: number;
}

/** The area of `number` by its first seven digits, as `省-市`; `undefined` where the data do not cover it. */
export function areaFor(number: string): string | undefined {
  if (planFor(number) === undefined) return undefined;
  const { names, table } = loaded();
  // Every number of the plan begins with 13 to 19, so its place is within the table.
  const page = table.getUint16((digits(number, 0, 5) - firstHead) * 2, true);
  const id = table.getUint16((heads + page * 100 + digits(number, 5, 7)) * 2, true);
  return id === 0 ? undefined : names[id - 1];
}

/** Every area that occurs, each once, in code point order. */
export const areaNames = (): readonly string[] => loaded().names;

export const provenance = (): Provenance => loaded().provenance;

/** As a number, without the substring that `Number` would need. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i += 1) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
}

interface Areas {
  readonly provenance: Provenance;
  readonly names: readonly string[];
  /**
   * 16-bit words, low byte first: for each first five digits the place of a page, then the pages, and there for each
   * next two digits 0 where the prefix is not covered, else one more than the place in `names`.
   */
  readonly table: DataView;
}

/** How many first five digits there are, and the least of them. */
const heads = 7_000;
const firstHead = 13_000;

let areas: Areas | undefined;

// Unpacking takes some milliseconds, which `konghao --help` and a scenario that states its areas need not pay.
const loaded = (): Areas => (areas ??= read());

function read(): Areas {
  // The build copies areas.bin beside the bundle, where this address points then.
  const packed = readFileSync(new URL('./areas.bin', import.meta.url));
  // One chunk holds it all; the default of 16 kB would put it together from forty.
  const bytes = brotliDecompressSync(packed, { chunkSize: 1 << 20 });
  const start = bytes.indexOf('\n') + 1;
  // The cast is sound because scripts/build-numbering.mjs writes this line, and nothing else does.
  const head = JSON.parse(bytes.toString('utf8', 0, start)) as Pick<Areas, 'provenance' | 'names'>;
  return { ...head, table: new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start) };
}
