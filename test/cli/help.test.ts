import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { help } from '../../src/cli/help.ts';
import { konghao } from '../support/command.ts';

const root = new URL('../../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };

/** What each command takes, besides --help. */
const commands = {
  serve: ['--port', '--host', '--json', '--quiet', '--no-watch', '--tenant-idle'],
  check: ['--json'],
  catalogue: ['--magic', '--json'],
  ask: ['--url', '--name', '--id-card', '--credential', '--secret', '--json'],
  why: ['--provider', '--endpoint', '--number', '--from', '--to', '--tenant', '--url', '--token', '--json'],
  replay: ['--json'],
} as const;
const names = Object.keys(commands) as (keyof typeof commands)[];

it.each([['--help'], ['-h'], ['help'], ['help', 'nothing'], ['help', 'constructor']])('shows the first page for %s %s', async (...words) => {
  const { code, stdout, stderr } = await konghao(words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(help());
  for (const name of names.filter((each) => each !== 'serve')) expect(stdout).toContain(`\n  konghao ${name} `);
});

it.each(names)('shows the page of %s for three ways to ask for it', async (name) => {
  const pages = await Promise.all([konghao([name, '--help']), konghao([name, '-h']), konghao(['help', name])]);
  for (const { code, stdout, stderr } of pages) expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: help(name), stderr: '' });
  expect(help(name)).toMatch(new RegExp(`^konghao (\\[${name}\\]|${name})`));
});

it.each(names)('names every option of %s on its page, and no other', (name) => {
  expect([...help(name).matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option)).toEqual(commands[name]);
});

it.each(names.flatMap((name) => commands[name].map((option) => [name, option] as const)))('%s knows %s', async (name, option) => {
  // Behind an option that there is none of, so that nothing is done: the parser complains of the first that it does not know.
  const { code, stderr } = await konghao([name, ...(option === '--json' || option === '--quiet' || option === '--no-watch' || option === '--magic' ? [option] : [option, 'x']), '--nothing']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: `Failed to run ${name}: there is no option --nothing. See "konghao ${name} --help".\n` });
});

it('names only scenarios that are shipped', () => {
  const files = names.flatMap((name) => [...help(name).matchAll(/scenarios\/[a-z-]+\.yaml/g)].map(([file]) => file));
  expect(files).not.toEqual([]);
  expect(files.filter((file) => !existsSync(new URL(file, root)))).toEqual([]);
});

it('has pages of a width that fits every terminal', () => {
  for (const page of [help(), ...names.map(help)]) for (const line of page.split('\n')) expect(line.length).toBeLessThanOrEqual(90);
});

it.each(['--version', '-v'])('prints its version for %s', async (word) => {
  expect(await konghao([word])).toEqual({ code: 0, signal: null, stdout: `${version}\n`, stderr: '' });
});

it.each([
  ['chekc', 'there is no command or file called "chekc"; did you mean "check"? The commands are serve, check, catalogue, ask, why, replay.'],
  ['chekc x.yaml', 'there is no command or file called "chekc"; did you mean "check"? The commands are serve, check, catalogue, ask, why, replay.'],
  ['frobnicate', 'there is no command or file called "frobnicate". The commands are serve, check, catalogue, ask, why, replay.'],
  ['constructor', 'there is no command or file called "constructor". The commands are serve, check, catalogue, ask, why, replay.'],
])('says which commands there are for %s', async (words, why) => {
  expect(await konghao(words.split(' '))).toEqual({ code: 2, signal: null, stdout: '', stderr: `Failed to run konghao: ${why}\n` });
});

it.each([
  ['serve --prot 1', 'Failed to run serve: there is no option --prot; did you mean "--port"? See "konghao serve --help".'],
  ['--prot 1', 'Failed to run serve: there is no option --prot; did you mean "--port"? See "konghao serve --help".'],
  ['--port', 'Failed to run serve: --port wants a value. See "konghao serve --help".'],
  ['--port --json', 'Failed to run serve: --port wants a value. See "konghao serve --help".'],
  ['--json=yes', 'Failed to run serve: --json takes no value. See "konghao serve --help".'],
  ['check -x', 'Failed to run check: there is no option -x. See "konghao check --help".'],
  ['ask qxt 1 2 3', 'Failed to run ask: "2" is one word too many. See "konghao ask --help".'],
  ['catalogue qxt alapi', 'Failed to run catalogue: "alapi" is one word too many. See "konghao catalogue --help".'],
])('says in one sentence what is wrong with %s', async (words, sentence) => {
  expect(await konghao(words.split(' '))).toEqual({ code: 2, signal: null, stdout: '', stderr: `${sentence}\n` });
});
