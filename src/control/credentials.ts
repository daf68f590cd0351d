import { picked } from '../engine/reissue.ts';
import type { Simulator } from '../engine/simulator.ts';
import type { Tenant } from '../engine/tenant.ts';

/** In clear, and only to whom they are given: the first account of each provider, and all of them. */
export function credentialsOf({ providers }: Simulator, each: Tenant) {
  const accounts = [...each.accounts];
  const all = providers.map(({ id, accounts: kind }) => [id, accounts.filter(({ provider }) => provider === id).map(({ terms }) => picked(terms.record, kind.credentials))] as const);
  return { credentials: Object.fromEntries(all.map(([id, [first]]) => [id, first])), accounts: Object.fromEntries(all) };
}
