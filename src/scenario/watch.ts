import { readFile } from 'node:fs/promises';
import { unwatchFile, watchFile } from 'node:fs';
import type { Provider } from '../providers/provider.ts';
import type { Complaint } from './complaint.ts';
import { loadScenario, type Loaded } from './load.ts';
import type { Scenario } from './scenario.ts';
import { scenarioSchema } from './schema.ts';

export interface Reload {
  applied(scenario: Scenario): void;
  refused(complaints: readonly Complaint[]): void;
}

/**
 * Reads a scenario again whenever its file changes. It looks at the file rather than waiting for events: editors
 * replace files, and bind mounts of containers lose events.
 *
 * @returns what ends it
 */
export function watchScenario(file: string, providers: readonly Provider[], reload: Reload): () => void {
  const read = async (): Promise<void> => {
    const loaded = await readAgain(file, providers);
    if (loaded.kind === 'scenario') reload.applied(loaded.scenario);
    else reload.refused(loaded.complaints);
  };
  watchFile(file, { interval: 250 }, () => void read());
  return () => unwatchFile(file);
}

async function readAgain(file: string, providers: readonly Provider[]): Promise<Loaded> {
  const schema = await scenarioSchema(providers);
  try {
    return loadScenario(await readFile(file, 'utf8'), file, schema, providers);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return { kind: 'complaints', complaints: [{ file, line: 1, column: 1, message: `the file cannot be read (${code}). Put it back` }] };
  }
}
