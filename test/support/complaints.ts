import { providers } from '../../src/providers/index.ts';
import { describeComplaint } from '../../src/scenario/complaint.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { scenarioSchema } from '../../src/scenario/schema.ts';

const schema = await scenarioSchema(providers);

/** What a scenario's loader complains of in a text, each as `line:column: sentence.`; empty where it takes the text. */
export function complaintsOf(text: string): string[] {
  const loaded = loadScenario(text, 'a', schema, providers);
  if (loaded.kind === 'scenario') return [];
  // A refusal without a reason would look like no refusal.
  if (loaded.complaints.length === 0) throw new Error('the text is refused, and nobody says why');
  return loaded.complaints.map((complaint) => describeComplaint(complaint).replace(/^a:/, ''));
}

/** The same below `konghao: 1` and `name: x`: the text begins at line 3. */
export const complaintsBelow = (text: string): string[] => complaintsOf(`konghao: 1\nname: x\n${text}`);
