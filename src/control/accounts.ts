import type { z } from 'zod';
import { maskSecret } from '../engine/masking.ts';
import type { Tenant } from '../engine/tenant.ts';
import type { Account, Provider, Terms } from '../providers/provider.ts';
import type { WireResponse } from '../wire/wire-response.ts';
import { readBody } from './body.ts';
import { json, problem } from './problem.ts';
import type { Call, Controlled } from './route.ts';

export function accounts(_controlled: Controlled, { tenant }: Call): WireResponse {
  return json({ accounts: accountsOf(tenant) });
}

/** All accounts of a tenant, as they may be shown. */
export const accountsOf = (tenant: Tenant) => [...tenant.accounts].map((account) => shown(tenant, account));

/** Tops up, corrects, or changes what the scenario says of an account: arrears, limits, lists of addresses. All of it, or nothing. */
export async function amendAccount({ simulator }: Controlled, { tenant, name, body }: Call): Promise<WireResponse> {
  const { accountBody } = await import('./bodies.ts');
  const read = await readBody(body, accountBody);
  if (read.kind === 'refused') return read.answer;
  const { credential, topUp, correction, why = '', set } = read.value;
  const provider = simulator.providers.find(({ id }) => id === name);
  if (provider === undefined) return problem(404, 'no-provider', `There is no provider of that id. There are ${simulator.providers.map(({ id }) => id).join(', ')}.`);
  const own = [...tenant.accounts].filter((each) => each.provider === name);
  const account = credential === undefined ? own[0] : own.find(({ terms }) => terms.credential === credential);
  if (account === undefined) return problem(404, 'no-account', 'No account has this credential. GET /_sim/accounts lists them.');
  const amended = set === undefined ? { kind: 'terms' as const, terms: account.terms } : await amendedTerms(account, set, provider, body);
  if (amended.kind === 'refused') return amended.answer;
  const { terms } = amended;
  if ((topUp !== undefined || correction !== undefined) && terms.credit === undefined) {
    return problem(409, 'not-counted', 'Nothing is counted for this account, so there is nothing to top up or correct. Give it a quota or balance with "set".');
  }
  const place = { provider: name, index: own.indexOf(account) };
  if (set !== undefined) tenant.change({ kind: 'amend', ...place, record: terms.record, anew: Object.hasOwn(set, provider.accounts.balance) });
  if (topUp !== undefined) tenant.change({ kind: 'enter', ...place, entry: 'top-up', units: topUp, why });
  if (correction !== undefined) tenant.change({ kind: 'enter', ...place, entry: 'correction', units: correction, why });
  return json(shown(tenant, [...tenant.accounts].filter((each) => each.provider === name)[place.index] ?? account));
}

type Amended = { readonly kind: 'terms'; readonly terms: Terms } | { readonly kind: 'refused'; readonly answer: WireResponse };

/** The terms of an account of which some keys are others; `null` leaves a key out. */
async function amendedTerms({ terms: { record, credential, secret } }: Account, set: Readonly<Record<string, unknown>>, { accounts: kind }: Provider, body: Buffer): Promise<Amended> {
  const [{ z }, schema] = await Promise.all([import('zod'), kind.schema()]);
  // A provider's account schema is one of zod: that is the contract of AccountKind. `set` is around it as it is in the body.
  const around = z.object({ set: schema as z.ZodType<Readonly<Record<string, unknown>>> });
  const wanted = { set: Object.fromEntries(Object.entries({ ...record, ...set }).filter(([, value]) => value !== null)) };
  const parsed = around.safeParse(wanted);
  if (!parsed.success) {
    const { mistakesIn } = await import('./mistakes.ts');
    return { kind: 'refused', answer: problem(422, 'invalid-body', mistakesIn(body.toString('utf8'), wanted, parsed.error.issues, around)) };
  }
  const terms = kind.terms(parsed.data.set);
  if (terms.credential === credential && terms.secret === secret) return { kind: 'terms', terms };
  return { kind: 'refused', answer: problem(422, 'invalid-body', 'set: credentials cannot be changed. Put a scenario with others into force.') };
}

function shown(tenant: Tenant, account: Account) {
  const { provider, terms: { credential, refusedAs, perSecond, perNumberPerDay, expires } } = account;
  return {
    provider,
    credential: maskSecret(credential),
    balance: tenant.books(account)?.credit ?? null,
    refusedAs: refusedAs ?? null,
    perSecond: perSecond ?? null,
    perNumberPerDay: perNumberPerDay ?? null,
    expires: expires === undefined ? null : new Date(expires).toISOString(),
  };
}
