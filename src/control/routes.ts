import { describeEvidence } from '../domain/evidence.ts';
import { areaFor } from '../numbering/areas.ts';
import { planFor } from '../numbering/plan.ts';
import { report } from '../engine/report.ts';
import type { Simulator } from '../engine/simulator.ts';
import { maskIdCard, maskName, maskText } from '../engine/masking.ts';
import { describeComplaint, type Complaint } from '../scenario/complaint.ts';
import { version } from '../version.ts';
import { bytesOf, type WireResponse } from '../wire/wire-response.ts';
import { last, type Parameter } from '../wire/form.ts';
import { loadPeople } from '../engine/people.ts';
import { catalogueOf } from './catalogue.ts';
import { json, problem } from './problem.ts';

/** What the control plane speaks about. */
export interface Controlled {
  readonly simulator: Simulator;
  /** Mistakes of the last edit that was refused; empty when what is on disk is what serves. */
  readonly complaints: () => readonly Complaint[];
}

export interface Call {
  readonly parameters: readonly Parameter[];
  /** What stands for `{…}` in the path. */
  readonly name: string;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  /** Needs no token, even beyond loopback. */
  readonly open?: boolean;
  run(controlled: Controlled, call: Call): WireResponse | Promise<WireResponse>;
}

/** The control API: a table to read aloud. `/tenants/default/…` is the same as `/…`. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/health', summary: 'whether it serves, which scenario, and what is wrong with the last edit', open: true, run: health },
  { method: 'GET', path: '/catalogue', summary: 'every code of every endpoint, with its evidence and its cause', run: ({ simulator }) => json(catalogueOf(simulator.providers)) },
  { method: 'GET', path: '/readings', summary: 'where the documents leave a choice, and what is chosen', run: readings },
  { method: 'GET', path: '/journal', summary: 'the last exchanges, newest first (limit, provider, endpoint, number)', run: journal },
  { method: 'GET', path: '/journal/{id}', summary: 'one exchange', run: exchange },
  { method: 'DELETE', path: '/journal', summary: 'forgets the exchanges', run: clear },
  { method: 'POST', path: '/reset', summary: 'counters, balances and journal as at the start', run: reset },
  { method: 'GET', path: '/world/{number}', summary: 'the truth of a number and how the providers say it (reveal=true shows the owner)', run: world },
  { method: 'GET', path: '/numbering/{number}', summary: 'what the public number plan says of a number', run: numbering },
];

/** Complaints quote the scenario, and health is for everybody. */
const shownComplaint = (complaint: Complaint): string => describeComplaint({ ...complaint, message: maskText(complaint.message) });

function health({ simulator, complaints }: Controlled): WireResponse {
  const { generation, journal: exchanges } = simulator.defaultTenant;
  const refused = complaints().map(shownComplaint);
  return json({
    status: 'ok',
    version,
    scenario: generation.scenario.name,
    ...(refused.length === 0 ? {} : { lastEditRefused: refused }),
    exchanges: exchanges.total,
    dropped: exchanges.dropped,
  });
}

function readings({ simulator }: Controlled): WireResponse {
  const inForce = simulator.defaultTenant.generation.readings;
  return json(simulator.providers.flatMap((provider) => provider.readings.map((reading) => ({ ...reading, inForce: inForce[reading.name] }))));
}

const mostShown = 200;

function journal({ simulator, complaints }: Controlled, { parameters }: Call): WireResponse {
  const { journal: exchanges } = simulator.defaultTenant;
  const limit = Math.min(mostShown, Math.max(1, Number.parseInt(last(parameters, 'limit') ?? '50', 10) || 50));
  const provider = last(parameters, 'provider');
  const endpoint = last(parameters, 'endpoint');
  const number = last(parameters, 'number');
  const shown = [];
  for (const each of exchanges.newestFirst()) {
    if (shown.length === limit) break;
    if (provider !== undefined && each.provider?.id !== provider) continue;
    if (endpoint !== undefined && each.endpoint?.id !== endpoint) continue;
    if (number !== undefined && each.number !== number) continue;
    shown.push(report(each, exchanges));
  }
  const refused = complaints().map(shownComplaint);
  return json({ total: exchanges.total, dropped: exchanges.dropped, ...(refused.length === 0 ? {} : { lastEditRefused: refused }), exchanges: shown });
}

function exchange({ simulator }: Controlled, { name }: Call): WireResponse {
  const { journal: exchanges } = simulator.defaultTenant;
  const found = /^\d{1,12}$/.test(name) ? exchanges.get(Number(name)) : undefined;
  return found === undefined ? problem(404, 'no-exchange', 'The journal has no exchange of that id, or no longer.') : json(report(found, exchanges));
}

function clear({ simulator }: Controlled): WireResponse {
  simulator.defaultTenant.journal.clear();
  return json({ cleared: true });
}

function reset({ simulator }: Controlled): WireResponse {
  simulator.reset();
  return json({ reset: true });
}

async function world({ simulator }: Controlled, { name, parameters }: Call): Promise<WireResponse> {
  const tenant = simulator.defaultTenant;
  const subscriber = /^\d{1,32}$/.test(name) ? tenant.generation.world.subscriber(name) : undefined;
  if (subscriber === undefined) return problem(404, 'no-number', 'That cannot be a mobile number, and the scenario does not name it either.');
  await loadPeople();
  const owner = tenant.generation.world.owner(name);
  const reveal = last(parameters, 'reveal') === 'true';
  const accounts = [...tenant.accounts];
  const wordings = simulator.providers.flatMap((provider) =>
    provider.endpoints.flatMap((endpoint) => {
      const word = endpoint.statuses?.[subscriber.status];
      const account = accounts.find((each) => each.provider === provider.id);
      if (word === undefined || account === undefined) return [];
      const answer: unknown = JSON.parse(bytesOf(simulator.preview(endpoint, account, name)).toString());
      return [[endpoint.id, { says: word.says, ...(word.noWord === undefined ? {} : { noWord: word.noWord }), evidence: describeEvidence(word.evidence), answer }] as const];
    }),
  );
  return json({
    ...subscriber,
    virtualOperator: subscriber.virtualOperator ?? null,
    owner: reveal ? owner : { name: maskName(owner.name), idCard: maskIdCard(owner.idCard) },
    wordings: Object.fromEntries(wordings),
  });
}

function numbering(_controlled: Controlled, { name }: Call): WireResponse {
  const plan = planFor(name);
  return plan === undefined ? problem(404, 'no-number', 'The public number plan has no such mobile number.') : json({ number: name, ...plan, area: areaFor(name) ?? null });
}
