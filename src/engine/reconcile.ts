import { recordFields, type AppRecord } from './app-records.ts';
import { yuan } from './bill.ts';
import { grouped } from './grouped.ts';
import type { LedgerEntry } from './ledger.ts';
import { maskNumber, maskSecret } from './masking.ts';
import { nearestInTime, type Placed } from './nearest-in-time.ts';

/** A charge as it may be shown. */
export interface BilledCall {
  readonly exchange: number;
  readonly id: string;
  readonly endpoint: string;
  readonly number: string;
  readonly at: string;
  readonly units: number;
  readonly amount: string;
  readonly delivered: string;
}

/** How records and charges compare. Records go by their place in the list, from 1. Each charge is matched, mismatched or missing. */
export interface Reconciliation {
  /** Charges with a record that agrees with them. */
  readonly matched: number;
  /** Charges that no record has: the application does not know that it paid. */
  readonly missing: readonly BilledCall[];
  /** Records that are no charge. */
  readonly unknown: readonly { readonly record: number; readonly why: string }[];
  /** Charges that more than one record claims. */
  readonly duplicate: readonly { readonly charge: BilledCall; readonly records: readonly number[] }[];
  /** Charges whose record says other units, or another amount. */
  readonly mismatched: readonly { readonly charge: BilledCall; readonly record: number; readonly recorded: { readonly units: number; readonly amount: string | null } }[];
  /** Charges for the same again after an answer that did not reach the client: a blind retry. Paid and known, they are no imbalance. */
  readonly repeated: readonly { readonly endpoint: string; readonly number: string; readonly credential: string; readonly charges: readonly BilledCall[] }[];
  /** Charges that have no line any more, and could not be compared. */
  readonly forward: number;
  /** Every charge has its one record, every record its charge, and none was left out. */
  readonly balanced: boolean;
}

/** What the ledger's lines do not tell. */
export interface Beyond {
  /** Whether an exchange that is no charge has this id, or this place in the journal. */
  isExchange?(id: string): boolean;
  /** How many charges have no line any more. */
  readonly forward?: number;
}

type Claims = Map<LedgerEntry, Placed[]>;

/**
 * Holds an application's own records against what was charged. A record with an id is the charge of that id. Any other,
 * and one whose id several charges share, is a charge of the same endpoint, provider and number, as far as it names
 * them: records that name more come first, and of these the pair that is nearest in time. Of equally near pairs the
 * earlier one comes first; at one instant, and without a time, what agrees in units and amount, then what reached the
 * client, then the lower line. So the order of the records decides nothing but which of several equal ones is named.
 *
 * @param entries of the ledger, oldest first; those that are no charge are passed over
 */
export function reconcile(entries: Iterable<LedgerEntry>, records: readonly AppRecord[], beyond: Beyond = {}): Reconciliation {
  const charges = [...entries].filter(({ kind }) => kind === 'charge');
  const placed = records.map((record, index) => ({ record, place: index + 1, text: JSON.stringify(recordFields.map((field) => record[field])) })).sort(byText);
  const claims: Claims = new Map();
  const unknown: { record: number; why: string }[] = [];
  const nameless: Placed[] = [];
  const named = namesOf(charges);
  for (const each of placed) {
    const charge = each.record.id === '' ? 'several' : named(each.record);
    if (charge === 'several') nameless.push(each);
    else if (charge === undefined) unknown.push({ record: each.place, why: whyUnknown(each.record.id, beyond) });
    else claim(claims, charge, each);
  }
  for (const each of pairAlike(charges, nameless, claims)) {
    unknown.push({ record: each.place, why: `no charge is left that has this ${marksOf(each.record).map(({ name }) => name).join(' and ')}` });
  }
  const compared = compare(charges, claims);
  const forward = beyond.forward ?? 0;
  return {
    ...compared,
    unknown: unknown.sort((a, b) => a.record - b.record),
    repeated: repeatedOf(charges),
    forward,
    balanced: [compared.missing, unknown, compared.duplicate, compared.mismatched].every(({ length }) => length === 0) && forward === 0,
  };
}

const byText = (a: Placed, b: Placed): number => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.place - b.place);

/** Which charge a record's id means. A place in the journal may look like another answer's log_id: what else the record says decides then. */
function namesOf(charges: readonly LedgerEntry[]): (record: AppRecord) => LedgerEntry | 'several' | undefined {
  const ids = grouped(charges, ({ ids }) => ids);
  const exchanges = new Map(charges.map((charge) => [String(charge.exchange), charge]));
  return (record) => {
    const known = ids.get(record.id) ?? [];
    const exchange = exchanges.get(record.id);
    const [first] = known;
    if (first === undefined) return exchange;
    if (known.length > 1) return 'several';
    return exchange !== undefined && fits(exchange, record) && !fits(first, record) ? exchange : first;
  };
}

const fits = (charge: LedgerEntry, record: AppRecord): boolean => marksOf({ ...record, id: '' }).every((mark) => mark.of(record) === mark.in(charge));

function whyUnknown(id: string, { isExchange, forward = 0 }: Beyond): string {
  if (isExchange?.(id) === true) return 'that exchange was not charged';
  return forward === 0 ? 'no charge of that id' : `no charge of that id; ${forward} older ones have no line any more`;
}

function claim(claims: Claims, charge: LedgerEntry, placed: Placed): void {
  const others = claims.get(charge);
  if (others === undefined) claims.set(charge, [placed]);
  else others.push(placed);
}

