import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { scenarioSchema } from '../../src/scenario/schema.ts';
import { complaintsBelow, complaintsOf } from '../support/complaints.ts';

const schema = await scenarioSchema(providers);

type Case = readonly [what: string, yaml: string, ...complaints: string[]];

const keys = 'There are konghao, name, description, seed, clock, accounts, people, numbers, rules, readings, switchedOff, prices, expect.';
const reasons = 'unauthenticated, forbidden, expired, out-of-credit, rate-limited, daily-limit, invalid-number, no-record, busy, internal';

const wholeFiles: readonly Case[] = [
  ['an empty file', '', '1:1: the file is empty. Begin with "konghao: 1".'],
  ['a file of comments', '# nothing\n', '1:1: the file is empty. Begin with "konghao: 1".'],
  ['a file of one word', 'foo', '1:1: the file is the text "foo". Write a map of keys and values.'],
  ['a list', '- a', '1:1: the file is a list. Write a map of keys and values.'],
  ['null', 'null', '1:1: the file is empty. Write a map of keys and values.'],
  ['no version', 'name: x', '1:1: konghao is missing. It has to be 1.'],
  ['no name', 'konghao: 1', '1:1: name is missing. Add it.'],
  ['another version', 'konghao: 2\nname: x', '1:10: konghao is the number 2. It has to be 1.'],
  ['a quoted version', 'konghao: "1"\nname: x', '1:10: konghao is the text "1". Write it without quotes: 1.'],
  ['an empty version', 'konghao:\nname: x', '1:9: konghao is empty. It has to be 1.'],
  ['an empty name', 'konghao: 1\nname:', '2:6: name is empty. Write text.'],
  ['a name with capitals', 'konghao: 1\nname: My Name', '2:7: name has to be lower-case letters, digits and hyphens.'],
  ['a name that is a number', 'konghao: 1\nname: 123', '2:7: name is text, and 123 without quotes is none; quote it: "123".'],
  ['a name that is a list', 'konghao: 1\nname: [a]', '2:7: name is a list. Write text.'],
];

it.each(wholeFiles)('refuses %s', (_what, yaml, ...complaints) => {
  expect(complaintsOf(yaml)).toEqual(complaints);
});

