import { Agent } from 'node:http';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { acedata, alapi, formOf, formType, keys, multipartOf, multipartType, posted, qxt, tc3, unlimited, v1 } from '../support/ask.ts';
import { exchange, headerOf, type Incoming, type Outgoing } from '../support/exchange.ts';
import { answersIn, bytesOfRequest, only, speak } from '../support/raw.ts';
import { serve, type Served } from '../support/serve.ts';
import { codeIn } from '../support/shapes.ts';

// A client of all four providers, written from their documents: what it takes an answer to mean is none of src's tables.

const states = ['active', 'suspended', 'cancelled', 'vacant', 'off-net', 'silent', 'risk', 'unknown', 'no-record'] as const;
type State = (typeof states)[number];
const networks = ['中国移动', '中国联通', '中国电信', '中国广电'] as const;
type Network = (typeof networks)[number];

/** What one answer says of a number: the states that it may be in, and what else is told. */
interface Told {
  readonly states: readonly State[] | 'impossible';
  readonly area?: string;
  readonly original?: string;
  readonly now?: string;
}

/** check-1e: 0 normal, 1 suspended, 2 cancelled, 3 vacant, 4 not in the network, 99 unknown. */
function fromAceData({ body }: Incoming): Told {
  const { result, status_code: code } = JSON.parse(body) as { result: string; status_code: number };
  if (result !== '0') return { states: result === '-2' ? 'impossible' : result === '-1' && code === 99 ? ['no-record'] : [] };
  const meanings: Readonly<Record<number, readonly State[]>> = { 0: ['active', 'silent', 'risk'], 1: ['suspended'], 2: ['cancelled'], 3: ['vacant'], 4: ['off-net'], 99: ['unknown'] };
  return { states: meanings[code] ?? [] };
}

/** MobileStatus: the same without 3, so that a vacant number is a cancelled one. */
function fromTencent({ body }: Incoming): Told {
  const { Result: result, StatusCode: code } = (JSON.parse(body) as { Response: { Result: string; StatusCode: number } }).Response;
  if (result !== '0') return { states: result === '-2' && code === 99 ? 'impossible' : result === '-1' && code === 99 ? ['no-record'] : [] };
  const meanings: Readonly<Record<number, readonly State[]>> = { 0: ['active', 'silent', 'risk'], 1: ['suspended'], 2: ['cancelled', 'vacant'], 4: ['off-net'], 99: ['unknown'] };
  return { states: meanings[code] ?? [] };
}

interface Item {
  readonly area: string;
  readonly mobile: string;
  readonly number_type: string;
  readonly status: number;
  readonly status_name: string;
}

/** phonecheck: 0 空号, 1 实号, 2 停机, 3 库无, 4 沉默号, 5 风险. */
const alapiStates: readonly (readonly [name: string, ...states: State[]])[] = [
  ['空号', 'vacant', 'cancelled', 'off-net'], ['实号', 'active'], ['停机', 'suspended'], ['库无', 'unknown', 'no-record'], ['沉默号', 'silent'], ['风险', 'risk'],
];

function fromItem({ area, number_type: original, status, status_name: name }: Item): Told {
  const [expected, ...meant] = alapiStates[status] ?? [''];
  return { states: name === expected ? meant : [], area, original };
}

const itemsIn = ({ body }: Incoming): readonly Item[] => (JSON.parse(body) as { data: readonly Item[] | null }).data ?? [];

function fromAlapi(answer: Incoming): Told {
  const [item] = itemsIn(answer);
  return item === undefined ? { states: 'impossible' } : fromItem(item);
}

