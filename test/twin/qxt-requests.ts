import { FORM, form, JSON_TYPE, MULTIPART, multipart, type Credentials, type NamedRequest } from './raw-request.ts';
import { NUMBERS } from './sample-world.ts';

/**
 * QXT's two addresses: each state, each code, GET and POST.
 *
 * The balance goes down along the table; the requests for it stand last, so that two servers that were asked everything
 * in this order can also be compared by what they charged.
 */
export const QXT_REQUESTS: readonly NamedRequest[] = [
  ...(['GET', 'POST'] as const).flatMap((method) => [
    status(`sample, ported, ${method}`, { mobile: NUMBERS.sampleQxtPorted }, { method }),
    status(`normal, ${method}`, { mobile: NUMBERS.normal }, { method }),
    status(`suspended, ${method}`, { mobile: NUMBERS.sampleTencentSuspended }, { method }),
    status(`vacant, ${method}`, { mobile: NUMBERS.vacant }, { method }),
    status(`no record, ${method}`, { mobile: NUMBERS.unlisted }, { method }),
    status(`mobile missing, ${method}`, {}, { method }),
    status(`apikey missing, ${method}`, { mobile: NUMBERS.normal }, { method, apikey: '' }),
  ]),
  status('number of the second example', { mobile: NUMBERS.sampleQxtUrl }, { basis: 'silent' }),
  status('cancelled', { mobile: NUMBERS.cancelled }, { basis: 'silent' }),
  status('offline', { mobile: NUMBERS.offline }, { basis: 'silent' }),
  status('unknown state', { mobile: NUMBERS.unknown }, { basis: 'silent' }),
  status('silent number', { mobile: NUMBERS.silent }, { basis: 'silent' }),
  status('risky number', { mobile: NUMBERS.risk }, { basis: 'silent' }),
  status('China Unicom', { mobile: NUMBERS.sampleAlapi }),
  status('China Telecom', { mobile: NUMBERS.telecom }),
  status('fourth network', { mobile: NUMBERS.broadcast }, { basis: 'silent' }),
  status('look-up fails', { mobile: NUMBERS.busy }, { basis: 'silent' }),
  status('mobile empty', { mobile: '' }, { basis: 'silent' }),
  status('too short', { mobile: '1380013800' }, { basis: 'silent' }),
  status('too long', { mobile: '138001380001' }, { basis: 'silent' }),
  status('eleven letters', { mobile: 'abcdefghijk' }, { basis: 'silent' }),
  status('eleven digits that are no mobile number', { mobile: '01012345678' }, { basis: 'silent' }),
  status('segment that is not issued', { mobile: NUMBERS.sampleTencentInvalid }, { basis: 'silent' }),
  status('two numbers', { mobile: `${NUMBERS.normal},${NUMBERS.vacant}` }, { basis: 'silent' }),
  status('country code', { mobile: `+86${NUMBERS.normal}` }, { basis: 'silent' }),
  status('space before', { mobile: ` ${NUMBERS.normal}` }, { basis: 'silent' }),
  status('mobile twice', { mobile: NUMBERS.normal }, { more: `&mobile=${NUMBERS.vacant}`, basis: 'silent' }),
  status('additional parameter', { mobile: NUMBERS.normal, colour: 'red' }, { basis: 'silent' }),
  status('apikey of 31 characters', { mobile: NUMBERS.normal }, { apikey: 'a'.repeat(31) }),
  status('apikey of 33 characters', { mobile: NUMBERS.normal }, { apikey: 'a'.repeat(33) }),
  status('apikey unknown', { mobile: NUMBERS.normal }, { apikey: 'f'.repeat(32) }),
  status('apikey unknown and number too short', { mobile: '1' }, { apikey: 'f'.repeat(32), basis: 'silent' }),
  status('apikey too short and mobile missing', {}, { apikey: 'a', basis: 'silent' }),
  status('no balance', { mobile: NUMBERS.normal }, { account: 'empty' }),
  status('no balance and number too short', { mobile: '1' }, { account: 'empty', basis: 'silent' }),
  status('no balance and no record', { mobile: NUMBERS.unlisted }, { account: 'empty', basis: 'silent' }),
  status('negative balance, postpaid', { mobile: NUMBERS.normal }, { account: 'postpaid' }),
  status('address not allowed', { mobile: NUMBERS.normal }, { account: 'foreign-address' }),
  status('system error', { mobile: NUMBERS.normal }, { account: 'failing' }),
  status('lower-case path', { mobile: NUMBERS.normal }, { path: '/ssphone_status' }),
  status('upper-case path', { mobile: NUMBERS.normal }, { path: '/SSPHONE_STATUS', basis: 'silent' }),
  status('upper-case parameter', { Mobile: NUMBERS.normal }, { basis: 'silent' }),
  status('JSON', { mobile: NUMBERS.normal }, { method: 'POST', body: 'json', basis: 'silent' }),
  status('multipart', { mobile: NUMBERS.normal }, { method: 'POST', body: 'multipart', basis: 'silent' }),
  status('POST with all in the query', { mobile: NUMBERS.normal }, { method: 'POST', body: 'query', basis: 'silent' }),
  status('broken JSON', {}, { method: 'POST', body: 'broken', basis: 'silent' }),
  status('PUT', { mobile: NUMBERS.normal }, { method: 'PUT', basis: 'silent' }),
  status('apikey in a header', { mobile: NUMBERS.normal }, { apikey: '', header: true, basis: 'silent' }),

  balance('prepaid, GET', {}),
  balance('prepaid, POST', { method: 'POST' }),
  balance('postpaid', { account: 'postpaid' }),
  balance('empty', { account: 'empty' }),
  balance('apikey missing', { apikey: '' }),
  balance('apikey of 31 characters', { apikey: 'a'.repeat(31) }),
  balance('apikey unknown', { apikey: 'f'.repeat(32) }),
  balance('address not allowed', { account: 'foreign-address' }),
  balance('system error', { account: 'failing' }),
  balance('JSON', { method: 'POST', body: 'json', basis: 'silent' }),
  balance('multipart', { method: 'POST', body: 'multipart', basis: 'silent' }),
  balance('upper-case path', { path: '/Balance', basis: 'silent' }),
  balance('PUT', { method: 'PUT', basis: 'silent' }),
  balance('again, costs nothing', { basis: 'silent' }),
];

