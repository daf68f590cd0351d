import { expect, it } from 'vitest';
import { faultKinds, type FaultKind } from '../../src/domain/fault.ts';
import { phases } from '../../src/domain/outcome.ts';
import type { Station } from '../../src/engine/trace.ts';
import { acedata, alapi, balance, formOf, formType, keys, qxt, tc3 } from '../support/ask.ts';
import type { Outgoing } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';
import { hear } from './dial.ts';
import { billOf, whyOf } from './look-inside.ts';

const number = '13800138000';

/** Everybody answers in Chinese, so that a wrong charset can be told. */
const scenario = `
seed: 7
accounts:
  acedata: { token: ${keys.acedata}, quota: 10 }
  tencent: { secretId: ${keys.secretId}, secretKey: ${keys.secretKey}, quota: 10 }
  alapi: { token: ${keys.alapi}, calls: 10 }
  qxt: { apikey: ${keys.apikey}, billing: prepaid, balance: 10 }
people: { li: { name: 李雷, idCard: "11010519491231002X" } }
numbers: { "${number}": { status: suspended, owner: li } }
readings: { acedata.locale: zh, tencent.language: zh-CN }
prices: { acedata.check-1e: 0.1, acedata.check-3e: 0.45, tencent.MobileStatus: 0.2, alapi.phonecheck: 0.03, qxt.ssPhone_Status: 0.0007 }
`;

/** A call of an endpoint, and at which of its stations it is struck, by the vendor's own order of checks. */
interface Call {
  readonly endpoint: string;
  readonly request: (host: string) => Outgoing;
  readonly price: string;
  /** The answer's code. */
  readonly code: (answer: never) => unknown;
  /** The code of an answer in peace, and of one that was never worked out. */
  readonly good: unknown;
  readonly internal: unknown;
  /** The latter has no Chinese in it. */
  readonly inAscii?: true;
  /** The station at which a fault strikes that comes before everything, before the credential, and behind all that is validated. */
  readonly stations: Readonly<Record<'before accept' | 'before authenticate' | 'after validate', string>>;
}

const calls: readonly Call[] = [
  {
    endpoint: 'acedata.check-1e',
    request: () => acedata('check-1e', { mobile: number }),
    price: '0.1000',
    code: (answer: { result?: string; error?: { code: string } }) => answer.result ?? answer.error?.code,
    good: '0',
    internal: 'api_error',
    inAscii: true,
    stations: { 'before accept': 'authenticate: Authorization present', 'before authenticate': 'authenticate: Authorization present', 'after validate': 'look-up: rules and world' },
  },
  {
    endpoint: 'acedata.check-3e',
    request: () => acedata('check-3e', { name: '李雷', phone: number, id_card: '11010519491231002X' }),
    price: '0.4500',
    code: (answer: { result?: string; error?: { code: string } }) => answer.result ?? answer.error?.code,
    good: '0',
    internal: 'api_error',
    inAscii: true,
    stations: { 'before accept': 'authenticate: Authorization present', 'before authenticate': 'authenticate: Authorization present', 'after validate': 'admit: daily' },
  },
  {
    endpoint: 'tencent.MobileStatus',
    request: (host) => tc3(host, { Mobile: number }),
    price: '0.2000',
    code: ({ Response: { Result, Error: error } }: { Response: { Result?: string; Error?: { Code: string } } }) => Result ?? error?.Code,
    good: '0',
    internal: 'InternalError',
    stations: { 'before accept': 'accept: method', 'before authenticate': 'authenticate: timestamp fresh', 'after validate': 'admit: daily' },
  },
  {
    endpoint: 'alapi.phonecheck',
    request: () => alapi(formType, formOf([['mobiles', number]])),
    price: '0.0300',
    code: ({ code }: { code: number }) => code,
    good: 200,
    internal: 400,
    stations: { 'before accept': 'accept: method', 'before authenticate': 'authenticate: token', 'after validate': 'admit: credit' },
  },
  {
    endpoint: 'qxt.ssPhone_Status',
    request: () => qxt(number),
    price: '0.0007',
    code: ({ code }: { code: number }) => code,
    good: 0,
    internal: -8,
    // Whether there is an apikey at all belongs to what is validated, and comes first here.
    stations: { 'before accept': 'validate: apikey present', 'before authenticate': 'authenticate: apikey length', 'after validate': 'admit: credit' },
  },
  {
    endpoint: 'qxt.balance',
    request: () => balance,
    price: '0.0000',
    code: ({ code }: { code: number }) => code,
    good: 0,
    internal: -8,
    stations: { 'before accept': 'validate: apikey present', 'before authenticate': 'authenticate: apikey length', 'after validate': 'look-up: rules and world' },
  },
];

interface When {
  readonly strike: string;
  readonly charged: boolean;
  /** Whether the answer is the one that it would have been. */
  readonly answered: boolean;
  /** The phase of the station at which it strikes, where all endpoints have it alike. */
  readonly at?: string;
}

