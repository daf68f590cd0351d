import fc from 'fast-check';
import { expect, it } from 'vitest';
import { faultKinds, usualStrike } from '../../src/domain/fault.ts';
import { providers } from '../../src/providers/index.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { scenarioSchema } from '../../src/scenario/schema.ts';
import { complaintsBelow } from '../support/complaints.ts';

const schema = await scenarioSchema(providers);

function read(yaml: string): Scenario {
  const loaded = loadScenario(`konghao: 1\nname: x\n${yaml}`, 'a', schema, providers);
  if (loaded.kind === 'scenario') return loaded.scenario;
  throw new Error(complaintsBelow(yaml).join('\n'));
}

const ruleOf = (text: string): Scenario['rules'][number] | undefined => read(`rules:\n  - { id: a, ${text} }`).rules[0];

const at = Date.parse('2026-01-31T23:59:50+08:00');

it.each<readonly [yaml: string, clock: Scenario['clock']]>([
  ['seed: 1', { at: undefined, speed: 1, delays: 'slept', signatures: 'real' }],
  ['clock: {}', { at: undefined, speed: 1, delays: 'slept', signatures: 'real' }],
  ['clock: 2026-01-31T23:59:50+08:00', { at, speed: 0, delays: 'slept', signatures: 'real' }],
  ['clock: { at: 2026-01-31T23:59:50+08:00 }', { at, speed: 0, delays: 'slept', signatures: 'real' }],
  ['clock: { at: 2026-01-31T23:59:50+08:00, speed: 0.5, delays: charged, signatures: clock }', { at, speed: 0.5, delays: 'charged', signatures: 'clock' }],
  ['clock: { speed: 60 }', { at: undefined, speed: 60, delays: 'slept', signatures: 'real' }],
  ['clock: { speed: 0 }', { at: undefined, speed: 0, delays: 'slept', signatures: 'real' }],
])('reads %s', (yaml, clock) => {
  expect(read(yaml).clock).toEqual(clock);
});

const ok = { kind: 'ok' } as const;
const busy = { kind: 'reason', reason: 'busy' } as const;

it.each<readonly [text: string, rule: unknown]>([
  ['then: busy', { id: 'a', place: 'a:4:5', when: {}, then: [{ times: Infinity, outcome: busy }], times: Infinity, per: 'rule' }],
  ['then: [2x busy, ok], times: 3, per: number', { then: [{ times: 2, outcome: busy }, { times: Infinity, outcome: ok }], times: 3, per: 'number' }],
  ['then: [busy]', { then: [{ times: Infinity, outcome: busy }] }],
  ['then: [busy, { times: 12, status: vacant }, ok]', { then: [{ times: 1, outcome: busy }, { times: 12, outcome: { kind: 'status', status: 'vacant' } }, { times: Infinity, outcome: ok }] }],
  ['when: { provider: qxt }, then: [{ code: "-8", delay: 1.5m }, ok]', { then: [{ delay: { kind: 'fixed', milliseconds: 90_000 }, outcome: { kind: 'code', rows: { 'qxt.ssPhone_Status': '-8', 'qxt.balance': '-8' } } }, {}] }],
  ['then: [{ fault: reset, after: charge }, ok]', { then: [{ times: 1, outcome: ok, fault: { kind: 'connection-reset', strike: { at: 'after', phase: 'charge' } } }, { times: Infinity, outcome: ok }] }],
  ['then: { fault: limit-data, before: render, bytes: 0, reason: busy }', { then: [{ outcome: busy, fault: { kind: 'limit-data', strike: { at: 'before', phase: 'render' }, bytes: 0 } }] }],
  ['when: { number: "139*", during: 10s..40s, chance: 0.3 }, then: ok', { when: { number: '139*', during: { from: 10_000, to: 40_000 }, chance: 0.3 } }],
  ['when: { during: 1.5h.. }, then: ok', { when: { during: { from: 5_400_000, to: Infinity } } }],
  ['when: { during: ..2d }, then: ok', { when: { during: { from: 0, to: 172_800_000 } } }],
  ['then: { delay: "uniform(100ms, 2s)" }', { then: [{ delay: { kind: 'uniform', from: 100, to: 2000 } }] }],
  ['then: { delay: "uniform( 1s ,1s )" }', { then: [{ delay: { kind: 'uniform', from: 1000, to: 1000 } }] }],
  ['then: { delay: "lognormal(800ms, 0.4)" }', { then: [{ delay: { kind: 'lognormal', median: 800, sigma: 0.4 } }] }],
  ['then: { delay: typical }', { then: [{ delay: { kind: 'typical' } }] }],
  ['then: { delay: 999999s }', { then: [{ delay: { kind: 'fixed', milliseconds: 999_999_000 } }] }],
])('reads a rule with %s', (text, rule) => {
  expect(ruleOf(text)).toMatchObject(rule as object);
});

