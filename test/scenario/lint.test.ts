import { expect, it } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import { lint } from '../../src/scenario/lint.ts';
import { scenarioSchema } from '../../src/scenario/schema.ts';
import { SourceMap } from '../../src/scenario/source-map.ts';
import { complaintsBelow } from '../support/complaints.ts';

type Case = readonly [what: string, yaml: string, ...complaints: readonly string[]];

const rule = (when: string, then = 'busy', more = ''): string => `rules:\n  - { id: a, when: { ${when} }, then: ${then}${more} }`;

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

it.each([
  ['for some time', 'when: { during: 10s.. }, then: busy'],
  ['for some of the calls', 'when: { chance: 0.5 }, then: busy'],
  ['for some uses', 'then: busy, times: 3'],
  ['for some uses of each number', 'then: [busy, ok], times: 3, per: number'],
])('takes a rule below one %s, and not below one for all calls', (_what, rest) => {
  const above = (first: string): string => `rules:\n  - { id: a, ${first} }\n  - { id: b, ${rest} }`;
  expect(complaintsBelow(`rules:\n  - { id: a, ${rest} }\n  - { id: b, then: ok }`)).toEqual([]);
  expect(complaintsBelow(above('then: [busy, ok]'))).toEqual(shadow);
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
  ['nothing', rule('', '{}'), '4:32: the rule does nothing. Give it a reason, a status, a code, a delay or a fault.'],
  ['nothing but how often', rule('', '[{ times: 2 }, ok]'), '4:33: the step does nothing. Give it a reason, a status, a code, a delay or a fault.'],
  ['two things at once', rule('', '{ reason: busy, status: vacant }'), '4:48: reason and status exclude each other. Keep one of them.'],
  ['two things at once in a step', rule('', '[ok, { code: "-8", reason: busy }]'), '4:39: reason and code exclude each other. Keep one of them.'],
  ['in each step something that nobody can', rule('provider: alapi', '[2x daily-limit, { reason: daily-limit }, { delay: typical }, { code: "-8" }, ok]'), '4:48: alapi.phonecheck cannot say "daily-limit": the table of codes has no daily limit. Write another reason, or a code.', '4:74: alapi.phonecheck cannot say "daily-limit": the table of codes has no daily limit. Write another reason, or a code.', '4:98: no document says how long alapi.phonecheck typically takes. Write a time, such as "100ms".', '4:117: alapi.phonecheck has no code "-8". There are 100, 101, 102, 104, 200, 400, 404, 405, 406, 422, 429.'],
  ['a fault before and after', rule('', '{ fault: reset, before: admit, after: charge }'), '4:63: before and after exclude each other. Keep one of them.'],
  ['a fault when all is sent', rule('', '{ fault: reset, after: send }'), '4:48: after send there is nothing left to break. Write "before: send".'],
  ['when a fault strikes, and no fault', rule('', '{ reason: busy, after: charge }'), '4:48: after is about a fault, and the step has none. Add the fault, or remove it.'],
  ['when a fault strikes, and nothing else', rule('', '{ before: charge, bytes: 3 }'), '4:34: before is about a fault, and the step has none. Add the fault, or remove it.', '4:50: bytes is about a fault, and the step has none. Add the fault, or remove it.'],
  ['bytes of a fault that has none', rule('', '[{ fault: timeout, bytes: 3 }, ok]'), '4:51: timeout takes no bytes, as limit-data and slow-drip do. Remove it.'],
  ['no byte at a time', rule('', '{ fault: slow-drip, bytes: 0 }'), '4:59: slow-drip would never send anything, with 0 bytes at a time. Write 1 or more.'],
  ['how often its last step comes', rule('', '[2x busy, 3x ok]'), '4:42: the last step stays for good. Leave its count out, or write "times: 5" beside "then" if the rule shall end there.'],
  ['how often its only step comes', rule('', '2x busy'), '4:32: the last step stays for good. Leave its count out, or write "times: 2" beside "then" if the rule shall end there.'],
  ['how often its only step comes, in the long form', rule('', '{ times: 2, reason: busy }'), '4:41: the last step stays for good. Leave its count out, or write "times: 2" beside "then" if the rule shall end there.'],
  ['how often its last step comes, and the rule', rule('', '[busy, 2x ok]', ', times: 3'), '4:39: the last step stays for good. Leave its count out.'],
  ['a step behind its end', rule('', '[2x busy, ok, no-record]', ', times: 2'), '4:42: times is 2, and the steps above use it up. Raise it, or remove this step.'],
  ['how uses are counted, and counts none', rule('', 'busy', ', per: number'), '4:38: per says how uses are counted, and nothing depends on their count. Add times or a list of steps, or remove it.'],
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
  ['a fault by itself', rule('', '{ fault: reset }')],
  ['a fault beside all else', rule('', '{ status: vacant, delay: "uniform(0s, 2m)", fault: limit-data, after: charge, bytes: 0 }')],
  ['a fault for a number before anybody knows it', rule('number: "138*"', '{ fault: gateway-502, before: accept }')],
  ['one thing after the other', rule('during: 10s.., chance: 0.3', '[2x busy, { times: 3, reason: no-record }, { fault: reset, after: charge }, ok]')],
  ['as many steps as it has uses', rule('', '[2x busy, ok]', ', times: 3, per: number')],
  ['one thing a number', rule('', 'busy', ', times: 1, per: number')],
])('takes a rule that says %s', (_what, yaml) => {
  expect(complaintsBelow(yaml)).toEqual([]);
});