const values: readonly Case[] = [
  ['a mistyped key', 'nubmers: {}', '3:1: "nubmers" is not known here; did you mean "numbers"?'],
  ['a key like no other', 'x-extension: {}', `3:1: "x-extension" is not known here. ${keys}`],
  ['a negative seed', 'seed: -1', '3:7: seed is too small; 0 is the least.'],
  ['a seed above 32 bits', 'seed: 4294967296', '3:7: seed is too large; 4294967295 is the most.'],
  ['half a seed', 'seed: 1.5', '3:7: seed is the number 1.5. Write a whole number.'],
  ['a seed in quotes', 'seed: "7"', '3:7: seed is the text "7". Write a number.'],
  ['a clock that is no date', 'clock: yesterday', '3:8: clock has to be a date, such as "2026-02-01" or "2026-02-01T12:00:00+08:00".'],
  ['a clock without its offset', 'clock: 2026-01-31T12:00:00', '3:8: clock has to be a date, such as "2026-02-01" or "2026-02-01T12:00:00+08:00".'],
  ['a clock that is a number', 'clock: 20260131', '3:8: clock is text, and 20260131 without quotes is none; quote it: "20260131".'],
  ['a long description', `description: ${'x'.repeat(2001)}`, '3:14: description has more than 2000 characters. Shorten it.'],
  ['accounts in a list', 'accounts: []', '3:11: accounts is a list. Write a map of keys and values.'],
  ['a provider that there is none of', 'accounts:\n  qtx: { apikey: x }', '4:3: "qtx" is not known here; did you mean "qxt"?'],
  ['an account that is a word', 'accounts:\n  acedata: abc', '4:12: acedata is the text "abc". Write a map of keys and values, or a list.'],
  ['no account in a list', 'accounts:\n  acedata: []', '4:12: acedata is an empty list. Write an entry, or leave it out.'],
  ['an empty token', 'accounts:\n  acedata: { token: "" }', '4:21: token is empty. Write something.'],
  ['a short apikey', 'accounts:\n  qxt: { apikey: short }', '4:18: apikey has to be 32 letters and digits.'],
  ['a person with capitals', 'people:\n  Li: { name: 李雷, idCard: 11010519491231002X }', '4:3: "Li" has to be lower-case letters, digits, - and _.'],
  ['a person who is a word', 'people:\n  li: 李雷', '4:7: li is the text "李雷". Write a map of keys and values.'],
  ['a wrong check character', 'people:\n  li: { name: 李雷, idCard: "110105194912310021" }', '4:27: idCard ends in a wrong check character; X would be right.'],
  ['another wrong check character', 'people:\n  li: { name: 李雷, idCard: 11010119900307001X }', '4:27: idCard ends in a wrong check character; 1 would be right.'],
  ['a day that there is none of', 'people:\n  li: { name: 李雷, idCard: 11010519490231002X }', '4:27: idCard has a date of birth that does not exist; digits 7 to 14 are year, month and day.'],
  ['a short ID number', 'people:\n  li: { name: 李雷, idCard: "1101051949123100" }', '4:27: idCard has to be 17 digits and a digit or X.'],
  ['a number with letters', 'numbers:\n  "1380o": { status: active }', '4:3: "1380o" may hold digits, * and ? only.'],
  ['a number that is a word', 'numbers:\n  "13800138000": active', '4:18: 13800138000 is the text "active". Write a map of keys and values.'],
  ['a state that there is none of', 'numbers:\n  "13800138000": { status: activ }', '4:28: "activ" is none of the words for status; did you mean "active"?'],
  ['a carrier in short', 'numbers:\n  "138*": { carrier: 移动 }', '4:22: "移动" is none of the words for carrier; did you mean "中国移动"?'],
  ['an area without its province', 'numbers:\n  "138*": { area: 宜昌 }', '4:19: area has to be a province and a city, such as "湖北-宜昌".'],
  ['rules that are a word', 'rules: busy', '3:8: rules is the text "busy". Write a list.'],
  ['a rule that is a word', 'rules:\n  - busy', '4:5: entry 1 of rules is the text "busy". Write a map of keys and values.'],
  ['a rule without its id', 'rules:\n  - { then: busy }', '4:5: id is missing. Add it.'],
  ['a rule without its outcome', 'rules:\n  - { id: a }', `4:5: then is missing. It is one of ok, ${reasons}.`],
  ['a mistyped reason', 'rules:\n  - { id: a, then: bussy }', '4:20: "bussy" is none of the words for then; did you mean "busy"?'],
  ['a mistyped reason in the long form', 'rules:\n  - { id: a, then: { reason: bussy } }', '4:30: "bussy" is none of the words for reason; did you mean "busy"?'],
  ['an empty outcome', 'rules:\n  - { id: a, then: }', `4:20: then is empty. Write one of ok, ${reasons}, or a map of keys and values, or a list.`],
  ['an endpoint in another case', 'rules:\n  - { id: a, when: { endpoint: qxt.ssphone_status }, then: busy }', '4:32: "qxt.ssphone_status" is none of the words for endpoint; did you mean "qxt.ssPhone_Status"?'],
  ['a mistyped provider', 'rules:\n  - { id: a, when: { provider: tecent }, then: busy }', '4:32: "tecent" is none of the words for provider; did you mean "tencent"?'],
  ['a mistyped reading', 'readings: { acedata.local: zh }', '3:13: "acedata.local" is not known here; did you mean "acedata.locale"?'],
  ['a value that a reading does not have', 'readings: { alapi.riskName: 高危 }', '3:29: "高危" is none of the words for alapi.riskName. It is one of 风险, 风险号.'],
  ['an empty reading', 'readings: { alapi.errorStatus: }', '3:32: alapi.errorStatus is empty. It is one of always-200, mirrors-http-like, mirrors-4xx.'],
  ['an endpoint that has no word for being off', 'switchedOff: [qxt.balance]', '3:15: "qxt.balance" is none of the words for entry 1 of switchedOff. It is one of acedata.check-1e, acedata.check-3e, tencent.MobileStatus, alapi.phonecheck.'],
];

it.each(values)('refuses %s', (_what, yaml, ...complaints) => {
  expect(complaintsBelow(yaml)).toEqual(complaints);
});

const clocks: readonly Case[] = [
  ['an empty clock', 'clock:', '3:7: clock is empty. Write text, or a map of keys and values.'],
  ['a mistyped key of a clock', 'clock: { sped: 2 }', '3:10: "sped" is not known here; did you mean "speed"?'],
  ['a clock that begins at no date', 'clock: { at: noon }', '3:14: at has to be a date, such as "2026-02-01" or "2026-02-01T12:00:00+08:00".'],
  ['a clock that goes back', 'clock: { speed: -1 }', '3:17: speed is too small; 0 is the least.'],
  ['a clock that runs a day in less than a second', 'clock: { speed: 86401 }', '3:17: speed is too large; 86400 is the most.'],
  ['a clock with all that is wrong with one', 'clock: { speed: fast, delays: sleept, signatures: fake }', '3:17: speed is the text "fast". Write a number.', '3:31: "sleept" is none of the words for delays; did you mean "slept"?', '3:51: "fake" is none of the words for signatures. It is one of real, clock.'],
];

