import { readFile } from 'node:fs/promises';
import { unwatchFile, watchFile } from 'node:fs';
import type { Provider } from '../providers/provider.ts';
import type { Complaint } from './complaint.ts';
import { loadScenario } from './load.ts';
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
 * @param text what is in force; a file that still says this is left alone
 * @returns what ends it
 */
export function watchScenario(file: string, text: string, providers: readonly Provider[], reload: Reload): () => void {
  let last: string | undefined = text;
  const read = async (): Promise<void> => {
    try {
      const now = await readFile(file, 'utf8');
      if (now === last) return;
      last = now;
      const loaded = loadScenario(now, file, await scenarioSchema(providers), providers);
      if (loaded.kind === 'scenario') reload.applied(loaded.scenario);
      else reload.refused(loaded.complaints);
    } catch (error) {
      last = undefined;
      const { code = String(error) } = error as NodeJS.ErrnoException;
      const why = code === 'ENOENT' ? 'there is no such file any more' : `the file cannot be read (${code})`;
      reload.refused([{ file, line: 1, column: 1, message: `${why}. Put it back` }]);
    }
  };
  // One after the other, so that what was read last is what stays in force.
  let reading = Promise.resolve();
  const changed = (): void => {
    reading = reading.then(read);
  };
  watchFile(file, { interval: 250 }, changed);
  // An edit between the first reading and the first look would never be seen as a change.
  changed();
  return () => unwatchFile(file, changed);
}
