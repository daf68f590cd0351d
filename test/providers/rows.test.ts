import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeEvidence } from '../../src/domain/evidence.ts';
import { providers } from '../../src/providers/index.ts';
import { fillMessage, type Endpoint, type Provider, type Row } from '../../src/providers/provider.ts';
import { defaultScenario } from '../../src/scenario/default-scenario.ts';
import { exchange, lastEntry, type Incoming, type Outgoing } from '../support/exchange.ts';
import { serve, serveForFile, type Served } from '../support/serve.ts';
import { causesOf } from './causes/index.ts';
import type { At, Recipe } from './causes/recipe.ts';

interface Subject {
  readonly provider: Provider;
  readonly endpoint: Endpoint;
  readonly id: string;
  readonly row: Row;
}

const subjects: readonly Subject[] = providers.flatMap((provider) =>
  provider.endpoints.flatMap((endpoint) => Object.entries(endpoint.rows).map(([id, row]) => ({ provider, endpoint, id, row }))),
);

/** A number that exists and that no scenario has a rule for. */
const plain = '13912345678';
const person = { name: '李雷', idCard: '11010519491231002X' };

const atOf = ({ address }: Served): At => ({ host: address, now: Math.floor(Date.now() / 1000) });

/** The request that the provider's documents show, from its first account. */
function sampleOf({ simulator, address }: Served, { endpoint, provider }: Subject, number: string): Outgoing {
  const account = [...simulator.defaultTenant.accounts].find((each) => each.provider === provider.id);
  if (account === undefined) throw new Error(`${provider.id} has no account`);
  const { method, target, headers, body } = endpoint.sample({ ...person, account, number, host: address, timestamp: Math.floor(Date.now() / 1000) });
  return { method, target, headers: Object.entries(headers), body };
}

/** What all accounts of the provider have left, together. */
function creditOf({ simulator: { defaultTenant: tenant } }: Served, provider: Provider): number {
  const books = [...tenant.accounts].filter((account) => account.provider === provider.id).map((account) => tenant.books(account)?.credit);
  return books.reduce<number>((sum, credit) => sum + (credit ?? 0), 0);
}

interface Expected {
  readonly says?: string | RegExp | undefined;
  readonly units?: number | undefined;
  readonly stray?: boolean | undefined;
}

/** Sends a request, and holds its answer, its bill and its journal entry against the row. */
async function expectRow(served: Served, subject: Subject, request: Outgoing, { says, units = 1, stray = false }: Expected = {}): Promise<void> {
  const { provider, endpoint, id, row } = subject;
  const before = creditOf(served, provider);
  const answer = await exchange(served.port, request);
  const billed = before - creditOf(served, provider);
  const entry = await lastEntry(served.port);

  expect(entry, answer.body).toMatchObject({ row: id, provider: provider.id, endpoint: stray ? null : endpoint.id, evidence: describeEvidence(row.evidence) });
  expect(answer.status).toBe(row.status);
  expectSpoken(subject, answer, says);
  expect(entry.answer.status).toBe(answer.status);
  expect(entry.units).toBe(row.billed ? units : 0);
  if (counted(served, provider)) expect(billed).toBe(entry.units);
}

const counted = ({ simulator: { defaultTenant: tenant } }: Served, provider: Provider): boolean =>
  [...tenant.accounts].some((account) => account.provider === provider.id && account.terms.credit !== undefined);

