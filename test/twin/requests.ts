import { ACEDATA_REQUESTS } from './acedata-requests.ts';
import { ALAPI_REQUESTS } from './alapi-requests.ts';
import { QXT_REQUESTS } from './qxt-requests.ts';
import type { NamedRequest } from './raw-request.ts';
import { TENCENT_REQUESTS } from './tencent-requests.ts';

/**
 * Every request that two readings of the documents are compared by, for any server that holds the sample world's numbers
 * and the given credentials.
 *
 * The order matters for QXT only, whose balance runs down; each request is otherwise independent of the others.
 */
export const REQUESTS: readonly NamedRequest[] = [
  ...ACEDATA_REQUESTS,
  ...TENCENT_REQUESTS,
  ...ALAPI_REQUESTS,
  ...QXT_REQUESTS,
];
