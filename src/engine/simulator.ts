import { elapsed, realClock, type Clock } from '../domain/clock.ts';
import type { Answer, Query } from '../domain/query.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { LineStatus } from '../domain/subscriber.ts';
import { randomFor, uuidFor } from '../domain/random.ts';
import type { Account, Desk, Draft, Endpoint, Provider, Reply } from '../providers/provider.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { WireRequest } from '../wire/wire-request.ts';
import { bytesOf, type WireResponse } from '../wire/wire-response.ts';
import { admission } from './admission.ts';
import type { Because } from './journal.ts';
import { keepKey } from './keep.ts';
import { loadPeople, peopleLoaded } from './people.ts';
import type { Fired } from './rules.ts';
import { Tenant } from './tenant.ts';
import type { World } from './world.ts';

/** What goes back to the wire, and how long it has to wait, in milliseconds. */
export interface Handled {
  readonly answer: WireResponse;
  /** The answer's body in UTF-8: journal and socket need the same bytes. */
  readonly body: Buffer;
  readonly delay: number;
  /** Its place in the journal. */
  readonly sequence: number;
}

/** The whole way of a call, from its bytes to its bytes. Synchronous, so that nothing happens in between. */
export class Simulator {
  readonly providers: readonly Provider[];
  readonly #default: Tenant;
  readonly #desk: Desk;
  /** Called after each exchange with its place in the journal. */
  onExchange: ((sequence: number) => void) | undefined;

  /** @param clock Real time, by which signatures are judged; another one only where recorded requests are played again. */
  constructor(scenario: Scenario, providers: readonly Provider[], clock: Clock = realClock) {
    this.providers = providers;
    this.#default = new Tenant('default', scenario, providers);
    this.#desk = this.#openDesk(clock);
  }

  get defaultTenant(): Tenant {
    return this.#default;
  }

  /** Puts a scenario into force for the default tenant. A call is answered by the old one or the new one, never by both. */
  apply(scenario: Scenario): void {
    this.#default.apply(scenario);
  }

  /** Counters, balances and journal as at the start. */
  reset(): void {
    this.#default.reset();
  }

