import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { routes } from '../src/control/routes.ts';
import { faultKinds } from '../src/domain/fault.ts';
import { phases, reasons } from '../src/domain/outcome.ts';
import { carriers, lineStatuses } from '../src/domain/subscriber.ts';
import { providers } from '../src/providers/index.ts';
import { describeComplaint } from '../src/scenario/complaint.ts';
import { loadScenario } from '../src/scenario/load.ts';
import { scenarioSchema } from '../src/scenario/schema.ts';
import { folderWith } from './support/command.ts';
import { serve } from './support/serve.ts';
import { shipped, shippedFiles } from './support/shipped.ts';
import { blocks, broken, outputsOf, shownIn } from './support/shown.ts';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const between = (text: string, name: string): string => new RegExp(`<!-- ${name} -->\n([^]*?)<!-- /${name} -->`).exec(text)?.[1] ?? '';

/** Each example of a page, and what it is said to be refused for. */
const examples = (page: string): [yaml: string, refused: string][] =>
  [...page.matchAll(/```yaml\n([^]*?)```\n(?:\n```text\n([^]*?)```)?/g)].map(([, yaml = '', refused = '']) => [yaml, refused]);

it('loads every example of docs/scenarios.md, or refuses it as it says', async () => {
  const schema = await scenarioSchema(providers);
  const all = examples(read('docs/scenarios.md'));
  expect(all.length).toBeGreaterThan(10);
  for (const [yaml, refused] of all) {
    const loaded = loadScenario(yaml.includes('konghao:') ? yaml : `konghao: 1\nname: example\n${yaml}`, 'example.yaml', schema, providers);
    expect([yaml, loaded.kind === 'complaints' ? loaded.complaints.map((complaint) => `${describeComplaint(complaint)}\n`).join('') : '']).toEqual([yaml, refused]);
  }
});

it('lists every shipped scenario in docs/scenarios.md, with its description', async () => {
  const rows = await Promise.all(shippedFiles.map((file) => shipped(file.replace(/\.yaml$/, ''))));
  const table = ['| scenario | what it shows |', '|---|---|', ...rows.map(({ name, description }) => `| [${name}](../scenarios/${name}.yaml) | ${description} |`).sort()];
  expect(between(read('docs/scenarios.md'), 'shipped')).toBe(`${table.join('\n')}\n`);
});

it.each(['docs/scenarios.md', 'README.md', 'README.zh-CN.md'])('lists in %s every fault that there is, and no other', (file) => {
  const rows = [...between(read(file), 'faults').matchAll(/^\| `([a-z0-9-]+)`/gm)].map(([, name]) => name);
  expect(rows).toEqual([...faultKinds]);
});

it('has a word in docs/scenarios.md for every key and every word of the language', () => {
  const page = read('docs/scenarios.md');
  const schema: unknown = JSON.parse(read('scenarios/scenario.schema.json'));
  // Endpoints, codes and readings are in the catalogue.
  const keys = [...keysIn(schema)].filter((key) => !key.includes('.') && key !== '$schema');
  expect(keys.length).toBeGreaterThan(50);
  const missing = [...keys, ...reasons, ...phases, ...lineStatuses, ...carriers].filter((word) => !new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(page));
  expect(missing).toEqual([]);
});

/** The names of all properties that a JSON Schema speaks of. */
function* keysIn(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [name, part] of Object.entries(schema)) {
    if (name === 'properties') yield* Object.keys(part as object);
    yield* keysIn(part);
  }
}

/** The table of routes, as docs/control-api.md has to show it. */
const routeTable = (of: 'process' | 'tenant'): string =>
  ['| | |', '|---|---|', ...routes.filter((route) => route.of === of).map(({ method, path, summary }) => `| \`${method} /_sim${path}\` | ${summary} |`)].join('\n');

it.each(['process', 'tenant'] as const)('lists in docs/control-api.md every route of a %s', (of) => {
  expect(between(read('docs/control-api.md'), `routes of a ${of}`)).toBe(`${routeTable(of)}\n`);
});

it('answers every example of docs/control-api.md as it says there', async () => {
  const shown = blocks(read('docs/control-api.md'), 'sh').flatMap(shownIn);
  expect(shown.length).toBeGreaterThan(20);
  const { address } = await serve();
  const outputs = await outputsOf(shown, address, folderWith({})('.'));
  expect(shown.flatMap((each, index) => broken(each, outputs[index] ?? ''))).toEqual([]);
}, 60_000);
