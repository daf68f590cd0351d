import { expect, it } from 'vitest';
import { billOf } from '../faults/look-inside.ts';
import { keys } from '../support/ask.ts';
import { requestsOf, sandbox } from '../support/clients.ts';
import { problemIn, tell, told } from '../support/control.ts';
import { exchange } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';

const scenario = `
clock: 2026-01-31T12:00:00+08:00
accounts:
  acedata: [{ token: ${keys.acedata}, quota: 1 }, { token: endless-token }]
  qxt: { apikey: ${keys.apikey}, billing: prepaid, balance: 1 }
prices: { qxt.ssPhone_Status: 0.05 }
`;

it('enters top-ups and corrections between the charges, with what was given as their reason', async () => {
  const { port, address } = await serve(scenario);
  const { ssPhone_Status: query, balance } = requestsOf(sandbox, address);
  const code = async (): Promise<unknown> => (JSON.parse((await exchange(port, query('13800138000'))).body) as { code: unknown }).code;
  expect([await code(), await code()]).toEqual([0, -5]);
  await told(port, 'PATCH', '/accounts/qxt', { topUp: 3, why: 'paid on 31 January' });
  expect(await code()).toBe(0);
  await told(port, 'PATCH', '/accounts/qxt', { correction: -2, why: 'paid twice, says 13912345678' });
  expect([await code(), JSON.parse((await exchange(port, balance())).body)]).toEqual([-5, { code: 0, reason: 'Succ', result: { feeType: '预付费', balance: '0' } }]);

  const { lines, accounts, total } = await billOf(port);
  const at = '2026-01-31T04:00:00.000Z';
  expect(lines).toMatchObject([
    { line: 1, at, kind: 'charge', units: 1, amount: '0.0500', balance: 0, exchange: 1, why: '' },
    { line: 2, at, kind: 'top-up', units: 3, amount: '0.0000', balance: 3, exchange: null, endpoint: '', why: 'paid on 31 January' },
    { line: 3, at, kind: 'charge', units: 1, amount: '0.0500', balance: 2, exchange: 3, why: '' },
    { line: 4, at, kind: 'correction', units: -2, amount: '0.0000', balance: 0, exchange: null, endpoint: '', why: 'paid twice, says 139****5678' },
  ]);
  expect(accounts.at(-1)).toMatchObject({ provider: 'qxt', start: 1, topUps: 3, corrections: -2, charged: 2, balance: 0, amount: '0.1000' });
  expect(total).toEqual({ charges: 2, charged: 2, amount: '0.1000' });
});

it('enters a correction where a balance is set', async () => {
  const { port, address } = await serve(scenario);
  await exchange(port, requestsOf(sandbox, address)['check-1e']('13800138000'));
  await told(port, 'PATCH', '/accounts/acedata', { set: { quota: 40 } });
  const { lines, accounts } = await billOf(port);
  expect(lines.at(-1)).toMatchObject({ kind: 'correction', units: 40, balance: 40 });
  expect(accounts[0]).toMatchObject({ start: 1, charged: 1, corrections: 40, balance: 40 });
});

it('puts nothing into an account that is not counted, and one account is not another', async () => {
  const { port } = await serve(scenario);
  problemIn(await tell(port, 'PATCH', '/accounts/acedata', { credential: 'endless-token', topUp: 5 }), 409, 'not-counted');
  await told(port, 'PATCH', '/accounts/acedata', { topUp: 5 });
  const { lines, accounts } = await billOf(port);
  expect(lines.map(({ account, units }) => [account, units])).toEqual([[1, 5]]);
  expect(accounts.map(({ start, balance }) => [start, balance])).toEqual([[1, 6], [null, null], [null, null], [100_000, 100_000], [1, 1]]);
});

it('begins anew with a reset', async () => {
  const { port, address } = await serve(scenario);
  await exchange(port, requestsOf(sandbox, address)['check-1e']('13800138000'));
  await told(port, 'PATCH', '/accounts/acedata', { topUp: 5 });
  await told(port, 'POST', '/reset');
  const { lines, accounts, total } = await billOf(port);
  expect([lines, total.charges, accounts[0]?.balance]).toEqual([[], 0, 1]);
});
