import { CallClock, TenantClock, timeOf, type Clock, type ClockState } from '../domain/clock.ts';
import { isDelivered, type Fault } from '../domain/fault.ts';
import { randomFor, type Random } from '../domain/random.ts';
import type { Account, Draft, Endpoint, Provider, Reply, Terms } from '../providers/provider.ts';
import type { Scenario, ScenarioRule } from '../scenario/scenario.ts';
import { Books, type BooksState } from './books.ts';
import { CallCounts } from './call-counts.ts';
import { Changes, type Change } from './changes.ts';
import { prepareGeneration, type Generation } from './generation.ts';
import { Journal, type JournalSize } from './journal.ts';
import { keepKey } from './keep.ts';
import { Ledger, type LedgerState } from './ledger.ts';
import { RuleUses, type RuleUsesState } from './rule-uses.ts';
import { Tally, type TallyState } from './tally.ts';

/** A private world with its clock, accounts, counters, ledger and journal. All state is here and nowhere else. */
export class Tenant {
  readonly id: string;
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly tally = new Tally();
  readonly uses = new RuleUses();
  /** Of ids and chance. */
  readonly #calls = new CallCounts();
  /** What the control API did since the beginning. */
  readonly changes = new Changes();
  #generation: Generation;
  readonly #clock: TenantClock;
  #appliedAt: number;
  #accounts: Map<Account, Books> = new Map();
  /** By provider, then by credential. */
  #byCredential: ReadonlyMap<string, ReadonlyMap<string, Account>> = new Map();
  #sequence = 0;
  #origin: Origin;
  readonly #providers: readonly Provider[];
  readonly #real: CallClock;

  constructor(id: string, scenario: Scenario, providers: readonly Provider[], real: Clock, size: TenantSize = {}) {
    this.id = id;
    this.journal = new Journal(size.journal);
    this.ledger = new Ledger(size.ledgerLines);
    this.#providers = providers;
    this.#real = new CallClock(real);
    this.#generation = prepareGeneration(scenario, providers);
    this.#clock = new TenantClock(scenario.clock, this.#real);
    this.#appliedAt = this.#clock.now();
    this.#origin = this.#begin();
  }

  get generation(): Generation {
    return this.#generation;
  }

  get accounts(): Iterable<Account> {
    return this.#accounts.keys();
  }

  get speed(): number {
    return this.#clock.speed;
  }

  /** When the scenario was put into force, on the tenant's clock. */
  get appliedAt(): number {
    return this.#appliedAt;
  }

  /** Where the present state began: as the scenario has it, or as a snapshot had it. */
  get origin(): Origin {
    return this.#origin;
  }

  now(): number {
    return this.#clock.now();
  }

  /** The time that its clock follows. */
  realTime(): number {
    return this.#real.now();
  }

  account(provider: string, credential: string): Account | undefined {
    return this.#byCredential.get(provider)?.get(credential);
  }

