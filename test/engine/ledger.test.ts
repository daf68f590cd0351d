import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { billCsv, billJson, yuan, type BilledAccount } from '../../src/engine/bill.ts';
import { Ledger, type Charge, type LedgerEntry, type LedgerState, type Sums } from '../../src/engine/ledger.ts';

const number = '13987654321';
const credential = 'tok-5f2e9c7b1a3d-secret-of-a-client';

const charge = (change: Partial<Charge> = {}): Charge => ({
  at: Date.UTC(2026, 1, 1), provider: 'qxt', credential, units: 1, amount: 4500, balance: 9,
  exchange: 1, endpoint: 'qxt.ssPhone_Status', row: '0', number, numbers: 1, ids: '', delivered: 'sent', ...change,
});

/** One thing that befalls an account, its balance left to the model. */
interface Event {
  readonly kind: LedgerEntry['kind'];
  readonly account: number;
  /** Of a charge. */
  readonly endpoint: string;
  readonly units: number;
  readonly price: number;
}

/** Two share a credential, and one is not counted. */
const accounts = [
  { provider: 'acedata', credential: 'shared-credential', start: 1000 },
  { provider: 'alapi', credential: 'shared-credential', start: -2047 },
  { provider: 'qxt', credential, start: undefined },
] as const;

const account = fc.nat({ max: accounts.length - 1 });
const endpoint = fc.constantFrom('.a', '.b');
const price = fc.nat({ max: 20_000 });
const event = fc.oneof(
  { weight: 4, arbitrary: fc.record<Event>({ kind: fc.constant('charge'), account, endpoint, units: fc.integer({ min: 1, max: 2000 }), price }) },
  { weight: 1, arbitrary: fc.record<Event>({ kind: fc.constant('top-up'), account, endpoint, units: fc.integer({ min: 1, max: 5000 }), price }) },
  { weight: 1, arbitrary: fc.record<Event>({ kind: fc.constant('correction'), account, endpoint, units: fc.integer({ min: -5000, max: 5000 }), price }) },
);
const events = fc.array(event, { maxLength: 60, size: 'max' });
const most = fc.constantFrom(1, 2, 3, 10, 20_000);

/** What a ledger is to hold, by the simplest means. */
class Model {
  readonly lines: LedgerEntry[] = [];
  readonly balances: (number | undefined)[] = accounts.map(({ start }) => start);

  write(ledger: Ledger, { kind, account, endpoint, units, price }: Event): void {
    const { provider, credential } = accounts[account] ?? accounts[0];
    const before = this.balances[account];
    const balance = before === undefined ? undefined : kind === 'charge' ? before - units : before + units;
    this.balances[account] = balance;
    const at = this.lines.length;
    if (kind === 'charge') ledger.charge(charge({ at, provider, credential, endpoint: provider + endpoint, units, amount: units * price, balance, exchange: at + 1 }));
    else ledger.enter({ at, kind, provider, credential, units, balance, why: 'for a test' });
    this.lines.push(...[...ledger.entries()].slice(-1));
  }

  get billed(): readonly BilledAccount[] {
    return accounts.map((each, index) => ({ ...each, balance: this.balances[index] }));
  }
}

const filled = (all: readonly Event[], lines: number): { readonly ledger: Ledger; readonly model: Model } => {
  const ledger = new Ledger(lines);
  const model = new Model();
  for (const each of all) model.write(ledger, each);
  return { ledger, model };
};

const sumsOf = (lines: readonly LedgerEntry[]): Sums => {
  const sum = (kind: LedgerEntry['kind'], of: 'units' | 'amount'): number => lines.filter((line) => line.kind === kind).reduce((total, line) => total + line[of], 0);
  return { charges: lines.filter(({ kind }) => kind === 'charge').length, units: sum('charge', 'units'), amount: sum('charge', 'amount'), topUps: sum('top-up', 'units'), corrections: sum('correction', 'units') };
};

const options = { seed: 20_260_201, numRuns: 200 };

