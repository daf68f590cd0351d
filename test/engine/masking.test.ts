import fc from 'fast-check';
import { expect, it, onTestFinished, vi } from 'vitest';
import { follow } from '../../src/cli/announce.ts';
import { maskAnswer, maskIdCard, maskName, maskNumber, maskRequest, maskSecret, maskText, onOneLine } from '../../src/engine/masking.ts';
import { providers } from '../../src/providers/index.ts';
import { sandboxPublicKeys } from '../../src/sealed/sandbox-keys.ts';
import { seal } from '../../src/sealed/seal.ts';
import { acedata, bytesOf, formOf, formType, keys, multipartOf, multipartType, posted, tc3, v1 } from '../support/ask.ts';
import { exchange, type Outgoing } from '../support/exchange.ts';
import { answersIn, bytesOfRequest, only, speak } from '../support/raw.ts';
import { serve, type Served } from '../support/serve.ts';

// Whatever of these a client sends, wherever it puts it, none of it may be read anywhere.
const number = '13987654321';
const name = '欧阳震华';
const idCard = '44052418800101001X';
const token = 'tok-5f2e9c7b1a3d-secret-of-a-client';
const secretKey = 'sk9WuJ4kQ2vR8xYz-secret-key';
const sessionToken = 'st-77aa66bb55cc-session-token';
const apikey = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const markers = [number, name, idCard, idCard.toLowerCase(), token, secretKey, sessionToken, apikey];

const scenario = `
accounts:
  acedata: { token: "${token}" }
  tencent: { secretId: ${keys.secretId}, secretKey: ${keys.secretKey} }
  alapi: { token: "${token}" }
  qxt: { apikey: "${apikey}", billing: postpaid, balance: 0 }
people: { owner: { name: ${name}, idCard: "440524188001010014" } }
numbers: { "${number}": { owner: owner } }
rules:
  - { id: of-the-number, when: { provider: acedata, number: "${number}" }, then: ok }
  - { id: of-the-token, when: { number: "1390000*", credential: "${token}" }, then: ok }
readings: { alapi.invalidInBatch: unknown, qxt.invalidNumber: status }
`;

const bearer = [['Authorization', `Bearer ${token}`]] as const;
const everything = { name, phone: number, mobile: number, Mobile: number, mobiles: number, id_card: idCard, IdCard: idCard, token, apikey, SecretKey: secretKey, Token: sessionToken, 姓名: name, [number]: 1, [name]: 2, [idCard]: 3, deep: { list: [{ number, name }], [token]: idCard } };
const pairs = [['name', name], ['phone', number], ['id_card', idCard], ['token', token], ['apikey', apikey], ['SecretKey', secretKey], ['Token', sessionToken], ['unknown', name], [number, ''], [name, 'x'], [idCard, ''], [token, '']] as const;
const wholeJson = JSON.stringify(everything);
const quoted = (text: string): string => encodeURIComponent(text);
const sealedFor = (text: string) => seal('AES-256-CBC', [text], sandboxPublicKeys);
/** Text that node:http puts into a header byte by byte. */
const inHeader = (text: string): string => Buffer.from(text).toString('latin1');

