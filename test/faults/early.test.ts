import { expect, it } from 'vitest';
import { acedata, alapi, balance, formOf, formType, keys, posted, qxt, tc3, unlimited } from '../support/ask.ts';
import { mint, told } from '../support/control.ts';
import { exchange, type Outgoing } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';
import { hear } from './dial.ts';
import { billOf, whyOf, type Why } from './look-inside.ts';

const number = '13800138000';
const other = '13912345678';
const person = { name: '李雷', id_card: '11010519491231002X' };

const verdictsOf = ({ phases }: Why): readonly string[] => phases.map(({ what, verdict }) => `${what}: ${verdict}`);

const ofNobody = (request: Outgoing): Outgoing => ({ ...request, headers: (request.headers ?? []).map(([name, value]) => [name, value.replace(keys.secretId, 'AKIDnobody')]) });

/** Calls that would get the provider's own refusal: for the credential, or for a body that cannot be read. */
const refused: readonly (readonly [title: string, request: (host: string) => Outgoing])[] = [
  ['check-1e without a token', () => posted('/identity/phone/check-1e', 'application/json', '{}')],
  ['check-3e with a wrong token', () => posted('/identity/phone/check-3e', 'application/json', '{}', [['Authorization', 'Bearer wrong']])],
  ['check-1e in broken JSON', () => acedata('check-1e', '{"mobile":')],
  ['MobileStatus of nobody', (host) => ofNobody(tc3(host, { Mobile: number }))],
  ['MobileStatus in broken JSON', (host) => tc3(host, '{"Mobile":')],
  ['phonecheck with a wrong token', () => posted('/api/phonecheck', formType, formOf([['token', 'wrong'], ['mobiles', number]]))],
  ['phonecheck in broken JSON', () => alapi('application/json', '{"mobiles":')],
  ['ssPhone_Status with a wrong apikey', () => ({ method: 'GET', target: `/ssPhone_Status?apikey=${'0'.repeat(32)}&mobile=${number}` })],
  ['balance with a short apikey', () => ({ method: 'GET', target: '/balance?apikey=short' })],
];

it.each(refused)('strikes before accept what would have been refused later: %s', async (_title, request) => {
  const { port, address } = await serve(`${unlimited}rules: [{ id: down, then: { fault: gateway-502 } }]\n`);
  expect(await hear(port, request(address), 0)).toEqual({ came: 'a page of HTML under 502' });
  const why = await whyOf(port, 1);
  expect(why).toMatchObject({ units: 0, fault: 'gateway-502 before accept', because: expect.stringMatching(/^The rule "down" .* has it end in gateway-502 before accept: nothing is charged\.$/) });
  const [first, ...behind] = why.phases.map(({ verdict }) => verdict);
  expect([first, new Set(behind)]).toEqual(['struck', new Set(['not reached'])]);
  expect((await billOf(port)).lines).toEqual([]);
});

it.each(refused)('leaves to the provider what was refused before the fault could strike: %s', async (_title, request) => {
  const { port, address } = await serve(`${unlimited}rules: [{ id: late, then: { fault: reset, after: validate } }]\n`);
  expect(await hear(port, request(address), 0)).toMatchObject({ came: 'an answer' });
  expect(await whyOf(port, 1)).toMatchObject({ fault: null, because: expect.stringMatching(/^The check /) });
});

/** A good call of each endpoint that is asked about a number, how it knows it, and what it checks behind that. */
const asked: readonly (readonly [endpoint: string, request: (host: string, number: string) => Outgoing, passed: string, struck: string])[] = [
  ['acedata.check-1e', (_host, mobile) => acedata('check-1e', { mobile }), 'fields', 'rules and world'],
  ['acedata.check-3e', (_host, phone) => acedata('check-3e', { ...person, phone }), 'fields', 'name and ID number'],
  ['tencent.MobileStatus', (host, Mobile) => tc3(host, { Mobile }), 'encryption', 'daily'],
  ['alapi.phonecheck', (_host, mobiles) => alapi(formType, formOf([['mobiles', mobiles]])), 'mobiles', 'credit'],
  ['qxt.ssPhone_Status', (_host, mobile) => qxt(mobile), 'mobile', 'credit'],
];

it.each(asked)('strikes at %s as soon as the number is known, where the rule has one', async (endpoint, request, passed, struck) => {
  const { port, address } = await serve(`${unlimited}rules: [{ id: one, when: { number: "${number}" }, then: { fault: reset, before: accept } }]\n`);
  expect(await hear(port, request(address, number), 0)).toEqual({ came: 'ECONNRESET' });
  expect(await hear(port, request(address, other), 1)).toMatchObject({ came: 'an answer' });
  const why = await whyOf(port, 1);
  expect(why).toMatchObject({ endpoint, units: 0, fault: 'connection-reset before accept' });
  const verdicts = verdictsOf(why);
  const place = verdicts.indexOf(`${struck}: struck`);
  expect(verdicts[place - 1]).toBe(`${passed}: passed`);
  expect(why.phases.slice(place + 1).every(({ verdict }) => verdict === 'not reached')).toBe(true);
  expect((await billOf(port)).total.charges).toBe(1);
});

it('strikes any number of a batch that the rule is about', async () => {
  const { port } = await serve(`${unlimited}rules: [{ id: one, when: { number: "${number}" }, then: { fault: reset, before: accept } }]\n`);
  expect(await hear(port, alapi(formType, formOf([['mobiles', `${other},${number}`]])), 0)).toEqual({ came: 'ECONNRESET' });
  expect(await whyOf(port, 1)).toMatchObject({ row: '400', units: 0 });
});