  books(account: Account | undefined): Books | undefined {
    return account === undefined ? undefined : this.#accounts.get(account);
  }

  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** A stream of chance for the next call about this subject, whatever other calls there were before. */
  chance(about: string, subject: string): Random {
    const key = `${about} ${keepKey(subject)}`;
    return randomFor(this.#generation.scenario.seed, key, this.#calls.next(key));
  }

  /** Charges a call and enters it into the ledger. Its exchange is the one that the journal takes next. */
  charge(endpoint: Endpoint, { account, queries: [query, ...more] }: Draft, reply: Reply, fault: Fault | undefined): void {
    const books = this.books(account);
    if (account === undefined || books === undefined) return;
    books.charge(reply.units);
    this.ledger.charge({
      at: this.now(),
      provider: account.provider,
      credential: account.terms.credential,
      units: reply.units,
      amount: reply.units * (this.#generation.scenario.prices[endpoint.id] ?? 0),
      balance: books.credit,
      exchange: this.journal.next,
      endpoint: endpoint.id,
      row: reply.row,
      number: query === undefined || query.kind === 'balance' ? '' : query.number,
      numbers: query === undefined ? 0 : more.length + 1,
      ids: reply.id ?? '',
      delivered: fault === undefined || isDelivered(fault) ? 'sent' : fault.kind,
    });
  }

  /** Waiting that is not waited for. */
  pass(milliseconds: number): void {
    this.#clock.advance(milliseconds);
  }

  /** Puts a scenario into force, whole or not at all; counters, balances, ledger and clock start as it says. The journal goes on. */
  apply(scenario: Scenario): void {
    this.#generation = prepareGeneration(scenario, this.#providers);
    this.#origin = this.#begin();
  }

  /** As at the start: the scenario's own state, and an empty journal. */
  reset(): void {
    this.journal.clear();
    const { scenario } = this.#origin;
    // Rules may have been armed since.
    if (this.#generation.scenario !== scenario) this.#generation = prepareGeneration(scenario, this.#providers);
    this.#origin = this.#begin();
  }

  /** What the control API does to the state. It is remembered, for a replay has to do the same at the same place. */
  change(change: Change): void {
    // All that it does is done at the instant that is remembered.
    this.changes.add(this.journal.next, this.#real.hold(), change);
    try {
      this.#make(change);
    } finally {
      this.#real.release();
    }
  }

  #make(change: Change): void {
    switch (change.kind) {
      case 'clock':
        if (change.to === 'real') this.#clock.follow();
        if (change.speed !== undefined) this.#clock.run(change.speed);
        if (typeof change.to === 'number') this.#clock.set(change.to);
        if (change.by !== undefined) this.#clock.advance(change.by);
        return;
      case 'arm':
        return this.#rule([change.rule, ...this.#rulesBut(change.rule.id)], change.rule.id);
      case 'disarm':
        return this.#rule(this.#rulesBut(change.id), change.id);
      case 'amend':
        return this.#amend(change.provider, change.index, change.record, change.anew);
      case 'enter':
        return this.#enter(this.#accountAt(change.provider, change.index), change.entry, change.units, change.why);
      default:
        return change satisfies never;
    }
  }

  snapshot(): TenantState {
    return {
      clock: this.#clock.snapshot(),
      appliedAt: this.#appliedAt,
      accounts: [...this.#accounts].map(([{ provider, terms }, books]) => ({ provider, record: terms.record, books: books.snapshot() })),
      calls: this.#calls.snapshot(),
      uses: this.uses.snapshot(),
      tally: this.tally.snapshot(),
      ledger: this.ledger.snapshot(),
      sequence: this.#sequence,
    };
  }

  /** A scenario and the state that it was in. The journal goes on. */
  restore(scenario: Scenario, state: TenantState, takenAt: number): void {
    this.#generation = prepareGeneration(scenario, this.#providers);
    this.#begin();
    // A running clock goes on from where it was, and not from where it would be by now.
    const clock = { ...state.clock, base: timeOf(state.clock, takenAt), since: this.#real.now() };
    this.#restore({ ...state, clock });
    this.#origin = { exchange: this.journal.next, scenario, state: { ...state, clock } };
  }

  /** Goes on where an origin was, its scenario being in force already. */
  resume(state: Origin['state']): void {
    if ('accounts' in state) return this.#restore(state);
    this.#clock.restore(state.clock);
    this.#appliedAt = state.appliedAt;
  }

  #begin(): Origin {
    const { scenario, readings } = this.#generation;
    this.#clock.begin(scenario.clock);
    this.#appliedAt = this.#clock.now();
    const accounts = new Map<Account, Books>();
    for (const provider of this.#providers) {
      for (const record of scenario.accounts[provider.id] ?? provider.accounts.sandbox) {
        const terms = provider.accounts.terms(record);
        accounts.set({ provider: provider.id, tenant: this.id, terms, readings }, new Books(terms));
      }
    }
    this.#accounts = accounts;
    this.#index();
    this.#calls.clear();
    this.uses.clear();
    this.tally.clear();
    this.ledger.clear();
    this.changes.clear();
    this.#sequence = 0;
    return { exchange: this.journal.next, scenario, state: { clock: this.#clock.snapshot(), appliedAt: this.#appliedAt } };
  }

  #restore(state: TenantState): void {
    this.#clock.restore(state.clock);
    this.#appliedAt = state.appliedAt;
    const { readings } = this.#generation;
    this.#accounts = new Map(
      state.accounts.flatMap(({ provider, record, books }) => {
        const kind = this.#providers.find(({ id }) => id === provider)?.accounts;
        if (kind === undefined) return [];
        const terms = kind.terms(record);
        const own = new Books(terms);
        own.restore(books);
        return [[{ provider, tenant: this.id, terms, readings }, own] as const];
      }),
    );
    this.#index();
    this.#calls.restore(state.calls);
    this.uses.restore(state.uses);
    this.tally.restore(state.tally);
    this.ledger.restore(state.ledger);
    this.#sequence = state.sequence;
  }

  #rulesBut(id: string): readonly ScenarioRule[] {
    return this.#generation.scenario.rules.filter((rule) => rule.id !== id);
  }

  /** Other rules, of which the one of this name is used anew. */
  #rule(rules: readonly ScenarioRule[], id: string): void {
    this.uses.forget(id);
    this.#generation = prepareGeneration({ ...this.#generation.scenario, rules }, this.#providers);
  }

  /** An account under other terms; what it has left and what was counted stays. Its credential cannot change. */
  #amend(provider: string, index: number, record: Readonly<Record<string, unknown>>, anew: boolean): void {
    const account = this.#accountAt(provider, index);
    const books = this.books(account);
    const terms = this.#providers.find(({ id }) => id === provider)?.accounts.terms(record);
    if (account === undefined || books === undefined || terms === undefined) return;
    books.amend(terms);
    const amended: Account = { ...account, terms };
    // In its old place: the list of accounts keeps its order.
    this.#accounts = new Map([...this.#accounts].map(([each, own]) => [each === account ? amended : each, own]));
    this.#index();
    const [wanted, left] = [terms.credit?.start, books.credit];
    if (anew && wanted !== undefined && left !== undefined && wanted !== left) this.#enter(amended, 'correction', wanted - left, 'the balance was set');
  }

  /** A top-up, or with any sign a correction, of an account that is counted. */
  #enter(account: Account | undefined, kind: 'top-up' | 'correction', units: number, why: string): void {
    const books = this.books(account);
    if (account === undefined || books?.credit === undefined) return;
    books.charge(-units);
    this.ledger.enter({ at: this.now(), kind, provider: account.provider, credential: account.terms.credential, units, balance: books.credit, why });
  }