const bodies: readonly (readonly [title: string, type: string, body: string | Buffer])[] = [
  ['JSON', 'application/json', wholeJson],
  ['JSON in a list', 'application/json', `[${wholeJson}]`],
  ['JSON that is a text', 'application/json', JSON.stringify(`${name} ${number}`)],
  ['JSON that is a number', 'application/json', number],
  ['JSON cut off', 'application/json', wholeJson.slice(0, -1)],
  ['JSON with numbers that are no texts', 'application/json', `{"mobile":${number},"phone":[${number}],"id_card":440524188001010014,"x":${number}}`],
  ['JSON under the type of a form', formType, wholeJson],
  ['JSON under no type', '', wholeJson],
  ['JSON under the type of a text', 'text/plain', wholeJson],
  ['a form', formType, formOf(pairs)],
  ['a form with raw characters', formType, pairs.map((pair) => pair.join('=')).join('&')],
  ['a form with semicolons', formType, pairs.map((pair) => pair.join('=')).join(';')],
  ['a form under the type of JSON', 'application/json', formOf(pairs)],
  ['a form under no type', '', formOf(pairs)],
  ['multipart', multipartType, multipartOf(pairs)],
  ['multipart that does not end', multipartType, multipartOf(pairs).slice(0, -6)],
  ['multipart with another boundary', 'multipart/form-data; boundary=c', multipartOf(pairs)],
  ['multipart with a number for a boundary', `multipart/form-data; boundary=${number}`, multipartOf(pairs).replaceAll('--b', `--${number}`)],
  ['multipart with no boundary', 'multipart/form-data', multipartOf(pairs)],
  ['a text', 'text/plain', `${name} ${number} ${idCard} ${token}`],
  ['a text under no type', '', `${name} ${number} ${idCard} ${token}`],
  ['XML', 'application/xml', `<name>${name}</name><mobile>${number}</mobile>`],
  ['UTF-16', 'application/json; charset=utf-16', Buffer.from(wholeJson, 'utf16le')],
];

/** Every endpoint with every form, and what stands outside of bodies. */
const requests: readonly (readonly [title: string, request: (host: string) => Outgoing])[] = [
  ...['/identity/phone/check-1e', '/identity/phone/check-3e', '/', '/api/phonecheck', '/ssPhone_Status', '/balance', '/nothing', '/identity/nothing', '/api/nothing'].flatMap((path) =>
    bodies.map(([title, type, body]) => [`${title} to ${path}`, () => posted(`${path}?${formOf(pairs)}`, type, body, [...bearer, ['token', token]])] as const),
  ),
  ['what AceData is asked', () => posted('/identity/phone/check-3e', 'application/json', bytesOf({ name, phone: number, id_card: idCard, verify_mode: '1' }), bearer)],
  ['names in the wrong fields', () => posted('/identity/phone/check-3e', 'application/json', bytesOf({ name: number, phone: name.repeat(3), id_card: name.repeat(3), verify_mode: name, encrypt_list: [name, number] }), bearer)],
  ['fields sealed for AceData', () => posted('/identity/phone/check-1e', 'application/json', bytesOf({ mobile: sealedFor(number).fields[0], encryption: { encrypt_list: ['mobile'], ciphertext_blob: sealedFor(number).blob, iv: sealedFor(number).iv } }), bearer)],
  ['a wrong token', () => acedata('check-1e', { mobile: number })],
  ['a token in another scheme', () => posted('/identity/phone/check-1e', 'application/json', wholeJson, [['Authorization', `Basic ${Buffer.from(`${name}:${token}`).toString('base64')}`], ['Proxy-Authorization', token], ['Cookie', `token=${token}`]])],
  ['what Tencent is asked', (host) => tc3(host, { Mobile: number }, { headers: [['X-TC-Token', sessionToken]] })],
  ['everything to Tencent', (host) => tc3(host, everything)],
  ['a sealed number', (host) => {
    const { fields, blob, iv } = sealedFor(number);
    return tc3(host, { Mobile: fields[0], Encryption: { EncryptList: ['Mobile'], CiphertextBlob: blob, Iv: iv } });
  }],
  ['a sealed text that is no number', (host) => {
    const { fields, blob, iv } = sealedFor(`${name} ${number}`);
    return tc3(host, { Mobile: fields[0], Encryption: { EncryptList: ['Mobile'], CiphertextBlob: blob, Iv: iv } });
  }],
  ['a number in EncryptList', (host) => tc3(host, { Mobile: number, Encryption: { EncryptList: [number, name], CiphertextBlob: token, Iv: idCard } })],
  ['a form of v1', (host) => v1(host, [['Mobile', number], ['Token', sessionToken], ['RequestClient', name], ['Region', number]])],
  ['a query of v1', (host) => v1(host, [['Mobile', number], ['Token', sessionToken], ['Name', name]], 'GET')],
  ['a number for an action', (host) => tc3(host, {}, { action: number })],
  ['a number for a version', (host) => v1(host, [['Version', number], ['Language', name]])],
  ['headers of Tencent', () => ({ method: 'POST', target: '/', headers: [['Authorization', token], ['X-TC-Token', sessionToken], ['X-TC-Action', number], ['X-TC-Region', idCard], ['X-TC-RequestClient', inHeader(name)], ['X-TC-TraceId', number]] })],
  ['headers of anything', () => ({ method: 'GET', target: '/balance', headers: [['User-Agent', `curl ${number} ${idCard}`], ['Referer', `http://a/?${number}`], ['X-Forwarded-For', number], [number, number], [token, token], ['X-Name', inHeader(name)], ['Origin', `http://${number}.example`], ['Accept', `${idCard}`]] })],
  ['paths', () => ({ method: 'GET', target: `/identity/${number}/${idCard}` })],
  ['a path with a long run of digits', () => ({ method: 'GET', target: `/api/${number}${number}/00${number}00` })],
  ['a path of nobody', () => ({ method: 'GET', target: `/${number}?${number}` })],
  ['a query without names', () => ({ method: 'GET', target: `/balance?${number}&${quoted(name)}&${token}&${apikey}&=${quoted(name)}` })],
  ['names in every case', () => ({ method: 'GET', target: `/ssPhone_Status?APIKEY=${apikey}&Mobile=${number}&NAME=${quoted(name)}` })],
  ['a name for a number, repeated in the answer', () => ({ method: 'GET', target: `/ssPhone_Status?apikey=${apikey}&mobile=${quoted(name)}` })],
  ['a name and a token for numbers, repeated in the answer', () => ({ method: 'GET', target: `/api/phonecheck?token=${token}&mobiles=${quoted(name)},${number},${idCard},${apikey},%22${quoted(name)}` })],
  ['many numbers', () => posted('/api/phonecheck', formType, formOf([['token', token], ['mobiles', Array.from({ length: 30 }, () => number).join(',')]]))],
  ['a number that no rule is about', () => posted('/identity/phone/check-1e', 'application/json', bytesOf({ mobile: '13900000001' }), bearer)],
  ['a number that another rule is about', () => ({ method: 'GET', target: `/ssPhone_Status?apikey=${apikey}&mobile=${number}` })],
];