const rule = (when: string, then: string, more = ''): string => `rules:\n  - { id: a, when: { ${when} }, then: ${then}${more} }`;

const times: readonly Case[] = [
  ['a span that ends before it begins', rule('during: 40s..10s', 'busy'), '4:30: during ends before it begins; write "10s..40s".'],
  ['a span that ends before it begins in another unit', rule('during: 2m..10s', 'busy'), '4:30: during ends before it begins; write "10s..2m".'],
  ['a span that ends where it begins', rule('during: 60s..1m', 'busy'), '4:30: during ends where it begins, so the rule can never fire. Write a later end.'],
  ['a span that ends at once', rule('during: ..0s', 'busy'), '4:30: during ends where it begins, so the rule can never fire. Write a later end.'],
  ['a time where a span is wanted', rule('during: 10s', 'busy'), '4:30: during has to be a span of time, such as "10s..40s", "10s.." or "..40s".'],
  ['a span without an end and a beginning', rule('during: ..', 'busy'), '4:30: during has to be a span of time, such as "10s..40s", "10s.." or "..40s".'],
  ['a span without units', rule('during: 10..40', 'busy'), '4:30: during has to be a span of time, such as "10s..40s", "10s.." or "..40s".'],
  ['a chance that never comes', rule('chance: 0', 'busy'), '4:30: chance is 0, so the rule can never fire. Write a share of the calls, up to 1.'],
  ['a chance above 1', rule('chance: 1.5', 'busy'), '4:30: chance is too large; 1 is the most.'],
  ['a chance below 0', rule('chance: -0.5', 'busy'), '4:30: chance is too small; 0 is the least.'],
  ['a chance in percent', rule('chance: 30%', 'busy'), '4:30: chance is the text "30%". Write a number.'],
  ['a rule that is never used', rule('', 'busy', ', times: 0'), '4:45: times is too small; 1 is the least.'],
  ['uses counted by something else', rule('', '[busy, ok]', ', per: nummer'), '4:49: "nummer" is none of the words for per; did you mean "number"?'],
];

const drawn = '"uniform(100ms, 2s)" or "lognormal(800ms, 0.4)"';

const delays: readonly Case[] = [
  ['a delay with a blank', rule('', '{ delay: 100 ms }'), '4:41: delay has to be a time, such as "250ms", "2s" or "typical".'],
  ['a delay of many days', rule('', '{ delay: 300h }'), '4:41: delay is longer than 999999s. Shorten it.'],
  ['a delay that can be too long', rule('', '{ delay: "uniform(1s, 1000000s)" }'), `4:41: delay has to be a time that is drawn, such as ${drawn}.`],
  ['a delay that can be too long in another unit', rule('', '{ delay: "uniform(1s, 12d)" }'), '4:41: delay is longer than 999999s. Shorten it.'],
  ['a delay whose median is too long', rule('', '{ delay: "lognormal(12d, 0)" }'), '4:41: delay is longer than 999999s. Shorten it.'],
  ['a delay that ends before it begins', rule('', '{ delay: "uniform(2s, 100ms)" }'), '4:41: delay ends before it begins; write "uniform(100ms, 2s)".'],
  ['a delay with a wide spread', rule('', '{ delay: "lognormal(800ms, 3.1)" }'), '4:41: delay has a sigma above 3. Write one from 0 to 3.'],
  ['a delay of one value', rule('', '{ delay: uniform(2s) }'), `4:41: delay has to be a time that is drawn, such as ${drawn}.`],
  ['a delay of another distribution', rule('', '{ delay: "normal(1s, 2s)" }'), `4:41: delay has to be a time that is drawn, such as ${drawn}.`],
  ['a delay that is not quoted inside braces', rule('', '{ delay: uniform(100ms, 2s) }'), `4:41: delay is cut off at its comma, which separates keys inside { }. Quote all of it, as in ${drawn}.`, expect.stringMatching(/^4:56: "2s\)" is not known here\. There are /) as string],
];

