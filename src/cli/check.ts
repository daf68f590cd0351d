import { providers } from '../providers/index.ts';
import { describeComplaint, type Complaint } from '../scenario/complaint.ts';
import { loadScenario } from '../scenario/load.ts';
import { scenarioSchema } from '../scenario/schema.ts';
import { readText } from './read-text.ts';
import { parseWords, UsageError } from './usage-error.ts';

export async function check(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords('check', words, { json: { type: 'boolean' } });
  if (positionals.length === 0) throw new UsageError('Failed to check: no file is named. Name one or more, such as "konghao check my.yaml".');
  const schema = await scenarioSchema(providers);
  const complaints: Complaint[] = [];
  for (const file of positionals) {
    const loaded = loadScenario(readScenario(file), file, schema, providers);
    if (loaded.kind === 'complaints') complaints.push(...loaded.complaints);
  }
  if (values.json === true) process.stdout.write(`${JSON.stringify(complaints, null, 2)}\n`);
  else for (const complaint of complaints) process.stdout.write(`${describeComplaint(complaint)}\n`);
  if (complaints.length === 0 && values.json !== true) process.stdout.write(`${positionals.length === 1 ? `${positionals[0]} is` : `All ${positionals.length} scenarios are`} in order.\n`);
  return complaints.length === 0 ? 0 : 1;
}

export const readScenario = (file: string): string => readText(file, 'Name a scenario file.');
