import { expect, it } from 'vitest';
import { requestsOf, sandbox } from '../support/clients.ts';
import { codesOf } from '../support/codes.ts';
import { mint, told } from '../support/control.ts';
import { serve, type Served } from '../support/serve.ts';

const number = '13912345678';

interface Judged {
  readonly met: boolean;
  readonly verdicts: readonly { readonly found: number; readonly met: boolean }[];
}

const judged = ({ port }: Served, tenant = 'default'): Promise<Judged> => told(port, 'GET', `/tenants/${tenant}/expectations`);
const found = async (served: Served): Promise<unknown> => (await judged(served)).verdicts.map((each) => [each.found, each.met]);

it('finds nothing amiss where nothing is expected', async () => {
  expect(await judged(await serve(''))).toEqual({ met: true, verdicts: [] });
});

it('judges what is expected of calls, charges and silence, each with what was found', async () => {
  const served = await serve('expect: { calls: { acedata: 2, tencent.MobileStatus: 1.. }, charged: { tencent: 1, alapi.phonecheck: 3..5 }, never: [qxt, acedata.check-3e] }');
  const asks = requestsOf(sandbox, served.address);
  const batch = asks.phonecheck(`${number},13800138000,13972565391`);
  const atFirst = [[0, false], [0, false], [0, false], [0, false], [0, true], [0, true]];
  expect(await judged(served)).toMatchObject({ met: false });
  expect(await found(served)).toEqual(atFirst);
  // The last one is no number, and costs nothing.
  await codesOf(served.port, [asks['check-1e'](number), asks['check-1e'](number), batch, asks.MobileStatus(number), asks.MobileStatus('10086')]);
  expect(await judged(served)).toEqual({
    met: true,
    verdicts: [
      { what: 'calls', of: 'acedata', from: 2, to: 2, found: 2, met: true },
      { what: 'calls', of: 'tencent.MobileStatus', from: 1, to: null, found: 2, met: true },
      { what: 'charged', of: 'tencent', from: 1, to: 1, found: 1, met: true },
      { what: 'charged', of: 'alapi.phonecheck', from: 3, to: 5, found: 3, met: true },
      { what: 'calls', of: 'qxt', from: 0, to: 0, found: 0, met: true },
      { what: 'calls', of: 'acedata.check-3e', from: 0, to: 0, found: 0, met: true },
    ],
  });
  await codesOf(served.port, [asks['check-3e'](number), asks.MobileStatus(number), batch, asks.balance()]);
  expect(await found(served)).toEqual([[3, false], [3, true], [2, false], [6, false], [1, false], [1, false]]);
  await told(served.port, 'POST', '/reset');
  expect(await found(served)).toEqual(atFirst);
});

it("judges each tenant's calls by themselves", async () => {
  const served = await serve('expect: { calls: { qxt: 1 } }');
  const { id, credentials } = await mint(served.port);
  await codesOf(served.port, [requestsOf(credentials, served.address).balance()]);
  expect([await judged(served, id), await judged(served)]).toMatchObject([{ met: true }, { met: false }]);
});

it('goes on counting when the journal is forgotten', async () => {
  const served = await serve('expect: { calls: { qxt: 2 } }');
  const { balance } = requestsOf(sandbox, served.address);
  await codesOf(served.port, [balance()]);
  await told(served.port, 'DELETE', '/journal');
  await codesOf(served.port, [balance()]);
  expect(await judged(served)).toMatchObject({ met: true });
});
