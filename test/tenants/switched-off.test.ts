import { expect, it } from 'vitest';
import { requestsOf, sandbox } from '../support/clients.ts';
import { mint, type Credentials } from '../support/control.ts';
import { exchange } from '../support/exchange.ts';
import { serve, type Served } from '../support/serve.ts';

const number = '13912345678';
const off = 'switchedOff: [acedata.check-1e, tencent.MobileStatus, alapi.phonecheck]';

/** What the three endpoints that can be switched off say. */
async function codesOf({ port, address }: Served, credentials: Credentials): Promise<string[]> {
  const requests = requestsOf(credentials, address);
  const answers = await Promise.all([requests['check-1e'](number), requests.MobileStatus(number), requests.phonecheck(number)].map((request) => exchange(port, request)));
  return answers.map(({ body }) => /api_not_implemented|ActionOffline|"code":\d+|"result":"0"|"Result":"0"/.exec(body)?.[0] ?? body);
}

const inService = ['"result":"0"', '"Result":"0"', '"code":200'];
const outOfService = ['api_not_implemented', 'ActionOffline', '"code":404'];

it('switches endpoints off for the tenant whose scenario says so, and for no other', async () => {
  const served = await serve('');
  const { credentials } = await mint(served.port, { scenario: `konghao: 1\nname: off\n${off}\n` });
  expect(await codesOf(served, credentials)).toEqual(outOfService);
  expect(await codesOf(served, sandbox)).toEqual(inService);
});

it('leaves endpoints on for a tenant where the default scenario has switched them off', async () => {
  const served = await serve(off);
  const { credentials } = await mint(served.port, { scenario: { konghao: 1, name: 'on' } });
  expect(await codesOf(served, credentials)).toEqual(inService);
  expect(await codesOf(served, sandbox)).toEqual(outOfService);
});
