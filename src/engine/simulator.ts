import { CallClock, elapsed, realClock, type Clock } from '../domain/clock.ts';
import type { Fault } from '../domain/fault.ts';
import type { Account, Desk, Draft, Endpoint, Provider } from '../providers/provider.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { WireRequest } from '../wire/wire-request.ts';
import { bytesOf, type WireResponse } from '../wire/wire-response.ts';
import { answer, failed, plain, type Decided } from './answer.ts';
import { lookUp, numberOf } from './decide.ts';
import { openDesk } from './desk.ts';
import { loadPeople, peopleLoaded } from './people.ts';
import type { Tenant } from './tenant.ts';
import { Tenants, type TenantLimits } from './tenants.ts';

/** What goes back to the wire, and how. */
export interface Handled {
  readonly answer: WireResponse;
  /** The answer's body in UTF-8: journal and socket need the same bytes. */
  readonly body: Buffer;
  /** How long it has to wait, in milliseconds. */
  readonly delay: number;
  readonly fault: Fault | undefined;
  /** Its place in the journal. */
  readonly sequence: number;
}

/** The whole way of a call, from its bytes to its bytes. Synchronous, so that nothing happens in between. */
export class Simulator {
  readonly providers: readonly Provider[];
  readonly tenants: Tenants;
  readonly #desk: Desk;
  readonly #clock: CallClock;
  /** Called after each exchange with whose it is and its place in the journal. */
  onExchange: ((tenant: Tenant, sequence: number) => void) | undefined;

  /** @param realTime another than the real one only where recorded requests are played again */
  constructor(scenario: Scenario, providers: readonly Provider[], realTime: Clock = realClock, limits?: TenantLimits) {
    this.providers = providers;
    this.#clock = new CallClock(realTime);
    this.tenants = new Tenants(scenario, providers, this.#clock, limits);
    this.#desk = openDesk(this.tenants, this.#clock);
  }

  get defaultTenant(): Tenant {
    return this.tenants.default;
  }

  /** What the answer needs and is not loaded yet (names, SM2), to be awaited before `handle`. */
  prepare(provider: Provider, request: WireRequest): Promise<void> | undefined {
    const endpoint = provider.route(request, this.#desk.readings);
    const parts = endpoint?.prepare?.(request);
    // Owners whom the scenario does not name are invented, and the names for that are loaded with the first need.
    if (endpoint?.asks !== 'identity-match' || peopleLoaded()) return parts;
    return parts === undefined ? loadPeople() : Promise.all([parts, loadPeople()]).then(() => undefined);
  }

  handle(provider: Provider, request: WireRequest): Handled {
    this.#clock.hold();
    try {
      return this.#handle(provider, request);
    } finally {
      this.#clock.release();
    }
  }

  #handle(provider: Provider, request: WireRequest): Handled {
    const started = elapsed();
    const endpoint = provider.route(request, this.#desk.readings);
    const draft = endpoint?.open(request, this.#desk);
    let decided: Decided;
    try {
      decided = endpoint === undefined || draft === undefined ? this.#stray(provider, request) : answer(endpoint, draft, this.tenants);
    } catch (error) {
      if (endpoint === undefined || draft === undefined) throw error;
      decided = failed(endpoint, draft, error);
    }
    const elapsedTime = elapsed() - started;
    const body = bytesOf(decided.reply.wire);
    const tenant = this.tenants.of(draft?.account);
    const sequence = this.#record(tenant, provider, endpoint, draft, decided, elapsedTime, request, body);
    const { delay, fault } = decided;
    if (delay === 0 || tenant.generation.scenario.clock.delays === 'slept') return { answer: decided.reply.wire, body, delay, fault, sequence };
    tenant.pass(delay);
    return { answer: decided.reply.wire, body, delay: 0, fault, sequence };
  }

  /** Writes down what no provider took. The answer is the edge's own. */
  note(request: WireRequest, wire: WireResponse): void {
    const titles = this.providers.flatMap((provider) => provider.endpoints.map(({ title }) => title));
    const decided = plain({ wire, row: 'unrouted', units: 0 }, { kind: 'unrouted', titles });
    this.#record(this.tenants.default, undefined, undefined, undefined, decided, 0, request, bytesOf(wire));
  }

  /** How an endpoint words the truth of a number, rules aside: no call is made, nothing counted, charged or written down. */
  preview(endpoint: Endpoint, account: Account, number: string): WireResponse {
    const desk: Desk = { ...this.#desk, id: () => '00000000-0000-4000-8000-000000000000', sequence: () => 0 };
    const request: WireRequest = { method: 'GET', path: '/', query: '', host: '', headers: {}, rawHeaders: [], body: Buffer.alloc(0), oversize: false, remoteAddress: '' };
    const draft = endpoint.open(request, desk);
    draft.account = account;
    draft.readings = account.readings;
    draft.queries = [{ kind: 'line-status', number }];
    const tenant = this.tenants.of(account);
    return endpoint.reply(draft, { kind: 'answered', answers: draft.queries.map((query) => lookUp(tenant, draft, query, undefined)) }).wire;
  }

  #record(tenant: Tenant, provider: Provider | undefined, endpoint: Endpoint | undefined, draft: Draft | undefined, decided: Decided, milliseconds: number, request: WireRequest, body: Buffer): number {
    const { reply, delay, fault, paid, because } = decided;
    const first = draft?.queries[0];
    const units = paid ? reply.units : 0;
    if (endpoint !== undefined) {
      tenant.tally.add(endpoint.id, units);
      if (units > 0 && draft !== undefined) tenant.charge(endpoint, draft, reply, fault);
    }
    const sequence = tenant.journal.record(
      {
        at: tenant.now(),
        receivedAt: this.#clock.now(),
        milliseconds,
        provider,
        endpoint,
        account: draft?.account,
        generation: tenant.generation,
        number: first === undefined ? '' : numberOf(first),
        numbers: draft?.queries.length ?? 0,
        row: reply.row,
        id: reply.id ?? '',
        units,
        delay,
        fault,
        status: reply.wire.status,
        remoteAddress: request.remoteAddress,
        because,
      },
      request,
      body,
    );
    try {
      this.onExchange?.(tenant, sequence);
    } catch {
      // A listener that breaks must not cost a client the answer that he is charged for.
    }
    return sequence;
  }

  #stray(provider: Provider, request: WireRequest): Decided {
    const reply = provider.stray?.(request, this.#desk);
    if (reply === undefined) throw new Error(`${provider.id} routes nothing here and has no words for that`);
    return plain(reply, { kind: 'stray' });
  }
}
