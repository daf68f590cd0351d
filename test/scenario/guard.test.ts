import { expect, it } from 'vitest';
import { complaintsOf } from '../support/complaints.ts';
import { folderWith, konghao } from '../support/command.ts';

const begin = 'konghao: 1\nname: x\n';
const tooDeep = 'the file nests deeper than 32 levels. Flatten it.';
const notText = 'the file is not UTF-8 text. Save it as UTF-8.';
const many = 20_000;

/** The depth grows by one a line. */
const stairs = (line: (indent: string) => string, depth = 1_400): string => Array.from({ length: depth }, (_, level) => line(' '.repeat(level))).join('');

type Case = readonly [what: string, text: string | Buffer, complaint: string];

const tooMuch: readonly Case[] = [
  ['2 MiB', `${begin}description: ${'x'.repeat(2 * 1024 * 1024)}`, '1:1: the file has 2097184 bytes, and 1048576 are the most. Split it.'],
  ['2 MiB of Chinese, which has fewer characters', `${begin}description: ${'空'.repeat(700_000)}`, '1:1: the file has 2100032 bytes, and 1048576 are the most. Split it.'],
  ['20,000 brackets', '['.repeat(many), `1:33: ${tooDeep}`],
  ['20,000 braces', '{'.repeat(many), `1:33: ${tooDeep}`],
  ['20,000 brackets below a key', `${begin}people: ${'['.repeat(many)}`, `3:40: ${tooDeep}`],
  ['20,000 brackets, closed', '['.repeat(many) + ']'.repeat(many), `1:33: ${tooDeep}`],
  ['JSON of 20,000 levels', '{"a":'.repeat(many), `1:161: ${tooDeep}`],
  ['lists in one line', '- '.repeat(many), `1:65: ${tooDeep}`],
  ['lists behind a key', `${begin}rules:\n${'- '.repeat(many)}`, `4:63: ${tooDeep}`],
  ['question marks in one line', '? '.repeat(many), `1:65: ${tooDeep}`],
  ['colons in one line', ': '.repeat(many), `1:65: ${tooDeep}`],
  ['keys in one line', 'a: '.repeat(many), `1:97: ${tooDeep}`],
  ['keys of rising indentation', stairs((indent) => `${indent}a:\n`), `33:33: ${tooDeep}`],
  ['lists of rising indentation', stairs((indent) => `${indent}-\n`), `33:33: ${tooDeep}`],
  ['explicit keys of rising indentation', stairs((indent) => `${indent}?\n`), `33:33: ${tooDeep}`],
  ['brackets behind a quote inside a value', `${begin}description: it 's\npeople: ${'['.repeat(many)}`, `4:40: ${tooDeep}`],
  ['brackets behind a double quote inside a value', `${begin}description: 6" wide\npeople: ${'['.repeat(many)}`, `4:40: ${tooDeep}`],
  ['brackets behind a quote in a comment', `${begin}# it's "\npeople: ${'['.repeat(many)}`, `4:40: ${tooDeep}`],
  ['brackets behind a quote in a text of several lines', `${begin}description: |\n  it's "\npeople: ${'['.repeat(many)}`, `5:40: ${tooDeep}`],
  ['brackets behind an escaped quote', `${begin}description: "\\""\npeople: ${'['.repeat(many)}`, `4:40: ${tooDeep}`],
  ['brackets behind a doubled quote', `${begin}description: 'it''s'\npeople: ${'['.repeat(many)}`, `4:40: ${tooDeep}`],
  ['levels behind a quote inside a value', `description: it 's\n${stairs((indent) => `${indent}a:\n`)}`, `34:33: ${tooDeep}`],
  ['brackets in a second document', `${begin}---\n${'['.repeat(many)}`, `4:33: ${tooDeep}`],
  ['brackets behind a carriage return', `konghao: 1\r\nname: x\r\npeople: ${'['.repeat(many)}`, `3:40: ${tooDeep}`],
];

const noText: readonly Case[] = [
  ['UTF-16', Buffer.from(`\ufeff${begin}`, 'utf16le'), `1:1: ${notText}`],
  ['UTF-16 without a byte order mark', Buffer.from(begin, 'utf16le'), `1:2: ${notText}`],
  ['latin-1', Buffer.from(`${begin}description: déjà vu`, 'latin1'), `3:15: ${notText}`],
  ['GBK', Buffer.concat([Buffer.from(`${begin}description: `), Buffer.from([0xbf, 0xd5, 0xba, 0xc5])]), `3:14: ${notText}`],
  ['an executable', Buffer.from('7f454c4602010100000000', 'hex'), '1:1: a control character (U+007F) stands here. Remove it.'],
  ['a picture', Buffer.from('89504e470d0a1a0a0000000d', 'hex'), `1:1: ${notText}`],
  ['zeros', Buffer.alloc(100_000), `1:1: ${notText}`],
  ['an escape sequence for terminals', `${begin}description: \u001b[31mred`, '3:14: a control character (U+001B) stands here. Remove it.'],
  ['the marks that the lexer puts between its tokens', `${begin}description: a\u001fb\u0018c`, '3:15: a control character (U+001F) stands here. Remove it.'],
];

const hostile = [...tooMuch, ...noText];

it.each(hostile)('refuses %s with its place, in less than 200 ms', (_what, content, complaint) => {
  const text = content.toString('utf8');
  // The time that this process had, not that which others took from it.
  const began = process.cpuUsage();
  const complaints = complaintsOf(text);
  const { user, system } = process.cpuUsage(began);
  expect(complaints).toEqual([complaint]);
  expect((user + system) / 1000).toBeLessThan(200);
});

