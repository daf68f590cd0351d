import { describeEvidence } from '../domain/evidence.ts';
import type { Exchange, Journal } from './journal.ts';
import { maskAnswer, maskNumber, maskPath, maskRequest, maskSecret, maskText, onOneLine, type MaskedRequest } from './masking.ts';
import { nearestTitle } from './nearest-title.ts';
import type { Origin } from '../domain/subscriber.ts';
import type { Fault } from '../domain/fault.ts';
import type { Action, Fired } from './rules.ts';

/** An exchange as it may be shown: masked, and with its sentence. */
export interface ExchangeReport {
  readonly id: number;
  readonly at: string;
  readonly tenant: string;
  readonly provider: string | null;
  readonly endpoint: string | null;
  readonly credential: string | null;
  readonly request: MaskedRequest;
  readonly answer: { readonly status: number; readonly body: string };
  /** The row of the catalogue. */
  readonly row: string;
  /** The id that the client saw, such as RequestId; `null` where it saw none. */
  readonly clientId: string | null;
  /** Charged queries. */
  readonly units: number;
  readonly milliseconds: number;
  readonly delay: number;
  /** What kept the answer from the client, and when it struck: `connection-reset before send`. */
  readonly fault: string | null;
  readonly evidence: string;
  readonly because: string;
  /** The rule that almost held, where none did; the nearest endpoint, where the path is nobody's. */
  readonly nearMiss: string | null;
}

export function report(exchange: Exchange, journal: Journal): ExchangeReport {
  const { provider, endpoint, account } = exchange;
  const transcript = journal.transcript(exchange.sequence) ?? { method: '', target: '', headers: [], body: Buffer.alloc(0), bodyCut: 0, answer: '', whole: false };
  // What the provider says of a path that it does not have is a row of its endpoints' catalogue as well.
  const row = (endpoint === undefined ? provider?.endpoints : [endpoint])?.find(({ rows }) => Object.hasOwn(rows, exchange.row))?.rows[exchange.row];
  return {
    id: exchange.sequence,
    at: new Date(exchange.at).toISOString(),
    tenant: account?.tenant ?? 'default',
    provider: provider?.id ?? null,
    endpoint: endpoint?.id ?? null,
    credential: account === undefined ? null : maskSecret(account.terms.credential),
    request: maskRequest(transcript, provider?.fields ?? {}),
    answer: { status: exchange.status, body: maskAnswer(transcript.answer, provider?.fields ?? {}) },
    row: exchange.row,
    clientId: exchange.id === '' ? null : exchange.id,
    units: exchange.units,
    milliseconds: Math.round(exchange.milliseconds * 1000) / 1000,
    delay: exchange.delay,
    fault: exchange.fault === undefined ? null : faultWords(exchange.fault),
    evidence: row === undefined ? 'assumed: no document names this path' : describeEvidence(row.evidence),
    because: because(exchange, transcript.method, transcript.target),
    nearMiss: nearMiss(exchange, transcript.method, transcript.target),
  };
}

/** One sentence on one line: why this answer and no other. */
export const because = (exchange: Exchange, method: string, target: string): string => onOneLine(sentence(exchange, method, target));

function sentence(exchange: Exchange, method: string, target: string): string {
  const { because: cause, provider } = exchange;
  switch (cause.kind) {
    case 'unrouted':
    case 'stray': {
      const path = maskPath(target.split('?', 1)[0] ?? '').slice(0, 200);
      const whose = provider === undefined ? 'No provider' : `No endpoint of ${provider.name}`;
      return `${whose} answers ${method} ${path}${instead(exchange, cause.kind === 'stray' ? undefined : cause.titles, path)}.`;
    }
    case 'check':
      // Some reasons are whole sentences, such as those of an envelope that stays closed.
      return `The check "${cause.check}" (${cause.phase}) refused it: ${maskText(cause.refusal.why).replace(/\.$/, '')}.`;
    case 'rule':
    case 'struck':
      return ruled(exchange, cause.fired);
    case 'world':
      return `${capital(world(exchange))}.`;
    case 'failure':
      return `The simulator failed, which is a defect of ours: ${maskText(cause.message.split('\n', 1)[0] ?? '')}.`;
    default:
      return cause satisfies never;
  }
}

