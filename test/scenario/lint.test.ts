import { expect, it } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import { lint } from '../../src/scenario/lint.ts';
import { scenarioSchema } from '../../src/scenario/schema.ts';
import { SourceMap } from '../../src/scenario/source-map.ts';
import { complaintsBelow } from '../support/complaints.ts';

type Case = readonly [what: string, yaml: string, ...complaints: readonly string[]];

const rule = (when: string, then = 'busy'): string => `rules:\n  - { id: a, when: { ${when} }, then: ${then} }`;

const neverFires: readonly Case[] = [
  ['of one provider at an endpoint of another', rule('provider: qxt, endpoint: acedata.check-1e'), '4:20: acedata.check-1e is no endpoint of qxt, so the rule can never fire. Name one of the two only.'],
  ['for a credential that nobody has', rule('credential: nobody'), '4:34: no account has this credential, so the rule can never fire. Take one from the accounts of acedata, tencent, alapi, qxt.'],
  ["for a sandbox credential that the scenario's accounts replace", `accounts: { alapi: { token: mine } }\n${rule('credential: sandbox-alapi-token')}`, '5:34: no account has this credential, so the rule can never fire. Take one from the accounts of acedata, tencent, alapi, qxt.'],
  ['for a credential of another provider', rule('provider: qxt, credential: sandbox-alapi-token'), '4:49: this credential is one of alapi, which the rule is not about, so the rule can never fire. Take one from the accounts of qxt.'],
  ['for a number where none is asked about', rule('endpoint: qxt.balance, number: "138*"'), '4:45: qxt.balance is asked about no number, so the rule can never fire. Remove the number.'],
  ['at an endpoint that is switched off', `switchedOff: [alapi.phonecheck]\n${rule('provider: alapi')}`, '5:20: switchedOff has alapi.phonecheck, so the rule can never fire. Remove one of the two.'],
];

it.each(neverFires)('refuses a rule %s', (_what, yaml, ...complaints) => {
  expect(complaintsBelow(yaml)).toEqual(complaints);
});

const pair = (first: string, second: string): string => `rules:\n  - { id: a, when: { ${first} }, then: busy }\n  - { id: b, when: { ${second} }, then: ok }`;
const shadow = ['5:5: the rule can never fire: "a" (a:4:5) takes all of its calls. Put the narrower one first.'];

it.each([
  ['one without conditions', '', 'number: "13800138000"'],
  ['its equal', 'provider: qxt', 'provider: qxt'],
  ['the same number', 'number: "13800138000"', 'number: "13800138000"'],
  ['a pattern', 'number: "138*"', 'number: "13800138000"'],
  ['a pattern with its end', 'number: "*8000"', 'number: "13800138000"'],
  ['a pattern with both ends', 'number: "138*8000"', 'number: "13800138000"'],
  ['a pattern of question marks', 'number: "138????????"', 'number: "13800138000"'],
  ['the same pattern', 'number: "1*0"', 'number: "1*0"'],
  ['a wider pattern', 'number: "13*"', 'number: "138*"'],
  ['a wider pattern than one of question marks', 'number: "13*"', 'number: "138????????"'],
  ['a pattern of any number', 'number: "*"', 'provider: qxt'],
  ['one for its provider', 'provider: qxt', 'endpoint: qxt.balance'],
  ['one for the only endpoint of its provider', 'endpoint: tencent.MobileStatus', 'provider: tencent'],
  ['one without a credential', 'provider: alapi', 'provider: alapi, credential: sandbox-alapi-token'],
  ['one with the same credential', 'credential: sandbox-alapi-token', 'provider: alapi, credential: sandbox-alapi-token'],
])('refuses a rule below %s', (_what, first, second) => {
  expect(complaintsBelow(pair(first, second))).toEqual(shadow);
});

it('names the first of the rules that leave another nothing', () => {
  expect(complaintsBelow('rules:\n  - { id: a, when: { number: "138*" }, then: busy }\n  - { id: b, when: { number: "138*" }, then: busy }\n  - { id: c, when: { number: "138*" }, then: ok }')).toEqual([
    '5:5: the rule can never fire: "a" (a:4:5) takes all of its calls. Put the narrower one first.',
    '6:5: the rule can never fire: "a" (a:4:5) takes all of its calls. Put the narrower one first.',
  ]);
});

