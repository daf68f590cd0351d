import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { prepareGeneration } from '../../src/engine/generation.ts';
import { Journal, type JournalSize } from '../../src/engine/journal.ts';
import { providers } from '../../src/providers/index.ts';
import type { WireRequest } from '../../src/wire/wire-request.ts';
import { acedata, alapi, balance, formOf, formType, keys, posted, qxt, tc3, unlimited, v1 } from '../support/ask.ts';
import { exchange, lastEntry, type Outgoing } from '../support/exchange.ts';
import { scenarioOf, serve } from '../support/serve.ts';

const generation = prepareGeneration(await scenarioOf(''), providers);

/** What goes into a journal and has to come out of it again. */
interface Written {
  readonly target: string;
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly answer: string;
  readonly number: string;
}

function write(journal: Journal, { target, headers, body, answer, number }: Written): number {
  const [path = '', query = ''] = target.split('?');
  const request: WireRequest = { method: 'POST', path, query, host: '', headers: {}, rawHeaders: headers, body, oversize: false, remoteAddress: '' };
  return journal.record(
    { at: 0, receivedAt: 0, milliseconds: 0, provider: undefined, endpoint: undefined, account: undefined, generation, number, numbers: 1, row: '0', id: '', units: 0, delay: 0, fault: undefined, status: 200, remoteAddress: '', because: { kind: 'world' } },
    request,
    Buffer.from(answer),
  );
}

const text = (length: number): string => 'x'.repeat(length);
const entry = (size: number, number = ''): Written => ({ target: '/', headers: [], body: Buffer.alloc(Math.max(0, size - '\n'.length - 'POST /'.length)), answer: '', number });
const listed = (journal: Journal): readonly number[] => [...journal.newestFirst()].map(({ sequence }) => sequence);

/** Bytes of an exchange, each part cut to the most that is kept of one. */
function kept({ target, headers, body, answer }: Written, { bytes }: JournalSize): { readonly head: string; readonly body: Buffer; readonly answer: string; readonly size: number } {
  const most = Math.floor(bytes / 16);
  const head = `POST ${target}\n${headers.join('\n')}`.slice(0, most);
  // UTF-8 is cut between two characters.
  let said = '';
  for (const character of answer) {
    if (Buffer.byteLength(said + character) > most) break;
    said += character;
  }
  const part = body.subarray(0, most);
  return { head, body: part, answer: said, size: head.length + part.length + Buffer.byteLength(said) };
}

const latin = fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).filter((code) => code !== 0x3f && code !== 0x7f).map((code) => String.fromCharCode(code)), maxLength: 40 });
const anyWritten = fc.record<Written>({
  target: fc.tuple(latin, fc.oneof(fc.constant(''), latin.filter((query) => query !== '').map((query) => `?${query}`))).map(([path, query]) => `/${path}${query}`),
  headers: fc.array(latin, { maxLength: 6 }).map((lines) => (lines.length % 2 === 0 ? lines : lines.slice(1))),
  body: fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes)),
  answer: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.constantFrom('号'.repeat(60), '📱'.repeat(40), '')).map((answer) => answer.toWellFormed()),
  number: fc.constantFrom('', '13912345678', text(2_000)),
});

/** Of few sizes, so that one often ends where another begins. */
const plainWritten = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 12 })).map(([mark, size]): Written => ({ ...entry(0), target: mark, body: Buffer.alloc(size, mark) }));
const written = fc.oneof(anyWritten, plainWritten);