  /** What the answer needs and is not loaded yet (names, SM2), to be awaited before `handle`. */
  prepare(provider: Provider, request: WireRequest): Promise<void> | undefined {
    const endpoint = provider.route(request, this.#default.generation.readings);
    const parts = endpoint?.prepare?.(request);
    // Owners whom the scenario does not name are invented, and the names for that are loaded with the first need.
    if (endpoint?.asks !== 'identity-match' || peopleLoaded()) return parts;
    return parts === undefined ? loadPeople() : Promise.all([parts, loadPeople()]).then(() => undefined);
  }

  handle(provider: Provider, request: WireRequest): Handled {
    const started = elapsed();
    const endpoint = provider.route(request, this.#default.generation.readings);
    const draft = endpoint?.open(request, this.#desk);
    let decided: Decided;
    try {
      decided = endpoint === undefined || draft === undefined ? this.#stray(provider, request) : this.#answer(endpoint, draft);
    } catch (error) {
      if (endpoint === undefined || draft === undefined) throw error;
      decided = failed(endpoint, draft, error);
    }
    const elapsedTime = elapsed() - started;
    const body = bytesOf(decided.reply.wire);
    const sequence = this.#record(provider, endpoint, draft, decided, elapsedTime, request, body);
    return { answer: decided.reply.wire, body, delay: decided.delay, sequence };
  }

  /** Writes down what no provider took. The answer is the edge's own. */
  note(request: WireRequest, wire: WireResponse): void {
    const titles = this.providers.flatMap((provider) => provider.endpoints.map(({ title }) => title));
    const decided: Decided = { reply: { wire, row: 'unrouted', units: 0 }, delay: 0, because: { kind: 'unrouted', titles } };
    this.#record(undefined, undefined, undefined, decided, 0, request, bytesOf(wire));
  }

  /** How an endpoint words the truth of a number, rules aside: no call is made, nothing counted, charged or written down. */
  preview(endpoint: Endpoint, account: Account, number: string): WireResponse {
    const desk: Desk = { ...this.#desk, id: () => '00000000-0000-4000-8000-000000000000', sequence: () => 0 };
    const request: WireRequest = { method: 'GET', path: '/', query: '', host: '', headers: {}, rawHeaders: [], body: Buffer.alloc(0), oversize: false, remoteAddress: '' };
    const draft = endpoint.open(request, desk);
    draft.account = account;
    draft.readings = account.readings;
    draft.queries = [{ kind: 'line-status', number }];
    return endpoint.reply(draft, { kind: 'answered', answers: draft.queries.map((query) => this.#look(draft, query, undefined)) }).wire;
  }

  #record(provider: Provider | undefined, endpoint: Endpoint | undefined, draft: Draft | undefined, decided: Decided, milliseconds: number, request: WireRequest, body: Buffer): number {
    const tenant = this.#default;
    const first = draft?.queries[0];
    const { reply, delay, because } = decided;
    const sequence = tenant.journal.record(
      {
        at: tenant.now(),
        milliseconds,
        provider,
        endpoint,
        account: draft?.account,
        generation: tenant.generation,
        number: first === undefined ? '' : numberOf(first),
        numbers: draft?.queries.length ?? 0,
        row: reply.row,
        units: reply.units,
        delay,
        status: reply.wire.status,
        because,
      },
      request,
      body,
    );
    try {
      this.onExchange?.(sequence);
    } catch {
      // A listener that breaks must not cost a client the answer that he is charged for.
    }
    return sequence;
  }

  #answer(endpoint: Endpoint, draft: Draft): Decided {
    const call = { endpoint, draft, tenant: this.#default };
    for (const check of endpoint.checks) {
      const refusal = check.kind === 'own' ? check.run(draft) : admission[check.gate](call, check.row);
      if (refusal !== undefined) {
        const reply = endpoint.reply(draft, { kind: 'native', row: refusal.row, answers: [] }, refusal);
        const name = check.kind === 'own' ? check.name : check.gate;
        return { reply: this.#charge(draft, reply), delay: 0, because: { kind: 'check', phase: check.phase, check: name, refusal } };
      }
    }
    const { outcome, fired, delay } = this.#decide(endpoint, draft);
    const reply = this.#charge(draft, endpoint.reply(draft, outcome));
    return { reply, delay, because: fired === undefined ? fromTheWorld : { kind: 'rule', fired } };
  }

  /** Rules first, then the world. What refuses one number of a batch refuses the batch. */
  #decide(endpoint: Endpoint, draft: Draft): Decision {
    const { rules } = this.#default.generation;
    const credential = draft.account?.terms.credential ?? '';
    const answers: Answer[] = [];
    let fired: Fired | undefined;
    let delay = 0;
    for (const query of draft.queries) {
      const rule = rules.match(endpoint.id, credential, numberOf(query));
      if (rule !== undefined) {
        fired ??= rule;
        delay = Math.max(delay, rule.delay);
        const { action } = rule;
        if (action.kind === 'declined') return { outcome: action, fired: rule, delay };
        if (action.kind === 'native') {
          // A row that tells of a line tells of one that exists; the other numbers of a batch are as they are.
          const told = draft.queries.map((each) => this.#look(draft, each, each === query ? 'active' : undefined));
          return { outcome: { kind: 'native', row: action.row, answers: told }, fired: rule, delay };
        }
        if (action.kind === 'absent') {
          const number = numberOf(query);
          answers.push({ kind: 'absent', number, reason: action.reason, subscriber: this.#default.generation.world.subscriber(number) });
          continue;
        }
      }
      answers.push(this.#look(draft, query, rule?.action.kind === 'status' ? rule.action.status : undefined));
    }
    return { outcome: { kind: 'answered', answers }, fired, delay };
  }

  #charge(draft: Draft, reply: Reply): Reply {
    if (reply.units > 0) this.#default.books(draft.account)?.charge(reply.units);
    return reply;
  }

  #look(draft: Draft, query: Query, status: LineStatus | undefined): Answer {
    if (query.kind !== 'balance') return lookUp(this.#default.generation.world, query, status);
    return { kind: 'balance', units: this.#default.books(draft.account)?.credit ?? 0 };
  }

  #stray(provider: Provider, request: WireRequest): Decided {
    const reply = provider.stray?.(request, this.#desk);
    if (reply === undefined) throw new Error(`${provider.id} routes nothing here and has no words for that`);
    return { reply, delay: 0, because: { kind: 'stray' } };
  }

  #openDesk(clock: Clock): Desk {
    const tenant = this.#default;
    return {
      account: (provider, credential) => tenant.account(provider, credential),
      get readings() {
        return tenant.generation.readings;
      },
      realTime: () => clock.now(),
      time: () => tenant.now(),
      id: (endpoint, _account, subject) => {
        const key = `${endpoint} ${keepKey(subject)}`;
        return uuidFor(randomFor(tenant.generation.scenario.seed, key, tenant.calls.next(key)));
      },
      sequence: () => tenant.nextSequence(),
    };
  }
}

interface Decision {
  readonly outcome: Outcome;
  readonly fired: Fired | undefined;
  readonly delay: number;
}

interface Decided {
  readonly reply: Reply;
  readonly delay: number;
  readonly because: Because;
}

const fromTheWorld: Because = { kind: 'world' };

const numberOf = (query: Query): string => (query.kind === 'balance' ? '' : query.number);

/** The world's answer, with the state that a rule may have put in place of the true one. */
function lookUp(world: World, query: Exclude<Query, { kind: 'balance' }>, status: LineStatus | undefined): Answer {
  const truth = world.subscriber(query.number, status !== undefined);
  if (truth === undefined) return { kind: 'absent', number: query.number, reason: 'invalid-number', subscriber: undefined };
  const subscriber = status === undefined ? truth : { ...truth, status, origin: { ...truth.origin, status: 'scenario' as const } };
  if (subscriber.status === 'no-record') return { kind: 'absent', number: query.number, reason: 'no-record', subscriber };
  if (query.kind === 'line-status') return { kind: 'line', subscriber };
  // Nobody holds a number that is not in use, so there is nothing to compare with.
  return subscriber.status === 'vacant' || subscriber.status === 'cancelled'
    ? { kind: 'absent', number: query.number, reason: 'no-record', subscriber }
    : { kind: 'identity', subscriber, match: world.match(query.number, query.person) };
}

function failed(endpoint: Endpoint, draft: Draft, error: unknown): Decided {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { reply: endpoint.reply(draft, { kind: 'declined', reason: 'internal' }), delay: 0, because: { kind: 'failure', message } };
}
