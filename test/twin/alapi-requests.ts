import { FORM, form, JSON_TYPE, MULTIPART, multipart, type Credentials, type NamedRequest } from './raw-request.ts';
import { NUMBERS } from './sample-world.ts';

type Token = (tokens: Credentials['alapi']) => string;

/** ALAPI's phonecheck: each state, each code, lists and their limit, and each place where a token may stand. */
export const ALAPI_REQUESTS: readonly NamedRequest[] = [
  posted('sample', NUMBERS.sampleAlapi),
  posted('normal', NUMBERS.normal),
  posted('suspended', NUMBERS.sampleTencentSuspended),
  posted('vacant', NUMBERS.vacant),
  posted('silent number', NUMBERS.silent),
  posted('risky number', NUMBERS.risk),
  posted('no record', NUMBERS.unlisted),
  posted('cancelled', NUMBERS.cancelled, { basis: 'silent' }),
  posted('offline', NUMBERS.offline, { basis: 'silent' }),
  posted('unknown state', NUMBERS.unknown, { basis: 'silent' }),
  posted('ported', NUMBERS.sampleQxtPorted, { basis: 'silent' }),
  posted('virtual network', NUMBERS.sampleQxtUrl, { basis: 'silent' }),
  posted('fourth network', NUMBERS.broadcast, { basis: 'silent' }),
  posted('look-up fails', NUMBERS.busy, { basis: 'silent' }),
  posted('two numbers', `${NUMBERS.normal},${NUMBERS.vacant}`),
  posted('two numbers in the other order', `${NUMBERS.vacant},${NUMBERS.normal}`, { basis: 'silent' }),
  posted('six states at once', [NUMBERS.vacant, NUMBERS.normal, NUMBERS.sampleTencentSuspended, NUMBERS.unlisted, NUMBERS.silent, NUMBERS.risk].join(',')),
  posted('one number twice', `${NUMBERS.normal},${NUMBERS.normal}`, { basis: 'silent' }),
  posted('comma at the end', `${NUMBERS.normal},`, { basis: 'silent' }),
  posted('empty place in between', `${NUMBERS.normal},,${NUMBERS.vacant}`, { basis: 'silent' }),
  posted('space after the comma', `${NUMBERS.normal}, ${NUMBERS.vacant}`, { basis: 'silent' }),
  posted('Chinese comma', `${NUMBERS.normal}，${NUMBERS.vacant}`, { basis: 'silent' }),
  posted('semicolon', `${NUMBERS.normal};${NUMBERS.vacant}`, { basis: 'silent' }),
  posted('2000 numbers', many(2000)),
  posted('2001 numbers', many(2001), { basis: 'silent' }),
  posted('too short', '1380013800', { basis: 'silent' }),
  posted('letters', 'abcdefghijk', { basis: 'silent' }),
  posted('segment that is not issued', NUMBERS.sampleTencentInvalid, { basis: 'silent' }),
  posted('one bad number among good ones', `${NUMBERS.normal},123,${NUMBERS.vacant}`, { basis: 'silent' }),
  posted('mobiles empty', '', { basis: 'silent' }),
  posted('commas alone', ',,,', { basis: 'silent' }),
  asked('mobiles missing', ({ good }) => form({ token: good }), { basis: 'silent' }),
  asked('mobile instead of mobiles', ({ good }) => form({ token: good, mobile: NUMBERS.normal }), { basis: 'silent' }),
  asked('mobiles twice', ({ good }) => `token=${good}&mobiles=${NUMBERS.normal}&mobiles=${NUMBERS.vacant}`, { basis: 'silent' }),
  asked('token missing', () => form({ mobiles: NUMBERS.normal })),
  asked('token empty', () => form({ token: '', mobiles: NUMBERS.normal })),
  asked('token wrong', () => form({ token: 'nobody', mobiles: NUMBERS.normal })),
  asked('token wrong and mobiles missing', () => form({ token: 'nobody' }), { basis: 'silent' }),
  asked('no body', () => '', { basis: 'silent' }),
  posted('account expired', NUMBERS.normal, { account: 'expired' }),
  posted('account exhausted', NUMBERS.normal, { account: 'exhausted' }),
  posted('address not on the list', NUMBERS.normal, { account: 'foreign-address' }),
  posted('no more data', NUMBERS.normal, { account: 'no-data' }),
  posted('too many requests', NUMBERS.normal, { account: 'rate-limited' }),
  posted('request fails', NUMBERS.normal, { account: 'failing', basis: 'silent' }),
  posted('account expired and mobiles empty', '', { account: 'expired', basis: 'silent' }),

  asked('JSON', ({ good }) => JSON.stringify({ token: good, mobiles: NUMBERS.normal }), { type: JSON_TYPE, basis: 'silent' }),
  asked('JSON, mobiles is a number', ({ good }) => `{"token":"${good}","mobiles":${NUMBERS.normal}}`, { type: JSON_TYPE, basis: 'silent' }),
  asked('JSON, mobiles is a list', ({ good }) => JSON.stringify({ token: good, mobiles: [NUMBERS.normal] }), { type: JSON_TYPE, basis: 'silent' }),
  asked('broken JSON', () => '{"token":', { type: JSON_TYPE, basis: 'silent' }),
  asked('multipart', ({ good }) => multipart({ token: good, mobiles: NUMBERS.normal }), { type: MULTIPART, basis: 'silent' }),
  asked('form with charset', ({ good }) => form({ token: good, mobiles: NUMBERS.normal }), { type: `${FORM}; charset=utf-8` }),
  asked('form without content type', ({ good }) => form({ token: good, mobiles: NUMBERS.normal }), { type: '', basis: 'silent' }),
  asked('token in the query', () => form({ mobiles: NUMBERS.normal }), { query: ({ good }) => form({ token: good }), basis: 'silent' }),
  asked('all in the query of a POST', () => '', { query: ({ good }) => form({ token: good, mobiles: NUMBERS.normal }), basis: 'silent' }),
  asked('token in a header', () => form({ mobiles: NUMBERS.normal }), { header: true, basis: 'silent' }),
  asked('GET', () => '', { method: 'GET', query: ({ good }) => form({ token: good, mobiles: NUMBERS.normal }), basis: 'silent' }),
  asked('GET with the token in a header', () => '', { method: 'GET', header: true, query: () => form({ mobiles: NUMBERS.normal }), basis: 'silent' }),
  asked('PUT', ({ good }) => form({ token: good, mobiles: NUMBERS.normal }), { method: 'PUT' }),
  asked('DELETE', () => '', { method: 'DELETE', query: ({ good }) => form({ token: good }) }),
  asked('address that is not there', ({ good }) => form({ token: good }), { path: '/api/phonechecks' }),
  asked('address in upper case', ({ good }) => form({ token: good, mobiles: NUMBERS.normal }), { path: '/api/PhoneCheck', basis: 'silent' }),
];

