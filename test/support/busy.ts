import fc from 'fast-check';
import { keys } from './ask.ts';
import type { clientsOf } from './clients.ts';
import { tell } from './control.ts';

/** A scenario in which everything that has a state has one: sequences, chance, charged delays, limits, balances, faults, a clock that moves. */
export const busyScenario = `seed: 11
clock: { at: 2026-01-31T23:59:50+08:00, speed: 0, delays: charged }
accounts:
  acedata: { token: ${keys.acedata}, quota: 12, perNumberPerDay: 2 }
  tencent: { secretId: ${keys.secretId}, secretKey: ${keys.secretKey}, quota: 9, rate: 3/s, perNumberPerDay: 4 }
  alapi: { token: ${keys.alapi}, calls: 15, rate: 4/s }
  qxt: { apikey: ${keys.apikey}, balance: 6 }
people: { li: { name: 李雷, idCard: "11010519491231002X" } }
numbers:
  "13912345678": { status: active, owner: li, portedFrom: 中国移动, carrier: 中国电信 }
  "138*": { status: suspended }
prices: { acedata.check-1e: 0.45, alapi.phonecheck: 0.03 }
rules:
  - { id: sequence, when: { endpoint: tencent.MobileStatus, number: "137*" }, then: [2x busy, ok] }
  - { id: each, when: { provider: acedata, number: "136*" }, then: [busy, { status: silent }, ok], per: number }
  - { id: chance, when: { provider: qxt, chance: 0.4 }, then: no-record }
  - { id: drawn, when: { endpoint: alapi.phonecheck, number: "135*" }, then: { delay: "lognormal(800ms, 0.4)" } }
  - { id: brownout, when: { provider: alapi, during: 3s..20s }, then: { delay: "uniform(100ms, 2s)", reason: internal } }
  - { id: lost, when: { endpoint: acedata.check-1e, number: "134*" }, then: [{ fault: reset, after: charge }, ok] }
  - { id: gateway, when: { endpoint: tencent.MobileStatus, number: "134*" }, then: [{ fault: gateway-502, before: admit }, ok] }
  - { id: few, when: { number: "133*" }, then: rate-limited, times: 3 }
readings: { alapi.logId: sequence }
expect: { calls: { qxt: "1..", alapi: "..5" }, charged: { acedata.check-1e: 2 } }
`;

/** What a test does to a server: a call, or a word of the control API. */
export type Deed =
  | { readonly kind: 'call'; readonly endpoint: keyof ReturnType<typeof clientsOf>; readonly number: string }
  | { readonly kind: 'control'; readonly method: string; readonly path: string; readonly body?: unknown };

export const endpoints = ['check-1e', 'check-3e', 'MobileStatus', 'phonecheck', 'ssPhone_Status', 'balance'] as const;
export const numbers = ['13912345678', '13812345678', '13712345678', '13612345678', '13512345678', '13412345678', '13312345678', '13300000001', '10000000000'] as const;

const control = (method: string, path: string, body?: unknown): Deed => ({ kind: 'control', method, path, ...(body === undefined ? {} : { body }) });

/** Mostly calls. None of these waits, and none asks for the real time. */
export const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('call' as const), endpoint: fc.constantFrom(...endpoints), number: fc.constantFrom(...numbers) }) },
  { weight: 2, arbitrary: fc.constantFrom('1ms', '400ms', '1s', '5s', '1d').map((advance) => control('PATCH', '/clock', { advance })) },
  { weight: 1, arbitrary: fc.constantFrom('acedata', 'tencent', 'alapi', 'qxt').map((provider) => control('PATCH', `/accounts/${provider}`, { topUp: 2, why: 'a package' })) },
  { weight: 1, arbitrary: fc.constantFrom({ set: { rate: '1/s' } }, { set: { state: 'arrears' } }, { set: { state: 'normal' } }, { set: { quota: 5 } }, { correction: -1 }).map((body) => control('PATCH', '/accounts/tencent', body)) },
  { weight: 1, arbitrary: fc.constantFrom('busy', 'no-record', ['2x busy', 'ok'], { fault: 'gateway-503' }).map((then) => control('POST', '/rules', { id: 'armed', when: { number: '139*' }, then, times: 3 })) },
  { weight: 1, arbitrary: fc.constantFrom('armed', 'few', 'chance').map((id) => control('DELETE', `/rules/${id}`)) },
);

/** Does it, and says what came of it: the answer to the byte, or how the connection ended. */
export async function perform(port: number, ask: ReturnType<typeof clientsOf>, what: Deed, tenant = ''): Promise<string> {
  if (what.kind === 'control') {
    const { status, body } = await tell(port, what.method, `${tenant}${what.path}`, what.body);
    return `${status} ${body}`;
  }
  const { endpoint, number } = what;
  return ask[endpoint](number).then(({ status, body }) => `${status} ${body}`, (error: Error) => error.message);
}
