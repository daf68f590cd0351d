import { expect, it } from 'vitest';
import { causesOf } from '../providers/causes/index.ts';
import { acedata, alapi, formOf, formType, qxt, tc3, unlimited } from '../support/ask.ts';
import { problemIn, tell, told } from '../support/control.ts';
import { exchange, lastEntry } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';
import { whyOf, type Why } from './look-inside.ts';

const number = '13800138000';

const behind = ['look-up: rules and world', 'charge', 'render', 'send'];
const gateway = [
  'authenticate: Authorization present', 'authenticate: token known', 'authenticate: expiry', 'authenticate: state', 'authenticate: allow-list', 'authenticate: granted',
  'accept: switched-off', 'admit: rate', 'admit: credit', 'accept: body size', 'validate: body is a JSON object', 'validate: fields',
];
const apikey = ['validate: apikey present', 'authenticate: apikey length', 'authenticate: apikey known', 'authenticate: allow-list'];

/** The stations of each endpoint, in the vendor's order as far as it is known. */
const stations: Readonly<Record<string, readonly string[]>> = {
  'acedata.check-1e': [...gateway, ...behind],
  'acedata.check-3e': [...gateway, 'validate: name and ID number', 'admit: daily', ...behind],
  'tencent.MobileStatus': [
    'accept: method', 'accept: size', 'accept: parameters can be split', 'accept: product', 'validate: common parameters', 'authenticate: timestamp fresh',
    'authenticate: Authorization readable', 'authenticate: SecretId known', 'authenticate: state of the key', 'authenticate: allow-list', 'authenticate: deny-list',
    'authenticate: credential scope', 'authenticate: signature', 'authenticate: token', 'validate: version', 'validate: action', 'accept: switched-off',
    'authenticate: permission', 'admit: rate', 'validate: body', 'validate: schema', 'admit: account in good standing', 'admit: credit', 'validate: encryption', 'admit: daily',
    ...behind,
  ],
  'alapi.phonecheck': [
    'accept: method', 'accept: switched-off', 'authenticate: token', 'authenticate: expiry', 'authenticate: allow-list', 'authenticate: source', 'admit: rate', 'validate: body',
    'validate: mobiles', 'admit: credit', ...behind,
  ],
  'qxt.ssPhone_Status': [...apikey, 'validate: mobile', 'admit: credit', ...behind],
  'qxt.balance': [...apikey, 'validate: question', ...behind],
};

/** These pass whatever is asked: where nobody can be refused, there is nothing to show. */
const neverRefuses = ['validate: question'];

/** Behind the checks a station says what was done there. */
const namesIn = ({ phases }: Why): readonly string[] => phases.map(({ phase, what }) => (['charge', 'render', 'send'].includes(phase) ? phase : `${phase}: ${what}`));

it.each([
  ['acedata.check-1e', () => acedata('check-1e', { mobile: number }), '1 charged', 'HTTP 200, code 0'],
  ['acedata.check-3e', () => acedata('check-3e', { name: '李雷', phone: number, id_card: '11010519491231002X' }), '1 charged', 'HTTP 200, code 0'],
  ['tencent.MobileStatus', (host: string) => tc3(host, { Mobile: number }), '1 charged', 'HTTP 200, code 0'],
  ['alapi.phonecheck', () => alapi(formType, formOf([['mobiles', `${number},13912345678`]])), '2 charged', 'HTTP 200, code 200'],
  ['qxt.ssPhone_Status', () => qxt(number), '1 charged', 'HTTP 200, code 0'],
  ['qxt.balance', () => ({ method: 'GET', target: '/balance?apikey=7c11272au708345c834b8ue81ac78972' }), 'nothing is charged', 'HTTP 200, code 0'],
] as const)('tells of a good call of %s that each station was passed, and what was done at it', async (endpoint, request, charge, render) => {
  const { port, address } = await serve(`${unlimited}people: { li: { name: 李雷, idCard: "11010519491231002X" } }\nnumbers: { "${number}": { status: suspended, owner: li } }\n`);
  await exchange(port, request(address));
  const why = await whyOf(port, 1);
  expect(namesIn(why)).toEqual(stations[endpoint]);
  expect(new Set(why.phases.map(({ verdict }) => verdict))).toEqual(new Set(['passed']));
  expect(why.phases.slice(-4).map(({ what }) => what)).toEqual(['rules and world', charge, render, 'at once']);
  expect(why.phases.at(-4)?.why).toBe(why.because);
  expect(why.diagnosis).toBeNull();
});

