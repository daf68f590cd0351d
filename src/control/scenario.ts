import type { Provider } from '../providers/provider.ts';
import { describeComplaint, type Complaint } from '../scenario/complaint.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { reissued } from '../engine/reissue.ts';
import type { Tenant } from '../engine/tenant.ts';
import type { WireResponse } from '../wire/wire-response.ts';
import { recordsOf } from './adopted.ts';
import { readBody } from './body.ts';
import { credentialsOf } from './credentials.ts';
import { json, problem } from './problem.ts';
import type { Call, Controlled } from './route.ts';

/** What is in force, as far as it is nobody's secret. */
export function scenario(_controlled: Controlled, { tenant }: Call): WireResponse {
  const { name, description, seed, clock, numbers, rules: all, readings, switchedOff } = tenant.generation.scenario;
  return json({ name, description, seed, clock, numbers: numbers.length, rules: all.map(({ id, place }) => ({ id, place })), readings, switchedOff });
}

export async function putScenario({ simulator }: Controlled, { tenant, body }: Call): Promise<WireResponse> {
  const { scenarioBody } = await import('./bodies.ts');
  const read = await readBody(body, scenarioBody);
  if (read.kind === 'refused') return read.answer;
  const loaded = await scenarioOf(read.value.scenario, simulator.providers);
  if (loaded.kind === 'refused') return loaded.answer;
  if (tenant === simulator.defaultTenant && simulator.tenants.takes(loaded.scenario.accounts)) return takenCredential();
  apply(simulator.tenants, tenant, loaded.scenario, simulator.providers);
  // Accounts that the tenant did not have before have credentials that nobody could know otherwise.
  return json({ applied: loaded.scenario.name, ...(tenant === simulator.defaultTenant ? {} : credentialsOf(simulator, tenant)) });
}

/** A minted tenant's clients would be answered from another world. */
export const takenCredential = (): WireResponse => problem(409, 'taken-credential', 'A minted tenant has one of these credentials. Delete that tenant, or name others.');

function apply(tenants: Controlled['simulator']['tenants'], tenant: Tenant, wanted: Scenario, providers: readonly Provider[]): void {
  // A minted tenant keeps the credentials that its clients have; the default one has those that the scenario names.
  tenant.apply(tenant === tenants.default ? wanted : reissued(wanted, providers, recordsOf(tenant)));
  tenants.own(tenant);
}

export type LoadedScenario = { readonly kind: 'scenario'; readonly scenario: Scenario } | { readonly kind: 'refused'; readonly answer: WireResponse };

/**
 * A scenario from a shipped one's name, from YAML, or from JSON.
 *
 * @param describe words a mistake, where the text is not the one that was sent
 */
export async function scenarioOf(source: string | Readonly<Record<string, unknown>>, providers: readonly Provider[], describe: (complaint: Complaint) => string = describeComplaint): Promise<LoadedScenario> {
  const [{ loadScenario }, { scenarioSchema }, { shippedScenario, shippedNames }] = await Promise.all([import('../scenario/load.ts'), import('../scenario/schema.ts'), import('../scenario/shipped.ts')]);
  let text = typeof source === 'string' ? source : JSON.stringify(source, null, 2);
  let file = 'scenario';
  if (typeof source === 'string' && /^[a-z0-9-]{1,64}$/.test(source)) {
    const shipped = shippedScenario(source);
    if (shipped === undefined) return { kind: 'refused', answer: problem(422, 'no-scenario', `No shipped scenario is called "${source}". There are ${shippedNames().join(', ')}; or send YAML or JSON.`) };
    text = shipped;
    file = `scenarios/${source}.yaml`;
  }
  const loaded = loadScenario(text, file, await scenarioSchema(providers), providers);
  if (loaded.kind === 'scenario') return loaded;
  return { kind: 'refused', answer: problem(422, 'broken-scenario', loaded.complaints.slice(0, 20).map(describe).join('\n')) };
}

/** The rules, and how often each was used by calls of all numbers together. */
export function rules(_controlled: Controlled, { tenant }: Call): WireResponse {
  return json({ rules: tenant.generation.scenario.rules.map(({ id, place, times, per }) => ({ id, place, times: times === Infinity ? null : times, per, ...(per === 'rule' ? { used: tenant.uses.ofRule(id) } : {}) })) });
}

/** As many as a scenario may have. */
const mostRules = 20_000;

/** Arms a rule in front of all others. It is read as it stands in a scenario, with all of its checks. */
export async function armRule({ simulator }: Controlled, { tenant, body }: Call): Promise<WireResponse> {
  const { ruleBody } = await import('./bodies.ts');
  const read = await readBody(body, ruleBody);
  if (read.kind === 'refused') return read.answer;
  // Around the body as it was sent, so that it keeps its columns, and its lines but for the one before it. Tabs cannot indent YAML.
  const around = JSON.stringify({ konghao: 1, name: 'armed', accounts: recordsOf(tenant), rules: [] }).slice(0, -2);
  const text = `${around}\n${body.toString('utf8').replaceAll('\t', ' ')}\n]}`;
  const loaded = await scenarioOf(text, simulator.providers, (complaint) => describeComplaint({ ...complaint, file: 'body', line: complaint.line - 1 }));
  if (loaded.kind === 'refused') return loaded.answer;
  const { scenario: current } = tenant.generation;
  const armed = loaded.scenario.rules.map((rule) => ({ ...rule, place: 'armed by the control API' }));
  if (current.rules.length + armed.length > mostRules) return problem(409, 'too-many-rules', `There are ${current.rules.length} rules already, and ${mostRules} are the most. Disarm some: DELETE /_sim/rules/{id}.`);
  for (const rule of armed) tenant.change({ kind: 'arm', rule });
  return { ...json({ armed: armed.map(({ id }) => id) }), status: 201 };
}

export function disarmRule(_controlled: Controlled, { tenant, name }: Call): WireResponse {
  const { scenario: current } = tenant.generation;
  if (current.rules.every(({ id }) => id !== name)) return problem(404, 'no-rule', 'No rule is called so. GET /_sim/rules lists them.');
  tenant.change({ kind: 'disarm', id: name });
  return json({ disarmed: name });
}
