import type { Provider } from '../providers/provider.ts';
import { instantOf } from '../providers/limits.ts';
import { boundsOf } from './counts.ts';
import { delayOf } from './delays.ts';
import { spanOf } from './durations.ts';
import { faultOf } from './faults.ts';
import { tenThousandths } from './prices.ts';
import type { LongStep, RuleText, StepText } from './rule-schema.ts';
import type { DeclaredNumber, Expectation, Scenario, ScenarioClock, ScenarioRule, Step, StepOutcome, When } from './scenario.ts';
import type { ScenarioFile } from './schema.ts';
import { readStepWord } from './step-words.ts';

/** Short forms written out, so that the engine meets one shape only. */
export function normalise(file: ScenarioFile, providers: readonly Provider[], place: (rule: number) => string): Scenario {
  return {
    name: file.name,
    description: file.description,
    seed: file.seed,
    clock: clockOf(file.clock),
    accounts: definedOnly(file.accounts),
    people: Object.fromEntries(Object.entries(file.people).map(([id, { name, idCard }]) => [id, { name, idCard: idCard.toUpperCase() }])),
    // The schema's optional keys are absent or defined, never `undefined`: YAML has no such value.
    numbers: Object.entries(file.numbers).map(([number, facts]) => ({ number, ...facts }) as DeclaredNumber),
    rules: file.rules.map((rule, index) => ruleOf(rule, providers, place(index))),
    readings: definedOnly(file.readings),
    switchedOff: file.switchedOff,
    prices: Object.fromEntries(Object.entries(definedOnly(file.prices)).map(([endpoint, yuan]) => [endpoint, tenThousandths(yuan)])),
    expect: expectationsOf(file.expect),
  };
}

/** An instant by itself stands still, and so does the long form's, unless it says how fast it goes. */
export function clockOf(clock: ScenarioFile['clock']): ScenarioClock {
  const { at, speed, delays = 'slept', signatures = 'real' } = typeof clock === 'object' ? clock : { at: clock };
  return { at: at === undefined ? undefined : instantOf(at), speed: speed ?? (at === undefined ? 1 : 0), delays, signatures };
}

function expectationsOf({ calls, charged, never }: ScenarioFile['expect']): Expectation[] {
  const counted = (what: Expectation['what'], counts: typeof calls): Expectation[] => Object.entries(definedOnly(counts)).map(([of, count]) => ({ what, of, ...boundsOf(count) }));
  return [...counted('calls', calls), ...counted('charged', charged), ...never.map((of) => ({ what: 'calls', of, from: 0, to: 0 }) as const)];
}

function ruleOf({ id, when: text, then, times = Infinity, per }: RuleText, providers: readonly Provider[], place: string): ScenarioRule {
  const when = whenOf(text);
  const steps = stepsOf(then).map((step) => stepOf(step, when, providers));
  return { id, place, when, then: steps.map((step, at) => (at === steps.length - 1 ? { ...step, times: Infinity } : step)), times, per };
}

export function whenOf({ during, ...rest }: RuleText['when']): When {
  // The schema's optional keys are absent or defined, never `undefined`: YAML has no such value.
  const when = rest as Omit<When, 'during'>;
  return during === undefined ? when : { ...when, during: spanOf(during) };
}

export const stepsOf = (then: RuleText['then']): readonly StepText[] => (Array.isArray(then) ? then : [then]);

export function stepOf(text: StepText, when: When, providers: readonly Provider[]): Step {
  if (typeof text === 'string') {
    const { word, times = 1 } = readStepWord(text);
    return { times, outcome: word === 'ok' ? { kind: 'ok' } : { kind: 'reason', reason: word } };
  }
  const fault = faultOf(text);
  return {
    times: text.times ?? 1,
    ...(text.delay === undefined ? {} : { delay: delayOf(text.delay) }),
    outcome: outcomeOf(text, when, providers),
    ...(fault === undefined ? {} : { fault }),
  };
}

function outcomeOf(step: LongStep, when: When, providers: readonly Provider[]): StepOutcome {
  if (step.reason !== undefined) return { kind: 'reason', reason: step.reason };
  if (step.status !== undefined) return { kind: 'status', status: step.status };
  if (step.code !== undefined) return { kind: 'code', rows: rowsOf(step.code, when, providers) };
  return { kind: 'ok' };
}

/** Which row each endpoint gets. A code that stands alone means every endpoint that the rule covers and that has it. */
function rowsOf(code: NonNullable<LongStep['code']>, when: When, providers: readonly Provider[]): Record<string, string> {
  const rows: Record<string, string> = {};
  for (const provider of providers) {
    for (const endpoint of provider.endpoints) {
      const row = typeof code === 'string' ? code : (code[endpoint.id] ?? code[provider.id]);
      const covered = (when.provider ?? provider.id) === provider.id && (when.endpoint ?? endpoint.id) === endpoint.id;
      if (covered && row !== undefined && Object.hasOwn(endpoint.rows, row)) rows[endpoint.id] = row;
    }
  }
  return rows;
}

const definedOnly = <T>(record: Readonly<Record<string, T | undefined>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter((entry): entry is [string, T] => entry[1] !== undefined));
