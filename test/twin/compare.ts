import type { RawAnswer } from './send.ts';

/** One thing that two answers to the same request say differently. */
export interface Difference {
  /** `outcome`, or the place of a value in the body, such as `data.0.area`. */
  readonly field: string;
  readonly ours: string;
  readonly twin: string;
}

/** Said in each server's own words, or made anew for each answer: only their presence and type are compared. */
const FREE: ReadonlySet<string> = new Set(['description', 'Description', 'message', 'Message', 'reason', 'msg', 'RequestId', 'trace_id', 'time', 'log_id']);

/**
 * Compares what two servers answer: first HTTP status and code, and where these are the same, every value, with the order
 * of keys.
 *
 * An answer with another code has other fields as well; to list these too would hide the one thing that is different.
 */
export function compare(ours: RawAnswer, twin: RawAnswer): readonly Difference[] {
  const bodies = [parsed(ours.text), parsed(twin.text)] as const;
  const outcomes = { ours: outcomeOf(ours.status, bodies[0]), twin: outcomeOf(twin.status, bodies[1]) };
  if (outcomes.ours !== outcomes.twin) return [{ field: 'outcome', ...outcomes }];
  const [left, right] = [new Map(facts('', '', bodies[0])), new Map(facts('', '', bodies[1]))];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((field) => {
    const said = { ours: left.get(field) ?? 'absent', twin: right.get(field) ?? 'absent' };
    return said.ours === said.twin ? [] : [{ field, ...said }];
  });
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

/** HTTP status and the provider's own code, wherever it keeps it. */
function outcomeOf(status: number, body: unknown): string {
  const places = ['result', 'error.code', 'Response.Result', 'Response.Error.Code', 'code'];
  const codes = places.map((place) => valueAt(body, place.split('.'))).filter((value) => typeof value === 'string' || typeof value === 'number');
  return [status, ...codes].join(' ');
}

function valueAt(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  return isObject(value) ? valueAt(value[key], rest) : undefined;
}

/** Every value of a body with its place; of an object the order of its keys, and of what is free its type. */
function facts(place: string, key: string, value: unknown): readonly (readonly [string, string])[] {
  if (FREE.has(key)) return [[place, typeof value]];
  if (!isObject(value)) return [[place, JSON.stringify(value)]];
  const shape = Array.isArray(value) ? `${value.length} entries` : Object.keys(value).join(' ');
  const inner = Object.entries(value).flatMap(([name, part]) => facts(place === '' ? name : `${place}.${name}`, name, part));
  return [[`keys of ${place === '' ? 'the body' : place}`, shape], ...inner];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
