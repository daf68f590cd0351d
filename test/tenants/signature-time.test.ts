import { expect, it } from 'vitest';
import type { ExchangeReport } from '../../src/engine/report.ts';
import { requestsOf, sandbox } from '../support/clients.ts';
import { mint, told, type Credentials } from '../support/control.ts';
import { exchange } from '../support/exchange.ts';
import { officialClient } from '../support/official-client.ts';
import { serve, type Served } from '../support/serve.ts';

const number = '13912345678';
const instant = '2026-01-15T08:00:00Z';
const second = Date.parse(instant) / 1000;

const frozen = { at: instant };
const judgedByIt = { at: instant, signatures: 'clock' };
const yaml = (clock: object): string => `clock: ${JSON.stringify(clock)}`;

/** What Tencent's own client, which signs by the real time, gets: its answer, or the error that it throws. */
const asked = ({ address }: Served, credential = sandbox.tencent): Promise<unknown> =>
  officialClient(address, credential).MobileStatus({ Mobile: number }).catch((error: unknown) => error);

/** A request that was signed at the instant at which the clock stands, some seconds later or earlier. */
const signedThen = async ({ port, address }: Served, credentials: Credentials = sandbox, seconds = 0): Promise<unknown> =>
  JSON.parse((await exchange(port, requestsOf(credentials, address, () => second + seconds).MobileStatus(number))).body);

const answered = { Result: '0', StatusCode: 0 };
const expired = { code: 'AuthFailure.SignatureExpire', message: expect.stringContaining(`the server time ${second}.`) };
const expiredThen = { Response: { Error: { Code: 'AuthFailure.SignatureExpire' } } };

it('judges signatures by real time though the clock stands still', async () => {
  const served = await serve(yaml(frozen));
  expect(await asked(served)).toMatchObject(answered);
  expect(await signedThen(served)).toMatchObject(expiredThen);
});

it('judges signatures by the clock where the scenario says so', async () => {
  const served = await serve(yaml(judgedByIt));
  expect(await asked(served)).toMatchObject(expired);
  expect(await signedThen(served)).toMatchObject({ Response: answered });
});

it('moves the freshness of signatures with the clock where they are judged by it', async () => {
  const served = await serve(yaml(judgedByIt));
  await told(served.port, 'PATCH', '/clock', { advance: '5m' });
  expect(await signedThen(served)).toMatchObject({ Response: answered });
  await told(served.port, 'PATCH', '/clock', { advance: '1s' });
  expect(await signedThen(served)).toMatchObject(expiredThen);
  expect(await signedThen(served, sandbox, 601)).toMatchObject({ Response: answered });
  expect(await signedThen(served, sandbox, 602)).toMatchObject(expiredThen);
});

it("judges a minted tenant's signatures by its own clock, and the others' by real time", async () => {
  const served = await serve();
  const { credentials } = await mint(served.port, { clock: judgedByIt });
  expect(await asked(served, credentials.tencent)).toMatchObject(expired);
  expect(await signedThen(served, credentials)).toMatchObject({ Response: answered });
  expect(await asked(served)).toMatchObject(answered);
  expect(await signedThen(served)).toMatchObject(expiredThen);
});

it("judges a minted tenant's signatures by real time where the default tenant's are not", async () => {
  const served = await serve(yaml(judgedByIt));
  const { credentials } = await mint(served.port, { clock: frozen });
  expect(await asked(served, credentials.tencent)).toMatchObject(answered);
  expect(await signedThen(served, credentials)).toMatchObject(expiredThen);
  expect(await asked(served)).toMatchObject(expired);
});

it('writes a signature that is out of date into the journal of the tenant whose SecretId it names', async () => {
  const served = await serve();
  const { id, credentials } = await mint(served.port, { clock: judgedByIt });
  await asked(served, credentials.tencent);
  const rowsOf = async (tenant: string): Promise<string[]> => (await told<{ exchanges: ExchangeReport[] }>(served.port, 'GET', `/tenants/${tenant}/journal`)).exchanges.map(({ row }) => row);
  expect([await rowsOf(id), await rowsOf('default')]).toEqual([['AuthFailure.SignatureExpire'], []]);
  expect(await told(served.port, 'GET', `/tenants/${id}/journal/1`)).toMatchObject({ diagnosis: { cause: 'clock-skew' } });
});