it('reads back exactly what was written, whatever sizes came in whatever order, and counts what it had to drop', () => {
  const sizes = fc.record<JournalSize>({ exchanges: fc.constantFrom(1, 3, 10, 200), bytes: fc.constantFrom(16, 64, 200, 256, 1_000, 2_000) });
  const commands = fc.array(fc.oneof({ weight: 20, arbitrary: written }, { weight: 1, arbitrary: fc.constant('clear' as const) }), { minLength: 1, maxLength: 80, size: 'max' });
  fc.assert(
    fc.property(sizes, commands, (size, all) => {
      const journal = new Journal(size);
      const past: Written[] = [];
      let cleared = 0;
      for (const command of all) {
        const before = listed(journal);
        if (command === 'clear') {
          journal.clear();
          cleared += before.length;
          expect(listed(journal)).toEqual([]);
        } else {
          past.push(command);
          expect(write(journal, command)).toBe(past.length);
          expect(listed(journal)[0]).toBe(past.length);
        }
        const held = listed(journal);
        expect(held).toEqual(held.map((_, index) => past.length - index));
        expect(held.length).toBeLessThanOrEqual(size.exchanges);
        expect(journal.total).toBe(past.length);
        expect(journal.dropped).toBe(past.length - cleared - held.length);
        let bytes = 0;
        for (const sequence of held) {
          const source = past[sequence - 1];
          const transcript = journal.transcript(sequence);
          if (source === undefined || transcript === undefined) throw new Error(`${sequence} is listed and cannot be read`);
          const wanted = kept(source, size);
          const { method, target, headers } = transcript;
          bytes += wanted.size;
          expect([transcript.body, transcript.answer, transcript.bodyCut]).toEqual([wanted.body, wanted.answer, source.body.length - wanted.body.length]);
          if (wanted.head.includes('\n')) expect([`${method} ${target}`, ...headers].join('\n')).toBe(wanted.head);
          expect(journal.get(sequence)).toMatchObject({ sequence, number: source.number.length > 500 ? `${text(500)}…` : source.number });
        }
        expect(bytes).toBeLessThanOrEqual(size.bytes);
        for (const gone of [0, -1, past.length + 1, past.length - held.length, 0.5, Number.NaN]) expect([journal.get(gone), journal.transcript(gone)]).toEqual([undefined, undefined]);
      }
    }),
    { seed: 20_260_201, numRuns: 50 },
  );
});

it('holds as many exchanges as it has places, and says how many it dropped', () => {
  const journal = new Journal({ exchanges: 3, bytes: 16_000 });
  for (let i = 0; i < 10; i += 1) write(journal, entry(20));
  expect([listed(journal), journal.total, journal.dropped]).toEqual([[10, 9, 8], 10, 7]);
});

it('holds as many bytes as it has, and no exchange that is half written over', () => {
  const journal = new Journal({ exchanges: 1_000, bytes: 16_000 });
  for (let i = 0; i < 100; i += 1) write(journal, entry(900));
  // 17 of 900 fit, and the one that is next in the way is gone.
  expect(listed(journal).length).toBeGreaterThanOrEqual(16);
  expect(listed(journal).length).toBeLessThanOrEqual(17);
  for (const sequence of listed(journal)) expect(journal.transcript(sequence)?.body.length).toBe(893);
});

it('forgets on demand, which is not dropping, and counts on', () => {
  const journal = new Journal({ exchanges: 3, bytes: 16_000 });
  for (let i = 0; i < 5; i += 1) write(journal, entry(20));
  journal.clear();
  expect([listed(journal), journal.total, journal.dropped]).toEqual([[], 5, 2]);
  expect(journal.get(5)).toBeUndefined();
  expect(write(journal, entry(20))).toBe(6);
  expect([listed(journal), journal.total, journal.dropped]).toEqual([[6], 6, 2]);
  journal.clear();
  journal.clear();
  expect([journal.total, journal.dropped]).toEqual([6, 2]);
});

it('keeps an exchange as it was though its place is written over later', () => {
  const journal = new Journal({ exchanges: 1, bytes: 16_000 });
  write(journal, entry(20, '13912345678'));
  const [first, transcript] = [journal.get(1), journal.transcript(1)];
  write(journal, { ...entry(20, '13800138000'), body: Buffer.from('another') });
  expect(first?.number).toBe('13912345678');
  expect(transcript?.body).toEqual(Buffer.alloc(13));
});

it('keeps the first megabyte of a body, and says how much there was beyond it', () => {
  const journal = new Journal();
  const body = Buffer.alloc(3 << 20, 'b');
  write(journal, { target: '/', headers: [], body, answer: text(2 << 20), number: '' });
  const transcript = journal.transcript(1);
  expect([transcript?.body.length, transcript?.bodyCut, transcript?.answer.length]).toEqual([1 << 20, 2 << 20, 1 << 20]);
});

it('stays within its bytes under answers of a megabyte', () => {
  const journal = new Journal();
  for (let i = 0; i < 100; i += 1) write(journal, { target: '/', headers: [], body: Buffer.from(String(i)), answer: String(i % 10).repeat(1 << 20), number: '' });
  expect(listed(journal).length).toBeGreaterThanOrEqual(12);
  for (const sequence of listed(journal)) expect(journal.transcript(sequence)).toMatchObject({ body: Buffer.from(String(sequence - 1)), answer: String((sequence - 1) % 10).repeat(1 << 20) });
});

