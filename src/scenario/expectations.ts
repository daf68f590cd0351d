import type { Endpoint, Provider } from '../providers/provider.ts';
import { isObject } from '../wire/json.ts';
import type { Complaint } from './complaint.ts';
import { boundsOf, count } from './counts.ts';
import type { Expectation } from './scenario.ts';
import { namesOf } from './sound-rules.ts';
import type { Path, SourceMap } from './source-map.ts';

/** Prices of what costs nothing. */
export function* prices(value: unknown, source: SourceMap, providers: readonly Provider[]): Generator<Complaint> {
  for (const { id, rows } of providers.flatMap(({ endpoints }) => endpoints)) {
    if (isObject(value) && Object.hasOwn(value, id) && !charges(rows)) yield source.complaint(['prices', id], `${id} charges nothing, so it has no price. Remove it`, 'key');
  }
}

/** Expectations that no run can fulfil. */
export function* expectations(value: unknown, off: ReadonlySet<unknown>, source: SourceMap, providers: readonly Provider[]): Generator<Complaint> {
  if (!isObject(value)) return;
  const names = namesIn(providers);
  const all = stated(value, names);
  for (const each of all) yield* unreachable(each, off, source);
  yield* contradictions(all.filter(({ what }) => what === 'calls'), 'calls', source, providers);
  yield* contradictions(all.filter(({ what }) => what === 'charged'), 'charged queries', source, providers);
  yield* chargedUncalled(all, source);
}

interface Stated extends Expectation {
  readonly path: Path;
  readonly endpoints: readonly Endpoint[];
}

type Names = ReadonlyMap<unknown, readonly Endpoint[]>;

const namesIn = (providers: readonly Provider[]): Names =>
  new Map(providers.flatMap(({ id, endpoints }) => [[id, endpoints] as const, ...endpoints.map((endpoint) => [endpoint.id, [endpoint]] as const)]));

function stated(value: Readonly<Record<string, unknown>>, names: Names): Stated[] {
  const found: Stated[] = [];
  for (const what of ['calls', 'charged'] as const) {
    const counts = value[what];
    for (const [of, text] of isObject(counts) ? Object.entries(counts) : []) {
      const endpoints = names.get(of);
      const sound = count.safeParse(text);
      if (endpoints !== undefined && sound.success) found.push({ what, of, ...boundsOf(sound.data), path: ['expect', what, of], endpoints });
    }
  }
  const never: readonly unknown[] = Array.isArray(value['never']) ? value['never'] : [];
  for (const [at, of] of never.entries()) {
    const endpoints = names.get(of);
    if (endpoints !== undefined) found.push({ what: 'calls', of: String(of), from: 0, to: 0, path: ['expect', 'never', at], endpoints });
  }
  return found;
}

function* unreachable({ what, from, endpoints, path, of }: Stated, off: ReadonlySet<unknown>, source: SourceMap): Generator<Complaint> {
  if (from === 0) return;
  if (endpoints.every(({ id }) => off.has(id))) yield source.complaint(path, `switchedOff has ${namesOf(endpoints)}, which can serve no call then. Remove one of the two`);
  else if (what === 'charged' && endpoints.every(({ rows }) => !charges(rows))) yield source.complaint(path, `${of} charges nothing. Remove it, or expect its calls`);
}

/** Of each name the statements that ask for most and allow least, and these of a provider against those of its endpoints. */
function* contradictions(all: readonly Stated[], noun: string, source: SourceMap, providers: readonly Provider[]): Generator<Complaint> {
  const least = new Map<string, Stated>();
  const most = new Map<string, Stated>();
  for (const each of all) {
    if (each.from > (least.get(each.of)?.from ?? 0)) least.set(each.of, each);
    if (each.to < (most.get(each.of)?.to ?? Infinity)) most.set(each.of, each);
  }
  for (const [of, low] of least) {
    const high = most.get(of);
    if (high !== undefined && low.from > high.to) yield source.complaint(low.path, `${noun} of ${of} are at least ${low.from} here, and at most ${high.to} at ${source.place(high.path)}. Change one of the two`);
  }
  for (const { id, endpoints } of providers) {
    const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    const low = least.get(id);
    const high = most.get(id);
    const lows = sum(endpoints.map((endpoint) => least.get(endpoint.id)?.from ?? 0));
    const highs = sum(endpoints.map((endpoint) => most.get(endpoint.id)?.to ?? Infinity));
    if (low !== undefined && low.from > highs) yield source.complaint(low.path, `${noun} of ${id} are at least ${low.from} here, and at most ${highs} at its endpoints. Change one of the two`);
    if (high !== undefined && high.to < lows) yield source.complaint(high.path, `${noun} of ${id} are at most ${high.to} here, and at least ${lows} at its endpoints. Change one of the two`);
  }
}

function* chargedUncalled(all: readonly Stated[], source: SourceMap): Generator<Complaint> {
  const uncalled = new Map<string, Stated>();
  for (const each of all) if (each.what === 'calls' && each.to === 0) for (const { id } of each.endpoints) uncalled.set(id, each);
  for (const { what, from, of, path, endpoints } of all) {
    const [never] = endpoints.map(({ id }) => uncalled.get(id));
    if (what === 'charged' && from > 0 && never !== undefined && endpoints.every(({ id }) => uncalled.has(id))) {
      yield source.complaint(path, `${of} charges nothing without a call, and ${source.place(never.path)} expects none. Change one of the two`);
    }
  }
}

const charges = (rows: Endpoint['rows']): boolean => Object.values(rows).some(({ billed }) => billed);
