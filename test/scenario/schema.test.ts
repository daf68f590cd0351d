import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { providers } from '../../src/providers/index.ts';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { scenarioSchema } from '../../src/scenario/schema.ts';
import { defects, partsOf, violations, type JsonSchema } from '../support/json-schema.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const text = readFileSync(new URL('scenario.schema.json', folder), 'utf8');
const schema = JSON.parse(text) as JsonSchema;
const shipped = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

it('is what the sources say (npm run schema writes it anew)', async () => {
  expect(text).toBe(`${JSON.stringify(await scenarioJsonSchema(providers), null, 2)}\n`);
});

it('is a schema of draft 2020-12', () => {
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(defects(schema)).toEqual([]);
});

it('explains every key', () => {
  // The keys of these are the names of providers and endpoints.
  const named = /^\/(accounts|prices|expect\/calls|expect\/charged)\/[^/]+$|\/code\/[^/]+$/;
  const unexplained = (part: JsonSchema, path: string): string[] =>
    partsOf(part).flatMap(([each, way]) => {
      if (!way.startsWith('properties/')) return unexplained(each, path);
      const below = `${path}/${way.slice('properties/'.length)}`;
      return [...(each.description === undefined && !named.test(below) ? [below] : []), ...unexplained(each, below)];
    });
  expect(unexplained(schema, '')).toEqual([]);
});

it.each(shipped)('takes %s', (file) => {
  expect(violations(schema, parse(readFileSync(new URL(file, folder), 'utf8')))).toEqual([]);
});

it.each(shipped)('is named by the first line of %s, so that editors find it', (file) => {
  expect(readFileSync(new URL(file, folder), 'utf8').split('\n', 1)).toEqual(['# yaml-language-server: $schema=./scenario.schema.json']);
});

const base = 'konghao: 1\nname: x\n';

/** Each is refused by the loader and by the schema alike. */
const refused: readonly (readonly [what: string, yaml: string])[] = [
  ['an unknown key', `${base}nubmers: {}`],
  ['an unknown key of an account', `${base}accounts: { qxt: { apikey: ${'a'.repeat(32)}, balanse: 1 } }`],
  ['an unknown key in a list of accounts', `${base}accounts: { alapi: [{ token: a, qps: 1 }] }`],
  ['an unknown provider', `${base}accounts: { alapy: { token: a } }`],
  ['an unknown key of a person', `${base}people: { li: { name: 李雷, idCard: 11010519491231002X, age: 3 } }`],
  ['an unknown key of a number', `${base}numbers: { "139*": { state: active } }`],
  ['an unknown key of a rule', `${base}rules: [{ id: a, if: {}, then: busy }]`],
  ['an unknown key of when', `${base}rules: [{ id: a, when: { vendor: qxt }, then: busy }]`],
  ['an unknown key of then', `${base}rules: [{ id: a, then: { faults: reset } }]`],
  ['an unknown key of a step', `${base}rules: [{ id: a, then: [{ resaon: busy }, ok] }]`],
  ['an unknown key of a clock', `${base}clock: { now: 2026-01-31 }`],
  ['an unknown key of expect', `${base}expect: { called: { qxt: 1 } }`],
  ['an unknown name in expect', `${base}expect: { calls: { qtx: 1 } }`],
  ['an unknown endpoint in prices', `${base}prices: { acedata: 1 }`],
  ['an unknown key of code', `${base}rules: [{ id: a, then: { code: { qtx: "-8" } } }]`],
  ['an unknown reading', `${base}readings: { alapi.errorstatus: always-200 }`],
  ['another format version', 'konghao: 2\nname: x'],
  ['no format version', 'name: x'],
  ['no name', 'konghao: 1'],
  ['an unquoted number', `${base}rules: [{ id: a, when: { number: 13800138000 }, then: busy }]`],
  ['an unquoted token', `${base}accounts: { alapi: { token: 123 } }`],
  ['a number that is none', `${base}numbers: { "138x": { status: active } }`],
  ['a state that there is none of', `${base}numbers: { "138*": { status: alive } }`],
  ['an endpoint that there is none of', `${base}switchedOff: [qxt.ssphone_status]`],
  ['an endpoint that cannot be switched off', `${base}switchedOff: [qxt.balance]`],
  ['a code that there is none of', `${base}rules: [{ id: a, then: { code: "-99" } }]`],
  ['a delay that is none', `${base}rules: [{ id: a, then: { delay: soon } }]`],
  ['a delay that is drawn from one value', `${base}rules: [{ id: a, then: { delay: uniform(2s) } }]`],
  ['a fault that there is none of', `${base}rules: [{ id: a, then: { fault: rest } }]`],
  ['a phase that there is none of', `${base}rules: [{ id: a, then: { fault: reset, after: charging } }]`],
  ['a span without an end', `${base}rules: [{ id: a, when: { during: 10s }, then: busy }]`],
  ['a chance above 1', `${base}rules: [{ id: a, when: { chance: 2 }, then: busy }]`],
  ['no step', `${base}rules: [{ id: a, then: [] }]`],
  ['a list among the steps', `${base}rules: [{ id: a, then: [[busy], ok] }]`],
  ['a count in the wrong place', `${base}rules: [{ id: a, then: [x2 busy, ok] }]`],
  ['a step for no call', `${base}rules: [{ id: a, then: [0x busy, ok] }]`],
  ['a rule that is never used', `${base}rules: [{ id: a, then: busy, times: 0 }]`],
  ['a clock that goes back', `${base}clock: { speed: -1 }`],
  ['a price that is a word', `${base}prices: { acedata.check-3e: free }`],
  ['a number of calls that is a word', `${base}expect: { calls: { qxt: many } }`],
  ['a negative seed', `${base}seed: -1`],
  ['a name with capitals', 'konghao: 1\nname: X'],
];

it.each(refused)('refuses %s, as the loader does', async (_what, yaml) => {
  expect(loadScenario(yaml, 'a.yaml', await scenarioSchema(providers), providers).kind).toBe('complaints');
  expect(violations(schema, parse(yaml))).not.toEqual([]);
});

const accepted: readonly (readonly [what: string, yaml: string])[] = [
  ['a clock in short', `${base}clock: 2026-01-31T23:59:50+08:00`],
  ['a clock in the long form', `${base}clock: { at: 2026-01-31T23:59:50+08:00, speed: 0.5, delays: charged, signatures: clock }`],
  ['steps', `${base}rules: [{ id: a, when: { during: 10s.., chance: 0.3 }, then: [2x busy, { times: 3, reason: busy }, { fault: reset, after: charge }, ok], times: 9, per: number }]`],
  ['a delay that is drawn', `${base}rules: [{ id: a, then: { delay: "lognormal(800ms, 0.4)" } }]`],
  ['prices', `${base}prices: { acedata.check-3e: 0.45, qxt.ssPhone_Status: "0.03" }`],
  ['expectations', `${base}expect: { calls: { qxt: 1.., alapi: ..2, tencent: 2..4, acedata: 3 }, charged: { qxt: 1 }, never: [qxt.balance] }`],
];

it.each(accepted)('takes %s, as the loader does', async (_what, yaml) => {
  expect(loadScenario(yaml, 'a.yaml', await scenarioSchema(providers), providers)).toMatchObject({ kind: 'scenario' });
  expect(violations(schema, parse(yaml))).toEqual([]);
});
