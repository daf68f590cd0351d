import { expect, it } from 'vitest';
import type { Reconciliation } from '../../src/engine/reconcile.ts';
import { dial, handled, hear } from '../faults/dial.ts';
import { billOf, whyOf } from '../faults/look-inside.ts';
import { acedata, alapi, formOf, formType, keys, qxt, tc3, unlimited } from '../support/ask.ts';
import { told } from '../support/control.ts';
import { exchange, type Outgoing } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';

const number = '13800138000';

interface Charged {
  readonly endpoint: string;
  readonly request: (host: string) => Outgoing;
  readonly units: number;
  /** By which id its answer can be asked for, `undefined` where it carries none. */
  readonly id: (answer: never) => string | undefined;
}

const none = (): undefined => undefined;
const calls: readonly Charged[] = [
  { endpoint: 'acedata.check-1e', request: () => acedata('check-1e', { mobile: number }), units: 1, id: none },
  { endpoint: 'acedata.check-3e', request: () => acedata('check-3e', { name: '李雷', phone: number, id_card: '11010519491231002X' }), units: 1, id: none },
  { endpoint: 'tencent.MobileStatus', request: (host) => tc3(host, { Mobile: number }), units: 1, id: ({ Response }: { Response: { RequestId: string } }) => Response.RequestId },
  { endpoint: 'alapi.phonecheck', request: () => alapi(formType, formOf([['mobiles', `${number},13912345678,13111111111`]])), units: 3, id: none },
  { endpoint: 'qxt.ssPhone_Status', request: () => qxt(number), units: 1, id: none },
];

/** How an answer gets lost: the client gives up on it, or hears that it will not come. */
const losses = ['timeout', 'connection-reset', 'empty-response', 'gateway-504'] as const;

/** Loses the answer of a call and asks again, as a client does that knows no better; gives what an application writes down of the answer that it got. */
async function loseAndRetry(port: number, fault: (typeof losses)[number], { endpoint, units, id }: Charged, request: Outgoing, afterFirst: () => Promise<void>): Promise<Readonly<Record<string, unknown>>> {
  if (fault === 'timeout') {
    const client = dial(port, request);
    await handled(port, 0);
    expect(client.heard()).toHaveLength(0);
    await client.leave();
  } else {
    expect(await hear(port, request, 0)).not.toHaveProperty('answer');
  }
  await afterFirst();
  const answer: unknown = JSON.parse((await exchange(port, request)).body);
  const known = id(answer as never);
  return { endpoint, number, units, ...(known === undefined ? {} : { id: known }) };
}

it.each(losses.flatMap((fault) => calls.map((call) => ({ ...call, fault }))))(
  'charges $endpoint for an answer that a $fault takes away, once more for the blind retry, and names both calls',
  async ({ fault, ...call }) => {
    const { endpoint, units } = call;
    const { port, address } = await serve(`${unlimited}rules: [{ id: lost, when: { endpoint: ${endpoint} }, then: [{ fault: ${fault}, after: charge }, ok] }]\n`);
    const request = call.request(address);
    const record = await loseAndRetry(port, fault, call, request, async () => {
      expect((await billOf(port)).lines).toMatchObject([{ exchange: 1, endpoint, units, delivered: fault }]);
    });
    const { lines } = await billOf(port);
    expect(lines).toMatchObject([{ exchange: 1, endpoint, units, delivered: fault }, { exchange: 2, endpoint, units, delivered: 'sent' }]);

    const [lost, retried] = lines.map(({ exchange: place, id, units: each }) => expect.objectContaining({ exchange: place, id, endpoint, number: '138****8000', units: each }));
    expect(await told<Reconciliation>(port, 'POST', '/ledger/reconcile', { records: [record] })).toEqual({
      matched: 1,
      missing: [lost],
      unknown: [],
      duplicate: [],
      mismatched: [],
      repeated: [{ endpoint, number: '138****8000', credential: expect.stringContaining('…'), charges: [lost, retried] }],
      forward: 0,
      balanced: false,
    });
    expect(await whyOf(port, 1)).toMatchObject({ units, fault: `${fault} after charge`, because: expect.stringMatching(new RegExp(` has it end in ${fault} after charge: ${units} charged\\.$`)) });
    expect(await whyOf(port, 2)).toMatchObject({ units, fault: null, because: expect.stringMatching(/ The rule "lost" \(.*\) says ok\.$/) });
  },
);

