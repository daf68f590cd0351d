import { CallCounts } from './call-counts.ts';
import { keepKey } from './keep.ts';

/** How often the rules of a tenant have been used: a rule for all of its calls, or for each number by itself. */
export class RuleUses {
  // Bounded by the scenario, which has so many rules and no more.
  #byRule = new Map<string, number>();
  readonly #byNumber = new CallCounts();

  ofRule(rule: string): number {
    return this.#byRule.get(rule) ?? 0;
  }

  ofNumber(rule: string, number: string): number {
    return this.#byNumber.count(keyOf(rule, number));
  }

  /** Counts one more use, and returns how many there were before. */
  useRule(rule: string): number {
    const uses = this.ofRule(rule);
    this.#byRule.set(rule, uses + 1);
    return uses;
  }

  useNumber(rule: string, number: string): number {
    return this.#byNumber.next(keyOf(rule, number));
  }

  /** A rule of this name begins anew. */
  forget(rule: string): void {
    this.#byRule.delete(rule);
    this.#byNumber.forget(keyOf(rule, ''));
  }

  clear(): void {
    this.#byRule.clear();
    this.#byNumber.clear();
  }

  snapshot(): RuleUsesState {
    return { byRule: [...this.#byRule], byNumber: this.#byNumber.snapshot() };
  }

  restore({ byRule, byNumber }: RuleUsesState): void {
    this.#byRule = new Map(byRule);
    this.#byNumber.restore(byNumber);
  }
}

type Counts = readonly (readonly [subject: string, count: number])[];
export interface RuleUsesState {
  readonly byRule: Counts;
  readonly byNumber: Counts;
}

const keyOf = (rule: string, number: string): string => `${rule} ${keepKey(number)}`;