const steps: readonly Case[] = [
  ['no step', rule('', '[]'), '4:32: then is an empty list. Write a step.'],
  ['a mistyped step', rule('', '[bussy, ok]'), '4:33: "bussy" is none of the words for entry 1 of then; did you mean "busy"?'],
  ['a list among the steps', rule('', '[[busy], ok]'), `4:33: entry 1 of then is a list. Write one of ok, ${reasons}, or a map of keys and values.`],
  ['an empty step', rule('', '[~, ok]'), `4:33: entry 1 of then is empty. Write one of ok, ${reasons}, or a map of keys and values.`],
  ['a number as a step', rule('', '[5, ok]'), `4:33: "5" is none of the words for entry 1 of then. It is one of ok, ${reasons}.`],
  ['an unknown key of a step', rule('', '[{ reson: busy }, ok]'), '4:35: "reson" is not known here; did you mean "reason"?'],
  ['a step for no call', rule('', '[0x busy, ok]'), '4:33: entry 1 of then is for no call at all. Write "1x busy", or leave the step out.'],
  ['a step for no call in the long form', rule('', '[{ times: 0, reason: busy }, ok]'), '4:42: times is too small; 1 is the least.'],
  ['a step for more calls than there are', rule('', '[12345678900x busy, ok]'), '4:33: entry 1 of then is for more than 999999999 calls; write "999999999x busy".'],
  ['a mistyped step behind its count', rule('', '[2x bussy, ok]'), '4:33: entry 1 of then counts "bussy", which is none of the words; did you mean "2x busy"?'],
  ['a step like no other behind its count', rule('', '[2x teapot-418-says, ok]'), `4:33: entry 1 of then counts "teapot-418-says", which is none of the words. There are ok, ${reasons}.`],
  ['a mistyped word with a count that is no list', rule('', '2x bussy'), '4:32: then counts "bussy", which is none of the words; did you mean "2x busy"?'],
  ['a mistyped fault', rule('', '{ fault: rest }'), '4:41: "rest" is none of the words for fault; did you mean "reset"?'],
  ['a mistyped phase', rule('', '{ fault: reset, after: charging }'), '4:55: "charging" is none of the words for after; did you mean "charge"?'],
  ['a fault with too many bytes', rule('', '{ fault: limit-data, bytes: 1000001 }'), '4:60: bytes is too large; 1000000 is the most.'],
];

const amounts: readonly Case[] = [
  ['a price in five decimals', 'prices: { acedata.check-3e: 0.12345 }', '3:29: acedata.check-3e has to be yuan with up to 4 decimals, such as 0.45.'],
  ['a price that is a word', 'prices: { acedata.check-3e: free }', '3:29: acedata.check-3e has to be yuan with up to 4 decimals, such as 0.45.'],
  ['a price with a decimal comma', 'prices: { acedata.check-3e: "0,45" }', '3:29: acedata.check-3e has to be yuan with up to 4 decimals, such as 0.45.'],
  ['a price below nothing', 'prices: { acedata.check-3e: -0.45 }', '3:29: acedata.check-3e is too small; 0 is the least.'],
  ['a price of a million', 'prices: { acedata.check-3e: 1000000 }', '3:29: acedata.check-3e is too large; 999999 is the most.'],
  ['an empty price', 'prices: { acedata.check-3e: }', '3:29: acedata.check-3e is empty. Write a number, or text.'],
  ['a price of an endpoint that there is none of', 'prices: { acedata.check3e: 1 }', '3:11: "acedata.check3e" is not known here; did you mean "acedata.check-3e"?'],
  ['half a call', 'expect: { calls: { alapi: 1.5 } }', '3:27: alapi is the number 1.5. Write a whole number, or text.'],
  ['less than no call', 'expect: { calls: { alapi: -1 } }', '3:27: alapi is too small; 0 is the least.'],
  ['many calls', 'expect: { calls: { alapi: many } }', '3:27: alapi has to be a number, or a range such as "1..", "..2" or "2..4".'],
  ['a number of calls in quotes', 'expect: { calls: { alapi: "1" } }', '3:27: alapi has to be a number, or a range such as "1..", "..2" or "2..4".'],
  ['a range of calls that ends before it begins', 'expect: { charged: { alapi: 4..2 } }', '3:29: alapi ends before it begins; write "2..4".'],
  ['calls of a provider that there is none of', 'expect: { calls: { qtx: 1 } }', '3:20: "qtx" is not known here; did you mean "qxt"?'],
  ['a mistyped expectation', 'expect: { call: { qxt: 1 } }', '3:11: "call" is not known here; did you mean "calls"?'],
  ['one word where names are wanted', 'expect: { never: alapi }', '3:18: never is the text "alapi". Write a list.'],
  ['a mistyped name of what is never called', 'expect: { never: [alapy] }', '3:19: "alapy" is none of the words for entry 1 of never; did you mean "alapi"?'],
];

