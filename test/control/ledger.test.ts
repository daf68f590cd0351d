import { expect, it } from 'vitest';
import { keys } from '../support/ask.ts';
import { clientsOf } from '../support/clients.ts';
import { mint, tell, told } from '../support/control.ts';
import { headerOf } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';

const number = '13912345678';
const text = `clock: 2026-02-01T12:00:00+08:00
accounts: { acedata: { token: ${keys.acedata}, quota: 100 }, alapi: { token: ${keys.alapi} } }
prices: { acedata.check-1e: 0.45, alapi.phonecheck: "0.0300" }
rules: [{ id: lost, when: { number: "138*" }, then: { fault: reset, after: charge } }]
`;

interface Line {
  readonly kind: string;
  readonly endpoint: string;
  readonly units: number;
  readonly exchange: number | null;
}
interface Bill {
  readonly accounts: readonly { readonly provider: string; readonly start: number | null; readonly charged: number; readonly topUps: number; readonly corrections: number; readonly balance: number | null }[];
  readonly lines: readonly Line[];
  readonly total: unknown;
}
const bill = (port: number, tenant = ''): Promise<Bill> => told<Bill>(port, 'GET', `${tenant}/ledger`);

/** A line of CSV (RFC 4180), its quotes taken off. */
const cells = (line: string): readonly string[] => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');

it('names the exchange of each charge, its price, its number masked and whether the client got the answer', async () => {
  const { port } = await serve(text);
  const ask = clientsOf(port);
  await ask['check-1e'](number);
  await ask.balance();
  await ask.phonecheck('13712345678,13612345678');
  await expect(ask['check-1e']('13812345678')).rejects.toThrow();
  const { lines, total } = await bill(port);
  const common = { kind: 'charge', at: '2026-02-01T04:00:00.000Z', why: '' };
  expect(lines).toMatchObject([
    { ...common, line: 1, endpoint: 'acedata.check-1e', row: '0', number: '139****5678', numbers: 1, units: 1, amount: '0.4500', balance: 99, exchange: 1, delivered: 'sent' },
    { ...common, line: 2, endpoint: 'alapi.phonecheck', row: '200', number: '137****5678', numbers: 2, units: 2, amount: '0.0600', balance: null, exchange: 3, delivered: 'sent' },
    { ...common, line: 3, endpoint: 'acedata.check-1e', row: '0', number: '138****5678', numbers: 1, units: 1, amount: '0.4500', balance: 98, exchange: 4, delivered: 'connection-reset' },
  ]);
  expect(total).toEqual({ charges: 3, charged: 4, amount: '0.9600' });
});

it('adds up: start, top-ups and corrections less what is charged are the balance', async () => {
  const { port } = await serve(text);
  await clientsOf(port)['check-1e'](number);
  await told(port, 'PATCH', '/accounts/acedata', { topUp: 10, why: 'more' });
  await told(port, 'PATCH', '/accounts/acedata', { correction: -3 });
  const { accounts } = await bill(port);
  expect(accounts[0]).toMatchObject({ provider: 'acedata', start: 100, charged: 1, topUps: 10, corrections: -3, balance: 106 });
  for (const { start, charged, topUps, corrections, balance } of accounts) if (start !== null) expect(start + topUps + corrections - charged).toBe(balance);
});

it('is a table as CSV, with the same lines', async () => {
  const { port } = await serve(text);
  const ask = clientsOf(port);
  await ask['check-1e'](number);
  await ask.phonecheck(number);
  await told(port, 'PATCH', '/accounts/acedata', { topUp: 10, why: 'for "February", and\n=1+1' });
  const answer = await tell(port, 'GET', '/ledger?format=csv');
  expect([answer.status, headerOf(answer, 'content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  const [head = '', ...rows] = answer.body.split('\r\n');
  expect(rows.pop()).toBe('');
  const columns = head.split(',');
  const table = rows.map((row) => Object.fromEntries(cells(row).map((cell, at) => [columns[at] ?? '', cell])));
  const { lines } = await bill(port);
  expect(table.map(({ line, kind, endpoint, units, exchange }) => ({ line, kind, endpoint, units, exchange }))).toEqual(
    lines.map(({ kind, endpoint, units, exchange }, at) => ({ line: `${at + 1}`, kind, endpoint, units: `${units}`, exchange: exchange === null ? '' : `${exchange}` })),
  );
  expect(table.at(-1)?.['why']).toBe('for "February", and\\u{a}=1+1');
});

it('shows no number, no credential and no secret', async () => {
  const { port } = await serve(text);
  const ask = clientsOf(port);
  await ask['check-3e'](number);
  await ask.MobileStatus(number);
  await ask.ssPhone_Status(number);
  await told(port, 'PATCH', '/accounts/qxt', { topUp: 1, why: `for ${number} of 11010519491231002X` });
  for (const path of ['/ledger', '/ledger?format=csv', '/ledger?format=xml']) {
    const { body } = await tell(port, 'GET', path);
    for (const secret of [number, '11010519491231002X', keys.acedata, keys.secretId, keys.secretKey, keys.apikey]) expect(body).not.toContain(secret);
  }
});

it('is the bill of its tenant alone, and begins anew with a reset', async () => {
  const { port } = await serve(text);
  const { id, credentials } = await mint(port);
  await clientsOf(port, credentials).phonecheck(number);
  expect((await bill(port)).lines).toEqual([]);
  expect((await bill(port, `/tenants/${id}`)).lines).toMatchObject([{ line: 1, exchange: 1 }]);
  await told(port, 'POST', `/tenants/${id}/reset`);
  expect((await bill(port, `/tenants/${id}`)).lines).toEqual([]);
});
