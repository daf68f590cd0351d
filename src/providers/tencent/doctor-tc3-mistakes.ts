import { createHmac } from 'node:crypto';
import { parseForm, type Parameter } from '../../wire/form.ts';
import type { Diagnosis } from '../provider.ts';
import { encodings } from './doctor-encoding.ts';
import { bareHost } from './doctor-hosts.ts';
import { keyMistakes } from './doctor-keys.ts';
import { findMistake, quoted } from './doctor-mistake.ts';
import { headerMistakes } from './doctor-tc3-headers.ts';
import { isUnsigned, tc3Rights, tc3Signature, tc3Texts, unsignedPayload, type Tc3Change, type Tc3Mistake, type Tc3Seen, type Tc3Signing } from './doctor-tc3.ts';
import { sha256, signingKey, utcDate } from './tc3.ts';

/** The mistake behind a TC3 signature that is wrong, or none that is known. */
export const tc3Mistake = (seen: Tc3Seen): Diagnosis | undefined =>
  findMistake(mistakes, { texts: tc3Texts, signature: tc3Signature }, tc3Rights(seen), seen, seen.authorization.signature);

const keyOf = ({ account }: Tc3Seen, date: string, service: string): Buffer => signingKey(account.terms.secret, date, service).bytes;

const ofSignature: readonly Tc3Mistake[] = [
  {
    cause: 'signature-upper-case',
    explain: () => 'The signature is right, and written in capitals. Write its hexadecimal digits in small letters.',
    variants: () => [['', { encoding: 'hex in capitals' }]],
  },
  {
    cause: 'signature-base64',
    explain: () => 'The signature is right, and written in base64 as the older signatures are. TC3 wants hexadecimal digits in small letters.',
    variants: () => [['', { encoding: 'base64' }]],
  },
];

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const hexHmac = (key: string | Buffer, text: string): string => hmac(key, text).toString('hex');

const ofKey: readonly Tc3Mistake[] = [
  ...keyMistakes<Tc3Signing, Tc3Seen>((secretKey, { date, service }) => ({ key: signingKey(secretKey, date, service).bytes })),
  {
    cause: 'key-without-prefix',
    explain: () => 'The first key of the derivation is the SecretKey alone. It is the text TC3 and the SecretKey behind it.',
    variants: ({ date, service }, { account: { terms: { secret } } }) => [['', { key: hmac(hmac(hmac(secret, date), service), 'tc3_request') }]],
  },
  {
    cause: 'key-from-hex',
    explain: () => 'The keys of the derivation were passed on as hexadecimal text. Each HMAC takes the bytes of the one before; only the signature is written in hexadecimal.',
    variants: ({ date, service }, { account: { terms: { secret } } }) => [['', { key: hexHmac(hexHmac(hexHmac(`TC3${secret}`, date), service), 'tc3_request') }]],
  },
  {
    cause: 'key-not-derived',
    explain: () => 'The string to sign was signed with the SecretKey itself. TC3 derives a key from it first: by the date, the service, and tc3_request.',
    variants: (_, { account: { terms: { secret } } }) => [['', { key: secret }], ['', { key: `TC3${secret}` }]],
  },
];

