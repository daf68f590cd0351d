import type { Endpoint, Provider } from '../providers/provider.ts';
import type { Reason } from '../domain/outcome.ts';
import type { LineStatus } from '../domain/subscriber.ts';
import type { ScenarioRule } from '../scenario/scenario.ts';
import { matchesGlob } from '../domain/glob.ts';
import { NumberPatterns } from './number-patterns.ts';

/** What a rule does at one endpoint, its scenario words already put into that endpoint's rows. */
export type Action =
  | { readonly kind: 'ok' }
  | { readonly kind: 'status'; readonly status: LineStatus }
  | { readonly kind: 'absent'; readonly reason: 'invalid-number' | 'no-record' }
  | { readonly kind: 'declined'; readonly reason: Reason }
  | { readonly kind: 'native'; readonly row: string }
  /** The endpoint cannot say it: the world answers, and the journal tells why. */
  | { readonly kind: 'no-word'; readonly why: string };

export interface Fired {
  readonly rule: ScenarioRule;
  readonly action: Action;
  /** Milliseconds. */
  readonly delay: number;
}

const noRule = new NumberPatterns<Fired>();

/** A scenario's rules, sorted by endpoint and number once, so that ten thousand cost a call no more than ten. */
export class Rules {
  readonly #byEndpoint = new Map<string, NumberPatterns<Fired>>();
  readonly all: readonly ScenarioRule[];

  constructor(rules: readonly ScenarioRule[], providers: readonly Provider[]) {
    this.all = rules;
    for (const provider of providers) {
      for (const endpoint of provider.endpoints) {
        const patterns = new NumberPatterns<Fired>();
        for (const rule of rules) {
          if (coversEndpoint(rule, endpoint)) patterns.add(rule.when.number, compile(rule, provider, endpoint));
        }
        this.#byEndpoint.set(endpoint.id, patterns);
      }
    }
  }

  /** The first rule of the file that holds for this number of a call. A call without a number has `''`. */
  match(endpoint: string, credential: string, number: string): Fired | undefined {
    return (this.#byEndpoint.get(endpoint) ?? noRule).first(
      number,
      ({ rule }) => rule.when.credential === undefined || rule.when.credential === credential,
    );
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
      // A rule about quite another number is no near miss of this one.
      if (differs.length === 0 || shared < 2) continue;
      const nearer = nearest === undefined || differs.length < nearest.differs.length || (differs.length === nearest.differs.length && shared > nearest.shared);
      if (nearer) nearest = { rule, differs, shared };
    }
    return nearest;
  }
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

const coversEndpoint = ({ when }: ScenarioRule, endpoint: Endpoint): boolean =>
  (when.provider === undefined || when.provider === endpoint.provider) &&
  (when.endpoint === undefined || when.endpoint === endpoint.id);

function compile(rule: ScenarioRule, provider: Provider, endpoint: Endpoint): Fired {
  const { delay } = rule.then;
  const milliseconds = delay === undefined ? 0 : delay.kind === 'fixed' ? delay.milliseconds : (provider.typicalDelay?.milliseconds ?? 0);
  return { rule, action: actionAt(rule, endpoint), delay: milliseconds };
}

function actionAt(rule: ScenarioRule, endpoint: Endpoint): Action {
  const { outcome } = rule.then;
  switch (outcome.kind) {
    case 'ok':
      return outcome;
    case 'status':
      return endpoint.statuses === undefined
        ? { kind: 'no-word', why: `${endpoint.id} is not asked for the state of a line` }
        : outcome;
    case 'reason': {
      const { reason } = outcome;
      const word = endpoint.words[reason];
      if (typeof word !== 'string') return { kind: 'no-word', why: word.noWord };
      // These two are about one number, so that a batch goes on without it.
      return reason === 'invalid-number' || reason === 'no-record' ? { kind: 'absent', reason } : { kind: 'declined', reason };
    }
    case 'code': {
      const row = outcome.rows[endpoint.id];
      return row === undefined ? { kind: 'no-word', why: `the rule names no code of ${endpoint.id}` } : { kind: 'native', row };
    }
    default:
      return outcome satisfies never;
  }
}
