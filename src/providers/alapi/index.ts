import type { Provider } from '../provider.ts';
import { accounts } from './account.ts';
import { phonecheck } from './phonecheck.ts';
import { readings } from './readings.ts';
import { errorReply } from './render.ts';

/** ALAPI, version 2: a token and up to 2000 numbers in one call. */
export const alapi: Provider = {
  id: 'alapi',
  name: 'ALAPI',
  hosts: ['v2.alapi.cn'],
  ownsPath: (path) => path === '/api' || path.startsWith('/api/'),
  endpoints: [phonecheck],
  route: ({ path }) => (path === '/api/phonecheck' ? phonecheck : undefined),
  stray: (_request, desk) => errorReply({ desk, readings: desk.readings, account: undefined }, '404', undefined),
  bodyLimit: 256 * 1024,
  readings,
  accounts,
  fields: { token: 'secret', mobiles: 'numbers', mobile: 'numbers' },
};
