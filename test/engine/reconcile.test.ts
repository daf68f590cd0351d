import fc from 'fast-check';
import { expect, it } from 'vitest';
import { billJson, yuan } from '../../src/engine/bill.ts';
import { Ledger, type Charge, type LedgerEntry } from '../../src/engine/ledger.ts';
import { readRecords, type AppRecord } from '../../src/engine/app-records.ts';
import { reconcile, type Beyond, type Reconciliation } from '../../src/engine/reconcile.ts';

const number = '13987654321';
const other = '13800138000';
const noon = Date.UTC(2026, 1, 1, 12);

const charge = (change: Partial<Charge> = {}): Charge => ({
  at: noon, provider: 'tencent', credential: 'AKIDkonghaoSandbox', units: 1, amount: 4500, balance: undefined,
  exchange: 1, endpoint: 'tencent.MobileStatus', row: '0', number, numbers: 1, ids: 'request-1', delivered: 'sent', ...change,
});

/** As they stand in a ledger. */
function entriesOf(charges: readonly Partial<Charge>[]): readonly LedgerEntry[] {
  const ledger = new Ledger();
  charges.forEach((change, index) => ledger.charge(charge({ exchange: index + 1, ids: `request-${index + 1}`, ...change })));
  return [...ledger.entries()];
}

/** What an application sends. */
type Sent = Readonly<Record<string, unknown>>;

function read(sent: readonly Sent[]): readonly AppRecord[] {
  const found = readRecords(JSON.parse(JSON.stringify(sent)));
  if (found.kind === 'faults') throw new Error(found.faults.join('\n'));
  return found.records;
}

const held = (charges: readonly Partial<Charge>[], sent: readonly Sent[], beyond?: Beyond): Reconciliation => reconcile(entriesOf(charges), read(sent), beyond);

/** How many there are of each. */
const counts = ({ matched, missing, unknown, duplicate, mismatched, repeated, balanced }: Reconciliation): object => ({
  matched, missing: missing.length, unknown: unknown.length, duplicate: duplicate.length, mismatched: mismatched.length, repeated: repeated.length, balanced,
});
const balanced = { matched: 0, missing: 0, unknown: 0, duplicate: 0, mismatched: 0, repeated: 0, balanced: true };
const off = { ...balanced, balanced: false };

const shown = (exchange: number, change: object = {}): object => ({
  exchange, id: `request-${exchange}`, endpoint: 'tencent.MobileStatus', number: '139****4321', at: '2026-02-01T12:00:00.000Z', units: 1, amount: '0.4500', delivered: 'sent', ...change,
});

it.each<[title: string, charges: readonly Partial<Charge>[], sent: readonly Sent[], found: object]>([
  ['nothing is paid and nothing is recorded', [], [], { ...balanced }],
  ['each charge is recorded by its id', [{}, {}], [{ id: 'request-2' }, { id: 'request-1', units: 1, amount: 0.45 }], { ...balanced, matched: 2 }],
  ['a charge is recorded by its place in the journal', [{ ids: '' }], [{ id: '1' }], { ...balanced, matched: 1 }],
  ['a charge is not recorded', [{}, { delivered: 'timeout', number: other }], [{ id: 'request-1' }], { ...off, matched: 1, missing: [shown(2, { delivered: 'timeout', number: '138****8000' })] }],
  ['a record is no charge', [{}], [{ id: 'request-1' }, { id: 'request-9' }], { ...off, matched: 1, unknown: [{ record: 2, why: 'no charge of that id' }] }],
  ['two records claim one charge', [{}], [{ id: 'request-1' }, { id: '1' }], { ...off, matched: 1, duplicate: [{ charge: shown(1), records: [1, 2] }] }],
  ['units differ', [{ units: 2, amount: 9000 }], [{ id: 'request-1' }], { ...off, mismatched: [{ charge: shown(1, { units: 2, amount: '0.9000' }), record: 1, recorded: { units: 1, amount: null } }] }],
  ['amounts differ', [{}], [{ id: 'request-1', amount: '0.5' }], { ...off, mismatched: [{ charge: shown(1), record: 1, recorded: { units: 1, amount: '0.5000' } }] }],
  ['of two records of a charge one agrees', [{}], [{ id: 'request-1', units: 3 }, { id: 'request-1' }], { ...off, matched: 1, duplicate: [{ charge: shown(1), records: [1, 2] }] }],
])('compares: %s', (_title, charges, sent, found) => {
  const result = held(charges, sent);
  const lists = Object.fromEntries(Object.entries(found).map(([key, value]) => [key, Array.isArray(value) ? value.length : (value as unknown)]));
  expect(counts(result)).toEqual(lists);
  expect(result).toMatchObject(Object.fromEntries(Object.entries(found).filter(([, value]) => Array.isArray(value))));
});

