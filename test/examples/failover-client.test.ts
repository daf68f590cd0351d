import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';
import type { Bill } from '../../src/engine/bill.ts';
import type { Reconciliation } from '../../src/engine/reconcile.ts';
import type { ExchangeReport } from '../../src/engine/report.ts';
import { keys } from '../support/ask.ts';
import { folderWith } from '../support/command.ts';
import { serveShipped, type ServedScenario } from '../support/shipped.ts';

// Each test runs some processes one after the other.
vi.setConfig({ testTimeout: 60_000 });

const main = fileURLToPath(new URL('../../examples/failover-client/main.mjs', import.meta.url));

interface Checked {
  readonly number: string;
  readonly outcome: 'answered' | 'unknown' | 'lost' | 'nobody';
  readonly provider?: string;
  readonly line?: string;
  readonly why?: string;
}

interface Example {
  readonly served: ServedScenario;
  check(...words: string[]): Promise<readonly Checked[]>;
  /** The last line of what it prints, and the lines before. */
  settle(): Promise<{ readonly calls: readonly { readonly number: string; readonly provider: string; readonly state: string }[]; readonly sums: object }>;
  /** What its own books say was paid, held against the ledger. */
  reconciled(): Promise<Reconciliation>;
  /** The calls as konghao saw them, the first one first: endpoint and what was charged. */
  calls(): Promise<readonly string[]>;
}

/** The example as its README runs it, against a shipped scenario. */
async function example(scenario: string, more: Readonly<Record<string, string>> = {}): Promise<Example> {
  const served = await serveShipped(scenario);
  const base = `http://127.0.0.1:${served.port}`;
  const file = folderWith({});
  const env = {
    PATH: process.env['PATH'],
    ACEDATA_URL: base, ACEDATA_TOKEN: keys.acedata,
    TENCENT_URL: base, TENCENT_SECRET_ID: keys.secretId, TENCENT_SECRET_KEY: keys.secretKey,
    QXT_URL: base, QXT_APIKEY: keys.apikey,
    ALAPI_URL: base, ALAPI_TOKEN: keys.alapi,
    BILL_URL: `${base}/_sim`, BOOKS: file('books.jsonl'), TIME_LIMIT: '15000', ...more,
  };
  const run = async (...words: string[]): Promise<unknown[]> => {
    const child = promisify(execFile)(process.execPath, [main, ...words], { env });
    // A code other than 0 says that not all were answered, and the lines say which.
    const { stdout } = await child.catch((error: { readonly stdout: string; readonly stderr: string }) => {
      if (error.stderr !== '') throw new Error(error.stderr);
      return error;
    });
    return stdout.split('\n').filter((line) => line !== '').map((line): unknown => JSON.parse(line));
  };
  return {
    served,
    check: async (...words) => (await run('check', ...words)) as Checked[],
    settle: async () => {
      const lines = await run('settle');
      // It ends with the sums, and all lines before are calls.
      return { sums: lines.at(-1) as object, calls: lines.slice(0, -1) as { number: string; provider: string; state: string }[] };
    },
    reconciled: () => {
      const paid = bookedIn(readFileSync(env.BOOKS, 'utf8')).filter(({ state }) => state === 'paid' || state === 'lost');
      const records = paid.map(({ id, endpoint, number, at, units }) => ({ ...(id === '' ? {} : { id }), endpoint, number, at, units }));
      return served.control('POST', '/ledger/reconcile', { records });
    },
    calls: async () => {
      const { exchanges } = await served.control<{ readonly exchanges: readonly ExchangeReport[] }>('GET', '/journal?limit=200');
      return exchanges.map(({ endpoint, units }) => `${endpoint} ${units}`).reverse();
    },
  };
}

interface Booked {
  readonly state: string;
  readonly id: string;
  readonly endpoint: string;
  readonly number: string;
  readonly at: number;
  readonly units: number;
}

/** The calls in its file: each line adds to what the lines before say of a call. */
function bookedIn(text: string): readonly Booked[] {
  const calls: Booked[] = [];
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const { call, ...change } = JSON.parse(line) as Booked & { readonly call: number };
    calls[call] = { ...calls[call], ...change };
  }
  return calls;
}

/** Settings without these credentials. */
const without = (names: readonly string[]): Readonly<Record<string, string>> => Object.fromEntries(names.map((name) => [name, '']));