it.each(losses.flatMap((fault) => calls.map((call) => ({ ...call, fault }))))(
  'charges $endpoint for the retry alone where a $fault comes before the charge',
  async ({ fault, ...call }) => {
    const { endpoint, units } = call;
    const { port, address } = await serve(`${unlimited}rules: [{ id: lost, when: { endpoint: ${endpoint} }, then: [{ fault: ${fault}, before: charge }, ok] }]\n`);
    const record = await loseAndRetry(port, fault, call, call.request(address), async () => {
      expect((await billOf(port)).lines).toEqual([]);
    });
    expect((await billOf(port)).lines).toMatchObject([{ exchange: 2, endpoint, units, delivered: 'sent' }]);
    expect(await told<Reconciliation>(port, 'POST', '/ledger/reconcile', { records: [record] })).toMatchObject({ matched: 1, missing: [], repeated: [], balanced: true });
    expect(await whyOf(port, 1)).toMatchObject({ units: 0, fault: `${fault} before charge`, because: expect.stringMatching(new RegExp(` has it end in ${fault} before charge: nothing is charged\\.$`)) });
  },
);

it.each([
  ['RequestId', '', (host: string) => tc3(host, { Mobile: number })],
  ['log_id', 'log_id:', () => alapi(formType, formOf([['mobiles', number]]))],
] as const)('finds both calls by the %s that the ledger names, of which the client saw one', async (_id, prefix, request) => {
  const { port, address } = await serve(`${unlimited}readings: { alapi.logId: sequence }\nrules: [{ id: lost, then: [{ fault: reset, after: charge }, ok] }]\n`);
  await hear(port, request(address), 0);
  await exchange(port, request(address));
  const { lines } = await billOf(port);
  const found = await Promise.all(lines.map(({ id }) => whyOf(port, `${prefix}${id}`)));
  expect(found.map(({ id, fault }) => [id, fault])).toEqual([[1, 'connection-reset after charge'], [2, null]]);
});

it('tells a reconciliation that is given the lost call as well that nothing is amiss but a retry', async () => {
  const { port, address } = await serve(`${unlimited}rules: [{ id: lost, then: [{ fault: reset, after: charge }, ok] }]\n`);
  const request = tc3(address, { Mobile: number });
  await hear(port, request, 0);
  await exchange(port, request);
  const record = { endpoint: 'tencent.MobileStatus', number };
  expect(await told<Reconciliation>(port, 'POST', '/ledger/reconcile', { records: [record, record] })).toMatchObject({
    matched: 2, missing: [], unknown: [], duplicate: [], repeated: [{ charges: [{ exchange: 1 }, { exchange: 2 }] }], balanced: true,
  });
});

it('calls no repetition what is asked again after an answer', async () => {
  const { port, address } = await serve(`${unlimited}rules: [{ id: lost, then: [{ fault: reset, after: charge }, ok] }]\n`);
  const request = tc3(address, { Mobile: number });
  await hear(port, request, 0);
  for (let again = 0; again < 3; again += 1) await exchange(port, request);
  const { repeated } = await told<Reconciliation>(port, 'POST', '/ledger/reconcile', { records: [] });
  expect(repeated.map(({ charges }) => charges.map(({ exchange: place }) => place))).toEqual([[1, 2]]);
});

it('fails the expectation of one charge after a blind retry, and meets it before', async () => {
  const { port } = await serve(`
accounts: { acedata: { token: ${keys.acedata} } }
rules: [{ id: lost, then: [{ fault: reset, after: charge }, ok] }]
expect: { charged: { acedata.check-1e: 1 } }
`);
  const request = acedata('check-1e', { mobile: number });
  await hear(port, request, 0);
  expect(await told(port, 'GET', '/expectations')).toMatchObject({ met: true, verdicts: [{ found: 1 }] });
  await exchange(port, request);
  expect(await told(port, 'GET', '/expectations')).toMatchObject({ met: false, verdicts: [{ found: 2 }] });
});
