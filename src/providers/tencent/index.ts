import type { Provider } from '../provider.ts';
import { accounts } from './account.ts';
import { mobileStatus } from './mobile-status.ts';
import { readings } from './readings.ts';

/** Tencent Cloud faceid, API 3.0: one path, and everything else in signed headers or parameters. */
export const tencent: Provider = {
  id: 'tencent',
  name: 'Tencent Cloud faceid',
  hosts: ['faceid.tencentcloudapi.com', 'faceid.intl.tencentcloudapi.com'],
  // Regional hosts, and those of other products, which this service answers with NoSuchProduct.
  ownsHost: (host) => host.endsWith('.tencentcloudapi.com'),
  ownsPath: (path) => path === '/',
  endpoints: [mobileStatus],
  // The path is always `/`; clients with a prefix in their endpoint send it along.
  route: () => mobileStatus,
  bodyLimit: 10 * 1024 * 1024,
  readings,
  accounts,
  fields: {
    authorization: 'secret', 'x-tc-token': 'secret', secretid: 'secret', signature: 'secret', token: 'secret',
    'x-tc-action': 'plain', 'x-tc-version': 'plain', 'x-tc-timestamp': 'plain', 'x-tc-region': 'plain', 'x-tc-language': 'plain', 'x-tc-requestclient': 'plain', 'x-tc-traceid': 'plain',
    action: 'plain', version: 'plain', timestamp: 'plain', region: 'plain', nonce: 'plain', signaturemethod: 'plain', language: 'plain', requestclient: 'plain',
    mobile: 'numbers', encryptlist: 'plain', algorithm: 'plain', 'encryption.encryptlist.0': 'plain', 'encryption.algorithm': 'plain',
  },
};