it.each(Object.keys(stations))('tells of each call that %s refuses at which station that was, and why', async (endpoint) => {
  const refusing = new Set<string>();
  const [provider = ''] = endpoint.split('.');
  for (const recipe of Object.values(causesOf[provider]?.causes[endpoint] ?? {}).flat()) {
    if (recipe.stray === true) continue;
    const { port, address } = await serve(recipe.scenario ?? '');
    for (const request of recipe.requests({ host: address, now: Math.floor(Date.now() / 1000) })) await exchange(port, request);
    const why = await whyOf(port, (await lastEntry(port)).id);
    const names = namesIn(why);
    expect([recipe.by, names]).toEqual([recipe.by, stations[endpoint]]);
    const place = why.phases.findIndex(({ verdict }) => verdict === 'refused');
    const lookUp = names.indexOf('look-up: rules and world');
    const verdicts = names.map((_name, index) => (place === -1 || index < place || index > lookUp ? 'passed' : index === place ? 'refused' : 'not reached'));
    expect([recipe.by, why.phases.map(({ verdict }) => verdict)]).toEqual([recipe.by, verdicts]);
    if (place === -1) continue;
    const { phase, what, why: reason = '' } = why.phases[place] ?? {};
    expect(why.because).toBe(`The check "${what}" (${phase}) refused it: ${reason.replace(/\.$/, '')}.`);
    expect(why.phases[lookUp + 1]?.what).toBe('nothing is charged');
    refusing.add(names[place] ?? '');
  }
  const checks = (stations[endpoint] ?? []).slice(0, -4);
  expect([...refusing].sort()).toEqual(checks.filter((check) => !neverRefuses.includes(check)).sort());
});

it('finds an exchange by its place, and by each id that a client sees', async () => {
  const { port, address } = await serve(`${unlimited}readings: { alapi.logId: sequence }\n`);
  const bodies = [];
  for (const request of [qxt(number), tc3(address, { Mobile: number }), acedata('check-1e', {}), alapi(formType, formOf([['mobiles', number]])), alapi(formType, '')]) bodies.push((await exchange(port, request)).body);
  const [, tencent = '', error = '', first = '', second = ''] = bodies;
  const { Response: { RequestId } } = JSON.parse(tencent) as { Response: { RequestId: string } };
  const { trace_id: traceId } = JSON.parse(error) as { trace_id: string };
  const logIds = [first, second].map((body) => (JSON.parse(body) as { log_id: number }).log_id);
  expect(logIds).toEqual([1, 2]);
  for (const [id, endpoint, place] of [
    ['1', 'qxt.ssPhone_Status', 1], [RequestId, 'tencent.MobileStatus', 2], ['2', 'tencent.MobileStatus', 2], [traceId, 'acedata.check-1e', 3],
    // A log_id looks like a place, and has to say that it is none.
    ['log_id:1', 'alapi.phonecheck', 4], ['log_id:2', 'alapi.phonecheck', 5], ['4', 'alapi.phonecheck', 4],
  ] as const) {
    expect([id, await whyOf(port, id)]).toEqual([id, expect.objectContaining({ id: place, endpoint })]);
  }
});

it('finds by provider, endpoint and number those whose answers carry no id', async () => {
  const { port } = await serve(unlimited);
  for (const request of [qxt(number), qxt('13912345678'), acedata('check-1e', { mobile: number })]) await exchange(port, request);
  const found = async (query: string): Promise<readonly (readonly [number, string | null])[]> =>
    (await told<{ exchanges: readonly { id: number; clientId: string | null }[] }>(port, 'GET', `/journal?${query}`)).exchanges.map(({ id, clientId }) => [id, clientId]);
  expect(await found(`number=${number}`)).toEqual([[3, null], [1, null]]);
  expect(await found('provider=qxt')).toEqual([[2, null], [1, null]]);
  expect(await found(`endpoint=qxt.ssPhone_Status&number=${number}`)).toEqual([[1, null]]);
});

it.each(['99', 'log_id:1', '00000000-0000-4000-8000-000000000000', 'nothing'])('knows nothing of an exchange %s', async (id) => {
  const { port } = await serve(unlimited);
  await exchange(port, qxt(number));
  problemIn(await tell(port, 'GET', `/journal/${id}`), 404, 'no-exchange');
});

it('tells of a call that no provider took that its path is nobody\'s', async () => {
  const { port } = await serve(unlimited);
  await exchange(port, { method: 'GET', target: '/ssPhoneStatus' });
  expect(await whyOf(port, 1)).toMatchObject({ endpoint: null, phases: [{ phase: 'accept', what: 'path', verdict: 'refused', why: expect.stringContaining('ssPhone_Status') }] });
});
