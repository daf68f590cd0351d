import type { Clock } from '../domain/clock.ts';
import { uuidFor } from '../domain/random.ts';
import type { Desk } from '../providers/provider.ts';
import type { Tenants } from './tenants.ts';

/** What an endpoint may ask while it reads a request and words an answer: each thing of the tenant whose call it is. */
export function openDesk(tenants: Tenants, realTime: Clock): Desk {
  return {
    account: (provider, credential) => tenants.account(provider, credential),
    get readings() {
      return tenants.default.generation.readings;
    },
    signatureTime: (account) => {
      const tenant = tenants.of(account);
      return tenant.generation.scenario.clock.signatures === 'clock' ? tenant.now() : realTime.now();
    },
    time: (account) => tenants.of(account).now(),
    id: (endpoint, account, subject) => uuidFor(tenants.of(account).chance(endpoint, subject)),
    sequence: (account) => tenants.of(account).nextSequence(),
  };
}
