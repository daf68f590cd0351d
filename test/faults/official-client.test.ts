import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { faultKinds, type FaultKind } from '../../src/domain/fault.ts';
import { keys } from '../support/ask.ts';
import { serve } from '../support/serve.ts';
import { billOf, whyOf } from './look-inside.ts';

// The vendor's own client, as npm gives it. It is CommonJS, and `require` returns `any`.
const { faceid } = createRequire(import.meta.url)('tencentcloud-sdk-nodejs/tencentcloud/services/faceid') as typeof import('tencentcloud-sdk-nodejs/tencentcloud/services/faceid/index.js');

// It sends even what is for 127.0.0.1 to a proxy named here.
beforeAll(() => void vi.stubEnv('http_proxy', undefined));
afterAll(() => void vi.unstubAllEnvs());

/** What the client gives, or throws as its users see it, where it waits so many seconds. */
async function asked(address: string, reqTimeout: number): Promise<string> {
  const { secretId, secretKey } = keys;
  const client = new faceid.v20180301.Client({ credential: { secretId, secretKey }, profile: { httpProfile: { protocol: 'http://', endpoint: address, reqTimeout } } });
  return client.MobileStatus({ Mobile: '13800138000' }).then((answer) => JSON.stringify(answer), String);
}

const uuid = '[\\da-f]{8}-[\\da-f]{4}-4[\\da-f]{3}-[89ab][\\da-f]{3}-[\\da-f]{12}';
const success = new RegExp(`^{"Description":"成功","RequestId":"${uuid}","Result":"0","StatusCode":1}$`);
/** Exceptions of the client's own for an answer that does not come; node-fetch's for one that breaks off. */
const exception = (message: string): RegExp => new RegExp(`^\\[TencentCloudSDKException\\]message:.*${message}`, 'i');

const thrown = {
  timeout: exception('network timeout'),
  'connection-reset': exception('ECONNRESET'),
  'empty-response': exception('socket hang up'),
  'limit-data': /^FetchError: Response timeout/,
  'wrong-length': /^FetchError: Response timeout/,
  'broken-chunk': /^FetchError: Invalid response body.*Invalid character in chunk size/,
  'slow-drip': success,
  'malformed-body': /^FetchError: invalid json/,
  garbage: exception('Parse Error: Expected HTTP/'),
  'gateway-502': exception('Bad Gateway'),
  'gateway-503': exception('Service Unavailable'),
  'gateway-504': exception('Gateway Timeout'),
  // It takes the bytes for UTF-8, and never knows.
  'wrong-charset': new RegExp(`^{"Description":"[^"]*\ufffd[^"]*","RequestId":"${uuid}","Result":"0","StatusCode":1}$`),
} satisfies Record<FaultKind, RegExp>;

/** Those over which the client waits until its own limit. */
const endless: readonly FaultKind[] = ['timeout', 'limit-data', 'wrong-length'];

it.each(faultKinds.flatMap((kind) => ['before: charge', 'after: charge'].map((strike) => ({ kind, strike }))))(
  'shows the official client an error of its own for $kind, $strike, and the ledger what it cost',
  async ({ kind, strike }) => {
    const drip = kind === 'slow-drip' ? ', bytes: 100' : '';
    const { port, address } = await serve(`
accounts: { tencent: { secretId: ${keys.secretId}, secretKey: ${keys.secretKey} } }
numbers: { "13800138000": { status: suspended } }
readings: { tencent.language: zh-CN }
rules: [{ id: stricken, when: { endpoint: tencent.MobileStatus }, then: { fault: ${kind}, ${strike}${drip} } }]
`);
    expect(await asked(address, endless.includes(kind) ? 0.5 : 60)).toMatch(thrown[kind]);
    const why = await whyOf(port, 1);
    expect(why).toMatchObject({ fault: `${kind} ${strike.replace(':', '')}`, row: '0', units: strike === 'after: charge' ? 1 : 0 });
    const { lines } = await billOf(port);
    expect(lines.map(({ exchange, id, delivered }) => [exchange, id, delivered])).toEqual(strike === 'after: charge' ? [[1, why.clientId, kind === 'slow-drip' ? 'sent' : kind]] : []);
  },
);

it('lets the client that gave up ask again, and be answered', async () => {
  const { port, address } = await serve('rules: [{ id: once, then: [{ fault: timeout, after: charge }, ok] }]\n');
  expect(await asked(address, 0.5)).toMatch(thrown.timeout);
  const { RequestId } = JSON.parse(await asked(address, 60)) as { RequestId: string };
  expect((await billOf(port)).lines.map(({ exchange, id, delivered }) => [exchange, id, delivered])).toEqual([[1, expect.not.stringMatching(RequestId), 'timeout'], [2, RequestId, 'sent']]);
});
