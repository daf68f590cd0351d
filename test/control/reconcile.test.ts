import { expect, it } from 'vitest';
import type { Reconciliation } from '../../src/engine/reconcile.ts';
import { keys } from '../support/ask.ts';
import { clientsOf } from '../support/clients.ts';
import { mint, problemIn, tell, told } from '../support/control.ts';
import { serve } from '../support/serve.ts';

const number = '13912345678';
const text = `clock: 2026-02-01T12:00:00+08:00
accounts: { acedata: { token: ${keys.acedata} }, tencent: { secretId: ${keys.secretId}, secretKey: ${keys.secretKey} } }
prices: { tencent.MobileStatus: 0.6 }
rules: [{ id: lost, when: { endpoint: acedata.check-1e }, then: [{ fault: reset, after: charge }, ok] }]
`;

const reconcile = (port: number, records: unknown, tenant = ''): Promise<Reconciliation> => told<Reconciliation>(port, 'POST', `${tenant}/ledger/reconcile`, { records });

const requestIdOf = ({ body }: { readonly body: string }): string => (JSON.parse(body) as { Response: { RequestId: string } }).Response.RequestId;

it('balances records that are all there and all right', async () => {
  const { port } = await serve(text);
  const ask = clientsOf(port);
  const id = requestIdOf(await ask.MobileStatus(number));
  await ask.ssPhone_Status(number);
  expect(await reconcile(port, [{ id, units: 1, amount: '0.6000' }, { endpoint: 'qxt.ssPhone_Status', number }])).toEqual({ matched: 2, missing: [], unknown: [], duplicate: [], mismatched: [], repeated: [], forward: 0, balanced: true });
});

it('finds what is missing, what is no charge, what is there twice and what is wrong', async () => {
  const { port } = await serve(text);
  const ask = clientsOf(port);
  const [one, two, free] = [requestIdOf(await ask.MobileStatus(number)), requestIdOf(await ask.MobileStatus(number)), requestIdOf(await ask.MobileStatus('1'))];
  await ask.ssPhone_Status(number);
  const found = await reconcile(port, [{ id: one, amount: '0.5000' }, { id: two }, { id: two }, { id: free }, { id: 'never-seen' }]);
  expect(found).toMatchObject({
    matched: 1,
    missing: [{ exchange: 4, endpoint: 'qxt.ssPhone_Status', number: '139****5678' }],
    unknown: [{ record: 4, why: 'that exchange was not charged' }, { record: 5, why: 'no charge of that id' }],
    duplicate: [{ charge: { id: two }, records: [2, 3] }],
    mismatched: [{ charge: { id: one, amount: '0.6000' }, record: 1, recorded: { units: 1, amount: '0.5000' } }],
    balanced: false,
  });
});

it('names both calls where an answer was charged and lost, and its client asked again', async () => {
  const { port } = await serve(text);
  const ask = clientsOf(port);
  await expect(ask['check-1e'](number)).rejects.toThrow('ECONNRESET');
  await ask['check-1e'](number);
  const { missing, repeated, balanced } = await reconcile(port, [{ endpoint: 'acedata.check-1e', number }]);
  expect(missing).toMatchObject([{ exchange: 1, delivered: 'connection-reset' }]);
  expect(repeated).toMatchObject([{ endpoint: 'acedata.check-1e', number: '139****5678', charges: [{ exchange: 1, delivered: 'connection-reset' }, { exchange: 2, delivered: 'sent' }] }]);
  expect(balanced).toBe(false);
});

it('finds by number though the application keeps numbers masked', async () => {
  const { port } = await serve(text);
  await clientsOf(port).ssPhone_Status(number);
  expect(await reconcile(port, [{ provider: 'qxt', number: '139****5678' }])).toMatchObject({ matched: 1, balanced: true });
});

it('compares with its own tenant’s charges', async () => {
  const { port } = await serve(text);
  const { id, credentials } = await mint(port);
  await clientsOf(port, credentials).ssPhone_Status(number);
  const records = [{ endpoint: 'qxt.ssPhone_Status', number }];
  expect(await reconcile(port, records)).toMatchObject({ matched: 0, unknown: [{ record: 1 }] });
  expect(await reconcile(port, records, `/tenants/${id}`)).toMatchObject({ matched: 1, balanced: true });
});

it('shows nothing personal of either side', async () => {
  const { port } = await serve(text);
  await clientsOf(port).ssPhone_Status(number);
  const { body } = await tell(port, 'POST', '/ledger/reconcile', { records: [{ endpoint: 'qxt.ssPhone_Status', number: '13800138000' }, { id: number }] });
  for (const secret of [number, '13800138000', keys.apikey]) expect(body).not.toContain(secret);
});

it.each([
  ['no JSON', '{', 'The body is no JSON. Send {"records": […]}.'],
  ['no list', { records: {} }, 'The records are no list. Write a JSON array of objects.'],
  ['nothing', {}, 'The records are no list. Write a JSON array of objects.'],
  ['a record that is none', { records: [1] }, 'record 1 is no object. Write one such as {"id":"…","units":1}.'],
  ['a field that there is none of', { records: [{ id: 'a', unit: 1 }] }, 'record 1: there is no field "unit"; did you mean "units"?'],
  ['half a query', { records: [{ id: 'a' }, { id: 'b', units: 0.5 }] }, /^record 2: units is no whole number above 0\./],
  ['an amount in words', { records: [{ id: 'a', amount: 'free' }] }, /^record 1: amount is no sum of yuan\./],
  ['a record about nothing', { records: [{ units: 1 }] }, 'record 1: nothing says which charge it is. Write an id, or endpoint and number.'],
] as const)('says what is wrong with %s', async (_what, body, sentence) => {
  const { port } = await serve(text);
  expect(problemIn(await tell(port, 'POST', '/ledger/reconcile', body), 422, 'invalid-body')).toEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
});
