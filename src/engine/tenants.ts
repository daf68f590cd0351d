import { afterwards, type Clock } from '../domain/clock.ts';
import type { Account, Provider } from '../providers/provider.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Records } from './reissue.ts';
import { Tenant, type TenantSize } from './tenant.ts';

/** A thousand tenants are no reason for a thousand journals of the default's size. */
const small: TenantSize = { journal: { exchanges: 512, bytes: 256 * 1024, perPart: 64 * 1024 }, ledgerLines: 1000 };

export interface TenantLimits {
  /** Real milliseconds without a call after which a minted tenant is gone. */
  readonly idle: number;
  readonly most: number;
}

export const usualLimits: TenantLimits = { idle: 30 * 60_000, most: 4096 };

/** All tenants, and to whom a credential belongs. What belongs to nobody is the default tenant's. */
export class Tenants {
  readonly default: Tenant;
  readonly limits: TenantLimits;
  readonly #minted = new Map<string, Minted>();
  /** By provider, then by credential. */
  readonly #owners = new Map<string, Map<string, Tenant>>();
  readonly #providers: readonly Provider[];
  readonly #clock: Clock;
  #sweeping: (() => void) | undefined;

  constructor(scenario: Scenario, providers: readonly Provider[], clock: Clock, limits: TenantLimits = usualLimits) {
    this.default = new Tenant('default', scenario, providers, clock);
    this.limits = limits;
    this.#providers = providers;
    this.#clock = clock;
    for (const { id } of providers) this.#owners.set(id, new Map());
  }

  account(provider: string, credential: string): Account | undefined {
    return this.default.account(provider, credential) ?? this.#owners.get(provider)?.get(credential)?.account(provider, credential);
  }

  /** Whose call this is. */
  of(account: Account | undefined): Tenant {
    if (account === undefined || account.tenant === this.default.id) return this.default;
    const minted = this.#minted.get(account.tenant);
    if (minted === undefined) return this.default;
    minted.usedAt = this.#clock.now();
    return minted.tenant;
  }

  get(id: string): Tenant | undefined {
    return id === this.default.id ? this.default : this.#minted.get(id)?.tenant;
  }

  /** The default one first, then the minted in the order of their making. */
  *[Symbol.iterator](): Generator<Tenant> {
    yield this.default;
    for (const { tenant } of this.#minted.values()) yield tenant;
  }

  /** When a minted tenant will be gone if nobody calls, in milliseconds since 1970; `undefined` for the default one. */
  expiresAt({ id }: Tenant): number | undefined {
    const minted = this.#minted.get(id);
    return minted === undefined ? undefined : minted.usedAt + this.limits.idle;
  }

  /** A tenant of its own for a scenario whose credentials are nobody else's; `undefined` where there are too many already. */
  mint(id: string, scenario: Scenario): Tenant | undefined {
    this.#sweep();
    if (this.#minted.size >= this.limits.most) return undefined;
    const tenant = new Tenant(id, scenario, this.#providers, this.#clock, small);
    this.#minted.set(id, { tenant, usedAt: this.#clock.now() });
    this.own(tenant);
    this.#watch();
    return tenant;
  }

  /** Whether one of these accounts has a credential that a minted tenant was given. */
  takes(accounts: Records): boolean {
    return this.#providers.some(({ id, accounts: kind }) => (accounts[id] ?? []).some((record) => this.#owners.get(id)?.has(kind.terms(record).credential) === true));
  }

  /** Its accounts are other ones than before. */
  own(tenant: Tenant): void {
    // Nobody is owned by one who was removed meanwhile.
    if (tenant === this.default || this.#minted.get(tenant.id)?.tenant !== tenant) return;
    this.#disown(tenant);
    for (const { provider, terms } of tenant.accounts) this.#owners.get(provider)?.set(terms.credential, tenant);
  }

  remove(id: string): boolean {
    const minted = this.#minted.get(id);
    if (minted === undefined) return false;
    this.#disown(minted.tenant);
    return this.#minted.delete(id);
  }

  /** Nobody asks for them any more. */
  close(): void {
    this.#sweeping?.();
    this.#sweeping = undefined;
  }

  #disown(tenant: Tenant): void {
    for (const owners of this.#owners.values()) for (const [credential, owner] of owners) if (owner === tenant) owners.delete(credential);
  }

  #sweep(): void {
    const now = this.#clock.now();
    for (const [id, { usedAt }] of this.#minted) if (now - usedAt > this.limits.idle) this.remove(id);
  }

  // Only while there is somebody to wait for.
  #watch(): void {
    // A timer that is to last longer than some weeks ends at once.
    this.#sweeping ??= afterwards(Math.min(3_600_000, Math.max(50, this.limits.idle / 4)), () => {
      this.#sweeping = undefined;
      this.#sweep();
      if (this.#minted.size > 0) this.#watch();
    });
  }
}

interface Minted {
  readonly tenant: Tenant;
  usedAt: number;
}
