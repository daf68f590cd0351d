import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { folderWith, serving, type Serving } from '../support/command.ts';
import { exchange } from '../support/exchange.ts';
import { scenarioOf, serve } from '../support/serve.ts';

const scenario = (name: string, more = ''): string => `konghao: 1\nname: ${name}\n${more}`;
const status = (state: string): string => `numbers: { "13800138000": { status: ${state} } }\n`;

const json = async (port: number, target: string): Promise<Record<string, unknown>> => JSON.parse((await exchange(port, { method: 'GET', target })).body) as Record<string, unknown>;
const asked = (port: number): Promise<Record<string, unknown>> => json(port, '/ssPhone_Status?apikey=7c11272au708345c834b8ue81ac78972&mobile=13800138000');

interface Watched extends Serving {
  readonly file: string;
  write(text: string): void;
}

async function watching(text: string, ...words: readonly string[]): Promise<Watched> {
  const at = folderWith({ 'a.yaml': text });
  const file = at('a.yaml');
  const served = await serving([file, ...words]);
  return {
    ...served,
    file,
    // As careful editors do: a new file in the place of the old one.
    write: (next) => {
      writeFileSync(at('b.yaml'), next);
      renameSync(at('b.yaml'), file);
    },
  };
}

it('puts an edit into force', async () => {
  const { port, write, line } = await watching(scenario('one', status('active')));
  expect(await asked(port)).toMatchObject({ result: { Status: '正常' } });
  write(scenario('two', status('suspended')));
  expect(await line('stderr', 'in force')).toBe('The scenario "two" is in force; counters and balances start anew.');
  expect(await asked(port)).toMatchObject({ result: { Status: '停机' } });
  expect(await json(port, '/_sim/health')).toMatchObject({ scenario: 'two' });
});

it('puts an edit into force that is written into the file itself', async () => {
  const { port, file, line } = await watching(scenario('one', status('active')));
  writeFileSync(file, scenario('two', status('vacant')));
  await line('stderr', '"two" is in force');
  expect(await asked(port)).toMatchObject({ result: { Status: '空号' } });
});

it('takes other accounts with an edit, and begins their balances anew', async () => {
  const account = (balance: number): string => `accounts: { qxt: { apikey: 7c11272au708345c834b8ue81ac78972, balance: ${balance} } }\n`;
  const { port, write, line } = await watching(scenario('one', account(1)));
  expect(await asked(port)).toMatchObject({ code: 0 });
  expect(await asked(port)).toMatchObject({ code: -5 });
  write(scenario('two', account(2)));
  await line('stderr', '"two" is in force');
  expect(await json(port, '/balance?apikey=7c11272au708345c834b8ue81ac78972')).toMatchObject({ result: { balance: '2' } });
});

it('keeps the last good scenario through a broken edit, says so everywhere, and forgets it when it is mended', async () => {
  const { port, file, write, line } = await watching(scenario('one', status('suspended')));
  write(scenario('two', 'numbers: { "13800138000": { status: vacent } }\nseed: -1\n'));
  await line('stderr', 'The edit is refused, and the last good scenario stays in force:');
  const mistakes = [`${file}:3:37: "vacent" is none of the words for status; did you mean "vacant"?`, `${file}:4:7: seed is too small; 0 is the least.`];
  expect([await line('stderr', ':3:'), await line('stderr', ':4:')]).toEqual(mistakes.map((mistake) => `  ${mistake}`));
  expect(await asked(port)).toMatchObject({ result: { Status: '停机' } });
  expect(await json(port, '/_sim/health')).toMatchObject({ status: 'ok', scenario: 'one', lastEditRefused: mistakes });
  expect(await json(port, '/_sim/journal')).toMatchObject({ lastEditRefused: mistakes });

  write(scenario('two', status('vacant')));
  await line('stderr', '"two" is in force');
  expect(await asked(port)).toMatchObject({ result: { Status: '空号' } });
  expect(await json(port, '/_sim/health')).not.toHaveProperty('lastEditRefused');
  expect(await json(port, '/_sim/journal')).not.toHaveProperty('lastEditRefused');
});

it('forgets a broken edit that is taken back', async () => {
  const { port, write, line } = await watching(scenario('one'));
  write('[[[[');
  await line('stderr', 'refused');
  write(scenario('one'));
  await line('stderr', '"one" is in force');
  expect(await json(port, '/_sim/health')).not.toHaveProperty('lastEditRefused');
});

