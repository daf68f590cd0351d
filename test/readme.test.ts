import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { magicNumbers, magicTable } from '../src/control/magic.ts';
import { providers } from '../src/providers/index.ts';
import { defaultScenario } from '../src/scenario/default-scenario.ts';
import { loadScenario } from '../src/scenario/load.ts';
import { scenarioSchema } from '../src/scenario/schema.ts';
import { sandboxDataKey, sandboxPublicKeys } from '../src/sealed/sandbox-keys.ts';
import { serve } from './support/serve.ts';

const bash = (line: string): Promise<{ stdout: string }> => promisify(execFile)('bash', ['-c', line], { env: { ...process.env, no_proxy: '127.0.0.1' } });
const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const blocks = (text: string, language: string): string[] => [...text.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map((match) => match[1] ?? '');
const readmes = ['README.md', 'README.zh-CN.md'] as const;

it.each(readmes)('answers every curl line of %s as it says there', async (file) => {
  const { address } = await serve();
  const [, examples = ''] = blocks(read(file), 'sh');
  const lines = examples.split('\n').filter((line) => line !== '');
  for (let i = 0; i < lines.length; i += 2) {
    const { stdout } = await bash((lines[i] ?? '').replaceAll('127.0.0.1:4086', address));
    const [said = ''] = (lines[i + 1] ?? '').replace(/^# (… )?/, '').split('   ');
    for (const part of said.split(' … ')) expect(stdout).toContain(part.replace(/ …$/, ''));
  }
  expect(lines.length).toBe(8);
});

it.each(readmes)('loads the scenario that %s shows', async (file) => {
  const [yaml = ''] = blocks(read(file), 'yaml');
  expect(loadScenario(yaml, file, await scenarioSchema(providers), providers)).toMatchObject({ kind: 'scenario', scenario: { name: 'moving-day' } });
});

it('says the same in both languages: the commands are equal but for their comments', () => {
  const [english = [], chinese = []] = readmes.map((file) => blocks(read(file), 'sh').map((block) => block.replace(/ *#.*$/gm, '')));
  expect(chinese).toEqual(english);
  expect(english.length).toBeGreaterThan(3);
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