interface Mark {
  readonly name: 'id' | 'number' | 'endpoint' | 'provider';
  /** `''` where the record does not say. */
  of(record: AppRecord): string;
  in(charge: LedgerEntry): string;
}

/** By what a charge can be told, the narrowest first. */
const marks: readonly Mark[] = [
  { name: 'id', of: ({ id }) => id, in: ({ ids }) => ids },
  { name: 'number', of: ({ number }) => (number.includes('*') ? '' : number), in: ({ number }) => number },
  { name: 'number', of: ({ number }) => (number.includes('*') ? number : ''), in: ({ number }) => maskNumber(number) },
  { name: 'endpoint', of: ({ endpoint }) => endpoint, in: ({ endpoint }) => endpoint },
  { name: 'provider', of: ({ provider }) => provider, in: ({ provider }) => provider },
];

const marksOf = (record: AppRecord): readonly Mark[] => marks.filter((mark) => mark.of(record) !== '');

/** Gives each record a charge that is like it, and returns those for which none is left. An exact copy of a record claims what that one claims. */
function pairAlike(charges: readonly LedgerEntry[], nameless: readonly Placed[], claims: Claims): Placed[] {
  // An application knows of an answer that it got rather than of one that it did not.
  const order = [...charges].sort((a, b) => Number(b.delivered === 'sent') - Number(a.delivered === 'sent') || a.line - b.line);
  const shapes = [...grouped(nameless, ({ record }) => shapeOf(record))].sort(([a], [b]) => (a < b ? 1 : -1));
  for (const [, alike] of shapes) {
    const [first] = alike;
    if (first === undefined) continue;
    const shape = marksOf(first.record);
    const free = grouped(order.filter((charge) => !claims.has(charge)), (charge) => shape.map((mark) => mark.in(charge)).join('\n'));
    for (const [key, some] of grouped(alike, ({ record }) => shape.map((mark) => mark.of(record)).join('\n'))) {
      for (const [charge, placed] of nearestInTime(free.get(key) ?? [], some)) claim(claims, charge, placed);
    }
  }
  const paired = new Map<string, LedgerEntry>();
  const taken = new Set<Placed>();
  for (const charge of charges) {
    for (const placed of claims.get(charge) ?? []) {
      taken.add(placed);
      if (!paired.has(placed.text)) paired.set(placed.text, charge);
    }
  }
  return nameless.filter((placed) => {
    const charge = paired.get(placed.text);
    if (taken.has(placed) || charge === undefined) return !taken.has(placed);
    claim(claims, charge, placed);
    return false;
  });
}

/** Which of the marks a record has, whether it has a time, and an amount: more of it is a greater text. */
const shapeOf = (record: AppRecord): string => [...marks.map((mark) => mark.of(record) !== ''), record.at !== undefined, record.amount !== undefined].map(Number).join('');

/** Sorts the charges into those without a record, those whose record differs, and those that several records claim. */
function compare(charges: readonly LedgerEntry[], claims: Claims): Pick<Reconciliation, 'matched' | 'missing' | 'duplicate' | 'mismatched'> {
  const missing: BilledCall[] = [];
  const duplicate: { charge: BilledCall; records: number[] }[] = [];
  const mismatched: { charge: BilledCall; record: number; recorded: { units: number; amount: string | null } }[] = [];
  let matched = 0;
  for (const charge of charges) {
    const claiming = claims.get(charge) ?? [];
    const best = claiming.find(({ record }) => agrees(charge, record)) ?? claiming[0];
    if (best === undefined) missing.push(shown(charge));
    else if (agrees(charge, best.record)) matched += 1;
    else {
      const { units, amount } = best.record;
      mismatched.push({ charge: shown(charge), record: best.place, recorded: { units, amount: amount === undefined ? null : yuan(amount) } });
    }
    if (claiming.length > 1) duplicate.push({ charge: shown(charge), records: claiming.map(({ place }) => place).sort((a, b) => a - b) });
  }
  return { matched, missing, duplicate, mismatched };
}

const agrees = (charge: LedgerEntry, { units, amount }: AppRecord): boolean => charge.units === units && (amount === undefined || charge.amount === amount);

/** Of the charges for the same, each run of lost answers with the charge that came after it. */
function repeatedOf(charges: readonly LedgerEntry[]): Reconciliation['repeated'] {
  const repeated: { endpoint: string; number: string; credential: string; charges: readonly BilledCall[] }[] = [];
  for (const same of grouped(charges, ({ endpoint, number, credential }) => [endpoint, number, credential].join('\n')).values()) {
    let run: LedgerEntry[] = [];
    for (const charge of same) {
      run.push(charge);
      if (charge.delivered !== 'sent') continue;
      note(run);
      run = [];
    }
    note(run);
  }
  return repeated.sort((a, b) => (a.charges[0]?.exchange ?? 0) - (b.charges[0]?.exchange ?? 0));

  function note(run: readonly LedgerEntry[]): void {
    const [first] = run;
    if (first === undefined || run.length === 1) return;
    const { endpoint, number, credential } = first;
    repeated.push({ endpoint, number: maskNumber(number), credential: maskSecret(credential), charges: run.map(shown) });
  }
}

const shown = ({ exchange, ids, endpoint, number, at, units, amount, delivered }: LedgerEntry): BilledCall => ({
  exchange,
  id: ids,
  endpoint,
  number: maskNumber(number),
  at: new Date(at).toISOString(),
  units,
  amount: yuan(amount),
  delivered,
});
