import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ExchangeReport } from '../../src/engine/report.ts';
import { requestsOf, sandbox } from '../support/clients.ts';
import { bodiesOf, codesOf, times } from '../support/codes.ts';
import { told } from '../support/control.ts';
import { lastEntry } from '../support/exchange.ts';
import { serve, type Served } from '../support/serve.ts';

const number = '13912345678';
const other = '13800138000';
const third = '13972565391';

/** An account that nothing limits, on a clock that delays are charged to. */
const base = `clock: { at: "2026-01-31T12:00:00+08:00", delays: charged }
accounts:
  acedata: { token: sandbox-acedata-token }
  tencent: { secretId: AKIDkonghaoSandbox, secretKey: sandboxSecretKey }
  alapi: { token: sandbox-alapi-token }
  qxt: { apikey: 7c11272au708345c834b8ue81ac78972, billing: postpaid, balance: 0 }
`;
const serveRules = (rules: string, more = ''): Promise<Served> => serve(`${base}${more}\nrules: [${rules}]`);

const asksOf = ({ address }: Served) => requestsOf(sandbox, address);
const reset = ({ port }: Served): Promise<unknown> => told(port, 'POST', '/reset');

it('goes through the steps of a rule one call after the other, and stays at the last', async () => {
  const served = await serveRules('{ id: steps, when: { endpoint: tencent.MobileStatus }, then: [2x busy, { status: suspended }, rate-limited, ok] }');
  const { MobileStatus } = asksOf(served);
  const requests = times(7, MobileStatus(number));
  expect(await codesOf(served.port, requests)).toEqual(['-3', '-3', '0', 'RequestLimitExceeded', '0', '0', '0']);
  await reset(served);
  expect(await codesOf(served.port, requests.slice(0, 3))).toEqual(['-3', '-3', '0']);
});

it('counts the uses of a rule for all numbers and endpoints together', async () => {
  const served = await serveRules('{ id: steps, then: [2x busy, ok] }');
  const asks = asksOf(served);
  expect(await codesOf(served.port, [asks.MobileStatus(number), asks.ssPhone_Status(other), asks['check-1e'](third), asks.MobileStatus(number)])).toEqual(['-3', '-8', '0', '0']);
});

it('counts them for each number by itself where the rule says so', async () => {
  const served = await serveRules('{ id: steps, when: { provider: qxt }, per: number, then: [2x busy, ok] }');
  const { ssPhone_Status } = asksOf(served);
  const asked = [number, other, number, number, other, other, third].map(ssPhone_Status);
  expect(await codesOf(served.port, asked)).toEqual(['-8', '-8', '-8', '0', '-8', '0', '-8']);
});

it('is as if a rule were not there once it is used up', async () => {
  const served = await serveRules('{ id: thrice, when: { provider: qxt }, times: 3, then: [busy, no-record] }, { id: then, when: { provider: qxt, number: "139*" }, then: internal, times: 1 }');
  const { ssPhone_Status } = asksOf(served);
  expect(await codesOf(served.port, [number, other, number, other, number, number].map(ssPhone_Status))).toEqual(['-8', '-4', '-4', '0', '-8', '0']);
});

it('lets each number use a rule up by itself', async () => {
  const served = await serveRules('{ id: once, when: { provider: qxt }, times: 1, per: number, then: busy }');
  const { ssPhone_Status } = asksOf(served);
  expect(await codesOf(served.port, [number, number, other, number, other].map(ssPhone_Status))).toEqual(['-8', '0', '-8', '0', '0']);
});

it('counts no use for a call that a check refuses or that another rule takes', async () => {
  const served = await serveRules(`{ id: first, when: { provider: qxt, number: "${other}" }, then: no-record }, { id: steps, when: { provider: qxt }, then: [busy, ok] }`);
  const { ssPhone_Status } = asksOf(served);
  expect(await codesOf(served.port, ['1391234', other, number, number].map(ssPhone_Status))).toEqual(['-2', '-4', '-8', '0']);
});

/** What ALAPI says of the numbers of some batches. */
async function batches(served: Served, asked: readonly (readonly string[])[]): Promise<number[][]> {
  const bodies = await bodiesOf(served.port, asked.map((batch) => asksOf(served).phonecheck(batch.join(','))));
  return bodies.map((body) => (JSON.parse(body) as { data: { status: number }[] }).data.map(({ status }) => status));
}