interface Options {
  readonly account?: keyof Credentials['qxt'];
  readonly basis?: NamedRequest['basis'];
  readonly method?: string;
  readonly path?: string;
  /** Instead of the account's key; empty leaves it out. */
  readonly apikey?: string;
  readonly header?: boolean;
  readonly body?: 'form' | 'json' | 'multipart' | 'query' | 'broken';
  /** Put after the encoded parameters. */
  readonly more?: string;
}

type Parameters = Readonly<Record<string, string>>;

function status(name: string, parameters: Parameters, options: Options = {}): NamedRequest {
  return named('qxt/ssPhone_Status', '/ssPhone_Status', name, parameters, options);
}

function balance(name: string, options: Options): NamedRequest {
  return named('qxt/balance', '/balance', name, {}, options);
}

function named(endpoint: NamedRequest['endpoint'], usual: string, name: string, parameters: Parameters, options: Options): NamedRequest {
  const { account = 'prepaid', basis = 'documented', method = 'GET', path = usual, more = '' } = options;
  return {
    endpoint,
    name,
    account,
    basis,
    build({ host, credentials: { qxt } }) {
      const apikey = options.apikey ?? qxt[account];
      const all = apikey === '' ? parameters : { apikey, ...parameters };
      const headers: [string, string][] = [['Host', host]];
      if (options.header) headers.push(['apikey', qxt[account]]);
      if (method === 'GET' || options.body === 'query') {
        return { method, target: `${path}?${form(all)}${more}`, headers, body: Buffer.alloc(0) };
      }
      const [type, text] = encode(options.body ?? 'form', all);
      return { method, target: path, headers: [...headers, ['Content-Type', type]], body: Buffer.from(text) };
    },
  };
}

function encode(body: 'form' | 'json' | 'multipart' | 'broken', parameters: Parameters): readonly [string, string] {
  switch (body) {
    case 'form':
      return [FORM, form(parameters)];
    case 'json':
      return [JSON_TYPE, JSON.stringify(parameters)];
    case 'multipart':
      return [MULTIPART, multipart(parameters)];
    case 'broken':
      return [JSON_TYPE, '{"apikey":'];
    default:
      return body satisfies never;
  }
}