const ofPayload: readonly Tc3Mistake[] = [
  {
    cause: 'body-re-serialised',
    explain: (what) => `The body that was signed is not the one that was sent: it was signed ${what}. Serialise it once, and sign and send those very bytes.`,
    variants: ({ method }, seen) => (method === 'GET' || isUnsigned(seen.request) ? [] : seen.payloads().map(([what, payload]): Tc3Change => [what, { payload }])),
  },
  {
    cause: 'payload-empty',
    explain: (what) => `The payload was signed as ${what}, and a body was sent. Hash the bytes of the body.`,
    variants: ({ method }) => (method === 'GET' ? [] : [['empty', { payload: sha256('') }], ['{}', { payload: sha256('{}') }], ['no hash at all', { payload: '' }]]),
  },
  {
    cause: 'payload-unsigned',
    explain: () => 'UNSIGNED-PAYLOAD was signed in place of the body, and the header X-TC-Content-SHA256: UNSIGNED-PAYLOAD does not say so. Send that header, or hash the body.',
    variants: (_, { request }) => (isUnsigned(request) ? [] : [['', { payload: sha256(unsignedPayload) }], ['', { payload: unsignedPayload }]]),
  },
  {
    cause: 'payload-signed-although-unsigned',
    explain: () => 'X-TC-Content-SHA256 says UNSIGNED-PAYLOAD, and the payload was signed all the same. Hash the text UNSIGNED-PAYLOAD, or leave the header out.',
    variants: (_, { request }) => (isUnsigned(request) ? [['', { payload: sha256(request.body) }], ['', { payload: sha256('') }], ['', { payload: unsignedPayload }]] : []),
  },
  {
    cause: 'payload-of-get',
    explain: (what) => `The payload of a GET was signed as ${what}. It is empty: a GET's parameters are signed as its query.`,
    variants: ({ method, query }, { request }) => {
      if (method !== 'GET') return [];
      const parameters = JSON.stringify(Object.fromEntries(parseForm(query)));
      return [['its body', { payload: sha256(request.body) }], ['its query', { payload: sha256(query) }], ['its parameters in JSON', { payload: sha256(parameters) }], ['{}', { payload: sha256('{}') }]];
    },
  },
  {
    cause: 'payload-not-hashed',
    explain: () => 'The canonical request ends with the payload itself. It ends with the SHA-256 of the payload, in hexadecimal.',
    variants: (_, { request }) => (request.body.length > longestInFull ? [] : [['', { payload: request.body.toString('latin1') }]]),
  },
  {
    cause: 'hash-upper-case',
    explain: (what) => `The hash of ${what} was written in capitals. Write its hexadecimal digits in small letters.`,
    variants: ({ payload }) => [
      ['the payload', { payload: payload.toUpperCase() }],
      ['the canonical request', { canonicalAs: 'hash in capitals' }],
      ['the payload, and that of the canonical request,', { payload: payload.toUpperCase(), canonicalAs: 'hash in capitals' }],
    ],
  },
];

const longestInFull = 64 * 1024;

const ofLayout: readonly Tc3Mistake[] = [
  {
    cause: 'blank-line-missing',
    explain: () => 'The blank line between the header lines and SignedHeaders is missing: each header line ends with a line break, and one more follows the last.',
    variants: () => [['', { blankLine: '' }]],
  },
  {
    cause: 'canonical-request-not-hashed',
    explain: () => 'The string to sign ends with the canonical request itself. It ends with the SHA-256 of it, in hexadecimal.',
    variants: () => [['', { canonicalAs: 'text' }]],
  },
  {
    cause: 'line-breaks-crlf',
    explain: () => 'The lines were joined with CR and LF. Join them with LF alone, whatever the system.',
    variants: () => [['', { lineBreak: '\r\n' }]],
  },
  {
    cause: 'line-break-at-the-end',
    explain: (what) => `A line break stands behind ${what}. Nothing follows its last line.`,
    variants: () => [['the canonical request', { canonicalEnd: '\n' }], ['the string to sign', { end: '\n' }]],
  },
];