it('takes one step of a rule for a batch, whatever the numbers in it', async () => {
  const served = await serveRules('{ id: steps, when: { provider: alapi }, then: [{ times: 2, status: suspended }, { status: vacant }] }');
  expect(await batches(served, [[number, other, third], [number], [number, other], [third]])).toEqual([[2, 2, 2], [2], [0, 0], [0]]);
});

it('takes a step for each number of a batch where uses are counted for each number', async () => {
  const served = await serveRules('{ id: steps, when: { provider: alapi }, per: number, then: [{ status: suspended }, { status: vacant }] }');
  expect(await batches(served, [[number, other], [number, third], [third, other]])).toEqual([[2, 2], [0, 2], [0, 0]]);
});

it('refuses a whole batch by the step that it takes', async () => {
  const served = await serveRules('{ id: steps, when: { provider: alapi, number: "138*" }, then: [rate-limited, ok] }');
  const { phonecheck } = asksOf(served);
  expect(await codesOf(served.port, [[number, third], [number, other, '13800138001'], [number, other]].map((batch) => phonecheck(batch.join(','))))).toEqual(['200', '429', '200']);
});

it('says of a rule that is used up why it did not hold', async () => {
  const served = await serveRules('{ id: twice, when: { endpoint: qxt.ssPhone_Status }, times: 2, then: busy }');
  const { ssPhone_Status } = asksOf(served);
  await codesOf(served.port, times(2, ssPhone_Status(number)));
  expect(await lastEntry(served.port)).toMatchObject({ nearMiss: null, because: expect.stringMatching(/^The rule "twice" \(test\.yaml:\d+:9\) says busy\.$/) });
  await codesOf(served.port, [ssPhone_Status(number)]);
  expect(await lastEntry(served.port)).toMatchObject({ row: '0', nearMiss: expect.stringMatching(/^The rule "twice" \(test\.yaml:\d+:9\) did not hold: it is used 2 times at most\.$/) });
});

it('says in which span and for which share of its calls a rule holds that did not', async () => {
  const served = await serveRules('{ id: rare, when: { provider: qxt, during: 10s..40s, chance: 0.25 }, times: 9, then: busy }');
  await codesOf(served.port, [asksOf(served).ssPhone_Status(number)]);
  expect(await lastEntry(served.port)).toMatchObject({
    nearMiss: expect.stringContaining('did not hold: it holds from 10000 ms until 40000 ms after the scenario was put into force, and it is used 9 times at most, and it takes 25 % of its calls.'),
  });
});

it('lets a sequence hold in its span only, and go on where it was', async () => {
  const served = await serveRules('{ id: brownout, when: { provider: qxt, during: 10s..40s }, then: [busy, no-record, internal] }');
  const { ssPhone_Status } = asksOf(served);
  const heard = [];
  for (const by of ['9s', '1s', '10s', '20s', '60s']) {
    await told(served.port, 'PATCH', '/clock', { advance: by });
    heard.push(...(await codesOf(served.port, [ssPhone_Status(number)])));
  }
  expect(heard).toEqual(['0', '-8', '-4', '0', '0']);
});

const unlucky = '{ id: unlucky, when: { provider: qxt, chance: 0.4 }, then: [busy, no-record], per: number }, { id: late, when: { provider: qxt, chance: 0.5 }, then: { delay: "uniform(100ms, 2s)" } }';

/** Five calls of each of some numbers, in an order. */
const asked = ['13912345678', '13800138000', '13972565391', '13111111111'];
const orders = fc.shuffledSubarray(asked.flatMap((each) => times(5, each)), { minLength: 5 * asked.length });

