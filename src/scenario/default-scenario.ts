import { readFileSync } from 'node:fs';
import type { Provider } from '../providers/provider.ts';
import { describeComplaint } from './complaint.ts';
import { loadScenario } from './load.ts';
import type { Scenario } from './scenario.ts';
import { scenarioSchema } from './schema.ts';

/**
 * The scenario that serves when none is named. From source it is read like any other; the build puts the loaded
 * value in the place of this file, so that neither YAML nor zod is paid for before the first answer.
 */
export async function defaultScenario(providers: readonly Provider[]): Promise<Scenario> {
  const url = new URL('../../scenarios/default.yaml', import.meta.url);
  const loaded = loadScenario(readFileSync(url, 'utf8'), 'scenarios/default.yaml', await scenarioSchema(providers), providers);
  if (loaded.kind === 'complaints') throw new Error(loaded.complaints.map(describeComplaint).join('\n'));
  return loaded.scenario;
}