it.each<[title: string, charges: readonly Partial<Charge>[], sent: readonly Sent[], missing: readonly number[], unknown: readonly number[]]>([
  ['the endpoint and number', [{ number: other }, {}], [{ endpoint: 'tencent.MobileStatus', number }], [1], []],
  ['the provider and number', [{ provider: 'qxt' }, {}], [{ provider: 'tencent', number }], [1], []],
  ['the masked number', [{ number: other }, {}], [{ number: '139****4321' }], [1], []],
  ['nothing but the endpoint', [{ endpoint: 'tencent.Other' }, {}], [{ endpoint: 'tencent.MobileStatus' }], [1], []],
  ['the time, of two alike', [{}, { at: noon + 5000 }], [{ endpoint: 'tencent.MobileStatus', number, at: '2026-02-01T20:00:04+08:00' }], [1], []],
  ['the nearest pair first', [{}, { at: noon + 10_000 }], [{ number, at: noon + 4000 }, { number, at: noon + 1000 }, { number, at: noon + 12_000 }], [], [1]],
  ['the earlier of two equally near', [{}, { at: noon + 2000 }], [{ number, at: noon + 1000 }], [2], []],
  ['what lies around a pair that is taken', [{}, { at: noon + 10 }], [{ number, at: noon + 9 }, { number, at: noon + 8 }], [], []],
  ['what agrees, at one instant', [{}, { units: 2 }], [{ number, at: noon, units: 2 }], [1], []],
  ['what agrees, without a time', [{}, { units: 2 }, {}], [{ number, units: 2 }], [1, 3], []],
  ['what agrees in its amount too', [{ amount: 1 }, {}], [{ number, amount: '0.45' }], [1], []],
  ['what reached the client, at one instant', [{ delivered: 'connection-reset' }, {}], [{ number, at: noon + 40 }], [1], []],
  ['what reached the client, at one instant, by an earlier clock', [{}, { delivered: 'connection-reset' }], [{ number, at: noon - 40 }], [2], []],
  ['more marks before fewer', [{}, { number: other }], [{ provider: 'tencent' }, { number }], [], []],
  ['an id before all else', [{}, {}], [{ number }, { id: 'request-1' }], [], []],
  ['an id of many charges only with the rest', [{ ids: '0' }, { ids: '0', number: other }], [{ id: '0', number: other }], [1], []],
  ['a place in the journal that is a log_id elsewhere', [{ ids: '2' }, { ids: '', number: other }], [{ id: '2', number: other }], [1], []],
  ['a log_id that is a place in the journal elsewhere', [{ ids: '2' }, { ids: '', number: other }], [{ id: '2', number }], [2], []],
])('tells a charge by %s', (_title, charges, sent, missing, unknown) => {
  const result = held(charges, sent);
  expect([result.missing.map(({ exchange }) => exchange), result.unknown.map(({ record }) => record), result.mismatched]).toEqual([missing, unknown, []]);
});

it.each<[why: string, sent: Sent, beyond: Beyond]>([
  ['no charge of that id', { id: '7' }, {}],
  ['that exchange was not charged', { id: '7' }, { isExchange: (id) => id === '7' }],
  ['no charge of that id; 12 older ones have no line any more', { id: '7' }, { forward: 12 }],
  ['no charge is left that has this number and endpoint', { endpoint: 'tencent.MobileStatus', number: other }, {}],
  ['no charge is left that has this provider', { provider: 'tencent', units: 5 }, {}],
])('says why a record is no charge: %s', (why, sent, beyond) => {
  expect(held([{}], [{ id: 'request-1' }, sent], beyond).unknown).toEqual([{ record: 2, why }]);
});

it('takes an exact copy of a record for a second claim, though it has no id', () => {
  const record = { endpoint: 'tencent.MobileStatus', number, at: noon + 3 };
  expect(held([{}], [record, { ...record, at: noon + 4 }, record])).toMatchObject({ matched: 1, duplicate: [{ records: [1, 3] }], unknown: [{ record: 2 }] });
});

