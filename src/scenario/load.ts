import { readFileSync } from 'node:fs';
import type { Provider } from '../providers/provider.ts';
import { describeComplaint, type Complaint } from './complaint.ts';
import { complaintsOf } from './explain.ts';
import { guard } from './guard.ts';
import { lint } from './lint.ts';
import { normalise } from './normalise.ts';
import type { Scenario } from './scenario.ts';
import { scenarioSchema, type ScenarioSchema } from './schema.ts';
import { SourceMap } from './source-map.ts';

export type Loaded =
  | { readonly kind: 'scenario'; readonly scenario: Scenario }
  | { readonly kind: 'complaints'; readonly complaints: readonly Complaint[] };

/** Reads a scenario's text, and finds all of its mistakes rather than the first. Never throws. */
export function loadScenario(text: string, file: string, schema: ScenarioSchema, providers: readonly Provider[]): Loaded {
  // A byte order mark takes no column.
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  const refused = guard(plain, file);
  if (refused !== undefined) return { kind: 'complaints', complaints: [refused] };
  const source = SourceMap.parse(plain, file);
  const value = source.value();
  if (value === undefined) return { kind: 'complaints', complaints: inOrder(source.complaints) };
  const parsed = schema.safeParse(value);
  const issues = parsed.success ? [] : parsed.error.issues;
  const complaints = inOrder(mistakes(value, issues, source, schema, providers));
  if (!parsed.success || complaints.length > 0) return { kind: 'complaints', complaints };
  return { kind: 'scenario', scenario: normalise(parsed.data, providers, (index) => source.place(['rules', index])) };
}

function* mistakes(value: unknown, issues: Parameters<typeof complaintsOf>[0], source: SourceMap, schema: ScenarioSchema, providers: readonly Provider[]): Generator<Complaint> {
  yield* source.complaints;
  // What is no YAML for scenarios is not told once more as a key or value that does not fit.
  const told = new Set(source.complaints.map(placeOf));
  for (const complaint of complaintsOf(issues, value, source, schema)) if (!told.has(placeOf(complaint))) yield complaint;
  for (const complaint of lint(value, schema, source, providers)) if (!told.has(placeOf(complaint))) yield complaint;
}

/** More than anybody reads at once, and few enough to be found soon whatever the file is. */
const mostComplaints = 1000;

function inOrder(mistakes: Iterable<Complaint>): Complaint[] {
  const complaints: Complaint[] = [];
  for (const mistake of mistakes) if (complaints.push(mistake) > mostComplaints) break;
  const [last] = complaints.splice(mostComplaints);
  complaints.sort((a, b) => a.line - b.line || a.column - b.column);
  if (last !== undefined) complaints.push({ ...last, message: `there are more than ${mostComplaints} mistakes. Mend those above first` });
  return complaints;
}

const placeOf = ({ line, column }: Complaint): string => `${line}:${column}`;

/**
 * Reads and loads a file, or throws one error with all of its mistakes.
 *
 * @param name what the file is called in complaints and in the journal
 */
export async function readScenarioFile(file: string | URL, name: string, providers: readonly Provider[]): Promise<Scenario> {
  const loaded = loadScenario(readFileSync(file, 'utf8'), name, await scenarioSchema(providers), providers);
  if (loaded.kind === 'scenario') return loaded.scenario;
  throw new Error(loaded.complaints.map(describeComplaint).join('\n'));
}
