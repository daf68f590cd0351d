import { Agent } from 'node:http';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { ExchangeReport } from '../../src/engine/report.ts';
import { requestsOf } from '../support/clients.ts';
import { mint, told, type Minted } from '../support/control.ts';
import { exchange } from '../support/exchange.ts';
import { officialClient } from '../support/official-client.ts';
import { serveForFile, type Served } from '../support/serve.ts';

/** All that a tenant can have state of, and limits so small that each worker runs into most of them. */
const scenario = `
clock: { at: "2026-01-31T23:59:57+08:00", delays: charged }
accounts:
  acedata: { token: acedata-token, quota: 5, rate: 2/s, perNumberPerDay: 1 }
  tencent: { secretId: AKIDshared, secretKey: sharedSecretKey, rate: 3/s, perNumberPerDay: 3, quota: 5 }
  alapi: { token: alapi-token, calls: 6, rate: 2/s, expires: "2026-02-01T00:00:02+08:00" }
  qxt: { apikey: 7c11272au708345c834b8ue81ac78972, billing: prepaid, balance: 3 }
people: { li: { name: 李雷, idCard: "11010519491231002X" } }
numbers: { "13800138000": { status: suspended, owner: li } }
prices: { tencent.MobileStatus: 0.15, acedata.check-1e: 0.12, acedata.check-3e: 0.2, alapi.phonecheck: 0.01, qxt.ssPhone_Status: 0.02 }
rules:
  - { id: busy-twice, when: { provider: tencent, number: "139*" }, then: [2x busy, ok], per: number }
  - { id: brownout, when: { provider: acedata, during: 2s..4s }, then: busy, times: 3 }
  - { id: unlucky, when: { provider: acedata, chance: 0.3 }, then: internal }
  - { id: tail, when: { provider: alapi, chance: 0.5 }, then: { delay: "lognormal(800ms, 0.4)" } }
  - { id: bad-gateway, when: { endpoint: qxt.ssPhone_Status, number: "138*" }, then: [ok, { fault: gateway-502 }, { fault: gateway-504, after: charge }, { delay: "uniform(50ms, 900ms)" }] }
expect: { calls: { tencent: 3.. }, charged: { qxt: ..2 } }
`;
const numbers = ['13800138000', '13912345678', '13972565391'];

/** What a worker does next. */
type Step =
  | { readonly kind: 'ask'; readonly as: 'check-1e' | 'check-3e' | 'phonecheck' | 'ssPhone_Status' | 'official client'; readonly numbers: readonly string[] }
  | { readonly kind: 'advance'; readonly by: string }
  | { readonly kind: 'top-up'; readonly units: number };

const someNumbers = fc.shuffledSubarray(numbers, { minLength: 1 });
const ask = fc.record({ kind: fc.constant('ask' as const), as: fc.constantFrom('check-1e', 'check-3e', 'phonecheck', 'ssPhone_Status', 'official client', 'official client'), numbers: someNumbers });
const advance = fc.record({ kind: fc.constant('advance' as const), by: fc.constantFrom('300ms', '1s') });
const topUp = fc.record({ kind: fc.constant('top-up' as const), units: fc.constantFrom(1, 2) });
const step: fc.Arbitrary<Step> = fc.oneof({ weight: 30, arbitrary: ask }, { weight: 5, arbitrary: advance }, { weight: 1, arbitrary: topUp });

const steps = 24;
const script = fc.array(step, { minLength: steps, maxLength: steps });

/** What follows from a seed. */
const drawn = <T>(arbitrary: fc.Arbitrary<T[]>, seed: number): T[] => fc.sample(arbitrary, { seed, numRuns: 1 }).flat();

/** Somebody with a tenant of his own, who goes through the script of his seed. */
class Worker {
  readonly #port: number;
  readonly #minted: Minted;
  readonly #requests: ReturnType<typeof requestsOf>;
  readonly #official: ReturnType<typeof officialClient>;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #script: Step[];
  readonly #heard: string[] = [];
  #last: Promise<void> = Promise.resolve();

  private constructor({ port, address }: Served, minted: Minted) {
    this.#port = port;
    this.#minted = minted;
    this.#requests = requestsOf(minted.credentials, address);
    this.#official = officialClient(address, minted.credentials.tencent, this.#agent);
    this.#script = drawn(script, minted.seed);
  }

  static async mint(served: Served, seed: number): Promise<Worker> {
    return new Worker(served, await mint(served.port, { seed }));
  }

  /** Takes his next step as soon as the one before is done. */
  next(): Promise<void> {
    const next = this.#script.shift();
    if (next !== undefined) this.#last = this.#last.then(() => this.#take(next));
    return this.#last;
  }