/** ssPhone_Status: 正常, 空号, 停机, or code -4 for nothing known, -2 and -3 for no number. */
function fromQxt({ body }: Incoming): Told {
  const { code, result } = JSON.parse(body) as { code: number; result: { Status: string; Area: string; Is_MNP: string; Init_isp: string; Now_isp: string } | null };
  if (code === -4) return { states: ['unknown', 'no-record'] };
  if (result === null) return { states: [-2, -3].includes(code) ? 'impossible' : [] };
  const meanings: Readonly<Record<string, readonly State[]>> = { 正常: ['active', 'silent', 'risk'], 空号: ['vacant', 'cancelled', 'off-net'], 停机: ['suspended'] };
  expect(result.Is_MNP).toBe(result.Init_isp === result.Now_isp ? '0' : '1');
  return { states: meanings[result.Status] ?? [], area: result.Area, original: result.Init_isp, now: result.Now_isp };
}

// The number plan (MIIT, March 2023), by the network that a prefix was given to, and the prefixes that virtual operators sell.
const prefixes: Readonly<Record<Network, string>> = {
  中国移动: '1340 1341 1342 1343 1344 1345 1346 1347 1348 135 136 137 138 139 147 148 150 151 152 157 158 159 165 1703 1705 1706 172 178 182 183 184 187 188 195 197 198',
  中国联通: '130 131 132 145 146 155 156 166 167 1704 1707 1708 1709 171 175 176 185 186 196',
  中国电信: '133 13492 13493 13499 149 153 162 1700 1701 1702 173 17400 17405 177 180 181 189 190 191 193 199',
  中国广电: '192',
};
const resold = /^(162|165|167|170|171)/;
const virtualLabel = '其它运营商';

const digits = (count: number): fc.Arbitrary<string> => fc.integer({ min: 0, max: 10 ** count - 1 }).map((value) => String(value).padStart(count, '0'));
/** A number that the plan knows, and whose it is by its prefix. */
const planned = fc
  .constantFrom(...networks)
  .chain((network) => fc.constantFrom(...prefixes[network].split(' ')).chain((prefix) => digits(11 - prefix.length).map((rest) => ({ number: prefix + rest, network }))));

const people = { li: { name: '李雷', idCard: '11010519491231002X' }, han: { name: '韩梅梅', idCard: '440524188001010014' } } as const;

/** A number with whatever a scenario may state of it. */
const declared = fc.record({
  at: planned,
  status: fc.constantFrom(...states, undefined),
  carrier: fc.constantFrom(...networks, undefined),
  portedFrom: fc.constantFrom(...networks, undefined),
  virtualOperator: fc.constantFrom('蜗牛移动', undefined, undefined),
  area: fc.constantFrom('湖北-宜昌', '内蒙古-锡林郭勒', undefined),
  owner: fc.constantFrom('li' as const, 'han' as const),
});
type Declared = typeof declared extends fc.Arbitrary<infer Value> ? Value : never;

const settings = { seed: 20_260_201 };
const clock = 'clock: 2026-02-01T12:00:00+08:00\n';

const scenarioFor = (numbers: readonly Declared[]): string => {
  // JSON is YAML, and leaves out what is undefined.
  const facts = Object.fromEntries(numbers.map(({ at, portedFrom, ...rest }) => [at.number, { ...rest, ...(portedFrom === networkOf({ at, ...rest }) ? {} : { portedFrom }) }]));
  return `${clock}${unlimited}people: ${JSON.stringify(people)}\nnumbers: ${JSON.stringify(facts)}\n`;
};

const networkOf = ({ at, carrier }: Pick<Declared, 'at' | 'carrier'>): Network => carrier ?? at.network;

interface Client {
  readonly served: Served;
  send(request: Outgoing): Promise<Incoming>;
}

/** A server for one run of a property, and a way to it. */
async function client<T>(text: string, use: (client: Client) => Promise<T>): Promise<T> {
  const served = await serve(text);
  const agent = new Agent({ keepAlive: true });
  try {
    return await use({ served, send: (request) => exchange(served.port, request, agent) });
  } finally {
    agent.destroy();
    await served.close(0);
  }
}

const askAll = async ({ served, send }: Client, number: string): Promise<readonly Told[]> => [
  fromAceData(await send(acedata('check-1e', { mobile: number }))),
  fromTencent(await send(tc3(served.address, { Mobile: number }))),
  fromAlapi(await send(alapi(formType, formOf([['mobiles', number]])))),
  fromQxt(await send(qxt(number))),
];

