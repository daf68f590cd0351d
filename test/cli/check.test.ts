import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { command, ended, folderWith, konghao } from '../support/command.ts';

const scenarios = fileURLToPath(new URL('../../scenarios/', import.meta.url));
const good = 'konghao: 1\nname: good\n';
const bad = 'konghao: 1\nname: bad\nseed: -1\nrules: [{ id: a, then: bussy }]\n';

it('ends with 0 for a scenario in order', async () => {
  const at = folderWith({ 'good.yaml': good });
  expect(await konghao(['check', at('good.yaml')])).toEqual({ code: 0, signal: null, stdout: `${at('good.yaml')} is in order.\n`, stderr: '' });
});

it('ends with 0 for all shipped scenarios', async () => {
  const files = readdirSync(scenarios).filter((file) => file.endsWith('.yaml'));
  const { code, stdout } = await konghao(['check', ...files.map((file) => `${scenarios}${file}`)]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `All ${files.length} scenarios are in order.\n` });
});

it('ends with 1 and a line for each mistake of all files', async () => {
  const at = folderWith({ 'good.yaml': good, 'bad.yaml': bad, 'worse.yaml': 'name: worse' });
  const { code, stdout, stderr } = await konghao(['check', at('bad.yaml'), at('good.yaml'), at('worse.yaml')]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toBe(
    [
      `${at('bad.yaml')}:3:7: seed is too small; 0 is the least.`,
      `${at('bad.yaml')}:4:24: "bussy" is none of the words for then; did you mean "busy"?`,
      `${at('worse.yaml')}:1:1: konghao is missing. It has to be 1.`,
      '',
    ].join('\n'),
  );
});

it('gives the mistakes to machines as one array', async () => {
  const at = folderWith({ 'good.yaml': good, 'bad.yaml': bad });
  const file = at('bad.yaml');
  const { code, stdout } = await konghao(['check', '--json', at('good.yaml'), file]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual([
    { file, line: 3, column: 7, message: 'seed is too small; 0 is the least' },
    { file, line: 4, column: 24, message: '"bussy" is none of the words for then; did you mean "busy"?' },
  ]);
});

it('gives machines an empty array where nothing is wrong', async () => {
  const at = folderWith({ 'good.yaml': good });
  const { code, stdout } = await konghao(['check', at('good.yaml'), '--json']);
  expect({ code, value: JSON.parse(stdout) as unknown }).toEqual({ code: 0, value: [] });
});

it.each([
  ['a file that is not there', 'missing.yaml', 'there is no such file'],
  ['a folder', '.', 'it is a folder'],
])('ends with 2 for %s', async (_what, name, why) => {
  const at = folderWith({});
  expect(await konghao(['check', at(name)])).toEqual({ code: 2, signal: null, stdout: '', stderr: `Failed to read ${at(name)}: ${why}. Name a scenario file.\n` });
});

it('ends with 2 where no file is named', async () => {
  expect(await konghao(['check'])).toEqual({ code: 2, signal: null, stdout: '', stderr: 'Failed to check: no file is named. Name one or more, such as "konghao check my.yaml".\n' });
});

it('does not mind a reader that has seen enough', async () => {
  const at = folderWith({ 'bad.yaml': `konghao: 1\nname: x\n${Array.from({ length: 900 }, (_, index) => `key-that-is-not-known-${index}: 1\n`).join('')}` });
  const child = spawn(process.execPath, [command, 'check', at('bad.yaml')], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const { code, stderr } = await ended(child);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
});