it('is not balanced where charges have no line any more', () => {
  expect(held([{}], [{ id: 'request-1' }], { forward: 1 })).toMatchObject({ matched: 1, forward: 1, balanced: false });
});

it('names both calls where a charged answer was lost and the client asked again', () => {
  const result = held([{ delivered: 'connection-reset' }, { at: noon + 900 }], [{ id: 'request-2' }]);
  expect(result).toEqual({
    matched: 1,
    missing: [shown(1, { delivered: 'connection-reset' })],
    unknown: [],
    duplicate: [],
    mismatched: [],
    repeated: [
      { endpoint: 'tencent.MobileStatus', number: '139****4321', credential: 'AKID… (18 characters)', charges: [shown(1, { delivered: 'connection-reset' }), shown(2, { at: '2026-02-01T12:00:00.900Z' })] },
    ],
    forward: 0,
    balanced: false,
  });
});

it.each<[title: string, charges: readonly (readonly [delivered: string, change?: Partial<Charge>])[], runs: readonly (readonly number[])[]]>([
  ['a lost answer that nobody asked for again', [['sent'], ['timeout']], []],
  ['answers that came', [['sent'], ['sent'], ['sent']], []],
  ['two lost answers and one that came', [['timeout'], ['limit-data'], ['sent'], ['sent']], [[1, 2, 3]]],
  ['lost answers only', [['timeout'], ['timeout']], [[1, 2]]],
  ['two retries', [['timeout'], ['sent'], ['sent'], ['timeout'], ['sent']], [[1, 2], [4, 5]]],
  ['retries that cross', [['timeout'], ['timeout', { number: other }], ['sent'], ['sent', { number: other }]], [[1, 3], [2, 4]]],
  ['another number, endpoint or credential', [['timeout'], ['sent', { number: other }], ['sent', { endpoint: 'tencent.Other' }], ['sent', { credential: 'another-credential' }]], []],
])('finds blind retries: %s', (_title, charges, runs) => {
  const { repeated } = held(charges.map(([delivered, change]) => ({ delivered, ...change })), charges.map((_, index) => ({ id: `request-${index + 1}` })));
  expect(repeated.map((each) => each.charges.map(({ exchange }) => exchange))).toEqual(runs);
});

it.each<[fault: string, sent: unknown]>([
  ['The records are no list. Write a JSON array of objects.', { id: '1' }],
  ['There are 100001 records, and 100000 are the most. Leave the oldest out.', Array.from({ length: 100_001 })],
  ['record 1 is no object. Write one such as {"id":"…","units":1}.', ['1']],
  ['record 1: there is no field "unit"; did you mean "units"?', [{ id: '1', unit: 2 }]],
  ['record 1: there is no field "139****4321". Write id, endpoint, provider, number, at, units, amount.', [{ id: '1', [number]: 2 }]],
  ['record 1: nothing says which charge it is. Write an id, or endpoint and number.', [{ id: '', at: noon }]],
  ['record 1: id is no text of at most 200 characters. Write it in quotes.', [{ id: 1 }]],
  ['record 1: number is no text of at most 200 characters. Write it in quotes.', [{ number: 'x'.repeat(201) }]],
  ...['2026-02-01T12:00:00', '2026-02-31T25:00:00Z', '1769918390000', 9e15, true].map((at) => ['record 1: at is no instant. Write milliseconds since 1970, or a time with its zone such as "2026-01-31T23:59:50+08:00".', [{ id: '1', at }]] as [string, unknown]),
  ...[0, -1, 1.5, '1', 2 ** 53].map((units) => ['record 1: units is no whole number above 0. Write how many queries were paid for, and leave out what cost nothing.', [{ id: '1', units }]] as [string, unknown]),
  ...['0,45', '-1', '0.00001', '¥1', '', '1e3', -1, 0.00005, Number.POSITIVE_INFINITY, []].map((amount) => ['record 1: amount is no sum of yuan. Write one such as "0.4500", with four decimals at most.', [{ id: '1', amount }]] as [string, unknown]),
])('refuses what is no record: %s', (fault, sent) => {
  expect(readRecords(sent)).toEqual({ kind: 'faults', faults: [fault] });
});