it('tells the same truth in four dialects, so that together they leave one state, whatever a scenario declares', async () => {
  const numbers = fc.uniqueArray(declared, { minLength: 20, maxLength: 20, selector: ({ at }) => at.number });
  await fc.assert(
    fc.asyncProperty(numbers, (all) =>
      client(scenarioFor(all), async (asking) => {
        for (const facts of all) {
          const told = await askAll(asking, facts.at.number);
          const left = states.filter((state) => told.every((each) => each.states !== 'impossible' && each.states.includes(state)));
          expect(left).toEqual([facts.status ?? 'active']);

          const [, , fromItems, fromStatus] = told;
          const now = networkOf(facts);
          const original = facts.portedFrom ?? now;
          const sold = facts.virtualOperator !== undefined || resold.test(facts.at.number);
          expect(fromItems?.original).toBe(original);
          if (fromStatus?.now !== undefined) {
            expect(fromStatus.now).toBe(sold ? virtualLabel : now);
            expect(fromStatus.original).toBe(original === now ? fromStatus.now : original);
            expect(fromStatus.area).toBe(fromItems?.area);
          }
          expect(fromItems?.area).toMatch(facts.area === undefined ? /^\p{Script=Han}+-\p{Script=Han}+$/u : new RegExp(`^${facts.area}$`));
        }
        const answer = await asking.send(alapi(formType, formOf([['mobiles', all.map(({ at }) => at.number).join(',')]])));
        const alone = await Promise.all(all.map(({ at }) => asking.send(alapi(formType, formOf([['mobiles', at.number]])))));
        expect(itemsIn(answer)).toEqual(alone.flatMap(itemsIn));
      }),
    ),
    { ...settings, numRuns: 5 },
  );
});

it('knows the owner of a number, tells his network, and takes nobody else for him', async () => {
  const isps: Readonly<Record<Network, string>> = { 中国移动: 'Mobile', 中国电信: 'Telecom', 中国联通: 'China Unicom', 中国广电: '' };
  const numbers = fc.uniqueArray(declared, { minLength: 20, maxLength: 20, selector: ({ at }) => at.number });
  await fc.assert(
    fc.asyncProperty(numbers, (all) =>
      client(scenarioFor(all), async ({ send }) => {
        for (const facts of all) {
          const owner = people[facts.owner];
          const other = people[facts.owner === 'li' ? 'han' : 'li'];
          const inUse = !['vacant', 'cancelled', 'no-record'].includes(facts.status ?? 'active');
          const ask = async (name: string, idCard: string): Promise<unknown> =>
            JSON.parse((await send(acedata('check-3e', { name, phone: facts.at.number, id_card: idCard, verify_mode: '1' }))).body);
          const said = (result: string, detail: string | null): object => ({ result: inUse ? result : '-1', description: expect.any(String), isp: inUse ? isps[networkOf(facts)] : '', result_detail: inUse ? detail : null });
          expect(await ask(owner.name, owner.idCard)).toEqual(said('0', null));
          expect(await ask(owner.name, owner.idCard.toLowerCase())).toEqual(said('0', null));
          expect(await ask(other.name, owner.idCard)).toEqual(said('1', 'PhoneNameMismatch'));
          expect(await ask(owner.name, other.idCard)).toEqual(said('1', 'PhoneIdCardMismatch'));
          expect(await ask(other.name, other.idCard)).toEqual(said('1', 'PhoneNameIdCardMismatch'));
        }
      }),
    ),
    { ...settings, numRuns: 3 },
  );
});

it('says of a number that nobody declared what the number plan says, and the same everywhere', () =>
  client(`seed: 7\n${unlimited}`, (asking) =>
    fc.assert(
      fc.asyncProperty(planned, async ({ number, network }) => {
        const told = await askAll(asking, number);
        expect(states.filter((state) => told.every((each) => each.states !== 'impossible' && each.states.includes(state)))).toEqual(['active']);
        const [, , fromItems, fromStatus] = told;
        expect(fromItems).toMatchObject({ original: network, area: fromStatus?.area });
        expect(fromStatus).toMatchObject({ original: fromStatus?.now, now: resold.test(number) ? virtualLabel : network });
      }),
      { ...settings, numRuns: 100 },
    ),
  ));