/** Of each number, what came of its calls one after the other. */
async function seriesOf(served: Served, order: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>> {
  await bodiesOf(served.port, order.map(asksOf(served).ssPhone_Status));
  const { exchanges } = await told<{ exchanges: ExchangeReport[] }>(served.port, 'GET', `/journal?limit=${order.length}`);
  const series: Record<string, string[]> = {};
  for (const { row, delay, request } of exchanges.reverse()) (series[/mobile=(.*)/.exec(request.target)?.[1] ?? ''] ??= []).push(`${row} ${delay}`);
  return series;
}

it('does the same to the calls of a number whatever other numbers are asked about in between', async () => {
  const served = await serveRules(unlucky, 'seed: 7');
  const expected = await seriesOf(served, asked.flatMap((each) => times(5, each)));
  expect(new Set(Object.values(expected).map(String)).size).toBe(asked.length);
  await fc.assert(
    fc.asyncProperty(orders, async (order) => {
      await reset(served);
      expect(await seriesOf(served, order)).toEqual(expected);
    }),
    { numRuns: 25 },
  );
});

it('does the same under the same seed at any server, and something else under another', async () => {
  const order = asked.flatMap((each) => times(5, each));
  const series = [];
  for (const seed of ['seed: 7', 'seed: 7', 'seed: 8']) series.push(await seriesOf(await serveRules(unlucky, seed), order));
  expect(series[1]).toEqual(series[0]);
  expect(series[2]).not.toEqual(series[0]);
});

const many = Array.from({ length: 2000 }, (_, index) => `139${String(index * 7919).padStart(8, '0')}`);

it.each([0.03, 0.3, 0.9])('takes about the share of %d of two thousand numbers', async (chance) => {
  const served = await serveRules(`{ id: some, when: { provider: alapi, chance: ${chance} }, then: { status: suspended } }`, 'numbers: { "139*": { status: active } }');
  const [statuses = []] = await batches(served, [many]);
  const taken = statuses.filter((status) => status === 2).length / many.length;
  // Four standard deviations.
  expect(Math.abs(taken - chance)).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / many.length));
});

it('takes about that share of the calls of one number', async () => {
  const served = await serveRules('{ id: some, when: { provider: alapi, chance: 0.3 }, then: { status: suspended } }', 'numbers: { "139*": { status: active } }');
  const statuses = await batches(served, times(400, [number]));
  const taken = statuses.filter(([status]) => status === 2).length / 400;
  expect(Math.abs(taken - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 400));
});

/** How long each of these calls was delayed, in milliseconds. */
async function delaysOf(served: Served, count: number): Promise<number[]> {
  await bodiesOf(served.port, many.slice(0, count).map(asksOf(served).ssPhone_Status));
  const { exchanges } = await told<{ exchanges: ExchangeReport[] }>(served.port, 'GET', `/journal?limit=${count}`);
  return exchanges.map(({ delay }) => delay);
}

const delayed = (delay: string): string => `{ id: slow, when: { provider: qxt }, then: { delay: "${delay}" } }`;

it.each(['uniform(100ms, 2s)', 'lognormal(800ms, 0.4)'])('draws the delays of %s alike under the same seed, and others under another', async (delay) => {
  const delays = [];
  for (const seed of ['seed: 7', 'seed: 7', 'seed: 8']) delays.push(await delaysOf(await serveRules(delayed(delay), seed), 40));
  expect(delays[1]).toEqual(delays[0]);
  expect(delays[2]).not.toEqual(delays[0]);
  expect(new Set(delays[0]).size).toBeGreaterThan(30);
});

it('draws uniform delays evenly between their bounds', async () => {
  const delays = await delaysOf(await serveRules(delayed('uniform(100ms, 2s)')), 200);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(100);
  expect(Math.max(...delays)).toBeLessThanOrEqual(2000);
  // The mean of two hundred, and four of its standard deviations.
  expect(Math.abs(delays.reduce((a, b) => a + b, 0) / 200 - 1050)).toBeLessThan((4 * 1900) / Math.sqrt(12 * 200));
});

it('draws half of the lognormal delays below the median, and their logarithms with the deviation that is stated', async () => {
  const delays = await delaysOf(await serveRules(delayed('lognormal(800ms, 0.4)')), 200);
  const logarithms = delays.map((delay) => Math.log(delay / 800));
  const mean = logarithms.reduce((a, b) => a + b, 0) / 200;
  const deviation = Math.sqrt(logarithms.reduce((a, b) => a + (b - mean) ** 2, 0) / 199);
  expect(Math.abs(mean)).toBeLessThan((4 * 0.4) / Math.sqrt(200));
  expect(Math.abs(deviation - 0.4)).toBeLessThan((4 * 0.4) / Math.sqrt(2 * 199));
});