it('keeps serving when the file is deleted, and takes it again when it is back', async () => {
  const { port, file, write, line } = await watching(scenario('one', status('suspended')));
  rmSync(file);
  expect(await line('stderr', `${file}:1:1`)).toBe(`  ${file}:1:1: there is no such file any more. Put it back.`);
  expect(await asked(port)).toMatchObject({ result: { Status: '停机' } });
  expect(await json(port, '/_sim/health')).toMatchObject({ scenario: 'one', lastEditRefused: [`${file}:1:1: there is no such file any more. Put it back.`] });
  write(scenario('one', status('suspended')));
  await line('stderr', '"one" is in force');
  expect(await json(port, '/_sim/health')).not.toHaveProperty('lastEditRefused');
});

it('outlives an edit that nests without end', async () => {
  const { port, write, line } = await watching(scenario('one', status('suspended')));
  write(scenario('two', `description: it 's\npeople: ${'['.repeat(20_000)}`));
  expect(await line('stderr', 'nests deeper')).toMatch(/a\.yaml:4:40: the file nests deeper than 32 levels\. Flatten it\.$/);
  expect(await asked(port)).toMatchObject({ result: { Status: '停机' } });
});

it('does not look at the file again when told so', async () => {
  const { port, write, end } = await watching(scenario('one', status('active')), '--no-watch');
  write('[[[[');
  expect(await asked(port)).toMatchObject({ result: { Status: '正常' } });
  expect(await end()).toMatchObject({ code: 0, stderr: '' });
});

/** A generation says the same of the state and of the area, so that a mixture of two shows. */
const generations = [
  ['正常', '北京-北京', 'active'],
  ['停机', '上海-上海', 'suspended'],
  ['空号', '天津-天津', 'vacant'],
] as const;
const generation = (index: number): string => {
  const [, area, state] = generations[index % generations.length] ?? generations[0];
  return `numbers: { "13800138000": { status: ${state}, area: ${area} }, "13800138001": { status: ${state}, area: ${area} } }\n`;
};
const whole = new Set(generations.map(([state, area]) => `${state} ${area}`));

it('answers from one whole generation at a time while the file is edited fifty times', async () => {
  const { port, write, line } = await watching(scenario('v0', generation(0)));
  let editing = true;
  const heard: string[] = [];
  const client = async (): Promise<void> => {
    while (editing) {
      const { result } = (await asked(port)) as { result: { Status: string; Area: string } };
      heard.push(`${result.Status} ${result.Area}`);
    }
  };
  const clients = [client(), client(), client()];
  for (let edit = 1; edit <= 50; edit += 1) {
    write(scenario(`v${edit}`, generation(edit)));
    await asked(port);
  }
  await line('stderr', '"v50" is in force');
  editing = false;
  await Promise.all(clients);
  expect(heard.length).toBeGreaterThan(50);
  expect(heard.filter((each) => !whole.has(each))).toEqual([]);
  expect(await asked(port)).toMatchObject({ result: { Status: '空号', Area: '天津-天津' } });
});

it('answers a batch from one whole generation through fifty changes of scenario', async () => {
  const { port, simulator } = await serve(generation(0));
  const scenarios = await Promise.all(generations.map((_, index) => scenarioOf(generation(index))));
  const states = new Map<string, string>([['实号', '北京-北京'], ['停机', '上海-上海'], ['空号', '天津-天津']]);
  const body = 'token=sandbox-alapi-token&mobiles=13800138000,13800138001';
  const batch = async (): Promise<void> => {
    const { body: answer } = await exchange(port, { method: 'POST', target: '/api/phonecheck', headers: [['Content-Type', 'application/x-www-form-urlencoded']], body });
    const { data } = JSON.parse(answer) as { data: readonly { status_name: string; area: string }[] };
    const [first, second] = data;
    expect([first?.area, second?.status_name, second?.area]).toEqual([states.get(first?.status_name ?? ''), first?.status_name, first?.area]);
  };
  for (let change = 0; change < 50; change += 1) {
    const answers = [batch(), batch(), batch(), batch()];
    const next = scenarios[change % scenarios.length];
    if (next !== undefined) simulator.defaultTenant.apply(next);
    await Promise.all(answers);
  }
});