  async #take(next: Step): Promise<void> {
    switch (next.kind) {
      case 'ask':
        this.#heard.push(await this.#ask(next.as, next.numbers));
        return;
      case 'advance':
        return this.#told('PATCH', '/clock', { advance: next.by });
      case 'top-up':
        return this.#told('PATCH', '/accounts/qxt', { topUp: next.units });
      default:
        next satisfies never;
    }
  }

  async #ask(as: (Step & { kind: 'ask' })['as'], [number = '', ...more]: readonly string[]): Promise<string> {
    if (as === 'official client') return JSON.stringify(await this.#official.MobileStatus({ Mobile: number }).catch(String));
    const { status, body } = await exchange(this.#port, this.#requests[as](as === 'phonecheck' ? [number, ...more].join(',') : number), this.#agent);
    return `${status} ${body}`;
  }

  #told<T>(method: 'GET' | 'PATCH', path: string, body?: object): Promise<T> {
    return told(this.#port, method, `/tenants/${this.#minted.id}${path}`, body);
  }

  /** What he heard, and what the control API knows of him, but for what differs by nature. */
  async leaves(): Promise<Left> {
    this.#agent.destroy();
    const { exchanges, ...counts } = await this.#told<{ exchanges: ExchangeReport[] }>('GET', '/journal?limit=200');
    const others = [];
    for (const path of ['/ledger', '/accounts', '/clock', '/rules', '/expectations']) others.push(await this.#told('GET', path));
    const text = JSON.stringify([this.#heard.map(unnamed), counts, exchanges.map(unnamedEntry), others], (key, value: unknown) => (leftOut.has(key) ? undefined : value), 1);
    const { alapi, qxt } = this.#minted.credentials;
    return { rows: exchanges.map(({ row }) => row), text: text.replaceAll(maskOf(qxt.apikey), 'his apikey').replaceAll(maskOf(alapi.token), 'his token') };
  }
}

interface Left {
  readonly rows: readonly string[];
  readonly text: string;
}

/** How the journal shows a credential in a query or form. */
const maskOf = (credential: string): string => `${credential.slice(0, 4)}… (32 characters)`;

/** What differs by nature between two runs of one script. Beside it there are only the masks of a worker's own credentials in his requests, and one kind of id. */
const leftOut = new Set([
  // Drawn for each tenant.
  'tenant', 'credential', 'authorization',
  // Of the server.
  'host',
  // Of the real time, by which signatures are judged though the scenario's time stands still.
  'milliseconds', 'x-tc-timestamp',
  // Drawn by the official client for each call.
  'x-tc-traceid',
]);

/** Tencent counts calls and looks at the account before it reads the number that is asked about, so the RequestId of these follows from the Timestamp. */
const refusedEarly = new Set(['RequestLimitExceeded', 'UnauthorizedOperation.Arrears']);
const unnamed = (heard: string): string => (/exceeds the frequency limit|is in arrears/.test(heard) ? heard.replace(uuid, 'an id') : heard);
const unnamedEntry = (entry: ExchangeReport): ExchangeReport =>
  refusedEarly.has(entry.row) ? { ...entry, clientId: null, answer: { ...entry.answer, body: unnamed(entry.answer.body) } } : entry;
const uuid = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/;

const seeds = Array.from({ length: 64 }, (_, index) => index + 1);

async function alone(seed: number): Promise<Left> {
  const served = await serveForFile(scenario);
  const worker = await Worker.mint(served, seed);
  for (let turn = 0; turn < steps; turn += 1) await worker.next();
  const left = await worker.leaves();
  await served.close(0);
  return left;
}

/** All workers on one server, two dozen of them at a time; who has the next turn follows from the order's seed. */
async function together(order: number): Promise<Left[]> {
  const served = await serveForFile(scenario);
  const workers: Worker[] = [];
  for (const seed of seeds) workers.push(await Worker.mint(served, seed));
  const turns = workers.flatMap((worker) => Array.from({ length: steps }, () => worker));
  const shuffled = drawn(fc.shuffledSubarray(turns, { minLength: turns.length }), order);
  await Promise.all(Array.from({ length: 24 }, async () => {
    for (let worker = shuffled.pop(); worker !== undefined; worker = shuffled.pop()) await worker.next();
  }));
  const left = [];
  for (const worker of workers) left.push(await worker.leaves());
  expect(await told(served.port, 'GET', '/journal')).toMatchObject({ total: 0 });
  await served.close(0);
  return left;
}

let solo: readonly Left[];

beforeAll(async () => {
  const all = [];
  for (const seed of seeds) all.push(await alone(seed));
  solo = all;
}, 120_000);

it('runs into every limit and trouble of the scenario in some of the solo runs, none of which is like another', () => {
  expect([...new Set(solo.flatMap(({ rows }) => rows))].sort()).toEqual([
    '-3', '-4', '-5', '-6', '-8', '0', '1', '101', '102', '200', '429', 'RequestLimitExceeded', 'UnauthorizedOperation.Arrears', 'api_error', 'too_many_requests', 'used_up',
  ]);
  expect(new Set(solo.map(({ text }) => text)).size).toBe(seeds.length);
});

it.each([1, 2])('gives each of 64 workers on one server what he gets on a server of his own: order %i', async (order) => {
  const left = await together(order);
  for (const [index, { text }] of left.entries()) expect(text, `worker ${index + 1}`).toBe(solo[index]?.text);
}, 120_000);