it('collects what is wrong with all records, and lists fifty of it', () => {
  expect(readRecords([{ id: '1', units: 'x', amount: 'y' }, { id: '2' }, null])).toEqual({ kind: 'faults', faults: [expect.stringMatching(/^record 1: units /), expect.stringMatching(/^record 1: amount /), expect.stringMatching(/^record 3 is no object/)] });
  const found = readRecords(Array.from({ length: 90 }, () => ({ units: 1 })));
  expect(found.kind === 'faults' && [found.faults.length, found.faults.at(-1)]).toEqual([51, 'There are more. Mend these first.']);
});

it('reads a record with all its fields, and takes what is null for not given', () => {
  expect(readRecords([{ id: null, endpoint: 'e', provider: 'p', number, at: '2026-01-31T23:59:50.5+08:00', units: 3, amount: '1.350000' }, { id: 'i', at: -1.5, amount: 0.1 + 0.2 }])).toEqual({
    kind: 'records',
    records: [
      { id: '', endpoint: 'e', provider: 'p', number, at: Date.UTC(2026, 0, 31, 15, 59, 50, 500), units: 3, amount: 13_500 },
      { id: 'i', endpoint: '', provider: '', number: '', at: -1.5, units: 1, amount: 3000 },
    ],
  });
});

/** Charges of few numbers and instants, so that many are alike; each with an id of its own, one that all share, or none. */
const someCharges = fc
  .array(
    fc.record({
      at: fc.nat({ max: 6 }).map((second) => noon + second * 1000),
      number: fc.constantFrom(number, other),
      endpoint: fc.constantFrom('tencent.MobileStatus', 'tencent.Other'),
      units: fc.integer({ min: 1, max: 3 }),
      amount: fc.constantFrom(0, 4500),
      id: fc.constantFrom('own', 'own', '0', ''),
      delivered: fc.constantFrom('sent', 'sent', 'timeout'),
    }),
    { minLength: 1, maxLength: 25, size: 'max' },
  )
  .map((all) => all.map(({ id, ...change }, index) => ({ ...change, ids: id === 'own' ? `request-${index + 1}` : id })));

/** The lines of a ledger's own bill as an application would have written them down, by the id or place, or by all but these. */
function recordsOf(charges: readonly Partial<Charge>[], by: 'id' | 'time'): Sent[] {
  const ledger = new Ledger();
  charges.forEach((change, index) => ledger.charge(charge({ exchange: index + 1, ...change })));
  return billJson(ledger, []).lines.map(({ id, exchange, endpoint, number, at, units, amount }) =>
    by === 'time' ? { endpoint, number, at, units, amount } : { id: id === '' || id === '0' ? String(exchange) : id, units, amount },
  );
}

/** Some records, in some order, and one of them. */
const someBooks = fc.tuple(someCharges, fc.constantFrom('id' as const, 'time' as const)).chain(([charges, by]) => {
  const records = recordsOf(charges, by);
  return fc.record({ charges: fc.constant(charges), sent: fc.shuffledSubarray(records, { minLength: records.length }), one: fc.nat({ max: records.length - 1 }), by: fc.constant(by) });
});
const options = { seed: 20_260_201, numRuns: 200 };

it('balances the ledger against its own bill, whatever the order of the lines', () => {
  fc.assert(fc.property(someBooks, ({ charges, sent }) => {
    const result = held(charges, sent);
    expect(counts({ ...result, repeated: [] })).toEqual({ ...balanced, matched: charges.length });
  }), options);
});

it('misses exactly the record that is taken away', () => {
  fc.assert(fc.property(someBooks, ({ charges, sent, one }) => {
    const gone = sent[one];
    const { missing, ...rest } = held(charges, sent.filter((_, index) => index !== one));
    expect(counts({ ...rest, missing, repeated: [] })).toEqual({ ...off, matched: charges.length - 1, missing: 1 });
    expect(missing[0]).toMatchObject({ units: gone?.['units'], amount: gone?.['amount'] });
  }), options);
});

it('finds exactly the record that is there twice', () => {
  fc.assert(fc.property(someBooks, ({ charges, sent, one }) => {
    const result = held(charges, [...sent, ...sent.slice(one, one + 1)]);
    expect(counts({ ...result, repeated: [] })).toEqual({ ...off, matched: charges.length, duplicate: 1 });
    expect(result.duplicate[0]?.records).toContain(sent.length + 1);
  }), options);
});