/** Sends it, headers of any kind and any number of them included. */
async function send({ port, address }: Served, request: Outgoing): Promise<void> {
  const { headers = [], body = '' } = request;
  const host = headers.some(([each]) => each === 'Host') ? [] : ([['Host', address]] as const);
  const length = [['Content-Length', String(Buffer.byteLength(body))], ['Connection', 'close']] as const;
  only(answersIn((await speak(port, bytesOfRequest({ ...request, headers: [...host, ...headers, ...length] }))).bytes));
}

const get = async ({ port }: Served, target: string): Promise<string> => (await exchange(port, { method: 'GET', target })).body;

/** What is written to the terminal while this runs. */
function listen(): string[] {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  onTestFinished(() => spy.mockRestore());
  return lines;
}

const expectNone = (text: string, title: string): void => {
  for (const marker of markers) expect(text.includes(marker), `${title} shows ${marker}: ${text.slice(0, 2_000)}`).toBe(false);
};

it.each([['lines', false], ['JSON', true]])('shows nothing personal in journal, health and terminal (%s), whatever is sent and wherever', async (_title, json) => {
  const served = await serve(scenario);
  const lines = listen();
  follow(served.simulator, json);
  for (const [title, request] of requests) {
    await send(served, request(served.address));
    const { total } = served.simulator.defaultTenant.journal;
    expectNone(await get(served, `/_sim/journal/${total}`), title);
    expectNone(lines.at(-1) ?? '', title);
  }
  expect(lines).toHaveLength(requests.length);
  expectNone(await get(served, '/_sim/journal?limit=200'), 'the journal');
  expectNone(await get(served, '/_sim/health'), 'health');
  expectNone(await get(served, '/_sim/catalogue'), 'the catalogue');
});

it('shows nothing personal of a scenario whose last edit was refused', async () => {
  const served = await serve(scenario);
  served.complaints = [{ file: 'my.yaml', line: 3, column: 5, message: `the key ${number} is read as a number; quote it: "${idCard}"` }];
  for (const target of ['/_sim/health', '/_sim/journal']) {
    const text = await get(served, target);
    expect(text).toContain('my.yaml:3:5: the key 139****4321 is read as a number');
    expectNone(text, target);
  }
});

