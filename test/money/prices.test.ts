import { expect, it } from 'vitest';
import { billOf } from '../faults/look-inside.ts';
import { unlimited } from '../support/ask.ts';
import { requestsOf, sandbox } from '../support/clients.ts';
import { exchange } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';

const batchOf = (count: number): string => Array.from({ length: count }, (_, index) => String(13_800_138_000 + index)).join(',');

/** Products of which a computer that reckons in binary fractions gets most wrong: 3 * 0.1 is 0.30000000000000004 to it, 1.005 * 100 is 100.49999999999999. */
it.each([
  ['0.1', 3, '0.3000'],
  ['0.0003', 7, '0.0021'],
  ['1.005', 100, '100.5000'],
  ['0.07', 100, '7.0000'],
  ['1.1', 2000, '2200.0000'],
  ['"0.4500"', 1, '0.4500'],
  ['12', 2, '24.0000'],
  ['0', 5, '0.0000'],
  ['999999', 2000, '1999998000.0000'],
  ['"999999.9999"', 2000, '1999999999.8000'],
])('charges %s yuan for each of %d numbers: %s', async (price, count, amount) => {
  const { port, address } = await serve(`${unlimited}numbers: { "138*": { status: active } }\nprices: { alapi.phonecheck: ${price} }\n`);
  await exchange(port, requestsOf(sandbox, address).phonecheck(batchOf(count)));
  const { lines, total } = await billOf(port);
  expect(lines.map((line) => [line.units, line.amount])).toEqual([[count, amount]]);
  expect(total).toEqual({ charges: 1, charged: count, amount });
});

it('adds up amounts that have no end in binary', async () => {
  const { port, address } = await serve(`${unlimited}prices: { acedata.check-1e: 0.1, acedata.check-3e: 0.2, tencent.MobileStatus: 0.7, qxt.ssPhone_Status: 0.0001 }\n`);
  const requests = requestsOf(sandbox, address);
  for (let i = 0; i < 10; i += 1) for (const request of [requests['check-1e'], requests['check-3e'], requests.MobileStatus, requests.ssPhone_Status]) await exchange(port, request('13800138000'));
  const { accounts, total } = await billOf(port);
  expect(accounts.map(({ provider, amount }) => [provider, amount])).toEqual([['acedata', '3.0000'], ['tencent', '7.0000'], ['alapi', '0.0000'], ['qxt', '0.0010']]);
  expect(accounts[0]?.endpoints.map(({ endpoint, amount }) => [endpoint, amount])).toEqual([['acedata.check-1e', '1.0000'], ['acedata.check-3e', '2.0000']]);
  expect(total).toEqual({ charges: 40, charged: 40, amount: '10.0010' });
});

it('counts what has no price, and charges no yuan for it', async () => {
  const { port, address } = await serve(unlimited);
  await exchange(port, requestsOf(sandbox, address).phonecheck(batchOf(3)));
  expect((await billOf(port)).total).toEqual({ charges: 1, charged: 3, amount: '0.0000' });
});
