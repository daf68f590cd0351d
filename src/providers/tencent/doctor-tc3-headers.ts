import { header } from '../../wire/wire-request.ts';
import { bareHost, otherHosts } from './doctor-hosts.ts';
import { quoted } from './doctor-mistake.ts';
import { mayStandAsSent, type Tc3Change, type Tc3Mistake, type Tc3Signing } from './doctor-tc3.ts';

/** Mistakes in the header lines and in their names. */
export const headerMistakes: readonly Tc3Mistake[] = [
  {
    cause: 'content-type-differs',
    explain: (what, { request }) => `The Content-Type was signed as ${what} and sent as ${quoted(header(request, 'content-type'))}. Sign the value that your HTTP library sends, or set it there yourself.`,
    variants: (right, { request }) => {
      const sent = header(request, 'content-type').trim();
      // Another case of the same is another mistake.
      const others = [...contentTypes, sent.replace(/;.*/, '').trim()].filter((type) => type.toLowerCase() !== sent.toLowerCase());
      return relined(right, 'content-type', others);
    },
  },
  {
    cause: 'host-without-port',
    explain: (what, { request }) => `The host was signed as ${what}, and the Host header says ${quoted(request.host)}. Sign it with its port.`,
    variants: (right, { request }) => relined(right, 'host', [bareHost(request.host)]),
  },
  {
    cause: 'host-differs',
    explain: (what, { request }) => `The host was signed as ${what}, and the Host header says ${quoted(request.host)}. Sign the Host that is sent, or have the proxy in between leave it as it is.`,
    variants: (right, { request }) => relined(right, 'host', otherHosts(request)),
  },
  {
    cause: 'header-name-case',
    explain: (what) => `Header names were signed with capitals in ${what}. Write them in small letters in both the header lines and SignedHeaders.`,
    variants: (right) => {
      const names = right.names.map(titled);
      const lines = reshaped(right, (name, value) => `${titled(name)}:${value}`);
      return [['the header lines', { lines }], ['SignedHeaders', { names }], ['the header lines and SignedHeaders', { lines, names }]];
    },
  },
  {
    cause: 'header-value-case',
    explain: (what) => `Of the signed headers ${what} was signed with its capitals. Put the values of all signed headers into small letters.`,
    variants: ({ lines, names }, { line }) => {
      const capital = names.filter((name) => line(name).asSent !== line(name).lowered).slice(0, mostCapital);
      const subsets = Array.from({ length: 2 ** capital.length }, (_, at) => capital.filter((_name, bit) => (at >> bit) % 2 === 1));
      const others = capital.filter((name) => !mayStandAsSent.has(name)).length;
      // With all in small letters, and with all but those that may stand as sent, it is accepted.
      const wrong = subsets.filter((asSent) => asSent.some((name) => !mayStandAsSent.has(name)) || (asSent.length > 0 && asSent.length < capital.length - others));
      return wrong.map((asSent): Tc3Change => [
        asSent.join(' and '),
        { lines: names.map((name, index) => (asSent.includes(name) ? line(name).asSent : capital.includes(name) ? line(name).lowered : (lines[index] ?? ''))) },
      ]);
    },
  },
  {
    cause: 'header-lines-not-trimmed',
    explain: (what) => `The header lines were signed with ${what}. Write name, colon and the trimmed value, without blanks between.`,
    variants: (right) => [
      ['a blank behind the colon', { lines: reshaped(right, (name, value) => `${name}: ${value}`) }],
      ['a blank behind the value', { lines: reshaped(right, (name, value) => `${name}:${value} `) }],
      ['a blank before the colon', { lines: reshaped(right, (name, value) => `${name} :${value}`) }],
    ],
  },
  {
    cause: 'header-lines-unsorted',
    explain: (what) => `The headers were signed in the order ${what}. Sort them by name, in the header lines as in SignedHeaders.`,
    variants: ({ lines, names }) =>
      permutations(names.length).flatMap((order): readonly Tc3Change[] => {
        const moved = { lines: order.map((at) => lines[at] ?? ''), names: order.map((at) => names[at] ?? '') };
        return [moved, { lines: moved.lines }, { names: moved.names }].map((change) => [moved.names.join(';'), change]);
      }),
  },
  {
    cause: 'signed-headers-differ',
    explain: (what, { authorization }) => `The canonical request has the headers ${what}, and Authorization says SignedHeaders=${authorization.signedHeaders.join(';').slice(0, 200)}. Name the same headers in both.`,
    variants: ({ lines, names }, seen) => {
      const without = names.slice(0, mostNames).map((_, at) => names.filter((__, other) => other !== at));
      const more = ['x-tc-action', 'x-tc-timestamp', 'x-tc-version', 'x-tc-region'].filter((name) => !names.includes(name) && seen.request.headers[name] !== undefined);
      const withMore = [...more.map((name) => [...names, name]), ...more.map((_, at) => [...names, ...more.slice(0, at + 1)])];
      const spelt = (kind: 'lowered' | 'asSent') => (name: string): string => lines[names.indexOf(name)] ?? seen.line(name)[kind];
      return [...without, ...withMore].flatMap((list): readonly Tc3Change[] => {
        const sorted = [...list].sort();
        return (['lowered', 'asSent'] as const).map((kind) => [sorted.join(';'), { names: sorted, lines: sorted.map(spelt(kind)) }]);
      });
    },
  },
  {
    cause: 'header-encoding',
    explain: (what) => `A signed header is not ASCII, and was signed ${what}. Sign the bytes that are sent, best of all none beyond ASCII.`,
    variants: ({ lines }) => {
      if (lines.every((line) => /^[ -~]*$/.test(line))) return [];
      const decoded = lines.map((line) => Buffer.from(line, 'latin1').toString('utf8'));
      return [
        ['in UTF-8 while it was sent in Latin-1, or encoded twice', { charset: 'utf8' }],
        ['in Latin-1 while it was sent in UTF-8', { lines: decoded }],
        ['with ? for what is not ASCII', { lines: decoded.map((line) => line.replace(/[^ -~]/gu, '?')) }],
      ];
    },
  },
];