function ruled(exchange: Exchange, { rule, action, delay, fault }: Fired): string {
  const { endpoint, units, because: { kind } } = exchange;
  const name = `the rule "${rule.id}" (${rule.place})`;
  if (fault !== undefined) {
    const charged = units === 0 ? 'nothing is charged' : `${units} charged`;
    const more = delay > 0 ? `, ${delay} ms late` : '';
    return `${capital(name)} has it end in ${faultWords(fault)}${more}: ${charged}${kind === 'struck' || action.kind === 'ok' ? '' : `, and the answer would have been ${exchange.row}`}.`;
  }
  // A rule that only delays leaves the answer to the world.
  if (action.kind === 'ok') return `${capital(world(exchange))}. ${capital(name)} ${delay > 0 ? `delays it by ${delay} ms` : 'says ok'}.`;
  const said = `${capital(name)} says ${words(action)}`;
  return action.kind === 'no-word' ? `${said}, for which ${endpoint?.id ?? 'it'} has no word (${action.why}): ${world(exchange)}.` : `${said}.`;
}

/** `connection-reset before send`. */
export const faultWords = ({ kind, strike }: Fault): string => `${kind} ${strike.at} ${strike.phase}`;

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function words(action: Action): string {
  switch (action.kind) {
    case 'ok':
      return 'ok';
    case 'status':
      return `status ${action.status}`;
    case 'absent':
    case 'declined':
      return action.reason;
    case 'native':
      return `code ${action.row}`;
    case 'no-word':
      return action.meant;
    default:
      return action satisfies never;
  }
}

const origins: Readonly<Record<Origin, string>> = { scenario: 'the scenario', plan: 'the public number plan', seed: 'the seed' };

function world({ number, numbers, generation, endpoint, row }: Exchange): string {
  if (endpoint?.asks === 'balance') return "the account's balance is told";
  const subscriber = generation.world.subscriber(number);
  const more = numbers > 1 ? ` (and ${numbers - 1} more)` : '';
  if (subscriber === undefined) return `${maskNumber(number)}${more} cannot be a mobile number, so the answer is ${row}`;
  const { status, origin, carrier, area } = subscriber;
  const facts = [[status, origin.status], [carrier, origin.carrier], [area, origin.area]] as const;
  const said = (['scenario', 'plan', 'seed'] as const).flatMap((from) => {
    const told = facts.filter(([, each]) => each === from).map(([fact]) => fact);
    return told.length === 0 ? [] : [`${told.join(', ')} by ${origins[from]}`];
  });
  return `${maskNumber(number)}${more} is ${said.join('; ')}`;
}

function instead({ provider }: Exchange, titles: readonly string[] | undefined, path: string): string {
  const known = titles ?? provider?.endpoints.map(({ title }) => title) ?? [];
  const guess = nearestTitle(path, known) ?? (known.length === 1 ? known[0] : undefined);
  return guess === undefined ? (known.length === 0 ? '' : `; it has ${known.join(', ')}`) : `; the nearest is ${guess}`;
}

function nearMiss(exchange: Exchange, method: string, target: string): string | null {
  const { because: cause, generation, endpoint, provider, account, number } = exchange;
  if (cause.kind === 'unrouted' || cause.kind === 'stray') {
    const titles = cause.kind === 'unrouted' ? cause.titles : (provider?.endpoints.map(({ title }) => title) ?? []);
    const path = target.split('?', 1)[0] ?? '';
    const title = nearestTitle(path, titles);
    if (title === undefined) return null;
    return title.split(' ')[1] === path ? `The endpoint "${title}" is at this path, and the method is ${method}.` : `The endpoint "${title}" is at another path.`;
  }
  if (cause.kind !== 'world' || endpoint === undefined || provider === undefined) return null;
  const miss = generation.rules.nearMiss(endpoint.id, provider.id, account?.terms.credential ?? '', number);
  return miss === undefined ? null : `The rule "${miss.rule.id}" (${miss.rule.place}) did not hold: ${maskText(miss.differs.join('; '))}.`;
}
