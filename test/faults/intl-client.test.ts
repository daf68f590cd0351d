import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { faultKinds, type FaultKind } from '../../src/domain/fault.ts';
import { keys } from '../support/ask.ts';
import { serve } from '../support/serve.ts';
import { whyOf } from './look-inside.ts';

/** What is used of the vendor's international client, which npm gives without types for this. */
interface IntlCommon {
  readonly Credential: new (secretId: string, secretKey: string) => object;
  readonly HttpProfile: new (protocol: string, endpoint: string, method: string, reqTimeout: number) => object;
  readonly ClientProfile: new (signMethod: string, http: object) => object;
  readonly CommonClient: new (endpoint: string, version: string, credential: object, region: string, profile: object) => {
    request(action: string, params: object, options: object, done: (error: unknown, answer: unknown) => void): void;
  };
}
const intl = createRequire(import.meta.url)('tencentcloud-sdk-nodejs-intl-en/tencentcloud/common') as IntlCommon;

// It sends even what is for 127.0.0.1 to a proxy named here.
beforeAll(() => void vi.stubEnv('http_proxy', undefined));
afterAll(() => void vi.unstubAllEnvs());

/** Those whose answer reaches the client whole, be it slowly or in another charset. */
const answered: readonly FaultKind[] = ['slow-drip', 'wrong-charset'];
const endless: readonly FaultKind[] = ['timeout', 'limit-data', 'wrong-length'];

it.each(faultKinds)('shows the international client an error for %s, and charges the call once', async (kind) => {
  const drip = kind === 'slow-drip' ? ', bytes: 100' : '';
  const { port, address } = await serve(`
accounts: { tencent: { secretId: ${keys.secretId}, secretKey: ${keys.secretKey} } }
rules: [{ id: stricken, when: { endpoint: tencent.MobileStatus }, then: { fault: ${kind}, after: charge${drip} } }]
`);
  const http = new intl.HttpProfile('http://', address, 'POST', endless.includes(kind) ? 0.5 : 60);
  const client = new intl.CommonClient('faceid.intl.tencentcloudapi.com', '2018-03-01', new intl.Credential(keys.secretId, keys.secretKey), '', new intl.ClientProfile('TC3-HMAC-SHA256', http));
  const failed = await new Promise((resolve) => client.request('MobileStatus', { Mobile: '13800138000' }, {}, (error) => resolve(error !== null && error !== undefined)));
  expect(failed).toBe(!answered.includes(kind));
  expect(await whyOf(port, 1)).toMatchObject({ fault: `${kind} after charge`, units: 1 });
});
