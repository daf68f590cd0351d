import type { Endpoint, Provider } from '../providers/provider.ts';
import { suggestion } from '../domain/nearest.ts';
import type { Complaint } from './complaint.ts';
import { faultKeys, faultMistakes } from './faults.ts';
import { stepOf, stepsOf } from './normalise.ts';
import type { LongStep, RuleText, StepText } from './rule-schema.ts';
import { namesOf, type SoundRule } from './sound-rules.ts';
import type { Path, SourceMap } from './source-map.ts';
import { readStepWord } from './step-words.ts';

/** Rules that would do nothing, or what nobody can say, and steps that no call comes to. */
export function* effect(sound: SoundRule, source: SourceMap, providers: readonly Provider[]): Generator<Complaint> {
  const { index, rule, endpoints } = sound;
  const { then } = rule;
  const path = ['rules', index, 'then'];
  if (endpoints.length > 0) {
    if (Array.isArray(then)) for (const [at, each] of then.entries()) yield* step('step', each, sound, [...path, at], source, providers);
    else yield* step('rule', then, sound, path, source, providers);
  }
  yield* sequence(rule, index, source);
}

function* step(what: 'rule' | 'step', text: StepText, { when, endpoints }: SoundRule, path: Path, source: SourceMap, providers: readonly Provider[]): Generator<Complaint> {
  if (typeof text !== 'string') {
    const outcomes = ['reason', 'status', 'code'].filter((key) => Object.hasOwn(text, key));
    if (outcomes.length > 1) {
      yield source.complaint([...path, outcomes[1] ?? ''], `${outcomes.join(' and ')} exclude each other. Keep one of them`, 'key');
      return;
    }
    yield* faultMistakes(text, path, source);
    if (outcomes.length === 0 && !['delay', ...Object.keys(faultKeys)].some((key) => Object.hasOwn(text, key))) {
      yield source.complaint(path, `the ${what} does nothing. Give it a reason, a status, a code, a delay or a fault`);
      return;
    }
  }
  const names = namesOf(endpoints);
  const { delay, outcome } = stepOf(text, when, providers);
  if (delay?.kind === 'typical' && !providers.some((provider) => provider.typicalDelay !== undefined && endpoints.some((endpoint) => endpoint.provider === provider.id))) {
    yield source.complaint([...path, 'delay'], `no document says how long ${names} typically takes. Write a time, such as "100ms"`);
  }
  if (outcome.kind === 'status' && endpoints.every((endpoint) => endpoint.statuses === undefined)) {
    yield source.complaint([...path, 'status'], `${names} is not asked for the state of a line. Write a reason or a code`);
  }
  if (outcome.kind === 'reason') {
    const words = endpoints.map((endpoint) => endpoint.words[outcome.reason]);
    const [word] = words;
    if (words.every((each) => typeof each !== 'string') && typeof word === 'object') {
      yield source.complaint(typeof text === 'string' ? path : [...path, 'reason'], `${endpoints.length === 1 ? `${names} cannot` : `none of ${names} can`} say "${outcome.reason}": ${word.noWord}. Write another reason, or a code`);
    }
  }
  if (outcome.kind === 'code' && typeof text !== 'string' && text.code !== undefined) yield* codes(text.code, endpoints, [...path, 'code'], source);
}

function* codes(code: NonNullable<LongStep['code']>, endpoints: readonly Endpoint[], path: Path, source: SourceMap): Generator<Complaint> {
  const wanted: [name: string, code: string, at: Path][] =
    typeof code === 'string' ? [['', code, path]] : Object.entries(code).map(([name, each]) => [name, each as string, [...path, name]]);
  if (wanted.length === 0) yield source.complaint(path, 'no code is named. Write one for a provider or an endpoint');
  for (const [name, each, at] of wanted) {
    const meant = endpoints.filter((endpoint) => name === '' || name === endpoint.id || name === endpoint.provider);
    if (meant.length === 0) yield source.complaint(at, `the rule is not about ${name}. Remove it here or widen "when"`, 'key');
    else if (!meant.some((endpoint) => Object.hasOwn(endpoint.rows, each))) {
      const rows = new Set(meant.flatMap((endpoint) => Object.keys(endpoint.rows)));
      const list = [...rows];
      const has = meant.length === 1 ? `${namesOf(meant)} has no code "${each}"` : `none of ${namesOf(meant)} has a code "${each}"`;
      yield source.complaint(at, `${has}${suggestion(each, list) || `. There are ${list.slice(0, mostShown).join(', ')}${list.length > mostShown ? ' …' : ''}`}`);
    }
  }
}

const mostShown = 24;

/** What is counted and makes no difference: the calls of the last step, steps behind the rule's end, uses that end nothing. */
function* sequence({ then, times, per }: RuleText, index: number, source: SourceMap): Generator<Complaint> {
  const steps = stepsOf(then).map((text, at) => ({ path: Array.isArray(then) ? ['rules', index, 'then', at] : ['rules', index, 'then'], text, count: countOf(text) }));
  const last = steps.at(-1);
  let above = 0;
  for (const { path, count = 1 } of steps) {
    if (above >= (times ?? Infinity)) {
      yield source.complaint(path, `times is ${times}, and the steps above use it up. Raise it, or remove this step`);
      break;
    }
    above += count;
  }
  if (last?.count !== undefined) {
    const remedy = times === undefined ? `Leave its count out, or write "times: ${above}" beside "then" if the rule shall end there` : 'Leave its count out';
    yield source.complaint(typeof last.text === 'string' ? last.path : [...last.path, 'times'], `the last step stays for good. ${remedy}`);
  }
  if (per === 'number' && times === undefined && steps.length === 1) {
    yield source.complaint(['rules', index, 'per'], 'per says how uses are counted, and nothing depends on their count. Add times or a list of steps, or remove it', 'key');
  }
}

const countOf = (text: StepText): number | undefined => (typeof text === 'string' ? readStepWord(text).times : text.times);
