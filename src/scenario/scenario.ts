import type { Reason } from '../domain/outcome.ts';
import type { Carrier, LineStatus, Person } from '../domain/subscriber.ts';

/** A scenario after every check: plain data, so that it can be compiled, compared and sent. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly seed: number;
  /** Milliseconds since 1970 at which the tenant's clock stands; `undefined` follows real time. */
  readonly clock: number | undefined;
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
  readonly then: Step;
}

/** All that is stated has to hold; what is not stated holds always. */
export interface When {
  readonly provider?: string;
  readonly endpoint?: string;
  readonly number?: string;
  /** A credential of one of the scenario's accounts. */
  readonly credential?: string;
}

/** What a rule does to a call. A delay combines with any outcome. */
export interface Step {
  readonly delay?: Delay;
  readonly outcome: StepOutcome;
}

export type StepOutcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'status'; readonly status: LineStatus }
  | { readonly kind: 'reason'; readonly reason: Reason }
  /** Row id by endpoint id. An endpoint that is not named answers from the world. */
  | { readonly kind: 'code'; readonly rows: Readonly<Record<string, string>> };

/** Milliseconds, or the provider's documented typical time. */
export type Delay = { readonly kind: 'fixed'; readonly milliseconds: number } | { readonly kind: 'typical' };
