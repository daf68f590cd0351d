import type { Parameter } from '../../wire/form.ts';
import type { Diagnosis } from '../provider.ts';
import { encodings } from './doctor-encoding.ts';
import { bareHost, otherHosts } from './doctor-hosts.ts';
import { keyMistakes } from './doctor-keys.ts';
import { findMistake, quoted, type Mistake, type Variant } from './doctor-mistake.ts';
import { v1Rights, v1Signature, v1Texts, type V1Encoding, type V1Seen, type V1Signing } from './doctor-v1.ts';

/** The mistake behind a v1 signature that is wrong, or none that is known. */
export const v1Mistake = (seen: V1Seen): Diagnosis | undefined =>
  // Of a long form a look takes seconds, and calls wait meanwhile.
  seen.parameters.reduce((sum, [name, value]) => sum + name.length + value.length, 0) > longestEncoded ? undefined : findMistake(mistakes, { texts: v1Texts, signature: v1Signature }, v1Rights(seen), seen, new Map(seen.parameters).get('Signature') ?? '');

type Row = Mistake<V1Signing, V1Seen>;
type Change = Variant<V1Signing>;

const written = (...encodings_: readonly V1Encoding[]): readonly Change[] => encodings_.map((encoding) => [encoding, { encoding }]);

const ofSignature: readonly Row[] = [
  {
    cause: 'signature-not-url-encoded',
    explain: () => 'The signature is right, and was sent without URL-encoding: its + arrived as blanks. Percent-encode it as every value.',
    variants: () => written('blanks for +'),
  },
  {
    cause: 'signature-encoded-twice',
    explain: () => 'The signature is right, and was URL-encoded twice. Encode it once: a library that builds the query or form does so already.',
    variants: () => written('URL-encoded'),
  },
  {
    cause: 'signature-hex',
    explain: (what) => `The signature was sent as ${what}. It is base64 of the digest's bytes.`,
    variants: () => written('hex', 'hex in capitals', 'base64 of hex'),
  },
  {
    cause: 'signature-base64-variant',
    explain: (what) => `The signature is right, and its base64 is another than the usual: ${what}. Use the standard alphabet with its padding, and nothing behind it.`,
    variants: () => written('line break behind', 'CR and LF behind', 'without padding', 'base64url', 'padded base64url'),
  },
  {
    cause: 'signature-method-differs',
    explain: (what, { parameters }) => `The signature was made with ${what}, and SignatureMethod ${saidMethod(new Map(parameters).get('SignatureMethod'))}. Only the exact word HmacSHA256 selects SHA-256; anything else means SHA-1.`,
    variants: ({ hash }) => [hash === 'sha1' ? ['SHA-256', { hash: 'sha256' }] : ['SHA-1', { hash: 'sha1' }]],
  },
];

const saidMethod = (said: string | undefined): string => (said === undefined ? 'is not there' : `says ${quoted(said)}`);

const byKey = (keyOf: (name: string) => string) => ([a]: Parameter, [b]: Parameter): number => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0);

