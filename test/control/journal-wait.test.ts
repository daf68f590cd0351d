import { request } from 'node:http';
import { afterEach, expect, it, vi } from 'vitest';
import type { ExchangeReport } from '../../src/engine/report.ts';
import { clientsOf } from '../support/clients.ts';
import { mint, told } from '../support/control.ts';
import { exchange } from '../support/exchange.ts';
import { serve, type Served } from '../support/serve.ts';

const number = '13912345678';

afterEach(() => void vi.restoreAllMocks());

interface Waited {
  readonly met: boolean;
  /** The place of the newest exchange, to be waited behind next. */
  readonly next: number;
  readonly exchanges: readonly ExchangeReport[];
}

const wait = (port: number, query = '', tenant = ''): Promise<Waited> => told<Waited>(port, 'GET', `${tenant}/journal/wait?${query}`);
const ids = ({ exchanges }: Waited): readonly number[] => exchanges.map(({ id }) => id);

/** How many listen to the default tenant's journal, and what is waited for. */
function listeners({ simulator }: Served): { readonly count: () => number; next(): Promise<void> } {
  const { journal } = simulator.defaultTenant;
  const listen = journal.listen.bind(journal);
  let count = 0;
  let heard: (() => void) | undefined;
  vi.spyOn(journal, 'listen').mockImplementation((listener) => {
    const stop = listen(listener);
    let listening = true;
    count += 1;
    heard?.();
    return () => {
      if (listening) count -= 1;
      listening = false;
      stop();
    };
  });
  return { count: () => count, next: () => new Promise((resolve) => (heard = resolve)) };
}

it('answers at once where enough is there already', async () => {
  const { port } = await serve('');
  const ask = clientsOf(port);
  await ask.balance();
  await ask.ssPhone_Status(number);
  expect(await wait(port, 'timeout=60000')).toMatchObject({ met: true, next: 2, exchanges: [{ id: 2, endpoint: 'qxt.ssPhone_Status' }] });
  expect(ids(await wait(port, 'count=2&timeout=60000'))).toEqual([1, 2]);
});

it('answers when it comes, and not before', async () => {
  const served = await serve('');
  const { next, count } = listeners(served);
  const listening = next();
  const waited = wait(served.port, 'timeout=60000');
  await listening;
  expect(count()).toBe(1);
  await clientsOf(served.port).balance();
  expect(await waited).toMatchObject({ met: true, next: 1, exchanges: [{ id: 1, endpoint: 'qxt.balance' }] });
  expect(count()).toBe(0);
});

it('waits for as many as it is told, and gives the oldest first', async () => {
  const served = await serve('');
  const listening = listeners(served).next();
  const waited = wait(served.port, 'count=3&timeout=60000');
  await listening;
  const ask = clientsOf(served.port);
  for (let call = 0; call < 3; call += 1) await ask.balance();
  expect(await waited).toMatchObject({ met: true, next: 3 });
  expect(ids(await waited)).toEqual([1, 2, 3]);
});

it('waits behind a place, so that nothing is missed and nothing told twice', async () => {
  const { port } = await serve('');
  const ask = clientsOf(port);
  const asking = (async () => {
    for (let call = 0; call < 40; call += 1) await (call % 2 === 0 ? ask.balance() : ask.ssPhone_Status(number));
  })();
  const seen: number[] = [];
  for (let next = 0; seen.length < 20; ) {
    const waited = await wait(port, `after=${next}&endpoint=qxt.ssPhone_Status&timeout=60000`);
    seen.push(...ids(waited));
    next = waited.next;
  }
  await asking;
  expect(seen).toEqual(Array.from({ length: 20 }, (_, at) => 2 * at + 2));
});

it('tells no more than two hundred at a time, and goes on from the last of them', async () => {
  const { port } = await serve('');
  const ask = clientsOf(port);
  for (let call = 0; call < 201; call += 1) await ask.balance();
  const first = await wait(port, 'after=0&timeout=60000');
  expect([ids(first).length, first.next]).toEqual([200, 200]);
  expect(ids(await wait(port, `after=${first.next}&timeout=60000`))).toEqual([201]);
});

it('waits behind a place that is still to come', async () => {
  const served = await serve('');
  const listening = listeners(served).next();
  const waited = wait(served.port, 'after=2&timeout=60000');
  await listening;
  const ask = clientsOf(served.port);
  for (let call = 0; call < 3; call += 1) await ask.balance();
  expect(ids(await waited)).toEqual([3]);
});

it.each([
  ['endpoint=qxt.ssPhone_Status', 2],
  ['provider=alapi', 3],
  [`number=${number}`, 2],
  ['row=-4', 4],
  [`number=13800138000&provider=qxt&row=-4`, 4],
  ['after=2&provider=qxt', 4],
  ['from=2026-01-01T00:00:00Z&provider=alapi', 3],
])('waits for what fits %s alone', async (query, expected) => {
  const served = await serve('rules: [{ id: none, when: { number: "13800138000", provider: qxt }, then: no-record }]');
  const { next, count } = listeners(served);
  const listening = next();
  const waited = wait(served.port, `${query}&timeout=60000`);
  await listening;
  const ask = clientsOf(served.port);
  for (const call of [() => ask.balance(), () => ask.ssPhone_Status(number), () => ask.phonecheck('13712345678'), () => ask.ssPhone_Status('13800138000')]) await call();
  expect([ids(await waited), count()]).toEqual([[expected], 0]);
});