it.each([...clocks, ...times, ...delays, ...steps, ...amounts])('refuses %s', (_what, yaml, ...complaints) => {
  expect(complaintsBelow(yaml)).toEqual(complaints);
});

it.each(['2 x busy', 'x2 busy', 'busy x2', '2xbusy', 'busy 2x', '2X busy', '2* busy', '2×busy', '02x busy'])('spells %s right', (step) => {
  expect(complaintsBelow(rule('', `["${step}", ok]`))).toEqual(['4:33: entry 1 of then has to be spelled "2x busy".']);
});

const unquoted: readonly Case[] = [
  ['an ID number, whose last digits would be lost', 'people:\n  li: { name: 李雷, idCard: 110101199003070011 }', '4:27: idCard is text, and 110101199003070011 without quotes is none; quote it: "110101199003070011".'],
  ['a number in a rule', 'rules:\n  - { id: a, when: { number: 13800138000 }, then: busy }', '4:30: number is text, and 13800138000 without quotes is none; quote it: "13800138000".'],
  ['a number as a key', 'numbers:\n  13800138000: { status: active }', '4:3: the key 13800138000 is read as a number; quote it: "13800138000".'],
  ['a number with a leading zero as a key', 'numbers:\n  0139: { status: active }', '4:3: the key 0139 is read as a number; quote it: "0139".'],
  ['a hexadecimal key', 'numbers:\n  0x1F: { status: active }', '4:3: the key 0x1F is read as a number; quote it: "0x1F".'],
  ['a pattern that begins with an asterisk', 'rules:\n  - { id: a, when: { number: *139 }, then: busy }', '4:30: *139 is read as an alias, and aliases are not allowed; quote a pattern: "*139".'],
  ['a token', 'accounts:\n  alapi: { token: 0123 }', '4:19: token is text, and 0123 without quotes is none; quote it: "0123".'],
  ['a token in exponent form', 'accounts:\n  alapi: { token: 12e3 }', '4:19: token is text, and 12e3 without quotes is none; quote it: "12e3".'],
  ['a token that reads as a truth', 'accounts:\n  alapi: { token: true }', '4:19: token is text, and true without quotes is none; quote it: "true".'],
  ['an apikey of digits', `accounts:\n  qxt: { apikey: ${'1234567890'.repeat(3)}12 }`, '4:18: apikey is text, and 12345678901234567890123456789012 without quotes is none; quote it: "12345678901234567890123456789012".'],
  ['a credential in a rule', 'rules:\n  - { id: a, when: { credential: 5 }, then: busy }', '4:34: credential is text, and 5 without quotes is none; quote it: "5".'],
  ['a code', 'rules:\n  - { id: a, then: { code: 422 } }', '4:28: code is text, and 422 without quotes is none; quote it: "422".'],
  ['a negative code of one provider', 'rules:\n  - { id: a, then: { code: { qxt: -8 } } }', '4:35: qxt is text, and -8 without quotes is none; quote it: "-8".'],
  ['an HTTP status in a reading', 'readings: { acedata.tokenMismatchedStatus: 401 }', '3:44: acedata.tokenMismatchedStatus is text, and 401 without quotes is none; quote it: "401".'],
  ['a span', 'rules:\n  - { id: a, when: { during: 10 }, then: busy }', '4:30: during is text, and 10 without quotes is none; quote it: "10".'],
  ['a beginning', 'clock: { at: 2026 }', '3:14: at is text, and 2026 without quotes is none; quote it: "2026".'],
  ['an owner', 'numbers:\n  "138*": { owner: 5 }', '4:20: owner is text, and 5 without quotes is none; quote it: "5".'],
];

it.each(unquoted)('wants quotes around %s', (_what, yaml, ...complaints) => {
  expect(complaintsBelow(yaml)).toEqual(complaints);
});