it('leaves out what a rule does not state', () => {
  expect(ruleOf('when: { provider: qxt }, then: busy')).toStrictEqual({ id: 'a', place: 'a:4:5', when: { provider: 'qxt' }, then: [{ times: Infinity, outcome: busy }], times: Infinity, per: 'rule' });
});

it.each(faultKinds)('has %s strike when it usually does, where nothing is said', (kind) => {
  expect(ruleOf(`then: { fault: ${kind} }`)?.then).toEqual([{ times: Infinity, outcome: ok, fault: { kind, strike: usualStrike(kind) } }]);
});

it('lists expectations, those of never too', () => {
  expect(read('expect: { calls: { tencent.MobileStatus: 3, acedata: 1.., qxt.balance: ..2, alapi.phonecheck: 2..4 }, charged: { acedata.check-3e: 1 }, never: [qxt.ssPhone_Status] }').expect).toEqual(
    expect.arrayContaining([
      { what: 'calls', of: 'tencent.MobileStatus', from: 3, to: 3 },
      { what: 'calls', of: 'acedata', from: 1, to: Infinity },
      { what: 'calls', of: 'qxt.balance', from: 0, to: 2 },
      { what: 'calls', of: 'alapi.phonecheck', from: 2, to: 4 },
      { what: 'charged', of: 'acedata.check-3e', from: 1, to: 1 },
      { what: 'calls', of: 'qxt.ssPhone_Status', from: 0, to: 0 },
    ]),
  );
});

it('expects nothing and has no prices where nothing is said', () => {
  expect(read('seed: 1')).toMatchObject({ expect: [], prices: {} });
});

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** Thousandths of a unit as they are written: `1005` is `1.005`. */
const written = (thousandths: number): string => `${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}`.replace(/\.?0+$/, '') || '0';

it('reads times in every unit to the millisecond', () => {
  const unit = fc.constantFrom('s', 'm', 'h', 'd' as const);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999 }), unit, (thousandths, name) => {
      expect(ruleOf(`when: { during: ${written(thousandths)}${name}.. }, then: ok`)?.when.during?.from).toBe((thousandths * units[name]) / 1000);
    }),
    { numRuns: 200 },
  );
});

it('reads prices to the ten-thousandth, as numbers and as text', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_999_999_999 }).filter((price) => price <= 9_999_990_000), fc.nat(4), fc.boolean(), (price, decimals, quoted) => {
      const text = `${Math.floor(price / 10_000)}.${String(price % 10_000).padStart(4, '0')}`;
      // Zeros at the end may stand there or not.
      const short = text.replace(new RegExp(`0{0,${decimals}}$`), '').replace(/\.$/, '');
      expect(read(`prices: { acedata.check-3e: ${quoted ? `"${short}"` : short} }`).prices).toEqual({ 'acedata.check-3e': price });
    }),
    { numRuns: 300 },
  );
});