/** Most charges that one number has, over all providers. */
async function mostPaid({ control }: ServedScenario): Promise<number> {
  const { lines } = await control<Bill>('GET', '/ledger');
  const counts = new Map<string, number>();
  for (const { number } of lines) counts.set(number, (counts.get(number) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

const numbers = Array.from({ length: 20 }, (_, i) => `1390000${String(1000 + i)}`);

it('finds the provider that works under failover, and pays once', async () => {
  const { check, settle, reconciled, calls, served } = await example('failover');
  expect(await check('13900000000', '13900000001')).toEqual([
    { number: '13900000000', outcome: 'answered', provider: 'qxt', line: 'active' },
    { number: '13900000001', outcome: 'answered', provider: 'qxt', line: 'active' },
  ]);
  const way = ['acedata.check-1e 0', 'tencent.MobileStatus 0', 'qxt.ssPhone_Status 1'];
  expect(await calls()).toEqual([...way, ...way]);
  expect(await settle()).toEqual({ calls: [], sums: { settled: 0, paid: 2, lost: 0, unknownToUs: 0 } });
  expect(await reconciled()).toMatchObject({ matched: 2, balanced: true });
  expect(await mostPaid(served)).toBe(1);
});

it('follows the failover drill minute by minute, and pays once in each', async () => {
  const { check, settle, reconciled, served } = await example('failover-drill');
  const minutes: (string | undefined)[] = [];
  for (const number of numbers.slice(0, 6)) {
    const [checked] = await check(number);
    minutes.push(checked?.provider ?? checked?.outcome);
    await served.control('PATCH', '/clock', { advance: '1m' });
  }
  expect(minutes).toEqual(['acedata', 'tencent', 'qxt', 'alapi', 'nobody', 'acedata']);
  expect(await settle()).toEqual({ calls: [], sums: { settled: 0, paid: 5, lost: 0, unknownToUs: 0 } });
  expect(await reconciled()).toMatchObject({ matched: 5, balanced: true });
  expect(await mostPaid(served)).toBe(1);
});

it('gets an answer for every number through a brownout, and pays once for each', async () => {
  const { check, settle, reconciled, served } = await example('brownout');
  await served.control('PATCH', '/clock', { advance: '10s' });
  const checked = await check(...numbers);
  expect(checked.map(({ outcome }) => outcome)).toEqual(numbers.map(() => 'answered'));
  // The first one is not the only one: some were busy there.
  expect(new Set(checked.map(({ provider }) => provider)).size).toBeGreaterThan(1);
  expect(await settle()).toEqual({ calls: [], sums: { settled: 0, paid: numbers.length, lost: 0, unknownToUs: 0 } });
  expect(await reconciled()).toMatchObject({ matched: numbers.length, balanced: true });
  expect(await mostPaid(served)).toBe(1);
});

it('does not ask again where the answer was lost, and finds on the bill that it paid', async () => {
  const { check, settle, reconciled, calls, served } = await example('lost-after-charge');
  const [number = ''] = numbers;
  expect(await check(number)).toEqual([{ number, outcome: 'unknown', provider: 'acedata', why: 'ECONNRESET' }]);
  expect(await check(number)).toEqual([{ number, outcome: 'unknown', provider: 'acedata', why: 'ECONNRESET' }]);
  expect(await settle()).toEqual({
    calls: [{ number, provider: 'acedata', state: 'lost', why: 'ECONNRESET' }],
    sums: { settled: 1, paid: 1, lost: 1, unknownToUs: 0 },
  });
  expect(await check(number)).toEqual([{ number, outcome: 'lost', provider: 'acedata', why: 'ECONNRESET' }]);
  expect(await calls()).toEqual(['acedata.check-1e 1']);
  expect(await reconciled()).toMatchObject({ matched: 1, balanced: true });
  expect(await served.control('GET', '/expectations')).toMatchObject({ met: true });
});

it('pays again only when told to, and then its books and the bill still agree', async () => {
  const { check, settle, reconciled, served } = await example('lost-after-charge');
  const [number = ''] = numbers;
  await check(number);
  await settle();
  expect(await check(number, '--pay-again')).toEqual([{ number, outcome: 'answered', provider: 'acedata', line: 'active' }]);
  expect(await settle()).toEqual({ calls: [], sums: { settled: 0, paid: 2, lost: 1, unknownToUs: 0 } });
  expect(await reconciled()).toMatchObject({ matched: 2, balanced: true });
  expect(await mostPaid(served)).toBe(2);
});

it.each([
  ['TENCENT', 'TimeoutError', '300'],
  ['QXT', 'UND_ERR_SOCKET', '15000'],
  ['ALAPI', 'HTTP 504, and no answer of alapi', '15000'],
])('takes every way in which an answer is lost for a call that may be paid: %s, %s', async (provider, why, limit) => {
  const others = ['ACEDATA_TOKEN', 'TENCENT_SECRET_ID', 'QXT_APIKEY', 'ALAPI_TOKEN'].filter((name) => !name.startsWith(provider));
  const { check, settle, calls } = await example('lost-after-charge', { ...without(others), TIME_LIMIT: limit });
  expect(await check(...numbers.slice(0, 2))).toMatchObject([{ outcome: 'unknown', why }, { outcome: 'unknown', why }]);
  expect(await settle()).toMatchObject({ sums: { settled: 2, paid: 2, lost: 2, unknownToUs: 0 } });
  expect(await calls()).toHaveLength(2);
});

it('goes on with the next provider once the bill says that a broken call was free, and behind the last with the first', async () => {
  const { check, settle, calls, served } = await example('every-fault', without(['TENCENT_SECRET_ID', 'QXT_APIKEY']));
  // A gateway in front of both: nobody knows from the answer that nothing was charged.
  const number = '19900000712';
  for (const provider of ['acedata', 'alapi', 'acedata']) {
    expect(await check(number)).toMatchObject([{ outcome: 'unknown', provider, why: `HTTP 502, and no answer of ${provider}` }]);
    expect(await settle()).toMatchObject({ calls: [{ provider, state: 'cleared' }], sums: { settled: 1, paid: 0, unknownToUs: 0 } });
  }
  expect(await calls()).toHaveLength(3);
  expect(await mostPaid(served)).toBe(0);
});

it('goes on at once where no call was made at all', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  // A TCP server that listens has an address of this shape.
  const { port } = closed.address() as AddressInfo;
  closed.close();
  const { check, calls } = await example('default', { ACEDATA_URL: `http://127.0.0.1:${port}` });
  expect(await check('13800138000')).toEqual([{ number: '13800138000', outcome: 'answered', provider: 'tencent', line: 'suspended' }]);
  expect(await calls()).toEqual(['tencent.MobileStatus 1']);
});

it('says what it needs where there are no credentials', async () => {
  const none = ['ACEDATA_TOKEN', 'TENCENT_SECRET_ID', 'QXT_APIKEY', 'ALAPI_TOKEN'];
  await expect((await example('default', without(none))).check('13800138000')).rejects.toThrow('Failed to check: there are no credentials. Set ACEDATA_TOKEN');
});

it('prints what its README says, line by line', async () => {
  const { port } = await serveShipped('lost-after-charge');
  const readme = readFileSync(new URL('../../examples/failover-client/README.md', import.meta.url), 'utf8');
  const [, commands = ''] = /```sh\n([^]*?)```/.exec(readme) ?? [];
  const { stdout } = await promisify(execFile)('bash', ['-c', commands.replaceAll('127.0.0.1:4086', `127.0.0.1:${port}`)], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, BOOKS: folderWith({})('books.jsonl'), BILL_URL: `http://127.0.0.1:${port}/_sim` },
  });
  const promised = [...commands.matchAll(/# (\{.*\})$/gm)].map(([, line]) => line);
  // The line with the sums of `settle` is not shown there.
  expect(stdout.trim().split('\n').filter((line) => !line.includes('"settled"'))).toEqual(promised);
  expect(promised).toHaveLength(5);
});

it.each(['arrears', 'midnight', 'billing-surprise', 'daily-limit'])('pays at most once for a number under %s, and its books agree with the bill', async (scenario) => {
  const client = await example(scenario);
  const checked = await client.check('13912345678', '13800138000', '13111111111');
  await client.settle();
  expect(checked.map(({ number }) => number)).toEqual(['13912345678', '13800138000', '13111111111']);
  expect(await mostPaid(client.served)).toBe(1);
  expect(await client.reconciled()).toMatchObject({ missing: [], unknown: [], duplicate: [], mismatched: [], balanced: true });
});