it('keeps nothing of a request alive but its own bytes, however long what is wrong with it', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  // One collection leaves what only another one finds unreachable.
  const collect = (): void => [1, 2, 3].forEach(() => gc());
  const { port, address } = await serve(unlimited);
  const long = (index: number): string => `${index}${'x'.repeat(900_000)}`;
  const requests: readonly ((index: number) => Outgoing)[] = [
    (index) => v1(address, [['Action', long(index)]]),
    (index) => v1(address, [['Mobile', long(index)]]),
    (index) => v1(address, [[long(index), '1'], ['Mobile', '13912345678']]),
    (index) => tc3(address, { Mobile: long(index) }),
    (index) => tc3(address, { [long(index)]: 1 }),
    (index) => posted('/', formType, formOf([['Action', 'a'], ['Version', 'v'], ['Nonce', '1'], ['SecretId', 's'], ['Signature', 's'], ['Timestamp', `${index}${'1'.repeat(900_000)}`]])),
    (index) => acedata('check-1e', { mobile: long(index).slice(0, 250_000) }),
    (index) => alapi(formType, formOf([['mobiles', `${index}abcdefghijklmnop,${long(index).slice(0, 250_000)}`]])),
    (index) => posted(`/identity/${long(index).slice(0, 60_000)}`, '', ''),
  ];
  for (const request of requests) await exchange(port, request(0));
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let index = 1; index <= 12; index += 1) for (const request of requests) await exchange(port, request(index));
  collect();
  const grown = process.memoryUsage().heapUsed - before;
  // What was sent is 70 MB, and one of the long kinds alone would keep 10 MB of it.
  expect(grown).toBeLessThan(6e6);
});

const rules = `
numbers: { "13912345678": { status: suspended, carrier: 中国移动, area: 江苏-苏州 } }
rules:
  - { id: of-another-provider-and-number, when: { provider: alapi, number: "137*" }, then: busy }
  - { id: of-another-number, when: { provider: acedata, number: "136*" }, then: busy }
  - { id: silent, when: { endpoint: alapi.phonecheck, number: "135*" }, then: { status: silent } }
  - { id: no-word, when: { number: "134*" }, then: daily-limit }
  - { id: broken, when: { number: "133*" }, then: internal }
`;

/** A sentence on one line that has all of these in it, whatever their order. */
const told = (...parts: readonly string[]): unknown => expect.toSatisfy((sentence: string) => parts.every((part) => sentence.includes(part)) && /^[^\n]+\.$/.test(sentence), parts.join(' … '));

it.each<[title: string, request: Outgoing, entry: object]>([
  ['the world', acedata('check-1e', { mobile: '13912345678' }), {
    provider: 'acedata', endpoint: 'acedata.check-1e', row: '0', units: 1, evidence: "documented: the guide's list of results",
    because: told('139****5678', 'suspended', '中国移动', '江苏-苏州', 'by the scenario'),
    nearMiss: 'The rule "of-another-number" (test.yaml:12:5) did not hold: the number does not match 136*.',
  }],
  ['the seed and the plan', qxt('13100000000'), { row: '0', because: told('131****0000', 'active', 'by the seed', '中国联通', 'by the public number plan') }],
  ['several numbers', alapi(formType, formOf([['mobiles', '13912345678,13100000000']])), { units: 2, because: told('139****5678 (and 1 more)', 'suspended') }],
  ['a number that is none', qxt('10000000000'), { row: '-3', units: 0, because: '100****0000 cannot be a mobile number, so the answer is -3.' }],
  ['a balance', balance, { endpoint: 'qxt.balance', because: "The account's balance is told." }],
  ['a rule', acedata('check-1e', { mobile: '13300000000' }), { row: 'api_error', units: 0, because: 'The rule "broken" (test.yaml:15:5) says internal.', nearMiss: null }],
  ['a rule that puts a state in the place of the true one', alapi(formType, 'mobiles=13500000000'), { row: '200', because: 'The rule "silent" (test.yaml:13:5) says status silent.' }],
  ['a rule for which the provider has no word', qxt('13400000000'), { row: '0', because: told('The rule "no-word" (test.yaml:14:5)', 'daily-limit', 'qxt.ssPhone_Status has no word (the code table has no daily limit)', '134****0000', 'active') }],
  ['a check', posted('/identity/phone/check-1e', 'application/json', '{}'), { row: 'invalid_token', because: 'The check "Authorization present" (authenticate) refused it: the request has no Authorization header.', nearMiss: null }],
  ['a stray path', posted('/identity/phone/check-4e', 'application/json', '{}'), { provider: 'acedata', endpoint: null, row: 'no_api', because: 'No endpoint of AceData answers POST /identity/phone/check-4e; the nearest is POST /identity/phone/check-1e.' }],
  ['a stray path of a provider with one endpoint', posted('/api/nothing', '', ''), { provider: 'alapi', endpoint: null, because: expect.stringMatching(/^No endpoint of ALAPI answers POST \/api\/nothing; the nearest is POST\|GET \/api\/phonecheck\.$/) }],
  ['a path of nobody', { method: 'GET', target: '/balanse' }, { provider: null, endpoint: null, row: 'unrouted', because: expect.stringMatching(/^No provider answers GET \/balanse; the nearest is GET\|POST \/balance\.$/), evidence: 'assumed: no document names this path' }],
  ['a path of nobody that is like none', { method: 'DELETE', target: '/v1/customers/search' }, { provider: null, because: expect.stringMatching(/^No provider answers DELETE \/v1\/customers\/search; it has POST \/identity\/phone\/check-1e, /) }],
])('says why: %s', async (_title, request, expected) => {
  const { port } = await serve(unlimited + rules);
  await exchange(port, request);
  expect(await lastEntry(port)).toMatchObject({ tenant: 'default', delay: 0, ...expected });
});

