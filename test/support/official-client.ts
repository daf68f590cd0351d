import { Agent } from 'node:http';
import { createRequire } from 'node:module';
import { sandbox } from './clients.ts';

// The vendor's own client, as npm gives it. It is CommonJS, and `require` returns `any`.
const { faceid } = createRequire(import.meta.url)('tencentcloud-sdk-nodejs/tencentcloud/services/faceid') as typeof import('tencentcloud-sdk-nodejs/tencentcloud/services/faceid/index.js');

/** Tencent's own client, for the server at this `host:port`. Without an agent it would send everything to a proxy that the environment names. */
export const officialClient = (address: string, credential = sandbox.tencent, agent = new Agent()) =>
  new faceid.v20180301.Client({ credential, profile: { httpProfile: { protocol: 'http://', endpoint: address, agent } } });
