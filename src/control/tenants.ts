import { freshText } from '../domain/random.ts';
import { reissued } from '../engine/reissue.ts';
import type { Simulator } from '../engine/simulator.ts';
import type { Tenant } from '../engine/tenant.ts';
import type { WireResponse } from '../wire/wire-response.ts';
import { readBody } from './body.ts';
import { clockOf } from './clock.ts';
import { credentialsOf } from './credentials.ts';
import { json, problem } from './problem.ts';
import type { Call, Controlled } from './route.ts';
import { scenarioOf } from './scenario.ts';

export function tenants({ simulator }: Controlled): WireResponse {
  return json({ idleMilliseconds: simulator.tenants.limits.idle, tenants: [...simulator.tenants].map((each) => summaryOf(simulator, each)) });
}

export function tenant({ simulator }: Controlled, { name }: Call): WireResponse {
  const found = simulator.tenants.get(name);
  return found === undefined ? noTenant() : json({ ...summaryOf(simulator, found), clock: clockOf(found) });
}

export const noTenant = (): WireResponse => problem(404, 'no-tenant', 'There is no tenant of that id, or no longer: one that nobody calls is gone after a while. POST /_sim/tenants makes another.');

/** A tenant of its own, with credentials that nobody else has. */
export async function mintTenant({ simulator }: Controlled, { body, host }: Call): Promise<WireResponse> {
  const { tenantBody } = await import('./bodies.ts');
  const read = await readBody(body.length === 0 ? Buffer.from('{}') : body, tenantBody);
  if (read.kind === 'refused') return read.answer;
  const { scenario, seed, clock } = read.value;
  const loaded = scenario === undefined ? { kind: 'scenario' as const, scenario: simulator.defaultTenant.origin.scenario } : await scenarioOf(scenario, simulator.providers);
  if (loaded.kind === 'refused') return loaded.answer;
  const timed = clock === undefined ? loaded.scenario.clock : (await import('../scenario/normalise.ts')).clockOf(clock);
  const own = reissued({ ...loaded.scenario, seed: seed ?? loaded.scenario.seed, clock: timed }, simulator.providers);
  const minted = simulator.tenants.mint(freshText(12), own);
  if (minted === undefined) return problem(429, 'too-many-tenants', `There are ${simulator.tenants.limits.most} tenants already. Delete some: DELETE /_sim/tenants/{id}.`);
  return { ...json({ ...summaryOf(simulator, minted), url: `http://${host}`, ...credentialsOf(simulator, minted) }), status: 201 };
}

export function removeTenant({ simulator }: Controlled, { name }: Call): WireResponse {
  if (name === simulator.defaultTenant.id) return problem(409, 'default-tenant', 'The default tenant stays. POST /_sim/reset makes it as new.');
  return simulator.tenants.remove(name) ? json({ removed: true }) : noTenant();
}

function summaryOf({ tenants: all }: Simulator, each: Tenant) {
  const expiresAt = all.expiresAt(each);
  const { scenario } = each.generation;
  return {
    id: each.id,
    scenario: scenario.name,
    seed: scenario.seed,
    exchanges: each.journal.total,
    expires: expiresAt === undefined || expiresAt === Infinity ? null : new Date(expiresAt).toISOString(),
  };
}