const strikes: readonly When[] = [
  { strike: 'before accept', charged: false, answered: false },
  { strike: 'before authenticate', charged: false, answered: false },
  { strike: 'after validate', charged: false, answered: false },
  { strike: 'before charge', charged: false, answered: true, at: 'charge' },
  { strike: 'after charge', charged: true, answered: true, at: 'render' },
  { strike: 'before send', charged: true, answered: true, at: 'send' },
];

/** What a raw client says of each. */
const heardOf = {
  timeout: 'nothing, and no end',
  'connection-reset': 'ECONNRESET',
  'empty-response': 'nothing, and the end',
  'limit-data': 'half of a body',
  'wrong-length': 'a byte less than announced, and no end',
  'broken-chunk': 'a chunk without a size',
  'slow-drip': 'an answer',
  'malformed-body': 'a body that is no text',
  garbage: 'no HTTP',
  'gateway-502': 'a page of HTML under 502',
  'gateway-503': 'a page of HTML under 503',
  'gateway-504': 'a page of HTML under 504',
  'wrong-charset': 'an answer in GBK',
} satisfies Record<FaultKind, string>;

/** A rule about every call. */
function ruleOf(kind: FaultKind, strike: string): string {
  const [where = '', phase = ''] = strike.split(' ');
  return `{ id: stricken, then: { fault: ${kind}, ${where}: ${phase}${kind === 'slow-drip' ? ', bytes: 100000' : ''} } }`;
}

/** The verdicts of a call's stations around the one that was struck. */
function struckIn(stations: readonly Station[]): { readonly before: readonly string[]; readonly at: string; readonly behind: readonly string[] } {
  const place = stations.findIndex(({ verdict }) => verdict === 'struck');
  const { phase, what } = stations[place] ?? { phase: 'none', what: 'of them' };
  const verdicts = stations.map(({ verdict }) => verdict);
  return { before: verdicts.slice(0, place), at: `${phase}: ${what}`, behind: verdicts.slice(place + 1) };
}

it.each(strikes.flatMap((when) => faultKinds.map((kind) => ({ kind, ...when }))))('does $kind $strike: charged $charged', async ({ kind, strike, charged, answered, at }) => {
  const { port, address } = await serve(`${scenario}rules: [${ruleOf(kind, strike)}]\n`);
  const left: Record<string, number> = { acedata: 10, tencent: 10, alapi: 10, qxt: 10 };
  const lines: unknown[] = [];
  for (const [index, { endpoint, request, price, code, good, internal, inAscii, stations }] of calls.entries()) {
    const { came, answer } = await hear(port, request(address), index);
    const ascii = kind === 'wrong-charset' && !answered && inAscii === true;
    expect([endpoint, came]).toEqual([endpoint, ascii ? 'an answer' : heardOf[kind]]);
    if (answer !== undefined) expect([endpoint, code(answer as never)]).toEqual([endpoint, answered ? good : internal]);

    const units = charged && endpoint !== 'qxt.balance' ? 1 : 0;
    const bill = units === 0 ? 'nothing is charged' : '1 charged';
    const why = await whyOf(port, index + 1);
    expect(why).toMatchObject({ endpoint, units, fault: `${kind} ${strike}`, delay: 0 });
    expect(why.because).toMatch(new RegExp(`^The rule "stricken" \\(test\\.yaml:\\d+:\\d+\\) has it end in ${kind} ${strike}: ${bill}\\.$`));
    const { before, at: station, behind } = struckIn(why.phases);
    expect([endpoint, at === undefined ? station : station.split(':', 1)[0]]).toEqual([endpoint, at ?? stations[strike as keyof typeof stations]]);
    expect([before, behind]).toEqual([before.map(() => 'passed'), behind.map(() => 'not reached')]);
    expect(why.phases.find(({ phase }) => phase === 'charge')?.what).toBe(bill);

    const [provider = ''] = endpoint.split('.');
    left[provider] = (left[provider] ?? 0) - units;
    if (units === 1) lines.push(expect.objectContaining({ kind: 'charge', endpoint, units, amount: price, balance: left[provider], exchange: index + 1, number: '138****8000', delivered: deliveredOf(kind) }));
  }
  const { lines: found, accounts } = await billOf(port);
  expect(found).toEqual(lines);
  expect(Object.fromEntries(accounts.map(({ provider, balance: each }) => [provider, each]))).toEqual(left);
});

/** What drips comes whole in the end. */
const deliveredOf = (kind: FaultKind): string => (kind === 'slow-drip' ? 'sent' : kind);

const paid: readonly string[] = ['after charge', 'before render', 'after render', 'before send'];
const everyStrike = phases.flatMap((phase) => [`before ${phase}`, `after ${phase}`]).filter((strike) => strike !== 'after send');

it.each(everyStrike)('charges a call that is struck %s where that is behind the charge, and no other', async (strike) => {
  const { port, address } = await serve(`${scenario}rules: [${ruleOf('connection-reset', strike)}]\n`);
  for (const [index, { request }] of calls.entries()) expect(await hear(port, request(address), index)).toEqual({ came: 'ECONNRESET' });
  const { lines } = await billOf(port);
  expect(lines.map(({ endpoint }) => endpoint)).toEqual(paid.includes(strike) ? calls.map(({ endpoint }) => endpoint).filter((endpoint) => endpoint !== 'qxt.balance') : []);
});