it('sums up to what was charged, topped up and corrected, whatever of it is brought forward', () => {
  fc.assert(
    fc.property(events, most, (all, lines) => {
      const { ledger, model } = filled(all, lines);
      const held = [...ledger.entries()];
      expect(held).toEqual(model.lines.slice(-lines));
      const gone = model.lines.slice(0, model.lines.length - held.length);
      for (const { provider, credential, endpoint, total, forward } of ledger.subtotals()) {
        const own = (line: LedgerEntry): boolean => line.provider === provider && line.credential === credential && line.endpoint === endpoint;
        expect(total).toEqual(sumsOf(model.lines.filter(own)));
        expect(forward).toEqual(sumsOf(gone.filter(own)));
      }
      expect(ledger.subtotals().reduce((sum, { total }) => sum + total.amount, 0)).toBe(sumsOf(model.lines).amount);
      expect(ledger.chargesForward).toBe(sumsOf(gone).charges);
    }),
    options,
  );
});

it('balances each account: start + top-ups + corrections - charges, and what is brought forward leads to the first line held', () => {
  fc.assert(
    fc.property(events, most, (all, lines) => {
      const { ledger, model } = filled(all, lines);
      const bill = billJson(ledger, model.billed);
      for (const [index, { start }] of accounts.entries()) {
        const billed = bill.accounts[index];
        if (billed === undefined) throw new Error(`the bill has no account ${index}`);
        expect([billed.start, billed.balance]).toEqual([start ?? null, model.balances[index] ?? null]);
        if (start !== undefined) expect(start + billed.topUps + billed.corrections - billed.charged).toBe(billed.balance);
        expect(billed.endpoints.reduce((sum, { charged }) => sum + charged, 0)).toBe(billed.charged);
        const [first] = bill.lines.filter((line) => line.account === index + 1);
        const change = first === undefined || first.balance === null ? 0 : first.kind === 'charge' ? -first.units : first.units;
        expect((billed.broughtForward.balance ?? 0) + change).toBe((first === undefined ? model.balances[index] : first.balance) ?? 0);
      }
      expect(bill.total).toEqual({ charges: sumsOf(model.lines).charges, charged: sumsOf(model.lines).units, amount: yuan(sumsOf(model.lines).amount) });
    }),
    options,
  );
});

it('goes on from a snapshot as if nothing had happened, in a smaller ledger too', () => {
  fc.assert(
    fc.property(events, events, most, most, (before, after, lines, lesser) => {
      const { ledger, model } = filled(before, Math.max(lines, lesser));
      const restored = new Ledger(Math.min(lines, lesser));
      restored.charge(charge());
      restored.restore(JSON.parse(JSON.stringify(ledger.snapshot())) as LedgerState);
      for (const each of after) model.write(restored, each);
      expect([...restored.entries()]).toEqual(model.lines.slice(-Math.min(lines, lesser)));
      const { ledger: straight } = filled([...before, ...after], Math.min(lines, lesser));
      expect(restored.subtotals()).toEqual(straight.subtotals());
    }),
    options,
  );
});

it('counts its lines on, and from 1 again after it was cleared', () => {
  const ledger = new Ledger(2);
  for (const exchange of [5, 6, 7]) ledger.charge(charge({ exchange }));
  expect([...ledger.entries()].map(({ line, exchange }) => [line, exchange])).toEqual([[2, 6], [3, 7]]);
  ledger.clear();
  expect([[...ledger.entries()], ledger.subtotals(), ledger.chargesForward]).toEqual([[], [], 0]);
  ledger.enter({ at: 0, kind: 'top-up', provider: 'qxt', credential, units: 5, balance: 5, why: 'paid' });
  expect([...ledger.entries()]).toMatchObject([{ line: 1, kind: 'top-up', amount: 0, exchange: 0, endpoint: '', number: '' }]);
});