it('says what there is when its time is over', async () => {
  const served = await serve('');
  await clientsOf(served.port).balance();
  const { count } = listeners(served);
  expect(await wait(served.port, 'count=2&timeout=1')).toMatchObject({ met: false, next: 1, exchanges: [{ id: 1 }] });
  expect(await wait(served.port, 'after=1&timeout=0')).toEqual({ met: false, next: 1, exchanges: [] });
  expect(count()).toBe(0);
});

it('waits longer than a client may be silent', async () => {
  const { port } = await serve('', { patience: { headers: 50, request: 50, check: 10 } });
  expect(await wait(port, 'timeout=300')).toEqual({ met: false, next: 0, exchanges: [] });
});

it('listens no more and has no timer left when its client leaves', async () => {
  const served = await serve('');
  const { next, count } = listeners(served);
  const timeouts = vi.spyOn(globalThis, 'setTimeout');
  const cleared = vi.spyOn(globalThis, 'clearTimeout');
  const listening = next();
  const client = request({ host: '127.0.0.1', port: served.port, path: '/_sim/journal/wait?timeout=54321', agent: false });
  client.on('error', () => {});
  client.end();
  await listening;
  const timer = timeouts.mock.results[timeouts.mock.calls.findIndex(([, milliseconds]) => milliseconds === 54_321)]?.value as NodeJS.Timeout;
  expect([count(), timer.hasRef()]).toEqual([1, false]);
  client.destroy();
  await vi.waitUntil(() => count() === 0, { timeout: 10_000, interval: 5 });
  expect(cleared.mock.calls.some(([each]) => each === timer)).toBe(true);
  expect((await clientsOf(served.port).balance()).status).toBe(200);
});

it('clears its timer when it is answered', async () => {
  const served = await serve('');
  const timeouts = vi.spyOn(globalThis, 'setTimeout');
  const cleared = vi.spyOn(globalThis, 'clearTimeout');
  const listening = listeners(served).next();
  const waited = wait(served.port, 'timeout=54322');
  await listening;
  await clientsOf(served.port).balance();
  expect(await waited).toMatchObject({ met: true });
  const timer: unknown = timeouts.mock.results[timeouts.mock.calls.findIndex(([, milliseconds]) => milliseconds === 54_322)]?.value;
  expect(cleared.mock.calls.some(([each]) => each === timer)).toBe(true);
});

it('tells many who wait at once', async () => {
  const served = await serve('');
  const { count } = listeners(served);
  const waiting = Array.from({ length: 30 }, (_, at) => wait(served.port, `count=${(at % 3) + 1}&timeout=60000`));
  await vi.waitUntil(() => count() === 30, { timeout: 10_000, interval: 5 });
  const ask = clientsOf(served.port);
  for (let call = 0; call < 3; call += 1) await ask.balance();
  const told = await Promise.all(waiting);
  expect([told.every(({ met }) => met), count()]).toEqual([true, 0]);
});

it('hears its own tenant and no other', async () => {
  const { port } = await serve('');
  const [one, other] = [await mint(port), await mint(port)];
  await clientsOf(port, other.credentials).balance();
  await clientsOf(port).balance();
  expect(await wait(port, 'timeout=1', `/tenants/${one.id}`)).toEqual({ met: false, next: 0, exchanges: [] });
  expect(await wait(port, 'timeout=60000', `/tenants/${other.id}`)).toMatchObject({ met: true, exchanges: [{ tenant: other.id }] });
});

it.each([
  ['count=0', [3]],
  ['count=-1', [3]],
  ['count=99999999999999999999', [3]],
  ['after=-1', [1, 2, 3]],
  ['after=x&count=2', [1, 2, 3]],
  ['count=1&count=2', [2, 3]],
])('takes %s for what is nearest to it', async (query, expected) => {
  const { port } = await serve('');
  const ask = clientsOf(port);
  for (let call = 0; call < 3; call += 1) await ask.balance();
  expect(ids(await wait(port, `${query}&timeout=1`))).toEqual(expected);
});

it('goes on waiting when the journal is cleared meanwhile', async () => {
  const served = await serve('');
  await clientsOf(served.port).balance();
  const listening = listeners(served).next();
  const waited = wait(served.port, 'count=2&timeout=60000');
  await listening;
  await told(served.port, 'DELETE', '/journal');
  const ask = clientsOf(served.port);
  await ask.balance();
  await ask.balance();
  expect(ids(await waited)).toEqual([2, 3]);
});

it('answers HEAD without a body, and keeps providers answering while it waits', async () => {
  const served = await serve('');
  const listening = listeners(served).next();
  const waited = exchange(served.port, { method: 'HEAD', target: '/_sim/journal/wait?timeout=60000' });
  await listening;
  expect((await clientsOf(served.port).balance()).status).toBe(200);
  expect(await waited).toMatchObject({ status: 200, body: '' });
});