it('refuses a rule that several others together leave nothing', () => {
  expect(complaintsBelow('rules:\n  - { id: a, when: { endpoint: acedata.check-1e }, then: busy }\n  - { id: b, when: { endpoint: acedata.check-3e }, then: busy }\n  - { id: c, when: { provider: acedata }, then: ok }')).toEqual([
    '6:5: the rule can never fire: "a" (a:4:5) and "b" (a:5:5) take all of its calls. Put the narrower one first.',
  ]);
});

it.each([
  ['another provider', 'provider: qxt', 'provider: alapi'],
  ['a narrower number', 'number: "13800138000"', 'number: "138*"'],
  ['a number beside it', 'number: "138*"', 'number: "139*"'],
  ['a number, where it has none', 'number: "1*"', 'provider: qxt'],
  ['another length', 'number: "138?"', 'number: "138??"'],
  ['an overlap of both ends', 'number: "12*21"', 'number: "121"'],
  ['one endpoint of two', 'endpoint: qxt.balance', 'provider: qxt'],
  ['a credential, where it has none', 'provider: alapi, credential: sandbox-alapi-token', 'provider: alapi'],
  ['another credential', 'credential: sandbox-alapi-token', 'credential: sandbox-acedata-token'],
])('takes a rule below one for %s', (_what, first, second) => {
  expect(complaintsBelow(pair(first, second))).toEqual([]);
});

const nobodySays: readonly Case[] = [
  ['a code of another provider', rule('provider: qxt', '{ code: "422" }'), '4:53: none of qxt.ssPhone_Status, qxt.balance has a code "422". There are 0, 1, -1, -8, -9, -2, -3, -4, -5.'],
  ['a code of another endpoint of the provider', rule('endpoint: qxt.balance', '{ code: "-5" }'), '4:61: qxt.balance has no code "-5". There are 0, 1, -1, -8, -9.'],
  ['a mistyped code', rule('', '{ code: { acedata.check-1e: used_ip } }'), '4:60: "used_ip" is none of the words for acedata.check-1e; did you mean "used_up"?'],
  ['a code of a provider that the rule is not about', rule('provider: qxt', '{ code: { alapi: "422" } }'), '4:55: the rule is not about alapi. Remove it here or widen "when".'],
  ['no code at all', rule('', '{ code: {} }'), '4:40: no code is named. Write one for a provider or an endpoint.'],
  ['a reason that the endpoint has no word for', rule('endpoint: qxt.ssPhone_Status', 'rate-limited'), '4:60: qxt.ssPhone_Status cannot say "rate-limited": the code table has no rate limit. Write another reason, or a code.'],
  ['a reason that no endpoint of the provider has a word for', rule('provider: qxt', '{ reason: daily-limit }'), '4:55: none of qxt.ssPhone_Status, qxt.balance can say "daily-limit": the code table has no daily limit. Write another reason, or a code.'],
  ['a state where none is asked for', rule('endpoint: acedata.check-3e', '{ status: vacant }'), '4:68: acedata.check-3e is not asked for the state of a line. Write a reason or a code.'],
  ['a typical delay that no document names', rule('provider: alapi', '{ delay: typical }'), '4:56: no document says how long alapi.phonecheck typically takes. Write a time, such as "100ms".'],
  ['nothing', rule('', '{}'), '4:32: the rule does nothing. Give it a reason, a status, a code or a delay.'],
  ['two things at once', rule('', '{ reason: busy, status: vacant }'), '4:48: reason and status exclude each other. Keep one of them.'],
];

it.each(nobodySays)('refuses a rule that says %s', (_what, yaml, ...complaints) => {
  expect(complaintsBelow(yaml)).toEqual(complaints);
});

it.each([
  ['a reason that some of its endpoints have a word for', rule('', 'rate-limited')],
  ['a state that some of its endpoints are asked for', rule('provider: acedata', '{ status: vacant }')],
  ['a code that one of its endpoints has', rule('provider: acedata', '{ code: "-6" }')],
  ['a typical delay that a document names for one of its endpoints', rule('', '{ delay: typical }')],
  ['a delay beside an outcome', rule('', '{ reason: busy, delay: 1.5s }')],
])('takes a rule that says %s', (_what, yaml) => {
  expect(complaintsBelow(yaml)).toEqual([]);
});

