import type { Endpoint, Provider } from '../providers/provider.ts';
import type { Reason } from '../domain/outcome.ts';
import type { LineStatus } from '../domain/subscriber.ts';
import type { Fault } from '../domain/fault.ts';
import type { Delay, ScenarioRule, StepOutcome } from '../scenario/scenario.ts';
import { matchesGlob } from '../domain/glob.ts';
import type { TimedDelay } from './delay.ts';
import { NumberPatterns } from './number-patterns.ts';
import { isEarly } from './strike.ts';

/** What a rule does at one endpoint, its scenario words already put into that endpoint's rows. */
export type Action =
  | { readonly kind: 'ok' }
  | { readonly kind: 'status'; readonly status: LineStatus }
  | { readonly kind: 'absent'; readonly reason: 'invalid-number' | 'no-record' }
  | { readonly kind: 'declined'; readonly reason: Reason }
  | { readonly kind: 'native'; readonly row: string }
  /** The endpoint cannot say what is meant: the world answers, and the journal tells why. */
  | { readonly kind: 'no-word'; readonly meant: string; readonly why: string };

/** A rule's use by one call. */
export interface Fired {
  readonly rule: ScenarioRule;
  readonly action: Action;
  /** Milliseconds. */
  readonly delay: number;
  readonly fault: Fault | undefined;
}

/** A rule made ready for one endpoint. */
export interface RuleAt {
  readonly rule: ScenarioRule;
  readonly steps: readonly StepAt[];
  /** It holds without regard to time, chance and earlier uses. */
  readonly unconditional: boolean;
  /** What every use does, where all are alike. */
  readonly always: Fired | undefined;
}

export interface StepAt {
  /** The use, counted from 0, that is no longer of this step. */
  readonly until: number;
  readonly action: Action;
  readonly delay: TimedDelay | undefined;
  readonly fault: Fault | undefined;
}

/** The rules of one endpoint. */
interface OwnRules {
  readonly patterns: NumberPatterns<RuleAt>;
  /** Where a fault may strike before the number is looked up: the rules above the first that needs to know the number. */
  readonly foregone: readonly RuleAt[] | undefined;
}

/**
 * A scenario's rules, sorted by endpoint and number once, so that ten thousand cost a call no more than ten; those of
 * an endpoint with its first call, so that a test that asks one of them does not pay for all.
 */
export class Rules {
  readonly #own = new Map<string, OwnRules>();
  readonly #providers: readonly Provider[];
  readonly all: readonly ScenarioRule[];

  constructor(rules: readonly ScenarioRule[], providers: readonly Provider[]) {
    this.all = rules;
    this.#providers = providers;
  }

  /** The first rule of the file for this number that is accepted. */
  first(endpoint: string, number: string, accept: (at: RuleAt) => boolean): RuleAt | undefined {
    return this.#of(endpoint).patterns.first(number, accept);
  }

  /** The same for a call whose number is not known yet: none as long as the number could make an earlier rule hold. */
  foregone(endpoint: string, accept: (at: RuleAt) => boolean): RuleAt | undefined {
    return this.#of(endpoint).foregone?.find(accept);
  }

  strikesEarly(endpoint: string): boolean {
    return this.#of(endpoint).foregone !== undefined;
  }

  #of(id: string): OwnRules {
    let own = this.#own.get(id);
    if (own === undefined) this.#own.set(id, (own = ownRules(id, this.all, this.#providers)));
    return own;
  }

  /** Of the rules that did not hold, the one with the fewest differences, and what they are. */
  nearMiss(endpoint: string, provider: string, credential: string, number: string): NearMiss | undefined {
    let nearest: (NearMiss & { readonly shared: number }) | undefined;
    for (const rule of this.all) {
      const { when } = rule;
      const differs: string[] = [];
      // A call without a number is near no rule about one.
      const shared = when.number === undefined ? 11 : sharedDigits(when.number, number);
      if (when.provider !== undefined && when.provider !== provider) differs.push(`provider is ${provider}, not ${when.provider}`);
      if (when.endpoint !== undefined && when.endpoint !== endpoint) differs.push(`endpoint is ${endpoint}, not ${when.endpoint}`);
      if (when.number !== undefined && !matchesGlob(when.number, number)) differs.push(`the number does not match ${when.number}`);
      if (when.credential !== undefined && when.credential !== credential) differs.push('the credential is another');
      // Had it held in everything, it would have answered.
      if (differs.length === 0) differs.push(...conditions(rule));
      // A rule about quite another number is no near miss of this one.
      if (differs.length === 0 || shared < 2) continue;
      const nearer = nearest === undefined || differs.length < nearest.differs.length || (differs.length === nearest.differs.length && shared > nearest.shared);
      if (nearer) nearest = { rule, differs, shared };
    }
    return nearest;
  }
}