it('calls impossible at each provider what is impossible by the number plan', () =>
  client(`seed: 7\n${unlimited}`, (asking) => {
    const unassigned = fc.constantFrom('100', '119', '140', '143', '154', '160', '1610', '163', '168', '13490', '1742', '179', '194', '200', '999').chain((prefix) => digits(11 - prefix.length).map((rest) => prefix + rest));
    const misshapen = fc.oneof(digits(10), digits(12), fc.constantFrom('+8613912345678', '１３９１２３４５６７８', '139*', 'abcdefghijk'), fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text.trim() === text && !/^1\d{10}$|,/.test(text)));
    return fc.assert(
      fc.asyncProperty(fc.oneof(unassigned, misshapen), async (number) => {
        for (const { states: told } of await askAll(asking, number)) expect(told).toBe('impossible');
        const { body } = await asking.send(acedata('check-3e', { name: '李雷', phone: number, id_card: '11010519491231002X' }));
        expect(JSON.parse(body)).toMatchObject({ result: '-5', isp: '' });
      }),
      { ...settings, numRuns: 80 },
    );
  }));

/** A question that can be asked often, by endpoint and number. */
interface Asked {
  readonly endpoint: 'check-1e' | 'check-3e' | 'MobileStatus' | 'phonecheck' | 'ssPhone_Status';
  readonly number: string;
}

const requestFor = ({ served }: Client, { endpoint, number }: Asked): Outgoing => {
  switch (endpoint) {
    case 'check-1e': return acedata('check-1e', { mobile: number });
    case 'check-3e': return acedata('check-3e', { name: '李雷', phone: number, id_card: '11010519491231002X', verify_mode: '1' });
    case 'MobileStatus': return tc3(served.address, { Mobile: number });
    case 'phonecheck': return alapi(formType, formOf([['mobiles', number]]));
    case 'ssPhone_Status': return qxt(number);
    default: return endpoint satisfies never;
  }
};

const troubles = '13900000001';
const seeded = (seed: number): string => `seed: ${seed}\n${clock}${unlimited}rules: [{ id: broken, when: { number: "${troubles}" }, then: internal }]\n`;

/** What each question was answered with, the first time, the second time and so on: everything but the machine's time. */
async function answersOf(seed: number, questions: readonly Asked[]): Promise<ReadonlyMap<string, readonly unknown[]>> {
  return client(seeded(seed), async (asking) => {
    const answers = new Map<string, unknown[]>();
    for (const asked of questions) {
      const { status, headers, body } = await asking.send(requestFor(asking, asked));
      const key = `${asked.endpoint} ${asked.number}`;
      answers.set(key, [...(answers.get(key) ?? []), [status, headers.filter(([name]) => name !== 'Date'), body]]);
    }
    return answers;
  });
}

const sorted = (answers: ReadonlyMap<string, unknown>): unknown => [...answers].sort(([a], [b]) => (a < b ? -1 : 1));

it('gives the same bytes for the same seed in any order of calls, ids included, and other ids the next time', async () => {
  const asked = fc.record<Asked>({
    endpoint: fc.constantFrom('check-1e', 'check-3e', 'MobileStatus', 'phonecheck', 'ssPhone_Status'),
    number: fc.constantFrom('13800138000', '16717707933', '19912345678', '10000000000', troubles),
  });
  const twice = fc.array(asked, { minLength: 40, maxLength: 60 }).chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
  await fc.assert(
    fc.asyncProperty(twice, async ([inOrder, shuffled]) => {
      const [first, second] = [await answersOf(5, inOrder), await answersOf(5, shuffled)];
      expect(sorted(second)).toEqual(sorted(first));
      const ids = [...first.values()].flat().flatMap((answer) => JSON.stringify(answer).match(/[\da-f]{8}-[\da-f-]{27}/g) ?? []);
      expect(new Set(ids).size).toBe(ids.length);
    }),
    { ...settings, numRuns: 5 },
  );
});