interface Options {
  readonly account?: keyof Credentials['alapi'];
  readonly basis?: NamedRequest['basis'];
  readonly method?: string;
  readonly path?: string;
  readonly type?: string;
  readonly query?: Token;
  /** Sends the account's token as a header. */
  readonly header?: boolean;
}

/** A form as the samples post it. */
function posted(name: string, mobiles: string, options: Options = {}): NamedRequest {
  return asked(name, (tokens) => form({ token: tokens[options.account ?? 'good'], mobiles }), options);
}

function asked(name: string, body: Token, options: Options = {}): NamedRequest {
  const { account = 'good', basis = 'documented', method = 'POST', path = '/api/phonecheck', type = FORM } = options;
  return {
    endpoint: 'alapi/phonecheck',
    name,
    account,
    basis,
    build({ host, credentials: { alapi } }) {
      const content = Buffer.from(body(alapi));
      const headers: [string, string][] = [
        ['Host', host],
        ['Content-Type', content.length > 0 ? type : ''],
        ['token', options.header ? alapi[account] : ''],
      ];
      return {
        method,
        target: options.query ? `${path}?${options.query(alapi)}` : path,
        headers: headers.filter(([, value]) => value !== ''),
        body: content,
      };
    },
  };
}

function many(count: number): string {
  return Array.from({ length: count }, (_, index) => `1390000${String(index).padStart(4, '0')}`).join(',');
}
