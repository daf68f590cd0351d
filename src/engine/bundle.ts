import type { Clock } from '../domain/clock.ts';
import type { Provider } from '../providers/provider.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Changed } from './changes.ts';
import { loadPeople } from './people.ts';
import { Simulator } from './simulator.ts';
import type { Origin, Tenant, TenantState } from './tenant.ts';
import { requestOf } from './trace.ts';

/**
 * All that made a tenant what it is: the scenario, the state it began in, what was asked and what the control API did
 * since, and the state now. Plain JSON, whole: credentials, numbers, names and ID numbers are in clear.
 */
export interface Bundle {
  readonly konghao: 'bundle';
  readonly format: 1;
  readonly version: string;
  /** Real time in milliseconds. */
  readonly takenAt: number;
  readonly scenario: Scenario;
  readonly origin: Origin['state'];
  /** The scenario now in force, which differs where rules were armed. */
  readonly now: Scenario;
  readonly state: TenantState;
  /** Whether requests and changes are all there are since the beginning: only then can they be replayed. */
  readonly complete: boolean;
  readonly requests: readonly RecordedRequest[];
  readonly changes: readonly Changed[];
}

export interface RecordedRequest {
  /** Its place in the journal. */
  readonly exchange: number;
  readonly provider: string;
  /** Real time at which it came, in milliseconds. */
  readonly receivedAt: number;
  readonly remoteAddress: string;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  /** Base64. */
  readonly body: string;
  readonly answer: { readonly status: number; readonly body: string; readonly fault: string | null; readonly units: number };
}

export function bundleOf(tenant: Tenant, version: string): Bundle {
  const { origin, journal, changes } = tenant;
  const requests: RecordedRequest[] = [];
  let whole = changes.complete;
  for (let place = origin.exchange; place < journal.next; place += 1) {
    const exchange = journal.get(place);
    const transcript = journal.transcript(place);
    if (exchange === undefined || transcript === undefined || !transcript.whole) whole = false;
    // What no provider took changed nothing.
    else if (exchange.provider !== undefined) {
      const { method, target, headers, body, answer } = transcript;
      requests.push({
        exchange: place,
        provider: exchange.provider.id,
        receivedAt: exchange.receivedAt,
        remoteAddress: exchange.remoteAddress,
        method, target, headers,
        body: body.toString('base64'),
        answer: { status: exchange.status, body: answer, fault: exchange.fault?.kind ?? null, units: exchange.units },
      });
    }
  }
  return { konghao: 'bundle', format: 1, version, takenAt: tenant.realTime(), scenario: origin.scenario, origin: origin.state, now: tenant.generation.scenario, state: tenant.snapshot(), complete: whole, requests, changes: changes.all };
}

/** JSON has no infinity, and scenarios have rules without end. */
export const writeBundle = (bundle: Bundle): string => JSON.stringify(bundle, (_key, value: unknown) => (value === Infinity ? 'Infinity' : value));
export const readBundle = (text: string): unknown => JSON.parse(text, (key, value: unknown) => (value === 'Infinity' && (key === 'times' || key === 'to') ? Infinity : value));

/** One answer of a replay that is another than it was. */
export interface Difference {
  readonly exchange: number;
  readonly was: RecordedRequest['answer'];
  readonly is: RecordedRequest['answer'];
}

/** Asks everything once more, at the times at which it was asked, of a simulator that begins where the bundle does. */
export async function replay(bundle: Bundle, providers: readonly Provider[]): Promise<{ readonly differences: readonly Difference[]; readonly state: TenantState }> {
  let instant = bundle.origin.clock.since;
  const clock: Clock = { now: () => instant };
  const simulator = new Simulator(bundle.scenario, providers, clock);
  const tenant = simulator.defaultTenant;
  tenant.resume(bundle.origin);
  await loadPeople();
  const differences: Difference[] = [];
  const pending = [...bundle.changes];
  const changeUntil = (place: number): void => {
    for (let next = pending[0]; next !== undefined && next.before <= place; next = pending[0]) {
      instant = next.at;
      tenant.change(next.change);
      pending.shift();
    }
  };
  for (const recorded of bundle.requests) {
    changeUntil(recorded.exchange);
    instant = recorded.receivedAt;
    const provider = providers.find(({ id }) => id === recorded.provider);
    if (provider === undefined) continue;
    const request = { ...requestOf({ ...recorded, body: Buffer.from(recorded.body, 'base64'), bodyCut: 0, answer: '', whole: true }), remoteAddress: recorded.remoteAddress };
    await simulator.prepare(provider, request);
    const handled = simulator.handle(provider, request);
    const units = tenant.journal.get(handled.sequence)?.units ?? 0;
    const is = { status: handled.answer.status, body: handled.body.toString('utf8'), fault: handled.fault?.kind ?? null, units };
    const { answer: was } = recorded;
    if (is.status !== was.status || is.body !== was.body || is.fault !== was.fault || is.units !== was.units) differences.push({ exchange: recorded.exchange, was, is });
  }
  changeUntil(Infinity);
  return { differences, state: tenant.snapshot() };
}