it('finds exactly the record whose units or amount are another', () => {
  fc.assert(fc.property(someBooks, fc.constantFrom({ units: 7 }, { amount: '9.9999' }), ({ charges, sent, one }, change) => {
    const result = held(charges, sent.map((record, index) => (index === one ? { ...record, ...change } : record)));
    expect(counts({ ...result, repeated: [] })).toEqual({ ...off, matched: charges.length - 1, mismatched: 1 });
    expect(result.mismatched).toMatchObject([{ record: one + 1, recorded: change }]);
  }), options);
});

it('finds the same in any order of the records, of which every charge and every record is told once', () => {
  const loose = fc.record({
    id: fc.constantFrom('', '', '0', '3', 'request-1', 'request-99'),
    number: fc.constantFrom('', number, other, '139****4321'),
    endpoint: fc.constantFrom('', 'tencent.MobileStatus'),
    provider: fc.constantFrom('tencent', 'qxt'),
    at: fc.option(fc.nat({ max: 6000 }).map((late) => noon + late), { nil: null }),
    units: fc.integer({ min: 1, max: 3 }),
    amount: fc.constantFrom(null, 0, '0.45'),
  });
  const both = fc.array(loose, { maxLength: 25, size: 'max' }).chain((sent) => fc.tuple(fc.constant(sent), fc.shuffledSubarray(sent, { minLength: sent.length })));
  fc.assert(fc.property(someCharges, both, (charges, [sent, shuffled]) => {
    const [found, again] = [sent, shuffled].map((list) => {
      const said = (record: number): unknown => list[record - 1];
      const result = held(charges, list);
      const { matched, missing, mismatched, duplicate, unknown } = result;
      expect(matched + missing.length + mismatched.length).toBe(charges.length);
      expect(matched + mismatched.length + duplicate.reduce((sum, { records }) => sum + records.length - 1, 0) + unknown.length).toBe(list.length);
      return {
        ...result,
        unknown: unknown.map(({ record, why }) => JSON.stringify([said(record), why])).sort(),
        mismatched: mismatched.map((each) => ({ ...each, record: said(each.record) })),
        duplicate: duplicate.map((each) => ({ ...each, records: each.records.map((record) => JSON.stringify(said(record))).sort() })),
      };
    });
    expect(again).toEqual(found);
  }), options);
});

it('pairs by time as the plain method does: of all pairs the nearest, and so on', () => {
  const instants = fc.array(fc.nat({ max: 60 }), { maxLength: 12 });
  fc.assert(fc.property(instants, instants, (paid, known) => {
    const charges = [...new Set(paid)].sort((a, b) => a - b);
    const sent = [...new Set(known)];
    const pairs = charges.flatMap((at) => sent.map((record) => ({ at, record, width: Math.abs(at - record), left: Math.min(at, record) }))).sort((a, b) => a.width - b.width || a.left - b.left);
    const [charged, recorded] = [new Set<number>(), new Set<number>()];
    for (const { at, record } of pairs) {
      if (charged.has(at) || recorded.has(record)) continue;
      charged.add(at);
      recorded.add(record);
    }
    const result = held(charges.map((at) => ({ at: noon + at })), sent.map((at) => ({ number, at: noon + at })));
    expect(result.missing.map(({ at }) => Date.parse(at) - noon)).toEqual(charges.filter((at) => !charged.has(at)));
    expect(result.unknown.map(({ record }) => sent[record - 1])).toEqual(sent.filter((record) => !recorded.has(record)));
  }), { ...options, numRuns: 500 });
});

it('shows no number and no credential', () => {
  fc.assert(fc.property(someBooks, ({ charges, sent }) => {
    const shown = JSON.stringify(held(charges, sent.slice(1)));
    for (const secret of [number, other, 'AKIDkonghaoSandbox']) expect(shown).not.toContain(secret);
  }), options);
});

it('compares as much as it takes, be all of it alike, in time that does not grow with the square', () => {
  const entries = entriesOf(Array.from({ length: 20_000 }, () => ({})));
  const sent = Array.from({ length: 100_000 }, (_, index) => ({ number, at: noon + index, units: 2, amount: yuan(index) }));
  expect(reconcile(entries, read(sent))).toMatchObject({ matched: 0, missing: [], mismatched: { length: 20_000 }, unknown: { length: 80_000 } });
});