it.each(asked)('lets a rule above about one number go first at %s', async (_endpoint, request) => {
  const { port, address } = await serve(`${unlimited}rules: [{ id: spared, when: { number: "${other}" }, then: ok }, { id: down, then: { fault: gateway-503 } }]\n`);
  expect(await hear(port, request(address, other), 0)).toMatchObject({ came: 'an answer' });
  expect(await hear(port, request(address, number), 1)).toEqual({ came: 'a page of HTML under 503' });
});

it.each(refused)('strikes a call without a number below a rule about one: %s', async (_title, request) => {
  const { port, address } = await serve(`${unlimited}rules: [{ id: spared, when: { number: "${other}" }, then: ok }, { id: down, then: { fault: gateway-503 } }]\n`);
  expect(await hear(port, request(address), 0)).toEqual({ came: 'a page of HTML under 503' });
});

it('strikes the credential that the rule names, and no other', async () => {
  const { port } = await serve(`accounts: { acedata: [{ token: ${keys.acedata} }, { token: another }] }\nrules: [{ id: one, when: { credential: another }, then: { fault: reset, before: accept } }]\n`);
  const ask = (token: string): Outgoing => posted('/identity/phone/check-1e', 'application/json', '{}', [['Authorization', `Bearer ${token}`]]);
  expect(await hear(port, ask('another'), 0)).toEqual({ came: 'ECONNRESET' });
  expect(await hear(port, ask(keys.acedata), 1)).toMatchObject({ answer: { error: { code: 'token_mismatched' } } });
  expect(await hear(port, ask('nobody'), 2)).toMatchObject({ answer: { error: { code: 'invalid_token' } } });
});

it('takes the share of the calls that the rule states, and the same numbers in any order', async () => {
  const text = `${unlimited}rules: [{ id: some, when: { chance: 0.3 }, then: { fault: gateway-502 } }]\n`;
  const numbers = Array.from({ length: 300 }, (_, index) => String(13_800_138_000 + index));
  const struckOf = async (order: readonly string[]): Promise<readonly string[]> => {
    const { port } = await serve(text);
    const struck: string[] = [];
    for (const each of order) if ((await exchange(port, qxt(each))).status === 502) struck.push(each);
    return struck.sort();
  };
  const struck = await struckOf(numbers);
  // The share follows from the seed, so it is the same in each run.
  expect(Math.abs(struck.length - 90)).toBeLessThan(25);
  expect(await struckOf(numbers.toReversed())).toEqual(struck);
});

it('counts uses for each number by itself where the rule says so', async () => {
  const { port } = await serve(`${unlimited}rules: [{ id: once, per: number, times: 1, then: { fault: gateway-502 } }]\n`);
  const heard = [];
  for (const each of [number, number, other, number, other]) heard.push((await exchange(port, qxt(each))).status);
  expect(heard).toEqual([502, 200, 502, 200, 200]);
});

it('counts nothing of a call that was struck before it was admitted', async () => {
  const { port } = await serve(`
clock: 2026-01-31T12:00:00+08:00
accounts: { acedata: { token: ${keys.acedata}, rate: 1/s, perNumberPerDay: 1, quota: 1 } }
rules: [{ id: twice, then: [{ times: 2, fault: reset, before: admit }, ok] }]
`);
  const ask = acedata('check-3e', { ...person, phone: number });
  expect([await hear(port, ask, 0), await hear(port, ask, 1)]).toEqual([{ came: 'ECONNRESET' }, { came: 'ECONNRESET' }]);
  expect(await hear(port, ask, 2)).toMatchObject({ answer: { result: '1' } });
  expect(await hear(port, ask, 3)).toMatchObject({ answer: { error: { code: 'too_many_requests' } } });
});

it("strikes no call of another tenant's, and of unknown callers those of the default one", async () => {
  const { port } = await serve(`${unlimited}rules: [{ id: down, then: { fault: gateway-502 } }]\n`);
  const own = (rules: string) => ({ scenario: `konghao: 1\nname: own\nrules: ${rules}\n` });
  const [healthy, ill] = [await mint(port, own('[]')), await mint(port, own('[{ id: down, then: { fault: gateway-504 } }]'))];
  const ask = async (token: string): Promise<number> => (await exchange(port, posted('/identity/phone/check-1e', 'application/json', JSON.stringify({ mobile: number }), [['Authorization', `Bearer ${token}`]]))).status;
  expect(await ask(keys.acedata)).toBe(502);
  expect(await ask(healthy.credentials.acedata.token)).toBe(200);
  expect(await ask(ill.credentials.acedata.token)).toBe(504);
  expect(await ask('nobody')).toBe(502);
  expect(await told(port, 'GET', '/journal')).toMatchObject({ total: 2 });
  expect(await told(port, 'GET', `/tenants/${healthy.id}/journal`)).toMatchObject({ total: 1, exchanges: [{ fault: null }] });
  expect(await told(port, 'GET', `/tenants/${ill.id}/journal`)).toMatchObject({ total: 1, exchanges: [{ fault: 'gateway-504 before accept' }] });
});

it('never tells the balance of an account to a call that was struck first', async () => {
  const { port } = await serve(`${unlimited}rules: [{ id: drip, then: { fault: slow-drip, before: authenticate, bytes: 10000 } }]\n`);
  expect(await hear(port, balance, 0)).toMatchObject({ answer: { code: -8, result: null } });
});
