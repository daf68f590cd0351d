import { documented } from '../../domain/evidence.ts';
import type { Provider } from '../provider.ts';
import { accounts } from './account.ts';
import { balance } from './balance.ts';
import { readings } from './readings.ts';
import { ssPhoneStatus } from './ss-phone-status.ts';

/** 企讯通 (Shenzhen): number state in real time, known by an apikey alone. */
export const qxt: Provider = {
  id: 'qxt',
  name: 'QXT 企讯通',
  hosts: ['ps.szqxt.com'],
  ownsPath: (path) => {
    const lower = path.toLowerCase();
    return lower === '/ssphone_status' || lower === '/balance';
  },
  endpoints: [ssPhoneStatus, balance],
  // The heading writes ssPhone_Status, both example addresses ssphone_status: reading qxt.path.
  route: ({ path }, readings) => {
    if (path === '/ssPhone_Status') return ssPhoneStatus;
    if (path === '/balance') return balance;
    const lower = path.toLowerCase();
    if (readings['qxt.path'] === 'exact') return undefined;
    return lower === '/ssphone_status' ? ssPhoneStatus : lower === '/balance' ? balance : undefined;
  },
  // Nothing is known of other paths of this host but that the web answers 404.
  stray: () => ({ row: 'http-404', units: 0, wire: { status: 404, headers: [], body: '' } }),
  bodyLimit: 256 * 1024,
  readings,
  accounts,
  fields: { apikey: 'secret', mobile: 'numbers' },
  typicalDelay: { milliseconds: 100, evidence: documented('the introduction: an answer within about 100 ms') },
};
