import { expect, it } from 'vitest';
import { clientsOf } from '../support/clients.ts';
import { mint, problemIn, tell, told } from '../support/control.ts';
import { serve, type Served } from '../support/serve.ts';
import { codeIn } from '../support/shapes.ts';

const begin = Date.parse('2026-01-01T00:00:00.000Z');

/** A server whose real time passes only when the test says so. */
async function timed(text = ''): Promise<Served & { pass(milliseconds: number): void }> {
  let now = begin;
  const served = await serve(text, { realTime: { now: () => now } });
  return Object.assign(served, { pass: (milliseconds: number) => void (now += milliseconds) });
}

interface Clock {
  readonly now: string;
  readonly china: string;
  readonly speed: number;
  readonly sinceApplied: number;
}
const clockOf = (port: number): Promise<Clock> => told<Clock>(port, 'GET', '/clock');
const move = (port: number, body: unknown): Promise<Clock> => told<Clock>(port, 'PATCH', '/clock', body);
const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

it('follows real time until it is told otherwise', async () => {
  const { port, pass } = await timed();
  expect(await clockOf(port)).toEqual({ now: iso(begin), china: '2026-01-01T08:00:00.000+08:00', speed: 1, sinceApplied: 0, delays: 'slept', signatures: 'real' });
  pass(90_000);
  expect(await clockOf(port)).toMatchObject({ now: iso(begin + 90_000), sinceApplied: 90_000 });
});

it('stands still where it is when it is frozen', async () => {
  const { port, pass } = await timed();
  pass(5);
  expect(await move(port, { freeze: true })).toMatchObject({ now: iso(begin + 5), speed: 0 });
  pass(60_000);
  expect(await clockOf(port)).toMatchObject({ now: iso(begin + 5), sinceApplied: 5 });
});

it('stands still at an instant', async () => {
  const { port, pass } = await timed();
  expect(await move(port, { freeze: true, at: '2026-01-31T23:59:50+08:00' })).toMatchObject({ now: '2026-01-31T15:59:50.000Z', china: '2026-01-31T23:59:50.000+08:00', speed: 0 });
  pass(60_000);
  expect(await clockOf(port)).toMatchObject({ now: '2026-01-31T15:59:50.000Z' });
});

it('goes on from an instant at its speed', async () => {
  const { port, pass } = await timed();
  await move(port, { at: '2030-01-01' });
  pass(1_000);
  expect(await clockOf(port)).toMatchObject({ china: '2030-01-01T00:00:01.000+08:00', speed: 1 });
});

it.each([
  ['250ms', 250],
  ['1.5s', 1_500],
  ['90s', 90_000],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['1d', 86_400_000],
  ['0s', 0],
])('advances by %s, frozen or not', async (advance, milliseconds) => {
  const { port, pass } = await timed();
  expect(await move(port, { advance })).toMatchObject({ now: iso(begin + milliseconds), speed: 1, sinceApplied: milliseconds });
  pass(10);
  expect(await clockOf(port)).toMatchObject({ now: iso(begin + milliseconds + 10) });
  await move(port, { freeze: true });
  expect(await move(port, { advance })).toMatchObject({ now: iso(begin + 2 * milliseconds + 10), speed: 0 });
});

it('runs at a speed, from where it is or from an instant', async () => {
  const { port, pass } = await timed();
  expect(await move(port, { speed: 60 })).toMatchObject({ now: iso(begin), speed: 60 });
  pass(1_000);
  expect(await clockOf(port)).toMatchObject({ now: iso(begin + 60_000) });
  await move(port, { speed: 0.5, at: '2026-06-01T00:00:00Z' });
  pass(1_000);
  expect(await clockOf(port)).toMatchObject({ now: '2026-06-01T00:00:00.500Z', speed: 0.5 });
});

it('runs at a speed from an advance, and can be frozen by one', async () => {
  const { port, pass } = await timed();
  await move(port, { speed: 2, advance: '10s' });
  pass(1_000);
  expect(await move(port, { freeze: true, advance: '1m' })).toMatchObject({ now: iso(begin + 72_000), speed: 0 });
});

it('follows real time again', async () => {
  const { port, pass } = await timed('clock: { at: 2020-01-01, speed: 10 }');
  await move(port, { freeze: true });
  pass(7);
  expect(await move(port, { follow: true })).toMatchObject({ now: iso(begin + 7), speed: 1 });
  pass(7);
  expect(await clockOf(port)).toMatchObject({ now: iso(begin + 14) });
});

it('is as the scenario has it after a reset', async () => {
  const { port } = await timed('clock: 2026-02-01T12:00:00+08:00');
  const before = await clockOf(port);
  await move(port, { speed: 3, at: '2027-01-01' });
  await told(port, 'POST', '/reset');
  expect(await clockOf(port)).toEqual(before);
});

it('is another for each tenant', async () => {
  const { port } = await timed('clock: 2026-02-01T12:00:00+08:00');
  const { id } = await mint(port);
  const before = await clockOf(port);
  expect(await told(port, 'PATCH', `/tenants/${id}/clock`, { advance: '1d' })).toMatchObject({ china: '2026-02-02T12:00:00.000+08:00' });
  expect(await clockOf(port)).toEqual(before);
});