const notForScenarios: readonly Case[] = [
  ['an anchor', 'people: &x {}', '3:9: anchors (&x) are not allowed. Remove it.'],
  ['an anchor on a word', 'description: &x y', '3:14: anchors (&x) are not allowed. Remove it.'],
  ['an alias', 'description: *x', '3:14: *x is read as an alias, and aliases are not allowed; quote a pattern: "*x".'],
  ['an anchor and its alias', 'numbers: { "1": &a {}, "2": *a }', '3:17: anchors (&a) are not allowed. Remove it.', '3:29: *a is read as an alias, and aliases are not allowed; quote a pattern: "*a".'],
  ['a merge key', '<<: { seed: 1 }', '3:1: merge keys (<<) are not allowed. Write the values out.'],
  ['a tag of YAML', 'description: !!str 1', '3:14: tags (!!str) are not allowed. Remove it.'],
  ['a tag of YAML on a map', 'people: !!map {}', '3:9: tags (!!map) are not allowed. Remove it.'],
  ['a tag that does not fit', 'description: !!int abc', '3:14: tags (!!int) are not allowed. Remove it.'],
  ['a tag of one’s own', 'description: !env HOME', '3:14: tags (!env) are not allowed. Remove it.'],
  ['a tag that would run code', 'description: !!js/function "x"', '3:14: tags (!!js/function) are not allowed. Remove it.'],
  ['a second document', '---\nkonghao: 1', '3:1: a second document begins here. One file holds one scenario.'],
  ['a key twice', 'seed: 1\nseed: 2', '4:1: the key "seed" stands in this map already. Keep one of them.'],
  ['a key three times', 'numbers: { "1": {}, "1": {}, "1": {} }', '3:21: the key "1" stands in this map already. Keep one of them.', '3:30: the key "1" stands in this map already. Keep one of them.'],
  ['the key __proto__', 'people: { __proto__: { name: x } }', '3:11: the key __proto__ is not allowed. Choose another.'],
  ['the key constructor', 'readings: { constructor: x }\naccounts: { constructor: x }', expect.stringMatching(/^3:13: "constructor" is not known here/), expect.stringMatching(/^4:13: "constructor" is not known here/)],
  ['a list as a key', '? [a]\n: 1', '3:3: a list or map is no key. Write a word.'],
  ['a map as a key', '{ a: 1 }: 2', '3:1: a list or map is no key. Write a word.'],
  ['an empty key', ': 1', '3:1: a key is missing here. Write one.'],
  ['the key null', 'null: 1', '3:1: the key null is read as empty; quote it: "null".'],
  ['a tab for indentation', 'people:\n\tli: {}', '4:1: tabs cannot indent YAML. Use spaces.'],
  ['an open brace', 'people: {', '3:10: a { is not closed, or what is in it not indented. Close it.'],
  ['an open bracket', 'rules: [a, b', '3:13: a [ is not closed, or what is in it not indented. Close it.'],
  ['an open quote', 'description: "abc', '3:18: a quote (") is not closed. Close it.'],
  ['an open single quote', "description: 'abc", "3:18: a quote (') is not closed. Close it."],
  ['a colon in a value', 'description: a: b', '3:14: a colon stands inside this value. Quote the value, or give what follows a line of its own and the right indentation.'],
  ['a word without a colon', 'people', '3:1: this is no key with a value. Write "key: value".'],
  ['a list among keys', '- a', '3:1: a key is missing here. Write one.'],
  ['a value that begins with @', 'description: @x', '3:14: this is not YAML (Plain value cannot start with reserved character @). Check quotes, colons and indentation.'],
  ['an escape that there is none of', 'description: "\\q"', '3:15: this is not YAML (Invalid escape sequence \\q). Check quotes, colons and indentation.'],
];

it.each(notForScenarios)('refuses %s', (_what, yaml, ...complaints) => {
  expect(complaintsBelow(yaml)).toEqual(complaints);
});

it.each(['%YAML 1.1', '%YAML 1.2', '%TAG ! tag:example.com,2026:'])('refuses the directive %s', (directive) => {
  expect(complaintsOf(`${directive}\n---\nkonghao: 1\nname: x\n`)).toEqual([`1:1: directives (${directive}) are not allowed. Remove it.`]);
});