function expectSpoken({ provider, row }: Subject, { body }: Incoming, says: string | RegExp | undefined): void {
  const { language, read } = causesOf[provider.id] ?? {};
  if (language === undefined || read === undefined) throw new Error(`${provider.id} has no causes`);
  const { code, message, repeats } = read(body);
  expect(code).toBe(row.code);
  if (says instanceof RegExp) expect(message).toMatch(says);
  else expect(message).toBe(says ?? fillMessage(row.message[language], { ...repeats, serverTime: /\d{10}/.exec(message)?.[0] ?? 'none' }));
  expect(message).not.toMatch(/\{\w+:/);
}

const recipesOf = ({ provider, endpoint, id }: Subject): readonly Recipe[] => causesOf[provider.id]?.causes[endpoint.id]?.[id] ?? [];
const nameOf = ({ endpoint, id }: Subject): string => `${endpoint.id} ${id}`;

/** What the five documents list, by the endpoint. */
const listed: Readonly<Record<string, readonly string[]>> = {
  'acedata.check-1e': ['0', '-1', '-2', '-3', 'token_mismatched', 'api_not_implemented', 'invalid_token', 'too_many_requests', 'api_error'],
  'acedata.check-3e': ['0', '1', '-1', '-2', '-3', '-4', '-5', '-6', 'token_mismatched', 'api_not_implemented', 'invalid_token', 'too_many_requests', 'api_error'],
  'tencent.MobileStatus': [
    '0', '-1', '-2', '-3', '-4', 'FailedOperation.DecryptSystemError', 'FailedOperation.StsUnAuthErrError', 'FailedOperation.UnKnown', 'InvalidParameter',
    'InvalidParameter.UnsupportEncryptField', 'InvalidParameterValue', 'UnauthorizedOperation.Arrears', 'UnauthorizedOperation.ChargeStatusException',
    'UnauthorizedOperation.NonAuthorize', 'UnauthorizedOperation.Nonactivated',
  ],
  'alapi.phonecheck': ['200', '404', '422', '400', '405', '100', '101', '102', '104', '406', '429'],
  'qxt.ssPhone_Status': ['0', '1', '-1', '-2', '-3', '-4', '-5', '-8', '-9'],
  'qxt.balance': ['0', '1', '-1', '-8', '-9'],
};

/** What the documents and their upstream charge; a balance query is free. */
const charged: Readonly<Record<string, readonly string[]>> = {
  'acedata.check-1e': ['0'],
  'acedata.check-3e': ['0', '1', 'upstream:0', 'upstream:-4'],
  'tencent.MobileStatus': ['0'],
  'alapi.phonecheck': ['200'],
  'qxt.ssPhone_Status': ['0'],
  'qxt.balance': [],
};

const endpoints = providers.flatMap((provider) => provider.endpoints);

it.each(endpoints.map((endpoint) => [endpoint.id, endpoint] as const))('has a row for each code that the document of %s lists', (id, { rows }) => {
  expect((listed[id] ?? ['no list of its own']).filter((code) => rows[code]?.code !== code)).toEqual([]);
});

it.each(endpoints.map((endpoint) => [endpoint.id, endpoint] as const))('bills those rows of %s that its document charges', (id, { rows }) => {
  expect(Object.keys(rows).filter((row) => rows[row]?.billed).sort()).toEqual([...(charged[id] ?? ['no list of its own'])].sort());
});

/** As AceData's guides list them; the other three answer everything under 200. */
const guideStatuses: Readonly<Record<string, number>> = { token_mismatched: 400, api_not_implemented: 400, invalid_token: 401, too_many_requests: 429, api_error: 500 };

it.each(endpoints.map((endpoint) => [endpoint.id, endpoint] as const))('puts the rows of %s under the HTTP status that its document lists', (id, { provider, rows }) => {
  const wrong = (listed[id] ?? []).filter((row) => rows[row]?.status !== ((provider === 'acedata' ? guideStatuses[row] : undefined) ?? 200));
  expect(wrong).toEqual([]);
});

it('has a recipe for each row that declares a cause, and for no other', () => {
  const declared = subjects.filter(({ row }) => row.cause.kind === 'caused').map(nameOf);
  const stated = Object.values(causesOf).flatMap(({ causes }) =>
    Object.entries(causes).flatMap(([endpoint, rows]) => Object.entries(rows).flatMap(([id, recipes]) => (recipes.length === 0 ? [] : [`${endpoint} ${id}`]))),
  );
  expect(stated.sort()).toEqual(declared.sort());
});

const caused = subjects.flatMap((subject) => recipesOf(subject).map((recipe) => [nameOf(subject), recipe.by, subject, recipe] as const));

// A clock is a fact as well: limits of a second and ends of accounts would depend on the time of day without it.
const facts = new Set(['accounts', 'clock', 'numbers', 'people', 'readings', 'switchedOff']);

it('states nothing but facts in the scenario of a recipe', () => {
  const beyond = caused.flatMap(([name, by, , { scenario = '' }]) => Object.keys((parse(scenario) ?? {}) as object).flatMap((key) => (facts.has(key) ? [] : [`${name} by ${by}: ${key}`])));
  expect(beyond).toEqual([]);
});

it('uses no magic number in a recipe', () => {
  const texts = caused.map(([name, by, , { scenario = '', requests }]) => {
    const sent = requests({ host: '127.0.0.1:1', now: 1_700_000_000 }).map(({ target, headers = [], body = '' }) => `${target} ${headers.flat().join(' ')} ${body.toString('latin1')}`);
    return { name: `${name} by ${by}`, text: [scenario, ...sent].join(' ') };
  });
  expect(texts.filter(({ text }) => text.includes('19900000')).map(({ name }) => name)).toEqual([]);
});

it.each(caused)('answers %s to %s', async (_name, _by, subject, { scenario = '', requests, ...expected }) => {
  const served = await serve(scenario);
  const sent = requests(atOf(served));
  const last = sent.at(-1);
  if (last === undefined) throw new Error('the recipe sends nothing');
  for (const request of sent.slice(0, -1)) await exchange(served.port, request);
  await expectRow(served, subject, last, expected);
});

const compiled = await defaultScenario(providers);
const magic = /^19900000\d{3}$/;

/** The row by which an endpoint tells the state of a line. */
const answered: Readonly<Record<string, string>> = { 'acedata.check-1e': '0', 'tencent.MobileStatus': '0', 'alapi.phonecheck': '200', 'qxt.ssPhone_Status': '0' };

/** The magic numbers that lead to a row, by what the default scenario says and the endpoint's own table of reasons. */
function magicNumbers({ endpoint, id }: Subject): readonly string[] {
  const byRule = compiled.rules.flatMap(({ when: { number = '', provider, endpoint: only }, then: [step] }) => {
    const outcome = step?.outcome ?? { kind: 'ok' };
    if ((provider ?? endpoint.provider) !== endpoint.provider || (only ?? endpoint.id) !== endpoint.id) return [];
    const row = outcome.kind === 'reason' ? endpoint.words[outcome.reason] : outcome.kind === 'code' ? outcome.rows[endpoint.id] : undefined;
    return row === id ? [number] : [];
  });
  const byStatus = compiled.numbers.flatMap(({ number, status }) => {
    // A state that it has no word for is, to QXT alone, no answer.
    const row = status === 'unknown' && endpoint.id === 'qxt.ssPhone_Status' ? '-4' : answered[endpoint.id];
    return row === id && magic.test(number) ? [number] : [];
  });
  return [...byRule, ...byStatus];
}

let sandbox: Served;
beforeAll(async () => {
  sandbox = await serveForFile();
});
afterAll(() => sandbox.close(0));

// A balance query is about no number, so that no number can be magic to it.
const asked = subjects.filter(({ endpoint }) => endpoint.asks !== 'balance');

it.each(asked.map((subject) => [nameOf(subject), subject] as const))('has a magic number for %s', (_name, subject) => {
  const numbers = magicNumbers(subject);
  expect(numbers.length).toBeGreaterThan(0);
  expect(numbers.filter((number) => !magic.test(number))).toEqual([]);
});

it.each(asked.flatMap((subject) => magicNumbers(subject).map((number) => [nameOf(subject), number, subject] as const)))('answers %s to magic number %s', async (_name, number, subject) => {
  sandbox.simulator.defaultTenant.reset();
  await expectRow(sandbox, subject, sampleOf(sandbox, subject, number));
});

// Of the sandbox accounts, Tencent's alone is not counted.
const allCounted = 'accounts: { tencent: { secretId: AKIDkonghaoSandbox, secretKey: sandboxSecretKey, quota: 5 } }';

it.each(subjects.map((subject) => [nameOf(subject), subject] as const))('answers %s to a rule', async (_name, subject) => {
  const served = await serve(`${allCounted}\nrules: [{ id: says-it, when: { endpoint: ${subject.endpoint.id} }, then: { code: "${subject.id}" } }]`);
  expect(counted(served, subject.provider)).toBe(true);
  await expectRow(served, subject, sampleOf(served, subject, plain));
  expect((await lastEntry(served.port)).because).toContain('The rule "says-it"');
});