const ofParameters: readonly Row[] = [
  {
    cause: 'parameters-sorted-otherwise',
    explain: (what) => `The parameters were sorted ${what}. ASCII order is wanted: capitals before small letters, and X.12 before X.2.`,
    variants: ({ parameters }) => [
      ['ignoring case', { parameters: parameters.toSorted(byKey((name) => name.toLowerCase())) }],
      ['by a locale', { parameters: parameters.toSorted(([a], [b]) => a.localeCompare(b, 'en')) }],
      ['with numbers by their size', { parameters: parameters.toSorted(byKey((name) => name.replace(/\d+/g, (digits) => digits.padStart(8, '0')))) }],
    ],
  },
  {
    cause: 'parameters-unsorted',
    explain: (what) => `The parameters were signed ${what}. Sort them by name in ASCII order before they are signed.`,
    variants: ({ parameters }, seen) => [
      ['in the order in which they were sent', { parameters: [...new Map(seen.parameters)].filter(([name]) => name !== 'Signature') }],
      ['in descending order', { parameters: parameters.toReversed() }],
    ],
  },
  {
    cause: 'value-not-url-encoded',
    explain: () => 'A value with a + in it was sent without URL-encoding, and its + arrived as a blank. Percent-encode every value.',
    variants: ({ parameters }, { request }) =>
      // Where no + was sent, the blanks are blanks.
      request.query.includes('+') || request.body.includes('+') ? [['', { parameters: parameters.map(([name, value]) => [name, value.replaceAll(' ', '+')] as const) }]] : [],
  },
  {
    cause: 'values-url-encoded',
    explain: (what) => `The values were URL-encoded before they were signed, ${what}. Sign them as they are, and encode them when they are sent.`,
    variants: ({ parameters }) => {
      if (lengthOf(parameters) > longestEncoded) return [];
      return encodings.flatMap(([what, encode]) => [
        [what, { parameters: parameters.map(([name, value]) => [name, encode(value)] as const) }],
        [what, { parameters: parameters.map(([name, value]) => [encode(name), encode(value)] as const) }],
      ]);
    },
  },
  {
    cause: 'parameter-not-signed',
    explain: (what) => `${what} was not signed. Every parameter but Signature is, those of a library and empty ones too.`,
    variants: ({ parameters }) => [
      ['What is empty', { parameters: parameters.filter(([, value]) => value !== '') }],
      ...parameters.slice(0, mostParameters).map(([name], at): Change => [/^[\w.]{1,64}$/.test(name) ? name : 'A parameter', { parameters: parameters.filter((_, other) => other !== at) }]),
    ],
  },
  {
    cause: 'timestamp-differs',
    explain: (what) => `The Timestamp that was signed is ${what} the one that was sent. Ask for the time once, and use it in both.`,
    variants: ({ parameters }) =>
      [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5].map((by) => [
        `${Math.abs(by)} s ${by < 0 ? 'before' : 'behind'}`,
        { parameters: parameters.map(([name, value]) => [name, name === 'Timestamp' ? String(Number(value) + by) : value] as const) },
      ]),
  },
];

const longestEncoded = 64 * 1024;
const mostParameters = 40;
const lengthOf = (parameters: readonly Parameter[]): number => parameters.reduce((length, [name, value]) => length + name.length + value.length, 0);

const ofRequestLine: readonly Row[] = [
  {
    cause: 'question-mark-missing',
    explain: () => 'The ? before the parameters is missing from the string to sign: it is method, host, path, ? and the parameters.',
    variants: () => [['', { questionMark: '' }]],
  },
  {
    cause: 'path-missing',
    explain: (what) => `The path is missing from the string to sign${what}: it is method, host, path, ? and the parameters, and the path is /.`,
    variants: () => [['', { path: '' }], [', and the ? with it', { path: '', questionMark: '' }]],
  },
  {
    cause: 'only-parameters-signed',
    explain: () => 'Only the parameters were signed. The string to sign begins with method, host, path and ?.',
    variants: () => [['', { method: '', host: '', path: '', questionMark: '' }]],
  },
  {
    cause: 'method-differs',
    explain: (what, { request }) => `The request was signed as ${what} and sent as ${request.method}. Sign the method that is sent, in capitals.`,
    variants: ({ method }) => [method === 'GET' ? 'POST' : 'GET', method.toLowerCase(), 'no method'].map((other) => [other, { method: other === 'no method' ? '' : other }]),
  },
  {
    cause: 'host-without-port',
    explain: (what, { request }) => `The host was signed as ${what}, and the Host header says ${quoted(request.host)}. Sign it with its port.`,
    variants: (_, { request }) => [[quoted(bareHost(request.host)), { host: bareHost(request.host) }]],
  },
  {
    cause: 'host-differs',
    explain: (what, { request }) => `The host was signed as ${what}, and the Host header says ${quoted(request.host)}. Sign the Host that is sent, or have the proxy in between leave it as it is.`,
    variants: (_, { request }) => ['', ...otherHosts(request)].map((host) => [quoted(host), { host }]),
  },
  {
    cause: 'path-differs',
    explain: (what) => `The path was signed as ${what}. It is always /, whatever the URL has.`,
    variants: (_, { request: { path } }) => [path, '/v2/index.php', '/v3/', '//'].filter((each) => each !== '/').map((each) => [quoted(each), { path: each }]),
  },
];

/** Where two rows would sign the same, the first gives the name: what is more usual stands before what is less. */
const mistakes: readonly Row[] = [
  ...ofSignature,
  ...keyMistakes<V1Signing, V1Seen>((key) => ({ key })),
  ...ofParameters,
  ...ofRequestLine,
];
