import { bundleOf, writeBundle } from '../engine/bundle.ts';
import { report } from '../engine/report.ts';
import { last } from '../wire/form.ts';
import type { WireResponse } from '../wire/wire-response.ts';
import { version } from '../version.ts';
import { accountsOf } from './accounts.ts';
import { mostShown } from './journal.ts';
import { adopted, recordsOf } from './adopted.ts';
import { clockOf } from './clock.ts';
import { json, problem, text } from './problem.ts';
import type { Call, Controlled } from './route.ts';
import { takenCredential } from './scenario.ts';
import { maskedSnapshot, readSnapshot } from './whole-snapshot.ts';

/** The state. Whole, it can be put back and replayed, and it holds personal data in clear: that has to be asked for. */
export function snapshot(_controlled: Controlled, { tenant, parameters }: Call): WireResponse {
  if (last(parameters, 'personal') === 'true') return text('application/json', writeBundle(bundleOf(tenant, version)));
  const exchanges = [];
  for (const each of tenant.journal.newestFirst()) if (exchanges.push(report(each, tenant.journal)) === mostShown) break;
  return json({ konghao: maskedSnapshot, version, scenario: tenant.generation.scenario.name, seed: tenant.generation.scenario.seed, clock: clockOf(tenant), accounts: accountsOf(tenant), tally: tenant.tally.snapshot(), exchanges: exchanges.reverse(), putBack: 'Only a whole one can be put back: GET /_sim/snapshot?personal=true.' });
}

/** Puts a whole snapshot back, all or nothing. A minted tenant keeps its own credentials. */
export async function putSnapshot({ simulator }: Controlled, { tenant, body }: Call): Promise<WireResponse> {
  const read = await readSnapshot(body.toString('utf8'), simulator.providers);
  if (read.kind === 'refused') return problem(422, 'invalid-body', `The body is no whole snapshot: ${read.why}`);
  const { now, state } = tenant === simulator.defaultTenant ? read.bundle : adopted(read.bundle, tenant, simulator.providers);
  if (tenant === simulator.defaultTenant && simulator.tenants.takes(recordsOf({ accounts: state.accounts.map(({ provider, record }) => ({ provider, terms: { record } })) }))) return takenCredential();
  tenant.restore(now, state, read.bundle.takenAt);
  simulator.tenants.own(tenant);
  return json({ restored: now.name });
}