it('leaves what it gave away as it was though its place is written over', () => {
  const ledger = new Ledger(1);
  ledger.charge(charge({ exchange: 1 }));
  const [first] = ledger.entries();
  ledger.enter({ at: 1, kind: 'correction', provider: 'qxt', credential, units: -5, balance: 5, why: 'a mistake' });
  expect([first?.exchange, first?.number]).toEqual([1, number]);
  expect([...ledger.entries()]).toEqual([{ line: 2, at: 1, kind: 'correction', provider: 'qxt', credential, units: -5, amount: 0, balance: 5, exchange: 0, endpoint: '', row: '', number: '', numbers: 0, ids: '', delivered: '', why: 'a mistake' }]);
});

it('keeps nothing of a request alive but its own few signs', () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const ledger = new Ledger();
  const write = (index: number): void => {
    // No two are alike, and each is a view of a megabyte.
    const body = String(index).padStart(8, '0').repeat(1 << 17);
    ledger.charge(charge({ number: body.slice(3, 90) }));
    ledger.enter({ at: 0, kind: 'top-up', provider: 'qxt', credential, units: 1, balance: 1, why: body.slice(7) });
  };
  write(0);
  gc();
  const before = process.memoryUsage().heapUsed;
  for (let index = 1; index <= 40; index += 1) write(index);
  gc();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(5e6);
  expect([...ledger.entries()].map((entry) => Math.max(entry.number.length, entry.ids.length, entry.why.length))).not.toContainEqual(expect.toSatisfy((length: number) => length > 501));
});

it.each<[amount: number, text: string]>([[0, '0.0000'], [1, '0.0001'], [4500, '0.4500'], [10_000, '1.0000'], [123_456_789, '12345.6789'], [-4500, '-0.4500'], [-1, '-0.0001']])('writes %d ten-thousandths as %s yuan', (amount, text) => {
  expect(yuan(amount)).toBe(text);
});

/** A charge with a lost answer and a top-up are held; a charge and a correction are brought forward. */
function example(): { readonly ledger: Ledger; readonly accounts: readonly BilledAccount[] } {
  const ledger = new Ledger(2);
  ledger.enter({ at: Date.UTC(2026, 1, 1), kind: 'correction', provider: 'qxt', credential, units: -2, balance: 8, why: '' });
  ledger.charge(charge({ balance: 7 }));
  ledger.charge(charge({ balance: 5, exchange: 3, units: 2, amount: 9000, numbers: 2, ids: '7b5f9d9c-1111-4111-8111-013987654321', delivered: 'connection-reset' }));
  ledger.enter({ at: Date.UTC(2026, 1, 2), kind: 'top-up', provider: 'qxt', credential, units: 100, balance: 105, why: `=cmd|'/C calc'!A0 "for", ${number}\n号` });
  return { ledger, accounts: [{ provider: 'acedata', credential: 'never-used-token', balance: undefined }, { provider: 'qxt', credential, balance: 105 }] };
}

it('bills accounts, endpoints and lines, with what is brought forward', () => {
  const { ledger, accounts } = example();
  const none = { charges: 0, charged: 0, amount: '0.0000' };
  const masked = 'tok-… (35 characters)';
  expect(billJson(ledger, accounts)).toEqual({
    currency: 'CNY',
    accounts: [
      { account: 1, provider: 'acedata', credential: 'neve… (16 characters)', start: null, ...none, topUps: 0, corrections: 0, balance: null, broughtForward: { ...none, topUps: 0, corrections: 0, balance: null }, endpoints: [] },
      {
        account: 2, provider: 'qxt', credential: masked, start: 10, charges: 2, charged: 3, amount: '1.3500', topUps: 100, corrections: -2, balance: 105,
        broughtForward: { charges: 1, charged: 1, amount: '0.4500', topUps: 0, corrections: -2, balance: 7 },
        endpoints: [{ endpoint: 'qxt.ssPhone_Status', charges: 2, charged: 3, amount: '1.3500', broughtForward: { charges: 1, charged: 1, amount: '0.4500' } }],
      },
    ],
    lines: [
      { line: 3, at: '2026-02-01T00:00:00.000Z', kind: 'charge', account: 2, provider: 'qxt', credential: masked, endpoint: 'qxt.ssPhone_Status', row: '0', number: '139****4321', numbers: 2, units: 2, amount: '0.9000', balance: 5, exchange: 3, id: '7b5f9d9c-1111-4111-8111-013987654321', delivered: 'connection-reset', why: '' },
      { line: 4, at: '2026-02-02T00:00:00.000Z', kind: 'top-up', account: 2, provider: 'qxt', credential: masked, endpoint: '', row: '', number: '', numbers: 0, units: 100, amount: '0.0000', balance: 105, exchange: null, id: '', delivered: '', why: `=cmd|'/C calc'!A0 "for", 139****4321\\u{a}号` },
    ],
    total: { charges: 2, charged: 3, amount: '1.3500' },
  });
});