it('refuses the id of another rule, and says where that one is', () => {
  expect(complaintsBelow('rules:\n  - { id: a, when: { provider: qxt }, then: busy }\n  - { id: a, when: { provider: alapi }, then: busy }')).toEqual(['5:11: another rule is called "a" already (a:4:5). Give it a name of its own.']);
});

it.each([
  ['says who was meant', 'people: { li: { name: 李雷, idCard: 11010519491231002X } }\nnumbers:\n  "138*": { owner: le }', '5:20: nobody under people is called "le"; did you mean "li"?'],
  ['names the remedy where nobody is like it', 'numbers:\n  "138*": { owner: li }', '4:20: nobody under people is called "li". Add this person, or name another.'],
  ['does not take a word of the language for a person', 'people: {}\nnumbers:\n  "138*": { owner: constructor }', '5:20: nobody under people is called "constructor". Add this person, or name another.'],
])('refuses an unknown owner, and %s', (_what, yaml, complaint) => {
  expect(complaintsBelow(yaml)).toEqual([complaint]);
});

it('refuses the same credential in two accounts of a provider', () => {
  expect(complaintsBelow('accounts:\n  acedata: [{ token: a }, { token: b }, { token: a, quota: 1 }]')).toEqual(['4:41: an account above has the same credential. Give each one of its own.']);
  expect(complaintsBelow('accounts:\n  acedata: [{ token: a }]\n  alapi: [{ token: a }]')).toEqual([]);
});

it('does not miss a credential in an account that is broken otherwise', () => {
  expect(complaintsBelow(`accounts: { alapi: { token: mine, calls: many } }\n${rule('credential: mine')}`)).toEqual(['3:42: calls is the text "many". Write a number.']);
});

it('does not repeat a credential in a complaint', () => {
  expect(complaintsBelow(rule('credential: very-secret-token')).join()).not.toContain('very-secret-token');
  expect(complaintsBelow('accounts:\n  alapi: [{ token: very-secret-token }, { token: very-secret-token }]').join()).not.toContain('very-secret-token');
});

it('finds what is wrong with sound rules beside a broken one', () => {
  expect(complaintsBelow('rules:\n  - { id: a, then: bussy }\n  - { id: b, when: { credential: nobody }, then: busy }').map((complaint) => complaint.slice(0, 5))).toEqual(['4:20:', '5:34:']);
});

const many = Array.from({ length: 10_000 }, (_, index) => String(index).padStart(5, '0'));
const manyRules: readonly (readonly [what: string, numbers: readonly string[], shadowed: number])[] = [
  ['numbers', many.map((digits) => `138000${digits}`), 0],
  ['numbers below a pattern for all of them', ['138*', ...many.slice(1).map((digits) => `138000${digits}`)], 9_999],
  ['patterns', many.map((digits) => `138${digits}*`), 0],
  ['patterns by their end, and numbers', [...many.slice(0, 5_000).map((digits) => `*${digits}`), ...many.slice(5_000).map((digits) => `138000${digits}`)], 0],
  ['patterns by both ends, and numbers below them', [...many.slice(0, 5_000).map((digits) => `138*${digits}`), ...many.slice(0, 5_000).map((digits) => `138000${digits}`)], 5_000],
];

const schema = await scenarioSchema(providers);

it.each(manyRules)('compares ten thousand rules for %s in less than a second', (_what, numbers, shadowed) => {
  const value = { rules: numbers.map((number, index) => ({ id: `r${index}`, when: { number }, then: 'busy' })) };
  const source = SourceMap.parse(JSON.stringify(value), 'a');
  // The time that this process had, not that which others took from it.
  const began = process.cpuUsage();
  const complaints = [...lint(value, schema, source, providers)];
  const { user, system } = process.cpuUsage(began);
  expect(complaints).toHaveLength(shadowed);
  expect((user + system) / 1_000_000).toBeLessThan(1);
});
