import { BlockList, isIP } from 'node:net';
import { refuse, type Account, type Draft, type Endpoint, type Gate, type Refusal } from '../providers/provider.ts';
import type { Books } from './books.ts';
import type { Generation } from './generation.ts';

/** What a gate may look at. */
export interface Admission {
  readonly endpoint: Endpoint;
  readonly draft: Draft;
  readonly row: string;
  readonly generation: Generation;
  readonly account: Account | undefined;
  readonly books: Books | undefined;
  /** The tenant's time in milliseconds. */
  readonly now: number;
}

/** Each gate lets pass (`undefined`) or names why not. Without an account only the gates that need none can refuse. */
export const admission: Readonly<Record<Gate, (call: Admission) => Refusal | undefined>> = {
  'switched-off': ({ endpoint, row, generation }) =>
    generation.switchedOff.has(endpoint.id) ? refuse(row, `the scenario has switched ${endpoint.id} off`) : undefined,

  granted: ({ endpoint, row, account }) => {
    const grants = account?.terms.grants;
    return grants === undefined || grants.includes(endpoint.id)
      ? undefined
      : refuse(row, `the credential is granted to ${grants.join(', ') || 'no endpoint'}, not to ${endpoint.id}`);
  },

  'allow-list': ({ draft, row, account }) => {
    const allowed = account?.terms.allowedAddresses ?? [];
    const remote = draft.request.remoteAddress;
    return allowed.length === 0 || listed(allowed, remote) ? undefined : refuse(row, `the account's allow list does not have ${remote}`);
  },

  'deny-list': ({ draft, row, account }) => {
    const remote = draft.request.remoteAddress;
    return listed(account?.terms.deniedAddresses ?? [], remote) ? refuse(row, `the account's deny list has ${remote}`) : undefined;
  },

  state: ({ account }) => {
    const refusedAs = account?.terms.refusedAs;
    return refusedAs === undefined ? undefined : refuse(refusedAs, 'the scenario puts the account into this state');
  },

  expiry: ({ row, account, now }) => {
    const expires = account?.terms.expires;
    return expires !== undefined && now >= expires
      ? refuse(row, `the account ended at ${new Date(expires).toISOString()}`)
      : undefined;
  },

  rate: ({ endpoint, row, account, books, now }) => {
    const perSecond = account?.terms.perSecond;
    if (perSecond === undefined || books === undefined) return undefined;
    const count = books.countInSecond(endpoint.id, now);
    return count > perSecond
      ? refuse(row, `call ${count} of this second, and ${perSecond} are allowed`, { count: `${count}`, limit: `${perSecond}` })
      : undefined;
  },

  credit: ({ draft, row, books }) => {
    const units = Math.max(1, draft.queries.length);
    return books === undefined || books.affords(units)
      ? undefined
      : refuse(row, `${units} wanted, and the account has ${books.credit ?? 0} left`);
  },

  daily: ({ endpoint, draft, row, account, books, now }) => {
    const perDay = account?.terms.perNumberPerDay;
    if (perDay === undefined || books === undefined) return undefined;
    for (const query of draft.queries) {
      if (query.kind === 'balance') continue;
      const count = books.countOnDay(endpoint.id, query.number, now);
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