it('invents other people for another seed, and the same ones for the same seed', async () => {
  const numbers = Array.from({ length: 40 }, (_, index) => String(13500000000 + index * 7919));
  const ownersUnder = (seed: number): Promise<readonly { name: string; idCard: string }[]> =>
    client(seeded(seed), ({ send }) =>
      Promise.all(numbers.map(async (number) => {
        const { body } = await send({ method: 'GET', target: `/_sim/world/${number}?reveal=true` });
        return (JSON.parse(body) as { owner: { name: string; idCard: string } }).owner;
      })),
    );
  const owners = await ownersUnder(1);
  expect(await ownersUnder(1)).toEqual(owners);
  const others = await ownersUnder(2);
  expect(others.filter(({ idCard }, index) => idCard === owners[index]?.idCard)).toEqual([]);
  expect(new Set(owners.map(({ idCard }) => idCard)).size).toBe(numbers.length);
  // Who holds a number under one seed is a stranger under another.
  await client(seeded(2), async ({ send }) => {
    for (const [index, number] of numbers.slice(0, 10).entries()) {
      const ask = async (person: { name: string; idCard: string } | undefined): Promise<unknown> =>
        (JSON.parse((await send(acedata('check-3e', { name: person?.name, phone: number, id_card: person?.idCard }))).body) as { result: unknown }).result;
      expect([await ask(owners[index]), await ask(others[index])]).toEqual(['1', '0']);
    }
  });
});

// The grammar of the four providers, with noise at every place where it may be.

const names = ['Mobile', 'mobile', 'mobiles', 'phone', 'name', 'id_card', 'token', 'apikey', 'Action', 'Version', 'Timestamp', 'Nonce', 'SecretId', 'Signature', 'SignatureMethod', 'Encryption', 'Encryption.EncryptList.0', 'Encryption.Iv', 'encryption', 'encrypt_list', 'ciphertext_blob', 'iv', 'algorithm', 'tag_list', 'verify_mode', '__proto__', 'constructor', 'toString'];
const values: readonly unknown[] = ['13800138000', '李雷', '11010519491231002X', keys.alapi, keys.apikey, 'MobileStatus', '2018-03-01', 'SM4-GCM', 'AES-256-CBC', ['Mobile'], ['mobile'], '', null, 0, -1, 1e308, true, {}, []];
const anyName = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, fc.string({ unit: 'binary', maxLength: 12 }));
const anyJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, fc.constantFrom(...values), fc.string({ unit: 'binary', maxLength: 30 }), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(anyName, tie('value'), { maxKeys: 6 })),
})).value;
const anyFields = fc.dictionary(anyName, anyJson, { maxKeys: 8 });
const anyText = fc.oneof(fc.constantFrom(...values.filter((value) => typeof value === 'string')), fc.string({ unit: 'grapheme', maxLength: 40 }));
const anyPairs = fc.array(fc.tuple(anyName.map((name) => name.toWellFormed()), anyText.map((text) => text.toWellFormed())), { maxLength: 8 });
const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const anyType = fc.constantFrom('application/json', formType, multipartType, 'multipart/form-data', 'text/plain', 'application/json; charset=utf-16', '');

