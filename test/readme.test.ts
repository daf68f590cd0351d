import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { magicNumbers, magicTable } from '../src/control/magic.ts';
import { providers } from '../src/providers/index.ts';
import { defaultScenario } from '../src/scenario/default-scenario.ts';
import { loadScenario } from '../src/scenario/load.ts';
import { scenarioSchema } from '../src/scenario/schema.ts';
import { sandboxDataKey, sandboxPublicKeys } from '../src/sealed/sandbox-keys.ts';
import { folderWith } from './support/command.ts';
import { serve } from './support/serve.ts';
import { blocks, broken, outputsOf, shownIn } from './support/shown.ts';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const readmes = ['README.md', 'README.zh-CN.md'] as const;

/** Installs, builds, or serves for good: other tests do that. */
const elsewhere = /npm ci|docker|^npx konghao moving-day\.yaml/;

it.each(readmes)('does every command of %s, one after the other, as it says there', async (file) => {
  const shown = blocks(read(file), 'sh').flatMap(shownIn).filter(({ command }) => !elsewhere.test(command));
  const [scenario = ''] = blocks(read(file), 'yaml');
  const { address } = await serve();
  const outputs = await outputsOf(shown, address, folderWith({ 'moving-day.yaml': scenario })('.'));
  expect(shown.flatMap((each, index) => broken(each, outputs[index] ?? ''))).toEqual([]);
  expect(outputs.join('\n')).toMatch(/^All \d+ answers are byte for byte what they were\./m);
  // A command that fails says so in a sentence of its own.
  expect(outputs.filter((output) => /^Failed to /m.test(output))).toEqual([]);
  expect(shown.filter(({ promised }) => promised.length > 0).length).toBeGreaterThan(8);
  expect(shown.length).toBeGreaterThan(16);
}, 60_000);

it.each(readmes)('loads the scenarios that %s shows', async (file) => {
  const schema = await scenarioSchema(providers);
  const all = blocks(read(file), 'yaml').map((yaml) => (yaml.includes('konghao:') ? yaml : `konghao: 1\nname: example\n${yaml}`));
  const loaded = all.map((yaml) => loadScenario(yaml, file, schema, providers));
  expect(loaded).toMatchObject([{ kind: 'scenario', scenario: { name: 'moving-day' } }, { kind: 'scenario' }]);
});

it.each(['sh', 'yaml', 'js'])('says the same in both languages: blocks of %s are equal but for their comments and descriptions', (language) => {
  const [english = [], chinese = []] = readmes.map((file) => blocks(read(file), language).map((block) => block.replace(/ *(#|\/\/) .*$/gm, '').replace(/^description: .*$/gm, '')));
  expect(chinese).toEqual(english);
  expect(english.length).toBeGreaterThan(1);
});

it('says the same in both languages: what the commands print, and what the tables name', () => {
  const [english = [], chinese = []] = readmes.map((file) => shownIn(blocks(read(file), 'sh').join('\n')).map(({ promised }) => promised));
  expect(chinese).toEqual(english);
  const [names = [], sameNames = []] = readmes.map((file) => [...read(file).matchAll(/^\| (`[^`]+`)/gm)].map(([, name]) => name));
  expect(sameNames).toEqual(names);
  const [links = [], sameLinks = []] = readmes.map((file) => [...read(file).matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link).filter((link) => !link?.startsWith('README')));
  expect(sameLinks).toEqual(links);
});

it('links to nothing that is not there', () => {
  for (const file of [...readmes, 'docs/scenarios.md', 'docs/control-api.md', 'examples/failover-client/README.md']) {
    const links = [...read(file).matchAll(/\]\(([^)#]+)(#[^)]*)?\)/g)].map(([, link = '']) => new URL(link, new URL(`../${file}`, import.meta.url)));
    expect(links.filter((link) => !existsSync(link)).map(String)).toEqual([]);
  }
});

it('shows the magic numbers that the default scenario has (npm run docs writes them)', async () => {
  const table = magicTable(magicNumbers(await defaultScenario(providers), providers));
  expect(read('docs/magic-numbers.md')).toContain(table);
  for (const file of readmes) {
    const shown = /<!-- magic -->\n([^]*)\n<!-- \/magic -->/.exec(read(file))?.[1]?.split('\n') ?? [];
    expect(shown.length).toBeGreaterThan(10);
    for (const row of shown) expect(table).toContain(row);
  }
});

it('shows the published keys (npm run docs writes them)', () => {
  const page = read('docs/sandbox-keys.md');
  const { rsa, rsaSpki, sm2, sm2Spki, kit } = sandboxPublicKeys;
  for (const key of [rsa.trim(), rsaSpki.trim(), sm2, sm2Spki.trim(), kit.rsa, kit.sm2, sandboxDataKey.blob, sandboxDataKey.plaintext]) expect(page).toContain(key);
  expect(page).not.toContain('PRIVATE');
});