  #accountAt(provider: string, index: number): Account | undefined {
    return [...this.#accounts.keys()].filter((account) => account.provider === provider)[index];
  }

  #index(): void {
    const byCredential = new Map<string, Map<string, Account>>();
    for (const provider of this.#providers) byCredential.set(provider.id, new Map());
    for (const account of this.#accounts.keys()) byCredential.get(account.provider)?.set(account.terms.credential, account);
    this.#byCredential = byCredential;
  }
}

/** How much a tenant remembers: the most of its kind where nothing is said. */
export interface TenantSize {
  readonly journal?: JournalSize;
  readonly ledgerLines?: number;
}

/** The whole state of a tenant but its journal: plain data. It holds credentials and numbers in clear. */
export interface TenantState {
  readonly clock: ClockState;
  readonly appliedAt: number;
  readonly accounts: readonly { readonly provider: string; readonly record: Terms['record']; readonly books: BooksState }[];
  readonly calls: readonly (readonly [subject: string, count: number])[];
  readonly uses: RuleUsesState;
  readonly tally: TallyState;
  readonly ledger: LedgerState;
  readonly sequence: number;
}

/** Where a replay begins. */
export interface Origin {
  /** The first exchange that belongs to it. */
  readonly exchange: number;
  readonly scenario: Scenario;
  /** All of it, or where the scenario's own beginning is meant, only when that was. */
  readonly state: TenantState | Pick<TenantState, 'clock' | 'appliedAt'>;
}
