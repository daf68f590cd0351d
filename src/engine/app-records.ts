import { suggestion } from '../domain/nearest.ts';
import { isObject, type JsonObject } from '../wire/json.ts';
import { maskNumber } from './masking.ts';

/** What an application wrote down of one call that it thinks it paid for. A text that is `''` was not given. */
export interface AppRecord {
  /** RequestId, trace_id, log_id, or the exchange's place in the journal. */
  readonly id: string;
  readonly endpoint: string;
  readonly provider: string;
  /** In clear, or masked as `138****8000`. */
  readonly number: string;
  readonly at: number | undefined;
  readonly units: number;
  /** In ten-thousandths of a yuan. */
  readonly amount: number | undefined;
}

export type ReadRecords =
  | { readonly kind: 'records'; readonly records: readonly AppRecord[] }
  /** One sentence for each mistake. */
  | { readonly kind: 'faults'; readonly faults: readonly string[] };

const mostRecords = 100_000;
const mostFaults = 50;
/** More than there are, and few enough to be told one by one. */
const mostKeys = 20;
const longestText = 200;

/** Reads what an application sent: a list of objects with the fields of `AppRecord`, `at` in ISO 8601 or milliseconds, `amount` in yuan. */
export function readRecords(value: unknown): ReadRecords {
  if (!Array.isArray(value)) return { kind: 'faults', faults: ['The records are no list. Write a JSON array of objects.'] };
  if (value.length > mostRecords) return { kind: 'faults', faults: [`There are ${value.length} records, and ${mostRecords} are the most. Leave the oldest out.`] };
  const faults: string[] = [];
  const records: AppRecord[] = [];
  for (const [index, each] of value.entries()) {
    records.push(readRecord(each, (fault) => faults.push(`record ${index + 1}${fault}`)));
    if (faults.length > mostFaults) return { kind: 'faults', faults: [...faults.slice(0, mostFaults), 'There are more. Mend these first.'] };
  }
  return faults.length === 0 ? { kind: 'records', records } : { kind: 'faults', faults };
}

export const recordFields = ['id', 'endpoint', 'provider', 'number', 'at', 'units', 'amount'] as const;
type Field = (typeof recordFields)[number];

function readRecord(value: unknown, complain: (fault: string) => void): AppRecord {
  const object: JsonObject = isObject(value) ? value : {};
  if (object !== value) complain(' is no object. Write one such as {"id":"…","units":1}.');
  const keys = Object.keys(object);
  if (keys.length > mostKeys) complain(` has ${keys.length} fields. Write ${recordFields.join(', ')}.`);
  for (const key of keys.slice(0, mostKeys)) {
    if (!(recordFields as readonly string[]).includes(key)) complain(`: there is no field "${/^[a-z][a-z_-]{0,31}$/i.test(key) ? key : maskNumber(key)}"${suggestion(key, recordFields) || `. Write ${recordFields.join(', ')}.`}`);
  }
  /** Nothing where the field is not there, and where it is wrong. */
  const read = <T>(field: Field, parse: (given: unknown) => T | undefined, otherwise: string): T | undefined => {
    const given = Object.hasOwn(object, field) ? object[field] : undefined;
    if (given === undefined || given === null) return undefined;
    const parsed = parse(given);
    if (parsed === undefined) complain(`: ${field} is ${otherwise}`);
    return parsed;
  };
  const text = (field: Field): string =>
    read(field, (given) => (typeof given === 'string' && given.length <= longestText ? given : undefined), `no text of at most ${longestText} characters. Write it in quotes.`) ?? '';
  const record: AppRecord = {
    id: text('id'),
    endpoint: text('endpoint'),
    provider: text('provider'),
    number: text('number'),
    at: read('at', instantOf, 'no instant. Write milliseconds since 1970, or a time with its zone such as "2026-01-31T23:59:50+08:00".'),
    units: read('units', (given) => (Number.isSafeInteger(given) && Number(given) > 0 ? Number(given) : undefined), 'no whole number above 0. Write how many queries were paid for, and leave out what cost nothing.') ?? 1,
    amount: read('amount', amountOf, 'no sum of yuan. Write one such as "0.4500", with four decimals at most.'),
  };
  const names = ['id', 'endpoint', 'provider', 'number'] as const;
  if (object === value && names.every((name) => (object[name] ?? '') === '')) complain(': nothing says which charge it is. Write an id, or endpoint and number.');
  return record;
}

const latest = 8.64e15;

function instantOf(given: unknown): number | undefined {
  if (typeof given === 'number') return Math.abs(given) <= latest ? given : undefined;
  // Without a zone it would be another instant on each machine.
  if (typeof given !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(given)) return undefined;
  const at = Date.parse(given);
  return Number.isNaN(at) ? undefined : at;
}

function amountOf(given: unknown): number | undefined {
  if (typeof given === 'string' ? !/^\d{1,9}(\.\d{1,4}0{0,20})?$/.test(given) : typeof given !== 'number' || !(given >= 0 && given < 1e9)) return undefined;
  const amount = Number(given) * 10_000;
  const whole = Math.round(amount);
  // A sum of floating point numbers, such as 0.1 + 0.2, is meant as it is written.
  return Math.abs(amount - whole) < 0.001 ? whole : undefined;
}
