import { expect, it } from 'vitest';
import type { ExchangeReport } from '../../src/engine/report.ts';
import { requestsOf, sandbox } from '../support/clients.ts';
import { codesOf, times } from '../support/codes.ts';
import { mint, told } from '../support/control.ts';
import { lastEntry } from '../support/exchange.ts';
import { serve, type Options, type Served } from '../support/serve.ts';

const number = '13912345678';

interface Clock {
  readonly now: string;
  readonly china: string;
}

/** A real time that passes only when the test says so. */
function stopwatch() {
  let now = Date.parse('2026-03-01T12:00:00+08:00');
  return { options: { realTime: { now: () => now } } satisfies Options, wait: (milliseconds: number) => void (now += milliseconds) };
}

const advance = ({ port }: Served, by: string, tenant = 'default'): Promise<Clock> => told(port, 'PATCH', `/tenants/${tenant}/clock`, { advance: by });

const daily = `
people: { li: { name: 李雷, idCard: "11010519491231002X" } }
numbers: { "13*": { owner: li } }
accounts:
  acedata: { token: sandbox-acedata-token, perNumberPerDay: 5 }
  tencent: { secretId: AKIDkonghaoSandbox, secretKey: sandboxSecretKey, perNumberPerDay: 5 }
`;
const limited = [['MobileStatus', '-4'], ['check-3e', '-6']] as const;

it.each(limited)('begins the attempts of %s anew at midnight in China, while the UTC day goes on', async (operation, refused) => {
  const served = await serve(`clock: 2026-01-31T23:59:59+08:00\n${daily}`);
  const asked = times(6, requestsOf(sandbox, served.address)[operation](number));
  expect(await codesOf(served.port, asked)).toEqual([...times(5, '0'), refused]);
  expect(await advance(served, '999ms')).toMatchObject({ now: '2026-01-31T15:59:59.999Z', china: '2026-01-31T23:59:59.999+08:00' });
  expect(await codesOf(served.port, asked)).toEqual(times(6, refused));
  expect(await advance(served, '1ms')).toMatchObject({ now: '2026-01-31T16:00:00.000Z', china: '2026-02-01T00:00:00.000+08:00' });
  expect(await codesOf(served.port, asked)).toEqual([...times(5, '0'), refused]);
});

it.each(limited)('goes on counting the attempts of %s at midnight in UTC', async (operation, refused) => {
  const served = await serve(`clock: 2026-01-31T07:59:59+08:00\n${daily}`);
  const asked = requestsOf(sandbox, served.address)[operation](number);
  expect(await codesOf(served.port, times(5, asked))).toEqual(times(5, '0'));
  expect(await advance(served, '1s')).toMatchObject({ now: '2026-01-31T00:00:00.000Z', china: '2026-01-31T08:00:00.000+08:00' });
  expect(await codesOf(served.port, [asked])).toEqual([refused]);
});

it('begins the day of one tenant anew and not that of the others', async () => {
  const served = await serve(`clock: 2026-01-31T23:59:59+08:00\n${daily}`);
  const { id, credentials } = await mint(served.port);
  const asked = [credentials, sandbox].flatMap((each) => times(5, requestsOf(each, served.address).MobileStatus(number)));
  await codesOf(served.port, asked);
  await advance(served, '1s', id);
  expect(await codesOf(served.port, asked)).toEqual([...times(5, '0'), ...times(5, '-4')]);
});

it('refills no second while the clock stands still, however long that is', async () => {
  const { options, wait } = stopwatch();
  const served = await serve('clock: 2026-01-31T12:00:00+08:00\naccounts: { acedata: { token: sandbox-acedata-token, rate: 2/s } }', options);
  const asked = times(3, requestsOf(sandbox, served.address)['check-1e'](number));
  expect(await codesOf(served.port, asked)).toEqual(['0', '0', 'too_many_requests']);
  wait(3_600_000);
  expect(await codesOf(served.port, asked)).toEqual(times(3, 'too_many_requests'));
  await advance(served, '999ms');
  expect(await codesOf(served.port, asked)).toEqual(times(3, 'too_many_requests'));
  await advance(served, '1ms');
  expect(await codesOf(served.port, asked)).toEqual(['0', '0', 'too_many_requests']);
});

it('lets a day pass at the speed that the scenario states', async () => {
  const { options, wait } = stopwatch();
  const served = await serve(`clock: { at: "2026-01-31T23:59:00+08:00", speed: 60 }\n${daily}`, options);
  const asked = times(6, requestsOf(sandbox, served.address)['check-3e'](number));
  expect(await codesOf(served.port, asked)).toEqual([...times(5, '0'), '-6']);
  wait(999);
  expect(await codesOf(served.port, asked)).toEqual(times(6, '-6'));
  wait(1);
  expect(await told(served.port, 'GET', '/clock')).toMatchObject({ china: '2026-02-01T00:00:00.000+08:00', speed: 60 });
  expect(await codesOf(served.port, asked)).toEqual([...times(5, '0'), '-6']);
});

