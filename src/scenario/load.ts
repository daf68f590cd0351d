import type { Provider } from '../providers/provider.ts';
import type { Complaint } from './complaint.ts';
import { complaintsOf } from './explain.ts';
import { guard } from './guard.ts';
import { lint } from './lint.ts';
import { normalise } from './normalise.ts';
import type { Scenario } from './scenario.ts';
import type { ScenarioSchema } from './schema.ts';
import { SourceMap } from './source-map.ts';

export type Loaded =
  | { readonly kind: 'scenario'; readonly scenario: Scenario }
  | { readonly kind: 'complaints'; readonly complaints: readonly Complaint[] };

/** Reads a scenario's text, and finds all of its mistakes rather than the first. Never throws. */
export function loadScenario(text: string, file: string, schema: ScenarioSchema, providers: readonly Provider[]): Loaded {
  const refused = guard(text, file);
  if (refused !== undefined) return { kind: 'complaints', complaints: [refused] };
  const source = SourceMap.parse(text, file);
  const value = source.value();
  if (value === undefined) return { kind: 'complaints', complaints: inOrder(source.complaints) };
  const parsed = schema.safeParse(value);
  const complaints = [...source.complaints, ...(parsed.success ? [] : complaintsOf(parsed.error.issues, value, source, schema)), ...lint(value, schema, source, providers)];
  if (!parsed.success || complaints.length > 0) return { kind: 'complaints', complaints: inOrder(complaints) };
  return { kind: 'scenario', scenario: normalise(parsed.data, providers, (index) => source.place(['rules', index])) };
}

const inOrder = (complaints: readonly Complaint[]): Complaint[] =>
  [...complaints].sort((a, b) => a.line - b.line || a.column - b.column);
