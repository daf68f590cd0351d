import { areaFor, areaNames } from '../numbering/areas.ts';
import { planFor } from '../numbering/plan.ts';
import { randomFor } from '../domain/random.ts';
import type { Match } from '../domain/query.ts';
import type { Person, Subscriber } from '../domain/subscriber.ts';
import type { DeclaredNumber, Scenario } from '../scenario/scenario.ts';
import { NumberPatterns } from './number-patterns.ts';
import { personFor } from './people.ts';

/** What is true of every number: a pure function of seed and number, where the scenario has not said otherwise. */
export class World {
  readonly #declared = new NumberPatterns<DeclaredNumber>();
  readonly #people: Readonly<Record<string, Person>>;
  readonly #seed: number;

  constructor(scenario: Pick<Scenario, 'numbers' | 'people' | 'seed'>) {
    for (const declared of scenario.numbers) this.#declared.add(declared.number, declared);
    this.#people = scenario.people;
    this.#seed = scenario.seed;
  }

  /**
   * The truth of a number; `undefined` where it cannot be a mobile number and the scenario does not name it either.
   *
   * @param assumed a rule says something of this number, so that any digits are one
   */
  subscriber(number: string, assumed = false): Subscriber | undefined {
    const plan = planFor(number);
    const declared = this.#declared.closest(number);
    // A pattern is no number, not even where somebody asks for it letter by letter.
    const named = (declared?.number === number || assumed) && /^\d{1,32}$/.test(number);
    if (plan === undefined && !named) return undefined;
    const carrier = declared?.carrier ?? plan?.carrier ?? '中国移动';
    const publicArea = declared?.area === undefined ? areaFor(number) : undefined;
    return {
      number,
      status: declared?.status ?? 'active',
      carrier,
      originalCarrier: declared?.portedFrom ?? carrier,
      virtualOperator: declared?.virtualOperator ?? (plan?.virtual === true ? '' : undefined),
      area: declared?.area ?? publicArea ?? this.#seededArea(number),
      origin: {
        status: declared?.status === undefined ? 'seed' : 'scenario',
        carrier: declared?.carrier === undefined ? (plan === undefined ? 'seed' : 'plan') : 'scenario',
        area: declared?.area === undefined ? (publicArea === undefined ? 'seed' : 'plan') : 'scenario',
      },
    };
  }

  /** Who holds a number. Needs `loadPeople()` unless the scenario names the owner. */
  owner(number: string): Person {
    const owner = this.#declared.closest(number)?.owner;
    return (owner === undefined ? undefined : this.#people[owner]) ?? personFor(this.#seed, number);
  }

  /** Compares a claimed person with the owner. An `x` at the end of an ID number is an `X`. */
  match(number: string, claimed: Person): Match {
    const owner = this.owner(number);
    const sameName = owner.name === claimed.name;
    const sameCard = owner.idCard === claimed.idCard.toUpperCase();
    if (sameName) return sameCard ? 'consistent' : 'id-card-differs';
    return sameCard ? 'name-differs' : 'both-differ';
  }

  // The newest ranges are missing from the public data; any real city does for them.
  #seededArea(number: string): string {
    const areas = areaNames();
    return areas[randomFor(this.#seed, 'area', number.slice(0, 7)).below(areas.length)] ?? '北京-北京';
  }
}
