import type { Endpoint, Provider } from '../providers/provider.ts';
import type { Scenario, ScenarioRule } from '../scenario/scenario.ts';

/** A number that always means the same, and what each endpoint says of it. */
export interface MagicNumber {
  readonly number: string;
  readonly means: string;
  /** By endpoint id; `null` where the endpoint has no word for it and answers from the world. */
  readonly says: Readonly<Record<string, string | null>>;
}

/** The numbers that a scenario declares one by one under `magic-…` rules, and those that stand for a state of a line. */
export function magicNumbers(scenario: Scenario, providers: readonly Provider[]): MagicNumber[] {
  const endpoints = providers.flatMap((provider) => provider.endpoints).filter(({ asks }) => asks !== 'balance');
  const states = scenario.numbers
    .filter(({ number }) => number.startsWith('19900000'))
    .map(({ number, status = 'active', carrier, portedFrom, virtualOperator }) => ({
      number,
      means: [status, carrier, portedFrom === undefined ? undefined : `ported from ${portedFrom}`, virtualOperator === undefined ? undefined : `sold by ${virtualOperator}`].filter(Boolean).join(', '),
      says: saysOf(endpoints, (endpoint) => endpoint.statuses?.[status].says ?? null),
    }));
  const troubles = scenario.rules
    .filter(({ id, when }) => id.startsWith('magic-') && when.number !== undefined)
    .map((rule) => ({ number: rule.when.number ?? '', means: rule.id.slice('magic-'.length), says: saysOf(endpoints, (endpoint) => rowAt(rule, endpoint)) }));
  return [...states, ...troubles].sort((a, b) => a.number.localeCompare(b.number));
}

const saysOf = (endpoints: readonly Endpoint[], says: (endpoint: Endpoint) => string | null): Record<string, string | null> =>
  Object.fromEntries(endpoints.map((endpoint) => [endpoint.id, says(endpoint)]));

function rowAt({ then: [first] }: ScenarioRule, endpoint: Endpoint): string | null {
  const outcome = first?.outcome ?? { kind: 'ok' };
  if (outcome.kind === 'code') return outcome.rows[endpoint.id] ?? null;
  if (outcome.kind !== 'reason') return null;
  const word = endpoint.words[outcome.reason];
  return typeof word === 'string' ? word : null;
}

/** The table for people who read Markdown. */
export function magicTable(numbers: readonly MagicNumber[]): string {
  const endpoints = Object.keys(numbers[0]?.says ?? {});
  const lines = numbers.map(({ number, means, says }) => `| ${number} | ${means} | ${endpoints.map((id) => cell(says[id] ?? null)).join(' | ')} |`);
  return [`| number | means | ${endpoints.join(' | ')} |`, `|---|---|${endpoints.map(() => '---|').join('')}`, ...lines].join('\n');
}

const cell = (says: string | null): string => (says === null ? '·' : says);
