import type { Outgoing } from '../support/exchange.ts';

// What calls cost: from what was sent, what came back, and the documents' own words. Nothing here comes from src.

/** What a client got: an answer that it could read, or none. */
export type Received = { readonly kind: 'answer'; readonly body: string } | { readonly kind: 'lost' };

export interface Account {
  readonly provider: string;
  readonly credential: string;
  /** `null` where nothing is counted. */
  readonly start: number | null;
}

/** What the scenario says beyond the documents. */
export interface Said {
  readonly accounts: readonly Account[];
  /** In yuan, as written. */
  readonly prices: Readonly<Record<string, string>>;
  /** Numbers whose answers get lost, and whether a call about one has been charged by then. */
  readonly lost: ReadonlyMap<string, boolean>;
  readonly qxtCharged: 'code-0' | 'every-query';
  readonly alapiInvalid: 'omit' | 'unknown' | 'reject';
  readonly alapiDuplicates: 'each-charged' | 'merged';
}

export interface Charge {
  /** The place of the call among all. */
  readonly exchange: number;
  /** The place of the account among all, from 1. */
  readonly account: number;
  readonly endpoint: string;
  readonly units: number;
}

/** Keeps the books of a scenario's accounts beside the simulator. */
export class Oracle {
  readonly charges: Charge[] = [];
  /** Of each call, charged or not. */
  readonly units: number[] = [];
  readonly #said: Said;
  readonly #entered: { readonly kind: 'top-up' | 'correction'; readonly account: number; readonly units: number }[] = [];

  constructor(said: Said) {
    this.#said = said;
  }