it('masks the owner of a number until somebody asks to see him', async () => {
  const served = await serve(scenario);
  expect(JSON.parse(await get(served, `/_sim/world/${number}`))).toMatchObject({ owner: { name: '欧***', idCard: '440*************14' } });
  expect(JSON.parse(await get(served, `/_sim/world/${number}?reveal=true`))).toMatchObject({ owner: { name, idCard: '440524188001010014' } });
});

it('writes one line an exchange, whatever a client would do to the terminal', async () => {
  const served = await serve();
  const lines = listen();
  follow(served.simulator, false);
  const tricks = ['\n2026-02-01 qxt.balance → 200 0', '\r\x1b[2K\x1b[31mred', '\x1b]0;title\x07', '\u009b31m', '\u2028\u2029', '\u202egnitirw', '\0', '\u0085'];
  for (const trick of tricks) {
    await send(served, tc3(served.address, {}, { action: 'x', type: 'application/json' }));
    await send(served, v1(served.address, [['Version', trick], ['Action', trick]]));
    await send(served, { method: 'GET', target: `/balance?apikey=${quoted(trick)}` });
    await send(served, posted('/', `text/${inHeader(trick).replace(/[\0-\x1f]/g, '')}`, 'x', [['Authorization', 'x']]));
  }
  expect(lines).toHaveLength(tricks.length * 4);
  for (const line of lines) {
    expect(line.endsWith('\n')).toBe(true);
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  }
});

it.each([
  ['13987654321', '139****4321'],
  ['+8613987654321', '+86*******4321'],
  ['139 8765 4321', '139******4321'],
  ['１３９８７６５４３２１', '１３９****４３２１'],
  ['1398765432', '**********'],
  ['110', '***'],
  ['', ''],
  ['欧阳震华欧阳震华欧阳震华', '************'],
  ['9'.repeat(1_000), `999${'*'.repeat(32)}9999`],
])('shows of the number %s no more than %s', (given, shown) => {
  expect(maskNumber(given)).toBe(shown);
});

it.each([['李雷', '李*'], ['欧阳震华', '欧***'], ['李', '*'], ['', ''], ['John Smith', 'J*********'], ['𠮷野', '𠮷*']])('shows of the name %s no more than %s', (given, shown) => {
  expect(maskName(given)).toBe(shown);
});

it.each([['11010519491231002X', '110*************2X'], ['11010519491231002x', '110*************2x'], ['110105491231002', '110**********02'], ['欧阳震华欧阳震华欧阳震华欧阳震华', '****************'], ['123', '***']])('shows of the ID number %s no more than %s', (given, shown) => {
  expect(maskIdCard(given)).toBe(shown);
});

it.each([['sandbox-alapi-token', 'sand… (19 characters)'], ['short', '… (5 characters)'], ['', '… (0 characters)'], ['欧阳震华的密码就是这一个啊', '… (13 characters)']])('shows of the secret %s no more than %s', (given, shown) => {
  expect(maskSecret(given)).toBe(shown);
});

it.each([
  ['call 13987654321 now', 'call 139****4321 now'],
  ['13987654321,13987654322', '139****4321,139****4322'],
  ['x13987654321y', 'x139****4321y'],
  ['id 11010519491231002X.', 'id 110*************2X.'],
  ['1398765432113987654321', '139*************654321'],
  ['at 1769918390 for 20 of 2026-02-01', 'at 1769918390 for 20 of 2026-02-01'],
  ['RequestId 13987654-1111-4111-8111-013987654321 stays', 'RequestId 13987654-1111-4111-8111-013987654321 stays'],
  ['no id 13987654-1111-1111-1111-013987654321', 'no id ********-1111-1111-1111-013*****4321'],
])('masks the numbers of "%s"', (given, shown) => {
  expect(maskText(given)).toBe(shown);
});

