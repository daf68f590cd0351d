import { expect, it } from 'vitest';
import { clientsOf } from '../support/clients.ts';
import { mint, told } from '../support/control.ts';
import { serve } from '../support/serve.ts';

const number = '13912345678';

interface Verdicts {
  readonly met: boolean;
  readonly verdicts: readonly { readonly what: string; readonly of: string; readonly from: number; readonly to: number | null; readonly found: number; readonly met: boolean }[];
}
const verdictsOf = (port: number, tenant = ''): Promise<Verdicts> => told<Verdicts>(port, 'GET', `${tenant}/expectations`);

it('is met where nothing is expected', async () => {
  const { port } = await serve('');
  expect(await verdictsOf(port)).toEqual({ met: true, verdicts: [] });
});

it('says of each expectation what was found, and whether that meets it', async () => {
  const { port } = await serve('expect: { calls: { acedata: "..1", alapi: "1..", qxt: 2 }, charged: { qxt.ssPhone_Status: 1 }, never: [tencent] }');
  const ask = clientsOf(port);
  const of = async (): Promise<unknown> => {
    const { met, verdicts } = await verdictsOf(port);
    return [met, ...verdicts.map((each) => `${each.what} ${each.of} ${each.found} ${each.met}`)];
  };
  expect(await verdictsOf(port)).toEqual({
    met: false,
    verdicts: [
      { what: 'calls', of: 'acedata', from: 0, to: 1, found: 0, met: true },
      { what: 'calls', of: 'alapi', from: 1, to: null, found: 0, met: false },
      { what: 'calls', of: 'qxt', from: 2, to: 2, found: 0, met: false },
      { what: 'charged', of: 'qxt.ssPhone_Status', from: 1, to: 1, found: 0, met: false },
      { what: 'calls', of: 'tencent', from: 0, to: 0, found: 0, met: true },
    ],
  });
  await ask.ssPhone_Status(number);
  await ask.balance();
  await ask.phonecheck(number);
  expect(await of()).toEqual([true, 'calls acedata 0 true', 'calls alapi 1 true', 'calls qxt 2 true', 'charged qxt.ssPhone_Status 1 true', 'calls tencent 0 true']);
  await ask.MobileStatus(number);
  await ask.balance();
  expect(await of()).toEqual([false, 'calls acedata 0 true', 'calls alapi 1 true', 'calls qxt 3 false', 'charged qxt.ssPhone_Status 1 true', 'calls tencent 1 false']);
});

it('counts anew with a reset and with another scenario, and not with an armed rule or a cleared journal', async () => {
  const { port } = await serve('expect: { calls: { qxt: 1 } }');
  const found = async (): Promise<number | undefined> => (await verdictsOf(port)).verdicts[0]?.found;
  await clientsOf(port).balance();
  await told(port, 'POST', '/rules', { id: 'late', then: { delay: '1ms' } });
  await told(port, 'DELETE', '/journal');
  expect(await found()).toBe(1);
  await told(port, 'POST', '/reset');
  expect(await found()).toBe(0);
  await clientsOf(port).balance();
  await told(port, 'PUT', '/scenario', { scenario: 'konghao: 1\nname: mine\nexpect: { calls: { qxt: 1 } }' });
  expect(await found()).toBe(0);
});

it('counts the calls of its tenant alone', async () => {
  const { port } = await serve('expect: { calls: { qxt: 1 } }');
  const { id, credentials } = await mint(port);
  await clientsOf(port, credentials).balance();
  expect([(await verdictsOf(port)).met, (await verdictsOf(port, `/tenants/${id}`)).met]).toEqual([false, true]);
});
