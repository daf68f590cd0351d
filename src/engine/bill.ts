import type { Ledger, LedgerEntry, Subtotal, Sums } from './ledger.ts';
import { maskNumber, maskSecret, maskText, onOneLine } from './masking.ts';

/** An account as its books have it. */
export interface BilledAccount {
  readonly provider: string;
  /** In clear. */
  readonly credential: string;
  /** Queries left, `undefined` where they are not counted. */
  readonly balance: number | undefined;
}

/** What a tenant was charged, as it may be shown. Amounts are yuan with four decimals, such as `"0.4500"`. */
export interface Bill {
  readonly currency: 'CNY';
  readonly accounts: readonly AccountBill[];
  /** The newest last. */
  readonly lines: readonly BillLine[];
  readonly total: ChargeSums;
}

export interface ChargeSums {
  readonly charges: number;
  /** In queries. */
  readonly charged: number;
  readonly amount: string;
}

export interface AccountBill extends ChargeSums {
  /** From 1, and on each of its lines: masked credentials can be alike. */
  readonly account: number;
  readonly provider: string;
  readonly credential: string;
  /** What makes start + topUps + corrections - charged the balance; `null` where the account is not counted. */
  readonly start: number | null;
  readonly topUps: number;
  readonly corrections: number;
  readonly balance: number | null;
  /** What of all this has no line any more, and the balance behind it. */
  readonly broughtForward: ChargeSums & Pick<AccountBill, 'topUps' | 'corrections' | 'balance'>;
  readonly endpoints: readonly (ChargeSums & { readonly endpoint: string; readonly broughtForward: ChargeSums })[];
}

/** A ledger entry with nothing in it that has to stay inside. */
export interface BillLine extends Omit<LedgerEntry, 'at' | 'amount' | 'balance' | 'ids' | 'exchange'> {
  readonly at: string;
  readonly account: number;
  readonly amount: string;
  readonly balance: number | null;
  /** Of a charge. */
  readonly exchange: number | null;
  readonly id: string;
}

/** @param accounts those that are to be on it though nothing was charged; others that the ledger knows come behind them */
export function billJson(ledger: Ledger, accounts: Iterable<BilledAccount>): Bill {
  const subtotals = ledger.subtotals();
  const all = new Map<string, Billed>();
  for (const account of accounts) all.set(keyOf(account), { place: all.size + 1, account, subtotals: [] });
  for (const subtotal of subtotals) {
    const key = keyOf(subtotal);
    const billed = all.get(key) ?? { place: all.size + 1, account: { ...subtotal, balance: undefined }, subtotals: [] };
    billed.subtotals.push(subtotal);
    all.set(key, billed);
  }
  return {
    currency: 'CNY',
    accounts: Array.from(all.values(), accountOf),
    lines: Array.from(ledger.entries(), (entry) => lineOf(entry, all.get(keyOf(entry))?.place ?? 0)),
    total: charged(sum(subtotals.map(({ total }) => total))),
  };
}

/** The bill by RFC 4180, a line for each entry. What is brought forward comes first, and names no exchange. */
export function billCsv(ledger: Ledger, accounts: Iterable<BilledAccount>): string {
  const bill = billJson(ledger, accounts);
  const rows = [...bill.accounts.flatMap(forwardOf), ...bill.lines].map((row) => columns.map((column) => cell(column === 'currency' ? bill.currency : row[column])));
  return [columns, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** `0.4500`, of ten-thousandths of a yuan. */
export function yuan(amount: number): string {
  const size = Math.abs(amount);
  return `${amount < 0 ? '-' : ''}${Math.floor(size / 10_000)}.${String(size % 10_000).padStart(4, '0')}`;
}

const columns = [
  'line', 'at', 'kind', 'account', 'provider', 'credential', 'endpoint', 'row', 'number', 'numbers', 'units', 'amount', 'currency', 'balance', 'exchange', 'id', 'delivered', 'why',
] as const;

type Row = { readonly [Column in Exclude<(typeof columns)[number], 'currency'>]?: string | number | null };

function forwardOf({ account, provider, credential, endpoints, broughtForward }: AccountBill): Row[] {
  const { balance, topUps, corrections } = broughtForward;
  const whose = { account, provider, credential, balance };
  return [
    ...endpoints
      .filter((each) => each.broughtForward.charges > 0)
      .map(({ endpoint, broughtForward: { charged: units, amount } }) => ({ ...whose, kind: 'charge brought forward', endpoint, units, amount })),
    ...(topUps === 0 ? [] : [{ ...whose, kind: 'top-up brought forward', units: topUps }]),
    ...(corrections === 0 ? [] : [{ ...whose, kind: 'correction brought forward', units: corrections }]),
  ];
}

/** A number as it is. A text that a spreadsheet would take for a formula, in signs of full width too, gets an apostrophe before it. */
function cell(value: string | number | null | undefined): string {
  if (typeof value !== 'string') return value === null || value === undefined ? '' : String(value);
  const text = /^[=+\-@＝＋－＠\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** An account, its place in the bill, and its sums. */
interface Billed {
  readonly place: number;
  readonly account: BilledAccount;
  readonly subtotals: Subtotal[];
}

function accountOf({ place, account: { provider, credential, balance }, subtotals }: Billed): AccountBill {
  const total = sum(subtotals.map((each) => each.total));
  const forward = sum(subtotals.map((each) => each.forward));
  const start = balance === undefined ? null : balance - change(total);
  return {
    account: place,
    provider,
    credential: maskSecret(credential),
    start,
    ...charged(total),
    topUps: total.topUps,
    corrections: total.corrections,
    balance: balance ?? null,
    broughtForward: { ...charged(forward), topUps: forward.topUps, corrections: forward.corrections, balance: start === null ? null : start + change(forward) },
    endpoints: subtotals
      .filter(({ endpoint }) => endpoint !== '')
      .map((each) => ({ endpoint: each.endpoint, ...charged(each.total), broughtForward: charged(each.forward) })),
  };
}

const lineOf = ({ ids, ...entry }: LedgerEntry, account: number): BillLine => ({
  ...entry,
  at: new Date(entry.at).toISOString(),
  account,
  credential: maskSecret(entry.credential),
  amount: yuan(entry.amount),
  balance: entry.balance ?? null,
  exchange: entry.kind === 'charge' ? entry.exchange : null,
  number: maskNumber(entry.number),
  id: ids,
  why: onOneLine(maskText(entry.why)),
});

const keyOf = ({ provider, credential }: Pick<LedgerEntry, 'provider' | 'credential'>): string => `${provider} ${credential}`;

const change = ({ units, topUps, corrections }: Sums): number => topUps + corrections - units;

const charged = ({ charges, units, amount }: Sums): ChargeSums => ({ charges, charged: units, amount: yuan(amount) });

const sum = (all: readonly Sums[]): Sums =>
  all.reduce(
    (to, each) => ({
      charges: to.charges + each.charges,
      units: to.units + each.units,
      amount: to.amount + each.amount,
      topUps: to.topUps + each.topUps,
      corrections: to.corrections + each.corrections,
    }),
    { charges: 0, units: 0, amount: 0, topUps: 0, corrections: 0 },
  );
