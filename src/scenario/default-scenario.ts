import type { Provider } from '../providers/provider.ts';
import { readScenarioFile } from './load.ts';
import type { Scenario } from './scenario.ts';

/**
 * The scenario that serves when none is named. From source it is read like any other; the build puts the loaded
 * value in the place of this file, so that neither YAML nor zod is paid for before the first answer.
 */
export const defaultScenario = (providers: readonly Provider[]): Promise<Scenario> =>
  readScenarioFile(new URL('../../scenarios/default.yaml', import.meta.url), 'scenarios/default.yaml', providers);
