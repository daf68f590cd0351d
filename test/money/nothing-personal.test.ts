import { expect, it } from 'vitest';
import { dial } from '../faults/dial.ts';
import { tc3Request, tc3Signed, v1Signed, type Key } from '../faults/signer.ts';
import { formType, posted } from '../support/ask.ts';
import { told } from '../support/control.ts';
import { exchange, type Outgoing } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';
import { readerOf, spellings } from './spellings.ts';

// Whatever of these was used in a run, nobody who looks at the run may read it.
const names = ['欧阳震华', '李雷'];
const idCards = ['44052418800101001X', '440524188001010014', '11010519491231002x'];
const [early, late, plain, unknown] = ['13987654321', '13876543210', '13765432109', '16137688175'] as const;
const numbers = [early, late, plain, unknown];
const key: Key = { secretId: 'AKIDpersonal00000001', secretKey: 'personalSecretKey-7Qx2' };
const wrongKey: Key = { secretId: 'AKIDstranger00000002', secretKey: 'strangerSecretKey-9Zy4' };
const token = 'personal-acedata-token-5f2e9c7b';
const alapiToken = 'personal-alapi-token-a1b2c3d4';
const apikey = 'e7d6c5b4a392817065544332211000ff';
const [wrongToken, wrongApikey] = ['stranger-token-66aa77bb88cc', 'f'.repeat(31) + '7'] as const;
const credentials = [key.secretId, key.secretKey, wrongKey.secretId, wrongKey.secretKey, token, alapiToken, apikey, wrongToken, wrongApikey];
const personal = [...names, ...idCards, ...numbers, ...credentials];

const scenario = (rules: string): string => `
seed: 7
accounts:
  acedata: { token: ${token}, quota: 100000 }
  tencent: { secretId: ${key.secretId}, secretKey: ${key.secretKey} }
  alapi: { token: ${alapiToken}, calls: 100000 }
  qxt: { apikey: ${apikey}, billing: postpaid, balance: 0 }
people: { owner: { name: ${names[0]}, idCard: "${idCards[1]}" } }
numbers: { "${plain}": { owner: owner }, "${late}": { status: suspended, owner: owner } }
prices: { acedata.check-3e: 0.45 }
readings: { alapi.invalidInBatch: unknown, qxt.invalidNumber: status }
rules: [${rules}]
expect: { never: [qxt] }
`;

const [name = '', otherName = ''] = names;
const [idCard = '', , otherIdCard = ''] = idCards;

/** JSON around a text that is spelt already. */
const member = (of: string, text: string): string => `"${of}":"${text}"`;

