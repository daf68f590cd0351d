import { readFileSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import { describeComplaint } from '../../src/scenario/complaint.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { scenarioSchema } from '../../src/scenario/schema.ts';
it('probes', async () => {
  const schema = await scenarioSchema(providers);
  const cases = JSON.parse(readFileSync('/tmp/cases/in.json', 'utf8')) as string[];
  let out = '';
  for (const text of cases) {
    const loaded = loadScenario(text, 'a', schema, providers);
    out += `-----\n${text}\n=> ${loaded.kind === 'scenario' ? 'OK' : loaded.complaints.map(describeComplaint).join('\n   ')}\n`;
  }
  writeFileSync('/tmp/cases/out.txt', out);
});
