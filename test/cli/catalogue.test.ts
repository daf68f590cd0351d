import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { catalogueOf } from '../../src/control/catalogue.ts';
import { providers } from '../../src/providers/index.ts';
import { command, ended, konghao } from '../support/command.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

it('shows every code of every endpoint of every provider', async () => {
  const { code, stdout, stderr } = await konghao(['catalogue']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const { id, name, endpoints, readings } of providers) {
    expect(stdout).toContain(`${name} (${id}) · `);
    for (const reading of readings) expect(stdout).toContain(`${reading.name} `);
    for (const endpoint of endpoints) {
      const page = stdout.slice(stdout.indexOf(`  ${endpoint.title}   ${endpoint.id}\n`));
      for (const row of Object.keys(endpoint.rows)) expect(page).toMatch(new RegExp(`^ {4}${row.replace(/[.:]/g, '\\$&')} +\\d{3} +(yes|no) `, 'm'));
    }
  }
});

it.each(providers.map(({ id }) => id))('shows %s alone', async (id) => {
  const { code, stdout } = await konghao(['catalogue', id]);
  expect(code).toBe(0);
  expect(providers.filter((provider) => stdout.includes(` (${provider.id}) · `)).map((provider) => provider.id)).toEqual([id]);
});

it('shows one endpoint alone', async () => {
  const { code, stdout } = await konghao(['catalogue', 'qxt.balance']);
  expect(code).toBe(0);
  expect(stdout).toContain('GET|POST /balance');
  expect(stdout).not.toContain('/ssPhone_Status');
});

it('lines its columns up, Chinese characters counting two', async () => {
  const { stdout } = await konghao(['catalogue', 'qxt.balance']);
  const rows = stdout.split('\n').filter((line) => /^ {4}-?\d +200 /.test(line));
  expect(rows.length).toBeGreaterThan(3);
  expect(new Set(rows.map((line) => line.search(/(yes|no) /))).size).toBe(1);
});

it.each([[[]], [['acedata']], [['alapi.phonecheck']]])('gives the same to machines: %j', async (words) => {
  const { code, stdout } = await konghao(['catalogue', ...words, '--json']);
  expect(code).toBe(0);
  const [name = ''] = words;
  const all = plain(catalogueOf(providers)) as { id: string; endpoints: { id: string }[] }[];
  const wanted = all.filter(({ id, endpoints }) => name === '' || id === name || endpoints.some((endpoint) => endpoint.id === name));
  expect(JSON.parse(stdout)).toEqual(wanted);
});

it.each([
  ['qtx', 'nothing is called "qtx"; did you mean "qxt"?'],
  ['tencent.mobilestatus', 'nothing is called "tencent.mobilestatus"; did you mean "tencent.MobileStatus"?'],
  ['unheard-of', 'nothing is called "unheard-of".'],
])('ends with 2 for %s, and says what there is', async (name, why) => {
  const { code, stdout, stderr } = await konghao(['catalogue', name]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(`Failed to show a catalogue: ${why} There are ${providers.flatMap(({ id, endpoints }) => [id, ...endpoints.map((endpoint) => endpoint.id)]).join(', ')}.\n`);
});

it('does not mind a reader that has seen enough', async () => {
  const child = spawn(process.execPath, [command, 'catalogue', '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const { code, stderr } = await ended(child);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
