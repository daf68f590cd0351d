import type { ClockSetting } from '../domain/clock.ts';
import type { Fault } from '../domain/fault.ts';
import type { Reason } from '../domain/outcome.ts';
import type { Carrier, LineStatus, Person } from '../domain/subscriber.ts';

/** A scenario after every check: plain data, so that it can be compiled, compared and sent. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly seed: number;
  readonly clock: ScenarioClock;
  /** Account records by provider id. Each is what its provider's own schema let pass. */
  readonly accounts: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly people: Readonly<Record<string, Person>>;
  /** Facts by number, or by glob over numbers. */
  readonly numbers: readonly DeclaredNumber[];
  readonly rules: readonly ScenarioRule[];
  /** Only those that differ from their default need to stand here. */
  readonly readings: Readonly<Record<string, string>>;
  /** Endpoints that this provider has not put into service. */
  readonly switchedOff: readonly string[];
  /** What one charged query costs, by endpoint id, in ten-thousandths of a yuan. An endpoint that is not named has no price. */
  readonly prices: Readonly<Record<string, number>>;
  readonly expect: readonly Expectation[];
}

export interface ScenarioClock extends ClockSetting {
  /** Whether a delay is waited for, or the tenant's clock moved on by it and the answer sent at once. */
  readonly delays: 'slept' | 'charged';
  /** By which time signatures are fresh: by another than the real one, every real client would be locked out. */
  readonly signatures: 'real' | 'clock';
}

/** What has to be true of a tenant's calls in the end. */
export interface Expectation {
  /** How often an endpoint is called, or what of it is charged, in queries. */
  readonly what: 'calls' | 'charged';
  /** An endpoint's id, or a provider's for all of its endpoints. */
  readonly of: string;
  readonly from: number;
  /** `Infinity` where there is no upper bound. */
  readonly to: number;
}

export interface DeclaredNumber {
  /** Digits, `*` for any run of digits, `?` for one. */
  readonly number: string;
  readonly status?: LineStatus | 'no-record';
  readonly carrier?: Carrier;
  readonly portedFrom?: Carrier;
  readonly virtualOperator?: string;
  readonly area?: string;
  /** A key of `people`. */
  readonly owner?: string;
}

export interface ScenarioRule {
  readonly id: string;
  /** `file:line:column`, for the journal. */
  readonly place: string;
  readonly when: When;
  /** One after the other; the last stays. */
  readonly then: readonly Step[];
  /** How often the rule is used in all; then it is as if it were not there. */
  readonly times: number;
  /** Whether uses are counted for all calls of the rule together, or for each number by itself. */
  readonly per: 'rule' | 'number';
}

/** All that is stated has to hold; what is not stated holds always. */
export interface When {
  readonly provider?: string;
  readonly endpoint?: string;
  readonly number?: string;
  /** A credential of one of the scenario's accounts. */
  readonly credential?: string;
  /** Milliseconds on the tenant's clock since the scenario was put into force; `to` is not included. */
  readonly during?: { readonly from: number; readonly to: number };
  /** From 0 to 1: the share of its calls that the rule takes. Which ones follows from seed, rule, number and the count of its calls. */
  readonly chance?: number;
}

/** What a rule does to a call. Delay and fault combine with any outcome. */
export interface Step {
  /** How many calls it is for. */
  readonly times: number;
  readonly delay?: Delay;
  readonly outcome: StepOutcome;
  readonly fault?: Fault;
}

export type StepOutcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'status'; readonly status: LineStatus }
  | { readonly kind: 'reason'; readonly reason: Reason }
  /** Row id by endpoint id. An endpoint that is not named answers from the world. */
  | { readonly kind: 'code'; readonly rows: Readonly<Record<string, string>> };

/** In milliseconds, or the provider's documented typical time. */
export type Delay =
  | { readonly kind: 'fixed'; readonly milliseconds: number }
  | { readonly kind: 'typical' }
  | { readonly kind: 'uniform'; readonly from: number; readonly to: number }
  /** Half of all are below the median; `sigma` is the deviation of the logarithm. */
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number };