it('finds all mistakes of a file in one run, in the order of the file', () => {
  const text = `konghao: 1
name: Everything Wrong
sed: 3
clock: noon
accounts:
  acedata: { token: 123, quota: -1 }
  alapi: { token: a, calls: many }
  alapi: { token: b }
people:
  li: { name: 李雷, idCard: "110105194912310021" }
numbers:
  13800138000: { status: actve }
  "139*": { owner: le }
rules:
  - { id: a, when: { number: "138*" }, then: { code: { qxt: "-99" } } }
  - { id: b, when: { provider: qxt, endpoint: acedata.check-1e }, then: busy }
  - { id: c, when: { provider: alapi }, then: { delay: typical } }
  - { id: c, when: { provider: alapi, number: "139*" }, then: bussy }
  - { id: d, when: { provider: alapi, number: "139*" }, then: busy }
readings: { acedata.locale: &x zh }
switchedOff: [qxt]
`;
  expect(complaintsOf(text).map((complaint) => complaint.replace(/^(\d+:\d+: [^.;,(]{0,40}).*/s, '$1'))).toEqual([
    '2:7: name has to be lower-case letters',
    '3:1: "sed" is not known here',
    '4:8: clock has to be a date',
    '6:21: token is text',
    '6:33: quota is too small',
    '8:3: the key "alapi" stands in this map alrea',
    '10:27: idCard ends in a wrong check character',
    '12:3: the key 13800138000 is read as a number',
    '12:26: "actve" is none of the words for status',
    '13:20: nobody under people is called "le"',
    '15:61: "-99" is none of the words for qxt',
    '16:20: acedata',
    '17:56: no document says how long alapi',
    '18:63: "bussy" is none of the words for then',
    '19:5: the rule can never fire: "c" ',
    '20:29: anchors ',
    '21:15: "qxt" is none of the words for entry 1 o',
  ]);
});

it('shows no more than a thousand mistakes, and says that there are more', () => {
  const complaints = complaintsBelow(Array.from({ length: 1500 }, (_, index) => `k${index}: 1`).join('\n'));
  expect(complaints).toHaveLength(1001);
  expect(complaints.at(-1)).toMatch(/there are more than 1000 mistakes\. Mend those above first\.$/);
});

it.each([
  ['ends its lines with CR LF', 'konghao: 1\r\nname: x\r\nseed: -1\r\n', '3:7: seed is too small; 0 is the least.'],
  ['begins with a byte order mark', '\ufeffname: x\nseed: -1\nkonghao: 2\n', '2:7: seed is too small; 0 is the least.'],
  ['begins with a byte order mark and a mistake', '\ufeffnmae: x\nkonghao: 1\n', '1:1: "nmae" is not known here; did you mean "name"?'],
  ['has Chinese before the mistake', 'konghao: 1\nname: x\nnumbers: { "1": { area: 湖北-宜昌, state: 1 } }', '3:32: "state" is not known here; did you mean "status"?'],
  ['has a text of several lines before the mistake', 'konghao: 1\nname: x\ndescription: |\n  one\n  two\nseed: -1\n', '6:7: seed is too small; 0 is the least.'],
])('counts lines and columns of a file that %s', (_what, text, complaint) => {
  expect(complaintsOf(text)).toContain(complaint);
});

it.each(['\r\n', '\n'])('takes a file whose lines end with %j, with or without a byte order mark', (end) => {
  const text = ['konghao: 1', 'name: x', 'numbers:', '  "138*": { status: vacant }', ''].join(end);
  expect(complaintsOf(text)).toEqual([]);
  expect(complaintsOf(`\ufeff${text}`)).toEqual([]);
});

it('takes an ID number with a lower-case x, and keeps it with an upper-case one', () => {
  const loaded = loadScenario('konghao: 1\nname: x\npeople: { li: { name: 李雷, idCard: 11010519491231002x } }', 'a', schema, providers);
  expect(loaded).toMatchObject({ kind: 'scenario', scenario: { people: { li: { idCard: '11010519491231002X' } } } });
});

it('quotes no more of a text than a line can hold', () => {
  const [complaint = ''] = complaintsBelow(`seed: ${'x'.repeat(5000)}`);
  expect(complaint.length).toBeLessThan(200);
});

const everything = [...wholeFiles, ...values, ...clocks, ...times, ...delays, ...steps, ...amounts, ...unquoted, ...notForScenarios];

it('complains in sentences: what is wrong, and what to do', () => {
  const complaints = everything.flatMap(([, yaml]) => complaintsBelow(yaml));
  for (const complaint of complaints) expect(complaint).toMatch(/^\d+:\d+: \S.*(; did you mean ".+"\?|(\. [A-Z]|; |such as |has to |may hold |\. There ).+\.)$/s);
});

// Properties: whatever a file holds, the loader answers, soon, and with a place that the file has.

const shipped = readFileSync(new URL('../../scenarios/default.yaml', import.meta.url), 'utf8');

function answersSoon(text: string): void {
  // The time that this process had, not that which others took from it.
  const began = process.cpuUsage();
  const loaded = loadScenario(text, 'a', schema, providers);
  const { user, system } = process.cpuUsage(began);
  expect((user + system) / 1_000_000).toBeLessThan(1);
  if (loaded.kind === 'scenario') return;
  expect(loaded.complaints.length).toBeGreaterThan(0);
  const lines = text.split('\n').length;
  for (const { line, column, message } of loaded.complaints) {
    expect(line >= 1 && line <= lines && column >= 1 && message !== '').toBe(true);
  }
}

it('answers to any text', () => {
  fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 2000 }), fc.string({ unit: 'binary', maxLength: 500 })), answersSoon), { numRuns: 500 });
});

