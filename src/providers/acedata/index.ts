import type { Provider } from '../provider.ts';
import { accounts } from './account.ts';
import { check1e } from './check-1e.ts';
import { check3e } from './check-3e.ts';
import { readings } from './readings.ts';
import { errorReply } from './render.ts';
import { check1eRows } from './rows.ts';

/** Ace Data Cloud: a bearer token, JSON, and what looks like Tencent's faceid in snake case behind it. */
export const acedata: Provider = {
  id: 'acedata',
  name: 'AceData',
  hosts: ['api.acedata.cloud'],
  ownsPath: (path) => path === '/identity' || path.startsWith('/identity/'),
  endpoints: [check1e, check3e],
  route: ({ method, path }) => {
    if (method !== 'POST') return undefined;
    return path === '/identity/phone/check-1e' ? check1e : path === '/identity/phone/check-3e' ? check3e : undefined;
  },
  // Another method is an API that is not registered, rather than 405: inferred, the gateway looks APIs up.
  stray: (request, desk) => {
    const traceId = desk.id('acedata', undefined, `${request.method} ${request.path}`);
    return errorReply({ request, readings: desk.readings }, 'no_api', check1eRows.no_api, traceId, undefined);
  },
  bodyLimit: 256 * 1024,
  readings,
  accounts,
  fields: {
    authorization: 'secret', mobile: 'numbers', phone: 'numbers', name: 'name', id_card: 'id-card',
    verify_mode: 'plain', encrypt_list: 'plain', algorithm: 'plain',
  },
};