const ofRequestLine: readonly Tc3Mistake[] = [
  {
    cause: 'method-differs',
    explain: (what, { request }) => `The request was signed as ${what} and sent as ${request.method}. Sign the method that is sent, in capitals.`,
    variants: ({ method }, { request }) => {
      const empty = { payload: sha256('') };
      const body = { payload: sha256(request.body) };
      const changes: readonly Partial<Tc3Signing>[] = method === 'GET' ? [{}, { query: '' }, body, { query: '', ...body }] : [{}, empty, { query: request.query }, { query: request.query, ...empty }];
      const other = method === 'GET' ? 'POST' : 'GET';
      return [...changes.map((change): Tc3Change => [other, { ...change, method: other }]), [method.toLowerCase(), { method: method.toLowerCase() }]];
    },
  },
  {
    cause: 'path-differs',
    explain: (what) => `The path was signed as ${what}. It is always /, whatever the URL has.`,
    variants: (_, { request: { path, query } }) => {
      const action = path.replace(/\/$/, '');
      return [path, '', `${path}?${query}`, action, `${action}/`, '/v3/', '/v2/index.php', '//'].filter((each) => each !== '/').map((each) => [quoted(each), { path: each }]);
    },
  },
  {
    cause: 'query-of-post',
    explain: () => 'The query of a POST was signed. The canonical query of a POST is empty, whatever stands behind the ? of its URL.',
    variants: ({ method }, { request: { query } }) => (method === 'GET' || query === '' ? [] : [['', { query }]]),
  },
  {
    cause: 'query-not-signed',
    explain: () => 'The query was signed as if it were empty. The canonical query of a GET is the text behind the ? of its URL.',
    variants: ({ query }) => (query === '' ? [] : [['', { query: '' }]]),
  },
  {
    cause: 'query-question-mark',
    explain: () => 'The query was signed with the ? before it. It begins behind that.',
    variants: ({ query }) => (query === '' ? [] : [['', { query: `?${query}` }]]),
  },
  {
    cause: 'query-re-sorted',
    explain: () => 'The parameters of the query were signed in another order than they were sent. Sign the text behind the ? as it stands in the URL.',
    variants: ({ query }) => {
      const items = query.split('&');
      const name = (item: string): string => item.split('=', 1)[0] ?? '';
      const byName = items.toSorted((a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : 0));
      return [byName, items.toSorted(), items.toReversed()].map((each) => each.join('&')).filter((each) => each !== query).map((each) => ['', { query: each }]);
    },
  },
  {
    cause: 'query-decoded',
    explain: () => 'The query was signed decoded. Sign it with its percent-escapes, as it stands in the URL.',
    variants: ({ query }) => inBothOrders(query, (text) => text, ''),
  },
  {
    cause: 'query-re-encoded',
    explain: (what) => `The query was signed encoded ${what}, and was sent encoded otherwise. Sign the text behind the ? as it stands in the URL.`,
    variants: ({ query }) => encodings.flatMap(([what, encode]) => inBothOrders(query, encode, what)),
  },
];

/** The query spelt anew, as sent and sorted; libraries that encode to sign sort as well. */
function inBothOrders(query: string, encode: (text: string) => string, what: string): readonly Tc3Change[] {
  const pairs: readonly Parameter[] = parseForm(query);
  const sorted = pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return [pairs, sorted]
    .map((each) => each.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&'))
    .filter((each) => each !== query)
    // Characters beyond one byte would be cut by latin1, in which the canonical request is hashed.
    .map((each) => [what, { query: Buffer.from(each).toString('latin1') }]);
}

const ofScope: readonly Tc3Mistake[] = [
  {
    cause: 'timestamp-differs',
    explain: (what) => `The string to sign has a timestamp ${what} X-TC-Timestamp. Ask for the time once, and use it in both.`,
    variants: ({ timestamp }) =>
      [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5].map((by) => [`${Math.abs(by)} s ${by < 0 ? 'before' : 'behind'}`, { timestamp: String(Number(timestamp) + by) }]),
  },
  {
    cause: 'date-differs',
    explain: (what) => `The date ${what} is not that in Credential. It is the UTC date of the timestamp in all three places: the string to sign, the key and Credential.`,
    variants: ({ timestamp, service }, seen) =>
      [-86_400, 86_400].flatMap((by) => {
        const date = utcDate(String(Number(timestamp) + by));
        return inScope({ date }, keyOf(seen, date, service));
      }),
  },
  {
    cause: 'service-differs',
    explain: (what) => `The service ${what} is not that in Credential. It is faceid in all three places: the string to sign, the key and Credential.`,
    variants: ({ date, service }, seen) =>
      [...new Set(['faceid', seen.request.host.split('.', 1)[0] ?? '', seen.request.host, bareHost(seen.request.host), 'cvm', 'tencentcloudapi', ''])]
        .filter((other) => other !== service)
        .flatMap((other) => inScope({ service: other }, keyOf(seen, date, other))),
  },
];

const inScope = (text: Pick<Partial<Tc3Signing>, 'date' | 'service'>, key: Buffer): readonly Tc3Change[] => [
  ['in the string to sign and the key', { ...text, key }],
  ['in the string to sign', text],
  ['in the key', { key }],
];

/** Where two rows would sign the same, the first gives the name: what is more usual stands before what is less. */
const mistakes: readonly Tc3Mistake[] = [...ofSignature, ...ofKey, ...ofPayload, ...headerMistakes, ...ofLayout, ...ofRequestLine, ...ofScope];