/** What else a rule depends on: which of it failed cannot be told afterwards. */
function conditions({ when: { during, chance }, times }: ScenarioRule): string[] {
  const all = [
    ...(during === undefined ? [] : [`it holds from ${during.from} ms until ${during.to} ms after the scenario was put into force`]),
    ...(times === Infinity ? [] : [`it is used ${times} times at most`]),
    ...(chance === undefined ? [] : [`it takes ${chance * 100} % of its calls`]),
  ];
  return all.length === 0 ? [] : [all.join(', and ')];
}

function ownRules(id: string, rules: readonly ScenarioRule[], providers: readonly Provider[]): OwnRules {
  const patterns = new NumberPatterns<RuleAt>();
  const own = providers.flatMap((provider) =>
    provider.endpoints.filter((endpoint) => endpoint.id === id).flatMap((endpoint) => rules.filter((rule) => coversEndpoint(rule, endpoint)).map((rule) => ruleAt(rule, provider, endpoint))),
  );
  for (const at of own) patterns.add(at.rule.when.number, at);
  if (!own.some(({ steps }) => steps.some(({ fault }) => fault !== undefined && isEarly(fault.strike)))) return { patterns, foregone: undefined };
  const first = own.findIndex(needsNumber);
  return { patterns, foregone: first === -1 ? own : own.slice(0, first) };
}

/** How many digits a pattern and a number have in common from the left. */
function sharedDigits(pattern: string, number: string): number {
  let shared = 0;
  while (shared < number.length && (pattern[shared] === number[shared] || pattern[shared] === '?')) shared += 1;
  return pattern[shared] === '*' ? number.length : shared;
}

export interface NearMiss {
  readonly rule: ScenarioRule;
  readonly differs: readonly string[];
}

/** Chance goes by the number too, so that the order of calls decides nothing. */
const needsNumber = ({ rule: { when, per } }: RuleAt): boolean => when.number !== undefined || when.chance !== undefined || per === 'number';

const coversEndpoint = ({ when }: ScenarioRule, endpoint: Endpoint): boolean =>
  (when.provider === undefined || when.provider === endpoint.provider) &&
  (when.endpoint === undefined || when.endpoint === endpoint.id);

function ruleAt(rule: ScenarioRule, provider: Provider, endpoint: Endpoint): RuleAt {
  let until = 0;
  const steps = rule.then.map((step, index): StepAt => {
    until = index === rule.then.length - 1 ? Infinity : until + step.times;
    return { until, action: actionAt(step.outcome, endpoint), delay: timed(step.delay, provider), fault: step.fault };
  });
  const [first] = steps;
  const { during, chance } = rule.when;
  const unconditional = during === undefined && chance === undefined && rule.times === Infinity;
  const fixed = first?.delay === undefined || first.delay.kind === 'fixed' ? (first?.delay?.milliseconds ?? 0) : undefined;
  const alike = first !== undefined && steps.length === 1 && rule.times === Infinity && fixed !== undefined;
  return { rule, steps, unconditional, always: alike ? { rule, action: first.action, delay: fixed, fault: first.fault } : undefined };
}

const timed = (delay: Delay | undefined, { typicalDelay }: Provider): TimedDelay | undefined =>
  delay?.kind === 'typical' ? { kind: 'fixed', milliseconds: typicalDelay?.milliseconds ?? 0 } : delay;

function actionAt(outcome: StepOutcome, endpoint: Endpoint): Action {
  switch (outcome.kind) {
    case 'ok':
      return outcome;
    case 'status':
      return endpoint.statuses === undefined
        ? { kind: 'no-word', meant: `status ${outcome.status}`, why: `${endpoint.id} is not asked for the state of a line` }
        : outcome;
    case 'reason': {
      const { reason } = outcome;
      const word = endpoint.words[reason];
      if (typeof word !== 'string') return { kind: 'no-word', meant: reason, why: word.noWord };
      // These two are about one number, so that a batch goes on without it.
      return reason === 'invalid-number' || reason === 'no-record' ? { kind: 'absent', reason } : { kind: 'declined', reason };
    }
    case 'code': {
      const row = outcome.rows[endpoint.id];
      return row === undefined ? { kind: 'no-word', meant: 'code of another endpoint', why: `the rule names no code of ${endpoint.id}` } : { kind: 'native', row };
    }
    default:
      return outcome satisfies never;
  }
}
