import { frozenClock, realClock, type Clock } from '../domain/clock.ts';
import type { Account, Provider } from '../providers/provider.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { Books } from './books.ts';
import { CallCounts } from './call-counts.ts';
import { prepareGeneration, type Generation } from './generation.ts';
import { Journal } from './journal.ts';

/** A private world with its clock, accounts, counters and journal. All state is here and nowhere else. */
export class Tenant {
  readonly id: string;
  readonly journal = new Journal();
  readonly calls = new CallCounts();
  #generation: Generation;
  #clock: Clock;
  #accounts: ReadonlyMap<Account, Books> = new Map();
  /** By provider, then by credential. */
  #byCredential: ReadonlyMap<string, ReadonlyMap<string, Account>> = new Map();
  #sequence = 0;
  readonly #providers: readonly Provider[];

  constructor(id: string, scenario: Scenario, providers: readonly Provider[]) {
    this.id = id;
    this.#providers = providers;
    this.#generation = prepareGeneration(scenario, providers);
    this.#clock = clockOf(scenario);
    this.#begin();
  }

  get generation(): Generation {
    return this.#generation;
  }

  get accounts(): Iterable<Account> {
    return this.#accounts.keys();
  }

  now(): number {
    return this.#clock.now();
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

  /** Puts a scenario into force, whole or not at all; counters and balances start as it says. The journal goes on. */
  apply(scenario: Scenario): void {
    this.#generation = prepareGeneration(scenario, this.#providers);
    this.#clock = clockOf(scenario);
    this.#begin();
  }

  /** As at the start: the scenario's own state, and an empty journal. */
  reset(): void {
    this.#begin();
    this.journal.clear();
  }

  #begin(): void {
    const accounts = new Map<Account, Books>();
    const byCredential = new Map<string, Map<string, Account>>();
    for (const provider of this.#providers) {
      const own = new Map<string, Account>();
      byCredential.set(provider.id, own);
      for (const record of this.#generation.scenario.accounts[provider.id] ?? provider.accounts.sandbox) {
        const terms = provider.accounts.terms(record);
        const account: Account = { provider: provider.id, tenant: this.id, terms, readings: this.#generation.readings };
        accounts.set(account, new Books(terms));
        own.set(terms.credential, account);
      }
    }
    this.#accounts = accounts;
    this.#byCredential = byCredential;
    this.calls.clear();
    this.#sequence = 0;
  }
}

const clockOf = (scenario: Scenario): Clock => (scenario.clock === undefined ? realClock : frozenClock(scenario.clock));