it('names of the rules that did not hold the one with the fewest differences', async () => {
  const { port } = await serve(`${unlimited}rules:
  - { id: three, when: { provider: alapi, number: "137*", credential: ${keys.alapi} }, then: busy }
  - { id: one, when: { provider: qxt, number: "136*" }, then: busy }
  - { id: two, when: { provider: alapi, number: "135*" }, then: busy }
`);
  await exchange(port, qxt('13912345678'));
  expect((await lastEntry(port)).nearMiss).toBe('The rule "one" (test.yaml:10:5) did not hold: the number does not match 136*.');
});

it('lists the newest first, as many as are asked for, by provider, endpoint and number', async () => {
  const { port } = await serve(unlimited);
  for (const request of [qxt('13912345678'), balance, qxt('13800138000'), acedata('check-1e', { mobile: '13912345678' }), { method: 'GET', target: '/nothing' }]) await exchange(port, request);
  const ids = async (query: string): Promise<readonly number[]> => {
    const { body } = await exchange(port, { method: 'GET', target: `/_sim/journal${query}` });
    return (JSON.parse(body) as { exchanges: { id: number }[] }).exchanges.map(({ id }) => id);
  };
  expect(await ids('')).toEqual([5, 4, 3, 2, 1]);
  expect(await ids('?limit=2')).toEqual([5, 4]);
  expect(await ids('?provider=qxt')).toEqual([3, 2, 1]);
  expect(await ids('?endpoint=qxt.balance')).toEqual([2]);
  expect(await ids('?number=13912345678')).toEqual([4, 1]);
  expect(await ids('?provider=qxt&number=13912345678&limit=1')).toEqual([1]);
  expect(await ids('?provider=nobody')).toEqual([]);
  for (const limit of ['0', '-1', 'x', '', '1e9', '%00']) expect((await ids(`?limit=${limit}`)).length).toBeGreaterThan(0);
});

it('is emptied by DELETE, and numbers exchanges on', async () => {
  const { port } = await serve(unlimited);
  for (let i = 0; i < 3; i += 1) await exchange(port, balance);
  await exchange(port, { method: 'DELETE', target: '/_sim/journal', headers: [['Content-Type', 'application/json']] });
  expect(JSON.parse((await exchange(port, { method: 'GET', target: '/_sim/journal' })).body)).toEqual({ total: 3, dropped: 0, exchanges: [] });
  await exchange(port, balance);
  expect((await lastEntry(port)).id).toBe(4);
  expect((await exchange(port, { method: 'GET', target: '/_sim/journal/3' })).status).toBe(404);
});

it('counts in health what it had and what it dropped', async () => {
  const { port, simulator } = await serve(unlimited);
  const { journal } = simulator.defaultTenant;
  for (let i = 0; i < 4_100; i += 1) write(journal, entry(30));
  await exchange(port, balance);
  expect(JSON.parse((await exchange(port, { method: 'GET', target: '/_sim/health' })).body)).toMatchObject({ exchanges: 4_101, dropped: 5 });
});