const wellAddressed: fc.Arbitrary<readonly [provider: string, request: (host: string) => Outgoing]> = fc.oneof(
  fc.tuple(fc.constantFrom('check-1e' as const, 'check-3e' as const), fc.oneof(anyFields, anyJson.map((value) => JSON.stringify(value)), anyBytes), anyType).map(([operation, body, type]) => ['acedata', () => acedata(operation, body, type)] as const),
  fc.tuple(fc.oneof(anyFields, anyBytes), anyType).map(([body, type]) => ['tencent', (host: string) => tc3(host, body, { type: type || 'x' })] as const),
  fc.tuple(anyPairs, fc.constantFrom('GET' as const, 'POST' as const)).map(([pairs, method]) => ['tencent', (host: string) => v1(host, pairs, method)] as const),
  fc.tuple(fc.oneof(anyFields.map((fields) => JSON.stringify(fields)), anyPairs.map(formOf), anyBytes), anyType).map(([body, type]) => ['alapi', () => alapi(type, body)] as const),
  anyPairs.map((pairs) => ['alapi', () => alapi(multipartType, multipartOf(pairs))] as const),
  fc.tuple(anyPairs, fc.oneof(anyPairs.map(formOf), anyBytes), anyType).map(([pairs, body, type]) => ['qxt', () => posted(`/ssPhone_Status?apikey=${keys.apikey}&${formOf(pairs)}`, type, body)] as const),
  anyPairs.map((pairs) => ['qxt', () => ({ method: 'GET', target: `/balance?${formOf(pairs)}` })] as const),
);

it.each([
  ['', ''],
  [', also where its answers repeat what was asked', 'readings: { alapi.invalidInBatch: unknown, qxt.invalidNumber: status, acedata.check3eCodes: upstream }\n'],
])('answers whatever an authenticated client says with a row of the catalogue, and never fails%s', (_title, readings) =>
  client(unlimited + readings, ({ served, send }) =>
    fc.assert(
      fc.asyncProperty(wellAddressed, async ([provider, request]) => {
        const answer = await send(request(served.address));
        codeIn(provider, answer);
        expect(answer.status).toBeLessThan(500);
      }),
      { ...settings, numRuns: 500 },
    ),
  ));

it('answers any bytes at any address with valid JSON of the provider, or refuses them as a front server does', async () => {
  const hosts = { acedata: 'api.acedata.cloud', tencent: 'faceid.intl.tencentcloudapi.com', alapi: 'v2.alapi.cn', qxt: 'ps.szqxt.com' } as const;
  const paths = ['/', '/identity/phone/check-1e', '/identity/phone/check-3e', '/api/phonecheck', '/ssPhone_Status', '/balance', '/api/', '/identity'];
  const noise = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
  const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 20 });
  const anything = fc.record({
    provider: fc.constantFrom('acedata' as const, 'tencent' as const, 'alapi' as const, 'qxt' as const),
    method: fc.constantFrom('GET', 'POST', 'POST', 'PUT', 'OPTIONS', 'DELETE'),
    path: fc.tuple(fc.constantFrom(...paths), fc.oneof({ weight: 3, arbitrary: fc.constant('') }, visible, noise)).map((parts) => parts.join('')),
    query: fc.oneof(fc.constant(''), visible.map((text) => `?${text}`), anyPairs.map((pairs) => `?${formOf(pairs)}`), noise.map((text) => `?${text}`)),
    headers: fc.array(fc.tuple(fc.constantFrom('Authorization', 'token', 'Content-Type', 'X-TC-Action', 'X-TC-Timestamp', 'X-TC-Version', 'X-TC-Token', 'Origin', '__proto__', 'constructor'), fc.oneof(visible, noise, fc.constantFrom(`Bearer ${keys.acedata}`, keys.alapi, 'application/json', formType))), { maxLength: 5 }),
    body: anyBytes,
  });
  await client(unlimited, ({ served }) =>
    fc.assert(
      fc.asyncProperty(anything, async ({ provider, method, path, query, headers, body }) => {
        const head = [['Host', hosts[provider]], ['Content-Length', String(body.length)], ['Connection', 'close'], ...headers] as const;
        const answer = only(answersIn((await speak(served.port, bytesOfRequest({ method, target: path + query, headers: head, body }))).bytes));
        expect(answer.status).toBeLessThan(500);
        if (headerOf(answer, 'content-length') === '0') expect([400, 404]).toContain(answer.status);
        else codeIn(provider, answer);
      }),
      { ...settings, numRuns: 500 },
    ),
  );
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
