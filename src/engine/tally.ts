import type { Expectation } from '../scenario/scenario.ts';

interface Count {
  calls: number;
  charged: number;
}

/** How often each endpoint was called and what of it was charged, since the scenario was put into force. */
export class Tally {
  #counts = new Map<string, Count>();

  add(endpoint: string, units: number): void {
    const count = this.#counts.get(endpoint);
    if (count === undefined) this.#counts.set(endpoint, { calls: 1, charged: units });
    else {
      count.calls += 1;
      count.charged += units;
    }
  }

  /** What there is of an endpoint, or of all endpoints of a provider. */
  of(what: Expectation['what'], name: string): number {
    let sum = 0;
    for (const [endpoint, count] of this.#counts) if (endpoint === name || endpoint.startsWith(`${name}.`)) sum += count[what];
    return sum;
  }

  clear(): void {
    this.#counts.clear();
  }

  snapshot(): TallyState {
    return Object.fromEntries([...this.#counts].map(([endpoint, count]) => [endpoint, { ...count }]));
  }

  restore(counts: TallyState): void {
    this.#counts = new Map(Object.entries(counts).map(([endpoint, { calls, charged }]) => [endpoint, { calls, charged }]));
  }
}

/** By endpoint id. */
export type TallyState = Readonly<Record<string, Readonly<Count>>>;

/** Whether an expectation is met, and by what. */
export interface Verdict extends Expectation {
  readonly found: number;
  readonly met: boolean;
}

export function judge(expectations: readonly Expectation[], tally: Tally): Verdict[] {
  return expectations.map((expectation) => {
    const found = tally.of(expectation.what, expectation.of);
    return { ...expectation, found, met: found >= expectation.from && found <= expectation.to };
  });
}