it('writes the bill as CSV in which no text is a formula', () => {
  const { ledger, accounts } = example();
  expect(billCsv(ledger, accounts).split('\r\n')).toEqual([
    'line,at,kind,account,provider,credential,endpoint,row,number,numbers,units,amount,currency,balance,exchange,id,delivered,why',
    ',,charge brought forward,2,qxt,tok-… (35 characters),qxt.ssPhone_Status,,,,1,0.4500,CNY,7,,,,',
    ',,correction brought forward,2,qxt,tok-… (35 characters),,,,,-2,,CNY,7,,,,',
    '3,2026-02-01T00:00:00.000Z,charge,2,qxt,tok-… (35 characters),qxt.ssPhone_Status,0,139****4321,2,2,0.9000,CNY,5,3,7b5f9d9c-1111-4111-8111-013987654321,connection-reset,',
    `4,2026-02-02T00:00:00.000Z,top-up,2,qxt,tok-… (35 characters),,,,0,100,0.0000,CNY,105,,,,"'=cmd|'/C calc'!A0 ""for"", 139****4321\\u{a}号"`,
    '',
  ]);
});

it('bills an account that is no longer there behind those that are', () => {
  const { ledger } = example();
  expect(billJson(ledger, []).accounts).toMatchObject([{ account: 1, provider: 'qxt', start: null, balance: null, charged: 3 }]);
});

/** RFC 4180, section 2, read as it stands. */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end = ''] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

it('stays one table whatever was written into the ledger, sums up, and shows no number, credential or formula', () => {
  const wild = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom(number, `+86${number}`, '=1+1', '-1', '＝1', '\t=1', '"', 'a,b\r\nc', '\r', `x${number}`));
  fc.assert(
    fc.property(fc.array(fc.tuple(wild, wild, fc.integer({ min: -50, max: 50 })), { maxLength: 8 }), most, (all, lines) => {
      const ledger = new Ledger(lines);
      for (const [a, b, units] of all) {
        ledger.charge(charge({ number: a, balance: units }));
        ledger.enter({ at: 0, kind: 'correction', provider: 'qxt', credential, units, balance: units, why: b });
      }
      const csv = billCsv(ledger, []);
      const [head = [], ...rows] = cellsOf(csv);
      const column = (name: string): number => head.indexOf(name);
      for (const row of rows) {
        expect(row.length).toBe(head.length);
        const formulas = row.filter((cell, index) => index !== column('units') && index !== column('balance') && /^[=+\-@＝＋－＠\t\r\n]/.test(cell));
        expect(formulas).toEqual([]);
      }
      const sum = (kind: string): number => rows.filter((row) => row[column('kind')]?.startsWith(kind)).reduce((total, row) => total + Number(row[column('units')]), 0);
      expect([sum('charge'), sum('correction')]).toEqual([all.length, all.reduce((total, [, , units]) => total + units, 0)]);
      for (const secret of [number, credential]) expect([csv.includes(secret), JSON.stringify(billJson(ledger, [])).includes(secret)]).toEqual([false, false]);
    }),
    options,
  );
});