it('outlives every hostile file, and goes on with the next', async () => {
  const at = folderWith(Object.fromEntries([...hostile.map(([, content], index) => [`${index}.yaml`, content] as const), ['last.yaml', `${begin}seed: -1\n`]]));
  const files = [...hostile.map((_, index) => at(`${index}.yaml`)), at('last.yaml')];
  const { code, signal, stdout, stderr } = await konghao(['check', ...files]);
  expect({ code, signal, stderr }).toEqual({ code: 1, signal: null, stderr: '' });
  const expected = [...hostile.map(([, , complaint], index) => `${at(`${index}.yaml`)}:${complaint}`), `${at('last.yaml')}:3:7: seed is too small; 0 is the least.`];
  expect(stdout.trimEnd().split('\n')).toEqual(expected);
});

it('refuses nine anchors of nine aliases each without looking one up', () => {
  const bomb = `${begin}a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghij'[index]}`).join(', ')}]\n`).join('')}`;
  const began = process.cpuUsage();
  const complaints = complaintsOf(bomb);
  const { user, system } = process.cpuUsage(began);
  expect(complaints.filter((complaint) => complaint.includes('aliases are not allowed'))).toHaveLength(81);
  expect(complaints.filter((complaint) => complaint.includes('anchors'))).toHaveLength(10);
  expect((user + system) / 1000).toBeLessThan(200);
});

it.each([
  ['a step', `rules: [{ id: a, then: "${'1'.repeat(100_000)}" }]`],
  ['a step with its count', `rules: [{ id: a, then: "2x ${'x 1'.repeat(30_000)}" }]`],
  ['a delay', `rules: [{ id: a, then: { delay: "uniform(${'1'.repeat(100_000)}" } }]`],
  ['a delay of blanks', `rules: [{ id: a, then: { delay: "uniform(1s${' '.repeat(100_000)}" } }]`],
  ['a span', `rules: [{ id: a, when: { during: "${'.'.repeat(100_000)}" }, then: ok }]`],
  ['a price', `prices: { acedata.check-3e: "${'1'.repeat(100_000)}" }`],
  ['a range', `expect: { calls: { qxt: "${'1.'.repeat(50_000)}" } }`],
])('refuses %s of a hundred thousand symbols in less than 200 ms', (_what, yaml) => {
  const began = process.cpuUsage();
  const complaints = complaintsOf(begin + yaml);
  const { user, system } = process.cpuUsage(began);
  expect(complaints).toHaveLength(1);
  expect(complaints.join().length).toBeLessThan(400);
  expect((user + system) / 1000).toBeLessThan(200);
});

it.each([
  ['32 levels of brackets', `${begin}people: ${'['.repeat(31)}${']'.repeat(31)}`],
  ['32 levels of indentation', stairs((indent) => `${indent}a:\n`, 32)],
])('reads %s', (_what, text) => {
  expect(complaintsOf(text).join()).not.toContain('nests deeper');
});

it.each([
  ['brackets in quotes', `description: "${'['.repeat(100)}"`],
  ['brackets in single quotes', `description: '${'{'.repeat(100)}'`],
  ['brackets in a comment', `# ${'['.repeat(100)}`],
  ['brackets in a text of several lines', `description: |\n  ${'['.repeat(100)}\n  ${'- '.repeat(100)}`],
  ['brackets inside a value', `description: a${'['.repeat(100)}`],
  ['a text of rising indentation', `description: |\n${stairs((indent) => `  ${indent}a\n`, 60)}`],
  ['many maps beside each other', `numbers: { ${Array.from({ length: 500 }, (_, index) => `"${index}": {}`).join(', ')} }`],
])('takes %s for what they are', (_what, yaml) => {
  expect(complaintsOf(begin + yaml)).toEqual([]);
});

it.each([
  ['keys', `numbers:\n${Array.from({ length: 30_000 }, (_, index) => `  "138${String(index).padStart(8, '0')}": {}\n`).join('')}`],
  ['repeated keys', 'seed: 1\n'.repeat(30_000)],
  ['unknown keys', Array.from({ length: 30_000 }, (_, index) => `k${index}:\n`).join('')],
  ['keys that are none', '? [a]\n'.repeat(30_000)],
  ['steps', `rules:\n${Array.from({ length: 30 }, (_, index) => `  - { id: r${index}, when: { number: "${index}" }, then: [${'2x busy, '.repeat(999)}ok] }\n`).join('')}`],
  ['steps that are none', `rules:\n  - { id: a, then: [${'2 x bussy, '.repeat(30_000)}ok] }\n`],
  ['expectations', `expect: { never: [${'qxt, alapi.phonecheck, '.repeat(15_000)}qxt] }\n`],
  ['expectations of nobody', `expect: { never: [${'qtx, '.repeat(30_000)}qxt] }\n`],
  ['owners that nobody knows', `people: { ${Array.from({ length: 3_000 }, (_, index) => `p${index}: { name: 某, idCard: 11010519491231002X }`).join(', ')} }\nnumbers: { ${Array.from({ length: 3_000 }, (_, index) => `"${index}": { owner: q${index} }`).join(', ')} }`],
])('reads thousands of %s in time that grows with their number, and not with its square', (_what, yaml) => {
  const began = process.cpuUsage();
  complaintsOf(begin + yaml);
  const { user, system } = process.cpuUsage(began);
  // A comparison of each with each takes ten times as long.
  expect((user + system) / 1_000_000).toBeLessThan(5);
});