/** What the clients of all four ask about a number, each value spelt in some way, under their own credentials or a stranger's. */
function requestsOf(host: string, number: string, spell: (text: string) => string, stranger: boolean): readonly Outgoing[] {
  const [phone, person, card, batch] = [spell(number), spell(name), spell(idCard), spell(`${number},${unknown},${number}`)];
  const bearer = [['Authorization', `Bearer ${stranger ? wrongToken : token}`]] as const;
  const [alapi, qxt, tencent] = [stranger ? wrongToken : alapiToken, stranger ? wrongApikey : apikey, stranger ? wrongKey : key];
  const now = Math.floor(Date.now() / 1000);
  return [
    posted('/identity/phone/check-1e', 'application/json', `{${member('mobile', phone)}}`, bearer),
    posted('/identity/phone/check-3e', 'application/json', `{${member('name', person)},${member('phone', phone)},${member('id_card', card)},"verify_mode":"1"}`, bearer),
    // In each other's places, in fields that nobody has, and cut off.
    posted('/identity/phone/check-3e', 'application/json', `{${member('name', card)},${member('phone', person)},${member('id_card', phone)},${member('note', `${person} ${card}`)},"deep":[{${member('x', phone)}}]}`, bearer),
    posted('/identity/phone/check-3e', 'application/json', `{${member('name', spell(otherName))},${member('id_card', spell(otherIdCard))},${member('phone', phone)}`, bearer),
    posted('/identity/phone/check-1e', formType, `mobile=${phone}&name=${person}&id_card=${card}`, bearer),
    posted(`/identity/phone/nothing?mobile=${encodeURIComponent(phone)}`, 'application/json', '{}', bearer),
    posted('/identity/phone/check-1e', 'application/json', `{${member('mobile', phone)}}`, [['Authorization', `Basic ${Buffer.from(`${name}:${token}`).toString('base64')}`]]),
    tc3Signed(tc3Request(tencent, host, `{${member('Mobile', phone)}}`, now)),
    tc3Signed(tc3Request({ ...tencent, secretKey: wrongKey.secretKey }, host, `{${member('Mobile', phone)}}`, now)),
    tc3Signed(tc3Request(tencent, host, `{${member('Mobile', phone)},${member('Name', person)},${member('IdCard', card)}}`, now)),
    tc3Signed(tc3Request(tencent, host, `{${member('Name', person)}}`, now), { payload: `{${member('Name', person)}}` }),
    tc3Signed({ ...tc3Request(tencent, host, '', now), method: 'GET', query: `Mobile=${encodeURIComponent(phone)}` }, { query: `Mobile=${phone.length}` }),
    v1Signed(tencent, host, [['Mobile', phone]], now, {}, 'GET'),
    v1Signed(tencent, host, [['Mobile', phone]], now, { sort: (pairs) => pairs }),
    v1Signed(tencent, host, [['Mobile', phone]], now, { spell: encodeURIComponent }),
    posted('/api/phonecheck', formType, `token=${alapi}&mobiles=${batch}`),
    posted('/api/phonecheck', 'application/json', `{${member('mobiles', batch)}}`, [['token', alapi]]),
    { method: 'GET', target: `/api/phonecheck?token=${alapi}&mobiles=${encodeURIComponent(batch)}&name=${encodeURIComponent(person)}` },
    { method: 'GET', target: `/ssPhone_Status?apikey=${qxt}&mobile=${encodeURIComponent(phone)}` },
    posted('/ssPhone_Status', formType, `apikey=${qxt}&mobile=${phone}&idcard=${card}`),
    { method: 'GET', target: `/balance?apikey=${qxt}&mobile=${encodeURIComponent(phone)}` },
    { method: 'GET', target: `/nobody/${encodeURIComponent(phone)}?name=${encodeURIComponent(person)}` },
  ];
}

/** Every page of the control API that tells of a run without being asked for personal data. */
const exits = [
  '/journal?limit=200', '/journal/wait?count=200&timeout=0', '/ledger', '/ledger?format=csv', '/snapshot', '/accounts', '/scenario', '/rules', '/expectations', '/clock', '/readings', '/health', '/tenants', '/catalogue',
];

async function pagesOf(port: number): Promise<readonly (readonly [page: string, text: string])[]> {
  const { total } = await told<{ total: number }>(port, 'GET', '/journal?limit=1');
  const pages = [...exits, ...Array.from({ length: total }, (_, index) => `/journal/${index + 1}`)];
  return Promise.all(pages.map(async (page) => [page, (await exchange(port, { method: 'GET', target: `/_sim${page}` })).body] as const));
}

const read = readerOf(personal);
const leaksIn = (pages: readonly (readonly [page: string, text: string])[]): readonly string[] => pages.flatMap(([page, text]) => read(text).map((leak) => `${page} shows ${leak}`));