it('spells out what would leave the line', () => {
  expect(onOneLine('a\nb\u001b[31m\u202ec 号')).toBe('a\\u{a}b\\u{1b}[31m\\u{202e}c 号');
});

it('leaves no number in a text, whatever stands around it', () => {
  const around = fc.string({ unit: 'binary', maxLength: 20 });
  fc.assert(fc.property(around, around, fc.constantFrom(number, idCard, '440524188001010014'), (before, after, marker) => !maskText(before + marker + after).includes(marker)), { seed: 20_260_201, numRuns: 2_000 });
});

/** As it came over the wire. */
const transcript = (change: Partial<Parameters<typeof maskRequest>[0]>): Parameters<typeof maskRequest>[0] => ({ method: 'POST', target: '/', headers: [], body: Buffer.alloc(0), bodyCut: 0, answer: '', whole: true, ...change });

it('leaves no marker in JSON of any form, be it a key', () => {
  const marker = fc.constantFrom(...markers, `${name}${number}`);
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof({ maxDepth: 5 }, marker, fc.constantFrom(Number(number), 1, null, true), fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(fc.oneof(marker, fc.constantFrom('name', 'mobile', 'id_card', 'token', 'x', '__proto__', 'verify_mode')), tie('value'), { maxKeys: 5 })),
  })).value;
  fc.assert(
    fc.property(json, fc.constantFrom(...providers.map(({ id }) => id)), (body, provider) => {
      const { fields = {} } = providers.find(({ id }) => id === provider) ?? {};
      const shown = JSON.stringify(maskRequest(transcript({ headers: ['Content-Type', 'application/json'], body: Buffer.from(JSON.stringify(body)) }), fields));
      // In a field for plain words a token looks like one; nobody can tell.
      const looked = JSON.stringify(body).includes('verify_mode') ? [number, name, idCard] : markers;
      return looked.every((each) => !shown.includes(each));
    }),
    { seed: 20_260_201, numRuns: 1_000 },
  );
});

it('shows what is needed to see a mistake: names that are words, and plain values', () => {
  const shown = maskRequest(
    transcript({
      method: 'GET',
      target: '/ssPhone_Status?moblie=13987654321&apikey=7c11272au708345c834b8ue81ac78972&Mobile=13987654321',
      headers: ['Host', 'ps.szqxt.com', 'X-Trace', 'abc', 'User-Agent', 'curl/8.5.0'],
    }),
    providers.find(({ id }) => id === 'qxt')?.fields ?? {},
  );
  expect(shown).toEqual({
    method: 'GET',
    target: '/ssPhone_Status?moblie=… (11 characters)&apikey=7c11… (32 characters)&Mobile=139****4321',
    headers: { host: 'ps.szqxt.com', 'x-trace': '… (3 characters)', 'user-agent': 'curl/8.5.0' },
    body: '',
  });
});

it('shows the fields of multipart whose boundary is a row of digits, as Node writes them', () => {
  const boundary = '--------------------------123456789012345678901234';
  const body = Buffer.from(multipartOf([['mobiles', number], ['note', name]]).replaceAll('--b', `--${boundary}`));
  const shown = maskRequest(transcript({ headers: ['Content-Type', `multipart/form-data; boundary=${boundary}`], body }), { mobiles: 'numbers' });
  expect(shown.body).toBe('mobiles=139****4321&note=… (4 characters)');
});

it('shows a header named __proto__ for what it is', () => {
  expect(Object.entries(maskRequest(transcript({ headers: ['__proto__', 'x', 'constructor', 'y'] }), {}).headers)).toEqual([['__proto__', '… (1 characters)'], ['constructor', '… (1 characters)']]);
});

it('masks in an answer what the provider calls personal, and keeps its ids', () => {
  const answer = '{"mobile":"欧阳震华","area":"湖北-宜昌","n":"13987654321","RequestId":"13987654-1111-4111-8111-013987654321","q":"a\\"b"}';
  expect(maskAnswer(answer, { mobile: 'numbers' })).toBe('{"mobile":"****","area":"湖北-宜昌","n":"139****4321","RequestId":"13987654-1111-4111-8111-013987654321","q":"a\\"b"}');
});