  /** Takes note of a call. */
  met(sent: Outgoing, received: Received): void {
    const endpoint = endpointOf(sent);
    const account = this.#said.accounts.findIndex(({ credential }) => credential === credentialIn(sent, endpoint)) + 1;
    const units = account === 0 ? 0 : unitsOf(endpoint, sent, received, this.#said);
    this.units.push(units);
    if (units > 0) this.charges.push({ exchange: this.units.length, account, endpoint, units });
  }

  entered(kind: 'top-up' | 'correction', account: number, units: number): void {
    this.#entered.push({ kind, account, units });
  }

  /** An account's sums and its balance. */
  booksOf(account: number) {
    const { start } = this.#said.accounts[account - 1] ?? { start: null };
    const sum = (kind: string): number => total(this.#entered.filter((each) => each.account === account && each.kind === kind));
    const [topUps, corrections, charged] = [sum('top-up'), sum('correction'), total(this.charges.filter((each) => each.account === account))];
    return { start, topUps, corrections, charged, balance: start === null ? null : start + topUps + corrections - charged, amount: this.amountOf(this.charges.filter((each) => each.account === account)) };
  }

  /** In yuan with four decimals, reckoned in integers of any size. */
  amountOf(charges: readonly Charge[]): string {
    const sum = charges.reduce((amount, { endpoint, units }) => amount + BigInt(units) * tenThousandths(this.#said.prices[endpoint] ?? '0'), 0n);
    const digits = sum.toString().padStart(5, '0');
    return `${digits.slice(0, -4)}.${digits.slice(-4)}`;
  }
}

const total = (lines: readonly { readonly units: number }[]): number => lines.reduce((sum, { units }) => sum + units, 0);

function tenThousandths(yuan: string): bigint {
  const [whole = '', fraction = ''] = yuan.split('.');
  return BigInt(whole + fraction.padEnd(4, '0'));
}

/** By path, as the documents write them. */
function endpointOf({ method, target }: Outgoing): string {
  const path = target.split('?')[0] ?? '';
  if (path === '/') return 'tencent.MobileStatus';
  if (path === '/api/phonecheck') return 'alapi.phonecheck';
  if (path.toLowerCase() === '/ssphone_status') return 'qxt.ssPhone_Status';
  if (path === '/balance') return 'qxt.balance';
  const operation = /^\/identity\/phone\/(check-[13]e)$/.exec(path)?.[1];
  return method === 'POST' && operation !== undefined ? `acedata.${operation}` : 'none';
}

const headerIn = ({ headers = [] }: Outgoing, name: string): string => headers.find(([each]) => each.toLowerCase() === name)?.[1] ?? '';

/** A parameter, wherever the documents and the vendors' clients put one: query, form, multipart or JSON. */
function fieldIn({ target, body = '' }: Outgoing, name: string): string {
  const text = String(body);
  if (text.startsWith('{')) {
    try {
      return String((JSON.parse(text) as Readonly<Record<string, unknown>>)[name] ?? '');
    } catch {
      return '';
    }
  }
  const part = new RegExp(`name="${name}"\\r\\n\\r\\n([^\\r]*)\\r\\n`).exec(text)?.[1];
  return part ?? new URLSearchParams(text).get(name) ?? new URLSearchParams(target.split('?')[1] ?? '').get(name) ?? '';
}

function credentialIn(sent: Outgoing, endpoint: string): string {
  switch (endpoint.split('.')[0]) {
    case 'acedata':
      return headerIn(sent, 'authorization').replace(/^Bearer /, '');
    case 'tencent':
      return /Credential=([^/]*)\//.exec(headerIn(sent, 'authorization'))?.[1] ?? fieldIn(sent, 'SecretId');
    case 'alapi':
      return headerIn(sent, 'token') || fieldIn(sent, 'token');
    case 'qxt':
      return fieldIn(sent, 'apikey');
    default:
      return '';
  }
}

const numberFields: Readonly<Record<string, string>> = { 'acedata.check-1e': 'mobile', 'acedata.check-3e': 'phone', 'tencent.MobileStatus': 'Mobile', 'alapi.phonecheck': 'mobiles', 'qxt.ssPhone_Status': 'mobile' };

function unitsOf(endpoint: string, sent: Outgoing, received: Received, said: Said): number {
  if (received.kind === 'answer') return charging[endpoint]?.(JSON.parse(received.body) as never, said) ?? 0;
  const numbers = fieldIn(sent, numberFields[endpoint] ?? '').split(',');
  // Of a batch with one lost number all is lost. Nothing but a good answer comes that far.
  const paid = numbers.some((number) => said.lost.get(number) === true);
  if (!paid) return 0;
  return endpoint === 'alapi.phonecheck' ? batchUnits(numbers, said) : 1;
}

/** The charging rules, each as its document has it, by the code of an answer. */
const charging: Readonly<Record<string, (answer: never, said: Said) => number>> = {
  // "Charging result codes: 0: Success".
  'acedata.check-1e': ({ result }: { result?: string }) => (result === '0' ? 1 : 0),
  // "Charging result codes: 0: Verification result is consistent, 1: Verification result is inconsistent"; upstream's own table has -4 for the latter.
  'acedata.check-3e': ({ result, description }: { result?: string; description?: string }) => (result === '0' || result === '1' || (result === '-4' && description === 'Information inconsistency') ? 1 : 0),
  // "Result code for charges 0: Success."
  'tencent.MobileStatus': ({ Response: { Result } }: { Response: { Result?: string } }) => (Result === '0' ? 1 : 0),
  // "一个号码计费一次", and how many that were.
  'alapi.phonecheck': ({ usage }: { usage: number }) => usage,
  // No word of it: code 0 alone, or whatever was looked up, which -3 and -4 tell of as well.
  'qxt.ssPhone_Status': ({ code }: { code: number }, { qxtCharged }: Said) => ((qxtCharged === 'code-0' ? [0] : [0, -3, -4]).includes(code) ? 1 : 0),
};

/** How many numbers of a batch are answered, where no code says so. */
function batchUnits(numbers: readonly string[], { alapiInvalid, alapiDuplicates }: Said): number {
  const asked = alapiDuplicates === 'merged' ? [...new Set(numbers)] : numbers;
  const valid = asked.filter((number) => /^1[3-9]\d{9}$/.test(number) && number !== '16137688175');
  if (alapiInvalid === 'reject' && valid.length < asked.length) return 0;
  return alapiInvalid === 'unknown' ? asked.length : valid.length;
}