it('answers to any text of the symbols that YAML is made of', () => {
  const symbol = fc.constantFrom(...'-?:,[]{}#&*!|>\'"%@` \n\t\\ab1<.~=', '\n  ', ': ', '- ', '? ', '---\n', '...\n', '"a": ', '<<: ', 'konghao: 1\n', 'rules:\n', '\r\n');
  fc.assert(fc.property(fc.array(symbol, { maxLength: 300 }), (symbols) => answersSoon(symbols.join(''))), { numRuns: 1500 });
});

it('answers to any value in place of a known key', () => {
  const key = fc.constantFrom('konghao', 'name', 'description', 'seed', 'clock', 'accounts', 'people', 'numbers', 'rules', 'readings', 'switchedOff', 'prices', 'expect');
  fc.assert(fc.property(key, fc.jsonValue({ maxDepth: 6 }), (name, value) => answersSoon(JSON.stringify({ konghao: 1, name: 'x', [name]: value }))), { numRuns: 500 });
});

it('answers to any clock, account, number, rule, price and expectation of the right shape', () => {
  const any = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom('busy', 'qxt', 'qxt.balance', 'acedata.check-3e', '138*', '13800138000', '*', '-8', 'typical', '1s', 'uniform(1s, 2s)', '10s..20s', '2x busy', 'x2 busy', '1..', 2, 0.5, 'reset', 'charge', 'li', 'vacant', 'a', ''));
  const code = fc.oneof(any, fc.record({ qxt: any, 'alapi.phonecheck': any }, { requiredKeys: [] }));
  const step = fc.oneof(any, fc.record({ reason: any, status: any, code, delay: any, times: any, fault: any, before: any, after: any, bytes: any }, { requiredKeys: [] }));
  const when = fc.record({ provider: any, endpoint: any, number: any, credential: any, during: any, chance: any }, { requiredKeys: [] });
  const rule = fc.record({ id: any, when, then: fc.oneof(step, fc.array(step, { maxLength: 4 })), times: any, per: any }, { requiredKeys: [] });
  const counts = fc.dictionary(fc.constantFrom('qxt', 'qxt.balance', 'alapi', 'alapi.phonecheck', 'toString'), any);
  const expected = fc.record({ calls: counts, charged: counts, never: fc.array(any, { maxLength: 3 }) }, { requiredKeys: [] });
  const clock = fc.oneof(any, fc.record({ at: any, speed: any, delays: any, signatures: any }, { requiredKeys: [] }));
  const account = fc.record({ token: any, secretId: any, secretKey: any, apikey: any, quota: any, rate: any, expires: any, state: any, allow: any }, { requiredKeys: [] });
  const accounts = fc.record({ acedata: fc.oneof(account, fc.array(account, { maxLength: 3 })), tencent: account, alapi: account, qxt: account }, { requiredKeys: [] });
  const scenario = fc.record({ clock, prices: counts, expect: expected, accounts, people: fc.dictionary(fc.constantFrom('li', 'wang', '__proto__', 'constructor'), any), numbers: fc.dictionary(fc.constantFrom('138*', '1', 'toString'), fc.record({ owner: any, status: any }, { requiredKeys: [] })), rules: fc.array(rule, { maxLength: 8 }), switchedOff: fc.array(any, { maxLength: 3 }) }, { requiredKeys: [] });
  fc.assert(fc.property(scenario, (value) => answersSoon(JSON.stringify({ konghao: 1, name: 'x', ...value }))), { numRuns: 300 });
});

it('answers to any mutation of a shipped scenario', () => {
  const cut = fc.nat(shipped.length);
  const insert = fc.oneof(fc.constantFrom('"', "'", '[', '{', '}', ']', ':', ': ', '\n', '\t', '- ', '&a ', '*a', '!!x ', '#', '|', '>', '---\n', '\u0000', '\ufffd', '  '), fc.string({ maxLength: 20 }));
  const mutation = fc.tuple(cut, fc.nat(40), insert);
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      answersSoon(mutations.reduce((text, [at, length, inserted]) => text.slice(0, at) + inserted + text.slice(at + length), shipped));
    }),
    { numRuns: 60 },
  );
}, 120_000);
