import { expect, it } from 'vitest';
import { dial, handled } from '../faults/dial.ts';
import { billOf } from '../faults/look-inside.ts';
import { keys } from '../support/ask.ts';
import { requestsOf, sandbox } from '../support/clients.ts';
import { told } from '../support/control.ts';
import { exchange, headerOf } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';
import { recordsOf } from './csv.ts';

/** The records of the bill, each by its columns. */
async function rowsOf(port: number): Promise<readonly Readonly<Record<string, string>>[]> {
  const [head = [], ...rows] = recordsOf((await exchange(port, { method: 'GET', target: '/_sim/ledger?format=csv' })).body);
  return rows.map((row) => {
    expect(row).toHaveLength(head.length);
    return Object.fromEntries(head.map((column, index) => [column, row[index] ?? '']));
  });
}

it('bills in a table what the JSON says', async () => {
  const { port, address } = await serve(`
clock: 2026-01-31T12:00:00+08:00
accounts: { qxt: { apikey: ${keys.apikey}, billing: postpaid, balance: -2047 } }
prices: { qxt.ssPhone_Status: 0.05 }
rules: [{ id: lost, when: { number: "13912345678" }, then: { fault: timeout } }]
`);
  const requests = requestsOf(sandbox, address);
  await exchange(port, requests.ssPhone_Status('13800138000'));
  await told(port, 'PATCH', '/accounts/qxt', { topUp: 2047, why: 'January, "paid"' });
  const client = dial(port, requests.ssPhone_Status('13912345678'));
  await handled(port, 1);
  await client.leave();

  const { headers } = await exchange(port, { method: 'GET', target: '/_sim/ledger?format=csv' });
  expect(headerOf({ status: 200, headers, body: '' }, 'content-type')).toBe('text/csv; charset=utf-8');
  const whose = { at: '2026-01-31T04:00:00.000Z', account: '4', provider: 'qxt', credential: '7c11… (32 characters)', currency: 'CNY', id: '' };
  const call = { ...whose, kind: 'charge', endpoint: 'qxt.ssPhone_Status', row: '0', numbers: '1', units: '1', amount: '0.0500', why: '' };
  expect(await rowsOf(port)).toEqual([
    { ...call, line: '1', number: '138****8000', balance: '-2048', exchange: '1', delivered: 'sent' },
    { ...whose, line: '2', kind: 'top-up', endpoint: '', row: '', number: '', numbers: '0', units: '2047', amount: '0.0000', balance: '-1', exchange: '', delivered: '', why: 'January, "paid"' },
    { ...call, line: '3', number: '139****5678', balance: '-2', exchange: '2', delivered: 'timeout' },
  ]);
});

it.each(['=HYPERLINK("http://a","b")', '+1', '-1', '@SUM(A1)', '\t=1', '\r\n=1', '＝1', 'a,"b"\r\nc', '"', ',', ' ', "'"])('keeps a reason such as %j in its cell, and out of formulas', async (why) => {
  const { port } = await serve();
  await told(port, 'PATCH', '/accounts/qxt', { topUp: 1, why });
  const [row] = await rowsOf(port);
  const [line] = (await billOf(port)).lines;
  expect(row?.['why']?.replace(/^'(?=[=+\-@＝])/, '')).toBe(line?.why);
  expect(row?.['why']).not.toMatch(/^[=+\-@＝＋－＠\t\r]/);
});
