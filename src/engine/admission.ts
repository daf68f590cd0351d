import { BlockList, isIP } from 'node:net';
import { refuse, type Draft, type Endpoint, type Gate, type Refusal } from '../providers/provider.ts';
import type { Tenant } from './tenant.ts';

/**
 * Each gate lets pass (`undefined`) or names why not. Without an account only the gates that need none can refuse.
 *
 * @param tenant whose call it is, as far as that is known
 */
type Admit = (endpoint: Endpoint, draft: Draft, tenant: Tenant, row: string) => Refusal | undefined;

export const admission: Readonly<Record<Gate, Admit>> = {
  'switched-off': (endpoint, _draft, tenant, row) =>
    tenant.generation.switchedOff.has(endpoint.id) ? refuse(row, `the scenario has switched ${endpoint.id} off`) : undefined,

  granted: (endpoint, draft, _tenant, row) => {
    const grants = draft.account?.terms.grants;
    return grants === undefined || grants.includes(endpoint.id)
      ? undefined
      : refuse(row, `the credential is granted to ${grants.join(', ') || 'no endpoint'}, not to ${endpoint.id}`);
  },

  'allow-list': (_endpoint, draft, _tenant, row) => {
    const allowed = draft.account?.terms.allowedAddresses ?? [];
    const remote = draft.request.remoteAddress;
    return allowed.length === 0 || listed(allowed, remote) ? undefined : refuse(row, `the account's allow list does not have ${remote}`);
  },

  'deny-list': (_endpoint, draft, _tenant, row) => {
    const remote = draft.request.remoteAddress;
    return listed(draft.account?.terms.deniedAddresses ?? [], remote) ? refuse(row, `the account's deny list has ${remote}`) : undefined;
  },

  state: (_endpoint, draft) => {
    const refusedAs = draft.account?.terms.refusedAs;
    return refusedAs === undefined ? undefined : refuse(refusedAs, 'the scenario puts the account into this state');
  },

  expiry: (_endpoint, draft, tenant, row) => {
    const expires = draft.account?.terms.expires;
    return expires !== undefined && tenant.now() >= expires
      ? refuse(row, `the account ended at ${new Date(expires).toISOString()}`)
      : undefined;
  },

  rate: (endpoint, draft, tenant, row) => {
    const perSecond = draft.account?.terms.perSecond;
    const books = tenant.books(draft.account);
    if (perSecond === undefined || books === undefined) return undefined;
    const count = books.countInSecond(endpoint.id, tenant.now());
    return count > perSecond
      ? refuse(row, `call ${count} of this second, and ${perSecond} are allowed`, { count: `${count}`, limit: `${perSecond}` })
      : undefined;
  },

  credit: (_endpoint, draft, tenant, row) => {
    const books = tenant.books(draft.account);
    const units = Math.max(1, draft.queries.length);
    return books === undefined || books.affords(units)
      ? undefined
      : refuse(row, `${units} wanted, and the account has ${books.credit ?? 0} left`);
  },

  daily: (endpoint, draft, tenant, row) => {
    const perDay = draft.account?.terms.perNumberPerDay;
    const books = tenant.books(draft.account);
    if (perDay === undefined || books === undefined) return undefined;
    for (const query of draft.queries) {
      if (query.kind === 'balance') continue;
      const count = books.countOnDay(endpoint.id, query.number, tenant.now());
      if (count > perDay) return refuse(row, `attempt ${count} for this number today in China, and ${perDay} are allowed`);
    }
    return undefined;
  },
};

const blockLists = new WeakMap<readonly string[], BlockList>();

function listed(addresses: readonly string[], remote: string): boolean {
  if (addresses.length === 0) return false;
  let list = blockLists.get(addresses);
  if (list === undefined) {
    list = new BlockList();
    for (const address of addresses) {
      const [base = '', bits] = address.split('/');
      const family = isIP(base) === 6 ? 'ipv6' : 'ipv4';
      if (bits === undefined) list.addAddress(base, family);
      else list.addSubnet(base, Number(bits), family);
    }
    blockLists.set(addresses, list);
  }
  return list.check(remote, isIP(remote) === 6 ? 'ipv6' : 'ipv4');
}
