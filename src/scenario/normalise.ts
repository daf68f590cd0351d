import type { Provider } from '../providers/provider.ts';
import { instantOf } from '../providers/limits.ts';
import type { DeclaredNumber, Delay, Scenario, ScenarioRule, Step, StepOutcome } from './scenario.ts';
import type { RuleText, ScenarioFile, StepText } from './schema.ts';

/** Short forms written out, so that the engine meets one shape only. */
export function normalise(file: ScenarioFile, providers: readonly Provider[], place: (rule: number) => string): Scenario {
  return {
    name: file.name,
    description: file.description,
    seed: file.seed,
    clock: file.clock === undefined ? undefined : instantOf(file.clock),
    accounts: definedOnly(file.accounts),
    people: Object.fromEntries(Object.entries(file.people).map(([id, { name, idCard }]) => [id, { name, idCard: idCard.toUpperCase() }])),
    // The schema's optional keys are absent or defined, never `undefined`: YAML has no such value.
    numbers: Object.entries(file.numbers).map(([number, facts]) => ({ number, ...facts }) as DeclaredNumber),
    rules: file.rules.map((rule, index) => ruleOf(rule, providers, place(index))),
    readings: definedOnly(file.readings) as Record<string, string>,
    switchedOff: file.switchedOff,
  };
}

function ruleOf({ id, when, then }: RuleText, providers: readonly Provider[], place: string): ScenarioRule {
  return { id, place, when: definedOnly(when) as ScenarioRule['when'], then: stepOf(then, when, providers) };
}

export function stepOf(then: StepText, when: RuleText['when'], providers: readonly Provider[]): Step {
  if (typeof then === 'string') return { outcome: then === 'ok' ? { kind: 'ok' } : { kind: 'reason', reason: then } };
  const outcome = outcomeOf(then, when, providers);
  return then.delay === undefined ? { outcome } : { delay: delayOf(then.delay), outcome };
}

function outcomeOf(then: Exclude<StepText, string>, when: RuleText['when'], providers: readonly Provider[]): StepOutcome {
  if (then.reason !== undefined) return { kind: 'reason', reason: then.reason };
  if (then.status !== undefined) return { kind: 'status', status: then.status };
  if (then.code !== undefined) return { kind: 'code', rows: rowsOf(then.code, when, providers) };
  return { kind: 'ok' };
}

/** Which row each endpoint gets. A code that stands alone means every endpoint that the rule covers and that has it. */
function rowsOf(code: NonNullable<Exclude<StepText, string>['code']>, when: RuleText['when'], providers: readonly Provider[]): Record<string, string> {
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

function delayOf(text: string): Delay {
  if (text === 'typical') return { kind: 'typical' };
  return { kind: 'fixed', milliseconds: text.endsWith('ms') ? Number(text.slice(0, -2)) : Number(text.slice(0, -1)) * 1000 };
}

const definedOnly = <T>(record: Readonly<Record<string, T | undefined>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter((entry): entry is [string, T] => entry[1] !== undefined));