it.each([
  ['in peace', '', plain],
  ['struck before anything is checked', '{ id: down, then: { fault: gateway-502 } }', plain],
  ['struck as soon as the number is known', `{ id: one, when: { number: "${early}" }, then: { fault: empty-response, before: authenticate } }`, early],
  ['struck behind the charge', `{ id: lost, when: { number: "${late}" }, then: { fault: reset, after: charge } }`, late],
  ['spoilt on the way', `{ id: part, when: { number: "${late}" }, then: [{ fault: limit-data }, { fault: wrong-charset }, { fault: slow-drip, bytes: 100000 }, { fault: malformed-body }] }`, late],
  ['with a code of their own', `{ id: busy, when: { number: "${late}", credential: "${token}" }, then: { code: "-2" } }`, late],
] as const)('shows nothing personal of calls %s, on any page', async (_title, rules, number) => {
  const { port, address } = await serve(scenario(rules));
  let calls = 0;
  for (const spell of Object.values(spellings)) {
    for (const stranger of [false, true]) {
      for (const request of requestsOf(address, number, spell, stranger)) {
        await dial(port, request).ended;
        calls += 1;
      }
    }
  }
  const pages = await pagesOf(port);
  expect(pages).toHaveLength(exits.length + calls);
  expect(leaksIn(pages)).toEqual([]);
  // The pages do tell of these calls.
  expect(pages.map(([, text]) => text).join()).toContain(`${number.slice(0, 3)}****${number.slice(-4)}`);
});

it('shows nothing personal of top-ups, and of what an application reconciles', async () => {
  const { port, address } = await serve(scenario(''));
  for (const request of requestsOf(address, plain, (text) => text, false)) await exchange(port, request);
  await told(port, 'PATCH', '/accounts/acedata', { credential: token, topUp: 5, why: `for ${plain} and ${idCard}` });
  const said: (readonly [page: string, text: string])[] = [];
  const send = async (method: string, path: string, body: unknown): Promise<void> => {
    said.push([`${method} ${path}`, (await exchange(port, { ...posted(`/_sim${path}`, 'application/json', JSON.stringify(body)), method })).body]);
  };
  await send('PATCH', '/accounts/acedata', { credential: wrongToken, topUp: 5 });
  await send('PATCH', '/accounts/acedata', { credential: token, set: { token: wrongToken, name } });
  await send('PATCH', `/accounts/${token}`, { topUp: 1 });
  await send('PUT', '/snapshot', { name, idCard, token });
  for (const spell of Object.values(spellings)) {
    const [phone, person, card, secret] = [plain, name, idCard, token].map(spell);
    await send('POST', '/ledger/reconcile', { records: [{ number: phone, endpoint: 'acedata.check-1e' }, { id: card }, { id: person, number: unknown }, { id: secret }, { number: phone, provider: person, endpoint: secret }, { id: phone, units: 7, amount: 1 }] });
    for (const record of [{ number: Number(plain) }, { number: [phone] }, { id: { person } }, { id: card, at: phone }, { id: card, amount: phone }, { number: `${phone} ${person}`.repeat(30) }, person, [card]]) await send('POST', '/ledger/reconcile', { records: [record] });
    for (const unheardOf of [phone, person, card, secret, key.secretId]) await send('POST', '/ledger/reconcile', { records: [{ id: '1', [unheardOf ?? '']: 1 }] });
  }
  expect(leaksIn([...said, ...(await pagesOf(port))])).toEqual([]);
});

it('finds in a whole snapshot, which is asked for by name, what it looks for on the other pages', async () => {
  const { port, address } = await serve(scenario(''));
  for (const request of requestsOf(address, plain, (text) => text, false)) await exchange(port, request);
  const whole = (await exchange(port, { method: 'GET', target: '/_sim/snapshot?personal=true' })).body;
  expect(read(whole)).toEqual(expect.arrayContaining([name, idCards[1], plain, key.secretId, key.secretKey, token, alapiToken, apikey]));
});

it.each(Object.entries(spellings))('sees through what is %s', (_title, spell) => {
  for (const text of personal) expect(read(`{"a":"${spell(text)}"}`)).not.toEqual([]);
});

it('sees through base64 of a text among others', () => {
  for (const text of personal) for (const before of ['', 'x', 'xy']) expect(read(Buffer.from(`${before}${text}:z`).toString('base64'))).not.toEqual([]);
});