it("writes into journal and ledger what the tenant's clock says", async () => {
  const served = await serve('clock: 2026-01-31T23:59:59+08:00');
  const asked = [requestsOf(sandbox, served.address).ssPhone_Status(number)];
  await codesOf(served.port, asked);
  await advance(served, '1s');
  await codesOf(served.port, asked);
  const { exchanges } = await told<{ exchanges: ExchangeReport[] }>(served.port, 'GET', '/journal');
  const { lines } = await told<{ lines: { at: string }[] }>(served.port, 'GET', '/ledger');
  const instants = ['2026-01-31T15:59:59.000Z', '2026-01-31T16:00:00.000Z'];
  expect(exchanges.map(({ at }) => at).reverse()).toEqual(instants);
  expect(lines.map(({ at }) => at)).toEqual(instants);
});

const brownout = 'rules: [{ id: brownout, when: { provider: qxt, during: 10s..40s }, then: busy }]';

it('lets a rule hold during its span and not a millisecond before or after', async () => {
  const served = await serve(`clock: 2026-01-31T12:00:00+08:00\n${brownout}`);
  const asked = [requestsOf(sandbox, served.address).ssPhone_Status(number)];
  const heard = [];
  for (const by of ['9999ms', '1ms', '29999ms', '1ms']) {
    await advance(served, by);
    heard.push(...(await codesOf(served.port, asked)));
  }
  expect(heard).toEqual(['0', '-8', '-8', '0']);
});

const restarts: readonly (readonly [string, (served: Served) => Promise<unknown>])[] = [
  ['a reset', ({ port }) => told(port, 'POST', '/reset')],
  ['another scenario', ({ port }) => told(port, 'PUT', '/scenario', { scenario: `konghao: 1\nname: other\n${brownout}` })],
];

it.each(restarts)('counts a span from %s on', async (_what, restart) => {
  const { options, wait } = stopwatch();
  const served = await serve(brownout, options);
  const asked = [requestsOf(sandbox, served.address).ssPhone_Status(number)];
  wait(10_000);
  expect(await codesOf(served.port, asked)).toEqual(['-8']);
  await restart(served);
  expect(await told(served.port, 'GET', '/clock')).toMatchObject({ sinceApplied: 0 });
  wait(9999);
  expect(await codesOf(served.port, asked)).toEqual(['0']);
  wait(1);
  expect(await codesOf(served.port, asked)).toEqual(['-8']);
});

it('takes a clock back to its beginning with a reset, and the span with it', async () => {
  const served = await serve(`clock: 2026-01-31T12:00:00+08:00\n${brownout}`);
  const asked = [requestsOf(sandbox, served.address).ssPhone_Status(number)];
  await advance(served, '10s');
  await told(served.port, 'POST', '/reset');
  expect(await told(served.port, 'GET', '/clock')).toMatchObject({ china: '2026-01-31T12:00:00.000+08:00', sinceApplied: 0 });
  expect(await codesOf(served.port, asked)).toEqual(['0']);
  await advance(served, '10s');
  expect(await codesOf(served.port, asked)).toEqual(['-8']);
});

it("counts a minted tenant's span from its minting on, on its own clock", async () => {
  const { options, wait } = stopwatch();
  const served = await serve(brownout, options);
  wait(20_000);
  const { id, credentials } = await mint(served.port, { clock: '2026-01-31T12:00:00+08:00' });
  const asked = [credentials, sandbox].map((each) => requestsOf(each, served.address).ssPhone_Status(number));
  wait(15_000);
  expect(await codesOf(served.port, asked)).toEqual(['0', '-8']);
  await advance(served, '10s', id);
  wait(5000);
  expect(await codesOf(served.port, asked)).toEqual(['-8', '0']);
});

it('moves the clock on by a delay that is charged to it, and answers at once', async () => {
  const served = await serve('clock: { at: "2026-01-31T23:59:56+08:00", delays: charged }\nrules: [{ id: tail, when: { provider: qxt }, then: { delay: 2s } }]');
  const started = performance.now();
  await codesOf(served.port, times(50, requestsOf(sandbox, served.address).ssPhone_Status(number)));
  // A hundred seconds of delays; the tenth of that is for a machine that has much else to do.
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(await told(served.port, 'GET', '/clock')).toMatchObject({ china: '2026-02-01T00:01:36.000+08:00', delays: 'charged' });
  expect(await lastEntry(served.port)).toMatchObject({ at: '2026-01-31T16:01:34.000Z', delay: 2000 });
});

it('refills a second and begins a day by delays that are charged', async () => {
  const served = await serve(`clock: { at: "2026-01-31T23:59:59+08:00", delays: charged }
accounts: { tencent: { secretId: AKIDkonghaoSandbox, secretKey: sandboxSecretKey, rate: 1/s, perNumberPerDay: 1 } }
rules: [{ id: tail, when: { provider: tencent }, then: { delay: 1s } }]`);
  // In the last second of January, in the first of February, and in the next.
  expect(await codesOf(served.port, times(3, requestsOf(sandbox, served.address).MobileStatus(number)))).toEqual(['0', '0', '-4']);
});

it('waits for a delay where it is slept, and leaves the clock alone', async () => {
  const served = await serve('clock: 2026-01-31T23:59:56+08:00\nrules: [{ id: tail, when: { provider: qxt }, then: { delay: 150ms } }]');
  const started = performance.now();
  await codesOf(served.port, [requestsOf(sandbox, served.address).ssPhone_Status(number)]);
  // A timer counts in whole milliseconds.
  expect(performance.now() - started).toBeGreaterThan(148);
  expect(await told(served.port, 'GET', '/clock')).toMatchObject({ china: '2026-01-31T23:59:56.000+08:00', delays: 'slept' });
});