it('refills a limit that a frozen clock kept, and begins days at midnight in China', async () => {
  const { port } = await timed(`clock: 2026-01-31T23:59:58+08:00\naccounts: { alapi: { token: sandbox-alapi-token, rate: 1/s }, acedata: { token: sandbox-acedata-token, perNumberPerDay: 1 } }\npeople: { li: { name: 李雷, idCard: "11010519491231002X" } }\nnumbers: { "13912345678": { owner: li } }`);
  const ask = clientsOf(port);
  const rate = async (): Promise<string> => codeIn('alapi', await ask.phonecheck('13912345678'));
  const daily = async (): Promise<string> => codeIn('acedata', await ask['check-3e']('13912345678'));
  expect([await rate(), await rate(), await daily(), await daily()]).toEqual(['200', '429', '0', '-6']);
  await move(port, { advance: '1s' });
  expect([await rate(), await rate(), await daily()]).toEqual(['200', '429', '-6']);
  // Midnight in China, while the day in UTC does not change.
  await move(port, { advance: '1s' });
  expect([await rate(), await daily(), await daily()]).toEqual(['200', '0', '-6']);
});

it('moves the time from which during counts', async () => {
  const { port } = await timed('clock: 2026-02-01T12:00:00+08:00\nrules: [{ id: brownout, when: { provider: qxt, during: 10s..40s }, then: { code: { qxt.ssPhone_Status: "-8" } } }]');
  const said = async (): Promise<string> => codeIn('qxt', await clientsOf(port).ssPhone_Status('13912345678'));
  const seen = [await said()];
  for (const advance of ['9.999s', '1ms', '29.999s', '1ms']) {
    await move(port, { advance });
    seen.push(await said());
  }
  expect(seen).toEqual(['0', '0', '-8', '-8', '0']);
});

it.each([
  ['nothing', {}, 'body:1:1: the body is empty. Send freeze, at, advance, follow or speed.'],
  ['no JSON', '{', 'The body is not JSON. Send one JSON object.'],
  ['no object', 'null', 'The body is JSON, but no object. Send one JSON object.'],
  ['an empty body', '', 'The body is empty. Send one JSON object.'],
  ['a key that there is none of', { advnce: '1s' }, 'body:1:2: "advnce" is not known here; did you mean "advance"?'],
  ['a freeze that is none', { freeze: false }, 'body:1:11: freeze is the boolean false. It has to be true.'],
  ['a follow in words', { follow: 'yes' }, 'body:1:11: follow is the text "yes". It has to be true.'],
  ['a time without a unit', { advance: '10' }, 'body:1:12: advance has to be a time, such as "90s" or "1d".'],
  ['a time back', { advance: '-1s' }, 'body:1:12: advance has to be a time, such as "90s" or "1d".'],
  ['a number of seconds', { advance: 10 }, 'body:1:12: advance is text, and 10 without quotes is none; quote it: "10".'],
  ['an instant without a zone', { at: '2026-01-01T00:00:00' }, 'body:1:7: at has to be a date, such as "2026-02-01" or "2026-02-01T12:00:00+08:00".'],
  ['a day that does not exist', { at: '2026-02-30' }, 'body:1:7: at has to be a date, such as "2026-02-01" or "2026-02-01T12:00:00+08:00".'],
  ['a speed below 0', { speed: -1 }, 'body:1:10: speed is too small; 0 is the least.'],
  ['a speed beyond a day in a second', { speed: 86_401 }, 'body:1:10: speed is too large; 86400 is the most.'],
  ['freeze with follow', { freeze: true, follow: true }, 'body:1:1: the body has more than one of freeze, follow and speed, which exclude each other. Send one of them.'],
  ['freeze with a speed', { freeze: true, speed: 2 }, 'body:1:1: the body has more than one of freeze, follow and speed, which exclude each other. Send one of them.'],
  ['follow with an instant', { follow: true, at: '2026-01-01' }, 'body:1:1: the body has follow beside at or advance, and follow goes alone. Send one of them.'],
  ['an instant with an advance', { at: '2026-01-01', advance: '1s' }, 'body:1:1: the body has both at and advance, which exclude each other. Send one of them.'],
  ['two mistakes', { advance: '1', speed: -1 }, 'body:1:12: advance has to be a time, such as "90s" or "1d".\nbody:1:24: speed is too small; 0 is the least.'],
])('does not move for %s, and says what is wrong and what to do', async (_what, body, sentences) => {
  const { port } = await timed('clock: 2026-02-01T12:00:00+08:00');
  const before = await clockOf(port);
  expect(problemIn(await tell(port, 'PATCH', '/clock', body), 422, 'invalid-body')).toBe(sentences);
  expect(await clockOf(port)).toEqual(before);
});

it('finds the place in a body that is written over several lines, tabs included', async () => {
  const { port } = await timed();
  expect(problemIn(await tell(port, 'PATCH', '/clock', '{\n\t"freeze": true,\n\t"speed": "fast"\n}'), 422, 'invalid-body')).toBe('body:3:11: speed is the text "fast". Write a number.');
});

it('does not go where no instant can be written any more', async () => {
  const { port } = await timed('clock: 9999-01-01T00:00:00Z');
  const before = await clockOf(port);
  expect(problemIn(await tell(port, 'PATCH', '/clock', { advance: '999999d' }), 422, 'invalid-body')).toMatch(/^advance leads beyond the year 9999/);
  expect(await clockOf(port)).toEqual(before);
});

it('signs by real time, whatever the clock says', async () => {
  const { port } = await serve();
  await move(port, { freeze: true, at: '2020-01-01' });
  expect(codeIn('tencent', await clientsOf(port).MobileStatus('13912345678'))).toBe('0');
});
