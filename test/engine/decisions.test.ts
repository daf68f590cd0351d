import { expect, it } from 'vitest';
import { NumberPatterns } from '../../src/engine/number-patterns.ts';
import { exchange } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';

it('lets the later of two patterns win that say as much', () => {
  for (const [first, second] of [['1*38', '13*8'], ['13*8', '1*38']] as const) {
    const patterns = new NumberPatterns<string>();
    patterns.add(first, first);
    patterns.add(second, second);
    expect(patterns.closest('13000000038')).toBe(second);
  }
});

it('lets go of the worlds that a cleared journal was answered by', async () => {
  const { simulator, port } = await serve();
  await exchange(port, { method: 'GET', target: '/balance' });
  const before = simulator.defaultTenant.generation;
  simulator.defaultTenant.reset();
  expect([...simulator.defaultTenant.journal.newestFirst()]).toEqual([]);
  expect(simulator.defaultTenant.generation).toBe(before);
});

it('leaves the other numbers of a batch alone when a rule names a code of success for one', async () => {
  const { port } = await serve('numbers: { "13800138000": { status: suspended } }\nrules: [{ id: ok, when: { number: "13912345678" }, then: { code: { alapi: "200" } } }]');
  const { body } = await exchange(port, { method: 'GET', target: '/api/phonecheck?token=sandbox-alapi-token&mobiles=13800138000,13912345678' });
  expect((JSON.parse(body) as { data: { status: number }[] }).data.map(({ status }) => status)).toEqual([2, 1]);
});

it('takes a rule that names success at its word for digits that are no number', async () => {
  const { port } = await serve('rules: [{ id: ok, when: { number: "16137688175" }, then: { code: { qxt.ssPhone_Status: "0" } } }]');
  const { body } = await exchange(port, { method: 'GET', target: '/ssPhone_Status?apikey=7c11272au708345c834b8ue81ac78972&mobile=16137688175' });
  expect(JSON.parse(body)).toMatchObject({ code: 0, result: { Mobile: '16137688175', Status: '正常' } });
});

it('refuses dates that do not exist', async () => {
  await expect(serve('clock: 2026-02-31')).rejects.toThrow('clock');
  await expect(serve('accounts: { alapi: { token: a, expires: 2026-02-30 } }')).rejects.toThrow('expires');
});