const wanted: readonly Case[] = [
  ['a price of what costs nothing', 'prices: { qxt.balance: 1 }', '3:11: qxt.balance charges nothing, so it has no price. Remove it.'],
  ['calls of what is never called', 'expect: { calls: { alapi: 1.. }, never: [qxt, alapi] }', '3:27: calls of alapi are at least 1 here, and at most 0 at a:3:47. Change one of the two.'],
  ['calls of an endpoint of what is never called', 'expect: { calls: { alapi.phonecheck: 1 }, never: [alapi] }', '3:51: calls of alapi are at most 0 here, and at least 1 at its endpoints. Change one of the two.'],
  ['calls of what has no endpoint to be called', 'expect: { calls: { qxt: 2 }, never: [qxt.ssPhone_Status, qxt.balance] }', '3:25: calls of qxt are at least 2 here, and at most 0 at its endpoints. Change one of the two.'],
  ['more calls than the endpoints have together', 'expect: { calls: { acedata: 5, acedata.check-1e: 1, acedata.check-3e: ..2 } }', '3:29: calls of acedata are at least 5 here, and at most 3 at its endpoints. Change one of the two.'],
  ['fewer charges than the endpoints have together', 'expect: { charged: { acedata: ..2, acedata.check-1e: 2, acedata.check-3e: 1.. } }', '3:31: charged queries of acedata are at most 2 here, and at least 3 at its endpoints. Change one of the two.'],
  ['a charge without a call', 'expect: { charged: { alapi: 1 }, never: [alapi.phonecheck] }', '3:29: alapi charges nothing without a call, and a:3:42 expects none. Change one of the two.'],
  ['a charge at an endpoint of what is never called', 'expect: { calls: { acedata: 0 }, charged: { acedata.check-1e: 1 } }', '3:63: acedata.check-1e charges nothing without a call, and a:3:29 expects none. Change one of the two.'],
  ['a charge of what costs nothing', 'expect: { charged: { qxt.balance: 1 } }', '3:35: qxt.balance charges nothing. Remove it, or expect its calls.'],
  ['calls of what is switched off', 'switchedOff: [acedata.check-1e, acedata.check-3e]\nexpect: { calls: { acedata: 1 } }', '4:29: switchedOff has acedata.check-1e, acedata.check-3e, which can serve no call then. Remove one of the two.'],
  ['a charge of what is switched off', 'switchedOff: [alapi.phonecheck]\nexpect: { charged: { alapi.phonecheck: 1.. } }', '4:40: switchedOff has alapi.phonecheck, which can serve no call then. Remove one of the two.'],
];

it.each(wanted)('refuses to expect %s', (_what, yaml, ...complaints) => {
  expect(complaintsBelow(yaml)).toEqual(complaints);
});

it.each([
  ['no call twice', 'expect: { calls: { alapi: ..3 }, never: [alapi, alapi.phonecheck] }'],
  ['no charge without a call', 'expect: { calls: { alapi: 0 }, charged: { alapi: 0, qxt.balance: ..3 } }'],
  ['more charges than calls, as a batch has them', 'expect: { calls: { alapi: 1 }, charged: { alapi: 2000 } }'],
  ['calls of one endpoint and none of another', 'expect: { calls: { acedata: 2, acedata.check-1e: 1.. }, never: [acedata.check-3e] }'],
  ['nothing of what is switched off', 'switchedOff: [alapi.phonecheck]\nexpect: { calls: { alapi: ..1 }, never: [alapi.phonecheck] }'],
  ['calls where one of two is switched off', 'switchedOff: [acedata.check-1e]\nexpect: { calls: { acedata: 1 } }'],
])('takes one who expects %s', (_what, yaml) => {
  expect(complaintsBelow(yaml)).toEqual([]);
});

it('finds what is wrong with sound expectations beside broken ones', () => {
  expect(complaintsBelow('expect: { calls: { alapi: 1, qxt: many, qtx: 1 }, never: [alapi, nobody, 5] }').map((complaint) => complaint.slice(0, 5))).toEqual(['3:27:', '3:35:', '3:41:', '3:66:', '3:74:']);
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