const contentTypes = [
  'application/json', 'application/json; charset=utf-8', 'application/json;charset=utf-8', 'application/json; charset=UTF-8', 'application/json;charset=UTF-8',
  'application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=utf-8', 'application/x-www-form-urlencoded;charset=UTF-8',
  'text/plain', 'text/plain; charset=utf-8', 'text/plain;charset=UTF-8', 'multipart/form-data', 'application/octet-stream', '',
];

/** One header's line in place of another; nothing where the header is not signed. */
const relined = ({ lines, names }: Tc3Signing, name: string, values: readonly string[], what = quoted): readonly Tc3Change[] =>
  names.includes(name) ? values.map((value) => [what(value), { lines: lines.map((line, at) => (names[at] === name ? `${name}:${value}` : line)) }]) : [];

/** Every line with another start than its name, or another end. */
const reshaped = ({ lines, names }: Tc3Signing, shape: (name: string, value: string) => string): readonly string[] =>
  lines.map((line, at) => shape(names[at] ?? '', line.slice((names[at] ?? '').length + 1)));

const titled = (name: string): string => name.replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase()).replace(/^X-Tc-/, 'X-TC-');

const mostCapital = 4;
const mostNames = 16;

/** Orders of so many things but the sorted one: all of up to three, and of more the reverse and each moved to the front. */
function permutations(count: number): readonly (readonly number[])[] {
  const sorted = Array.from({ length: count }, (_, at) => at);
  if (count === 3) return [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
  return [sorted.toReversed(), ...sorted.slice(1, mostNames).map((first) => [first, ...sorted.filter((at) => at !== first)])];
}
