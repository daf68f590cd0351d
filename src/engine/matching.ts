import { delayFor } from './delay.ts';
import type { ScenarioRule } from '../scenario/scenario.ts';
import type { Fired, Rules, RuleAt } from './rules.ts';
import type { Tenant } from './tenant.ts';

/**
 * How the rules meet one call. A rule is used once by a call, whatever the numbers in it, and chance is asked once for
 * each number, however often somebody looks.
 */
export class Matching {
  readonly #endpoint: string;
  #tenant: Tenant;
  #credential = '';
  /** What each use by this call is, counted from 0. */
  #used: Map<string, number> | undefined;
  #chances: Map<string, boolean> | undefined;
  readonly #holds = (at: RuleAt): boolean => this.#holdsFor(at, this.#number);
  #number = '';

  constructor(endpoint: string, tenant: Tenant) {
    this.#endpoint = endpoint;
    this.#tenant = tenant;
  }

  /** Who asks is known only on the way. */
  under(tenant: Tenant, credential: string): void {
    this.#tenant = tenant;
    this.#credential = credential;
  }

  /** The first rule of the file that holds for this number of the call, not yet used. A call without a number has `''`. */
  find(number: string): RuleAt | undefined {
    this.#number = number;
    return this.#rules.first(this.#endpoint, number, this.#holds);
  }

  /** The same as long as nobody knows the number, where that makes no difference. */
  foregone(): RuleAt | undefined {
    this.#number = '';
    return this.#rules.foregone(this.#endpoint, this.#holds);
  }

  /** What the next use of a rule would do. */
  next(at: RuleAt, number: string): RuleAt['steps'][number] {
    const { rule } = at;
    return stepAt(at, this.#used?.get(useOf(rule, number)) ?? this.#usesSoFar(rule, number));
  }

  /** Uses it for this number. */
  use(at: RuleAt, number: string): Fired {
    if (at.always !== undefined) return at.always;
    const { rule } = at;
    const step = stepAt(at, this.#count(rule, number));
    const { action, fault } = step;
    return { rule, action, fault, delay: step.delay === undefined ? 0 : delayFor(step.delay, () => this.#tenant.chance(`delay ${rule.id} ${this.#endpoint}`, number)) };
  }

  #count(rule: ScenarioRule, number: string): number {
    this.#used ??= new Map();
    const use = useOf(rule, number);
    let uses = this.#used.get(use);
    if (uses === undefined) this.#used.set(use, (uses = rule.per === 'number' ? this.#tenant.uses.useNumber(rule.id, number) : this.#tenant.uses.useRule(rule.id)));
    return uses;
  }

  #usesSoFar({ id, per }: ScenarioRule, number: string): number {
    return per === 'number' ? this.#tenant.uses.ofNumber(id, number) : this.#tenant.uses.ofRule(id);
  }

  get #rules(): Rules {
    return this.#tenant.generation.rules;
  }

  #holdsFor(at: RuleAt, number: string): boolean {
    const { when, times, id } = at.rule;
    if (when.credential !== undefined && when.credential !== this.#credential) return false;
    if (at.unconditional) return true;
    if (when.during !== undefined) {
      const since = this.#tenant.now() - this.#tenant.appliedAt;
      if (since < when.during.from || since >= when.during.to) return false;
    }
    if (times !== Infinity && this.#used?.has(useOf(at.rule, number)) !== true && this.#usesSoFar(at.rule, number) >= times) return false;
    return when.chance === undefined || this.#falls(when.chance, id, number);
  }

  #falls(chance: number, rule: string, number: string): boolean {
    this.#chances ??= new Map();
    const key = `${rule} ${number}`;
    let fell = this.#chances.get(key);
    if (fell === undefined) this.#chances.set(key, (fell = this.#tenant.chance(`chance ${rule} ${this.#endpoint}`, number).below(chanceParts) < chance * chanceParts));
    return fell;
  }
}

/** A call uses a rule once, or once for each of its numbers. */
const useOf = ({ id, per }: ScenarioRule, number: string): string => (per === 'number' ? `${id} ${number}` : id);

const chanceParts = 1_000_000;

function stepAt({ steps }: RuleAt, uses: number): RuleAt['steps'][number] {
  for (const step of steps) if (uses < step.until) return step;
  // The last one has no end.
  throw new Error('a rule has no last step');
}
