import { afterwards } from '../domain/clock.ts';
import type { Exchange, Journal } from '../engine/journal.ts';
import { report } from '../engine/report.ts';
import type { Tenant } from '../engine/tenant.ts';
import { diagnose, trace } from '../engine/trace.ts';
import { instantOf } from '../providers/limits.ts';
import { last, type Parameter } from '../wire/form.ts';
import type { WireResponse } from '../wire/wire-response.ts';
import { lastEdit } from './health.ts';
import { json, problem } from './problem.ts';
import type { Call, Controlled } from './route.ts';

/** Exchanges of one answer: more of them take their time, and calls wait meanwhile. */
export const mostShown = 200;

export function journal(controlled: Controlled, { tenant, parameters }: Call): WireResponse {
  const { journal: exchanges } = tenant;
  const limit = numberIn(parameters, 'limit', 50, 1, mostShown);
  return json({ total: exchanges.total, dropped: exchanges.dropped, ...lastEdit(controlled), exchanges: newest(tenant, filterOf(parameters, tenant.journal), limit) });
}

/** One exchange with every phase, by its place in the journal, or by the id that its client saw. */
export function exchange(_controlled: Controlled, { tenant, name }: Call): WireResponse {
  const { journal: exchanges } = tenant;
  const found = find(tenant, name);
  const transcript = found === undefined ? undefined : exchanges.transcript(found.sequence);
  if (found === undefined || transcript === undefined) {
    return problem(404, 'no-exchange', 'The journal has no exchange of that id, or no longer. GET /_sim/journal finds one by provider, endpoint and number as well.');
  }
  return json({ ...report(found, exchanges), phases: trace(found, transcript), diagnosis: diagnose(found, transcript, tenant) ?? null });
}

function find(tenant: Tenant, name: string): Exchange | undefined {
  const place = /^\d{1,12}$/.test(name) ? tenant.journal.get(Number(name)) : undefined;
  if (place !== undefined) return place;
  // A log_id is a plain number as well: spelled out, it is nothing else.
  const id = name.replace(/^log_id:/, '');
  // Many answers carry none, and none of them is meant by that.
  if (id !== '') for (const each of tenant.journal.newestFirst()) if (each.id === id) return each;
  return undefined;
}

export function clearJournal(_controlled: Controlled, { tenant }: Call): WireResponse {
  tenant.journal.clear();
  return json({ cleared: true });
}

/**
 * Waits until so many exchanges behind a place fit; answers at once where they are there already. Who names a place is
 * told all behind it, the oldest first, and where to go on from, so that nothing is missed and nothing told twice; who
 * names none is told the newest.
 */
export function waitForExchanges(_controlled: Controlled, { tenant, parameters, onLeave }: Call): Promise<WireResponse> {
  const { journal: exchanges } = tenant;
  const count = numberIn(parameters, 'count', 1, 1, mostShown);
  const after = numberIn(parameters, 'after', 0, 0, Number.MAX_SAFE_INTEGER);
  const timeout = numberIn(parameters, 'timeout', 10_000, 0, 60_000);
  const fits = filterOf(parameters, tenant.journal);
  const found = (): Exchange[] => {
    const all: Exchange[] = [];
    for (const each of exchanges.newestFirst()) {
      if (each.sequence <= after) break;
      if (fits(each)) all.push(each);
    }
    return all.reverse();
  };
  const answer = (all: readonly Exchange[]): WireResponse => {
    const told = last(parameters, 'after') === undefined ? all.slice(-count) : all.slice(0, mostShown);
    const left = told.at(-1) !== all.at(-1);
    return json({ met: all.length >= count, next: left ? told.at(-1)?.sequence : exchanges.next - 1, exchanges: told.map((each) => report(each, exchanges)) });
  };
  const all = found();
  if (all.length >= count) return Promise.resolve(answer(all));
  let counted = all.length;
  return new Promise((resolve) => {
    const stop = (): void => {
      callOff();
      stopListening();
    };
    const done = (): void => {
      stop();
      resolve(answer(found()));
    };
    const callOff = afterwards(timeout, done);
    const stopListening = exchanges.listen((each) => {
      if (each.sequence <= after || !fits(each)) return;
      counted += 1;
      if (counted < count) return;
      // Some may be gone again.
      counted = found().length;
      if (counted >= count) done();
    });
    // Nobody is there to be answered.
    onLeave(stop);
  });
}

function newest(tenant: Tenant, fits: (exchange: Exchange) => boolean, most: number) {
  const shown = [];
  for (const each of tenant.journal.newestFirst()) {
    if (shown.length === most) break;
    if (fits(each)) shown.push(report(each, tenant.journal));
  }
  return shown;
}

function filterOf(parameters: readonly Parameter[], exchanges: Journal): (exchange: Exchange) => boolean {
  const provider = last(parameters, 'provider');
  const endpoint = last(parameters, 'endpoint');
  const number = last(parameters, 'number');
  const row = last(parameters, 'row');
  const from = instantIn(parameters, 'from', Number.NEGATIVE_INFINITY);
  const to = instantIn(parameters, 'to', Number.POSITIVE_INFINITY);
  return (each) =>
    each.at >= from &&
    each.at <= to &&
    (provider === undefined || each.provider?.id === provider) &&
    (endpoint === undefined || each.endpoint?.id === endpoint) &&
    (number === undefined || each.number === number || (each.numbers > 1 && asks(exchanges, each, number))) &&
    (row === undefined || each.row === row);
}

/** Whether a batch asked about this number behind the first: of a batch only the first is kept beside its request. */
function asks(exchanges: Journal, { sequence }: Exchange, number: string): boolean {
  const transcript = exchanges.transcript(sequence);
  return transcript !== undefined && number !== '' && (transcript.body.includes(number) || transcript.target.includes(number));
}

/** An instant of a query on the tenant's clock, in milliseconds or as text with its offset; `otherwise` where it is none. */
function instantIn(parameters: readonly Parameter[], name: string, otherwise: number): number {
  const text = last(parameters, name) ?? '';
  // A plus sign of an offset that was not encoded has become a blank.
  const instant = /^\d{12,15}$/.test(text) ? Number(text) : instantOf(text.replace(/ (?=\d\d:\d\d$)/, '+'));
  return Number.isFinite(instant) ? instant : otherwise;
}

/** A whole number of a query, `otherwise` where it is none, and never beyond the bounds. */
function numberIn(parameters: readonly Parameter[], name: string, otherwise: number, least: number, most: number): number {
  const text = last(parameters, name) ?? '';
  return /^\d{1,15}$/.test(text) ? Math.min(most, Math.max(least, Number(text))) : otherwise;
}
