import { JSON_TYPE, FORM, form, type Credentials, type NamedRequest } from './raw-request.ts';
import { NUMBERS, OWNER, OWNER_WITH_X } from './sample-world.ts';

/** AceData's two checks: each state and result, each error code, and the forms that its documents leave open. */
export const ACEDATA_REQUESTS: readonly NamedRequest[] = [
  one('normal', { mobile: NUMBERS.normal }),
  one('suspended', { mobile: NUMBERS.sampleTencentSuspended }),
  one('cancelled', { mobile: NUMBERS.cancelled }),
  one('vacant', { mobile: NUMBERS.vacant }),
  one('offline', { mobile: NUMBERS.offline }),
  one('unknown state', { mobile: NUMBERS.unknown }),
  one('ported', { mobile: NUMBERS.sampleQxtPorted }),
  one('silent number', { mobile: NUMBERS.silent }, { basis: 'silent' }),
  one('risky number', { mobile: NUMBERS.risk }, { basis: 'silent' }),
  one('centre is busy', { mobile: NUMBERS.busy }),
  one('daily limit of a number', { mobile: NUMBERS.dailyLimit }, { basis: 'silent' }),
  one('no record', { mobile: NUMBERS.unlisted }),
  one('too short', { mobile: '1380013800' }),
  one('too long', { mobile: '138001380001' }),
  one('letters', { mobile: '1380013800a' }),
  one('segment that is not issued', { mobile: NUMBERS.sampleTencentInvalid }, { basis: 'silent' }),
  one('country code', { mobile: `+86${NUMBERS.normal}` }, { basis: 'silent' }),
  one('spaces around', { mobile: ` ${NUMBERS.normal} ` }, { basis: 'silent' }),
  one('mobile missing', {}, { basis: 'silent' }),
  one('mobile empty', { mobile: '' }, { basis: 'silent' }),
  one('mobile null', { mobile: null }, { basis: 'silent' }),
  one('mobile is a JSON number', { mobile: Number(NUMBERS.normal) }, { basis: 'silent' }),
  one('mobile is a list', { mobile: [NUMBERS.normal] }, { basis: 'silent' }),
  one('phone instead of mobile', { phone: NUMBERS.normal }, { basis: 'silent' }),
  one('additional field', { mobile: NUMBERS.normal, colour: 'red' }, { basis: 'silent' }),
  one('empty encryption', { mobile: NUMBERS.normal, encryption: {} }, { basis: 'silent' }),
  one('null encryption', { mobile: NUMBERS.normal, encryption: null }, { basis: 'silent' }),
  one('encryption that cannot be opened', { mobile: 'c2FuZGJveA==', encryption: unopenable() }, { basis: 'silent' }),
  one('broken JSON', '{"mobile":', { basis: 'silent' }),
  one('JSON list', '[]', { basis: 'silent' }),
  one('no body', '', { basis: 'silent' }),
  one('form instead of JSON', form({ mobile: NUMBERS.normal }), { type: FORM, basis: 'silent' }),
  one('JSON without content type', { mobile: NUMBERS.normal }, { type: '', basis: 'silent' }),
  one('JSON with charset', { mobile: NUMBERS.normal }, { type: 'application/json; charset=utf-8' }),
  one('GET', '', { method: 'GET', query: `?mobile=${NUMBERS.normal}`, basis: 'silent' }),
  one('PUT', { mobile: NUMBERS.normal }, { method: 'PUT', basis: 'silent' }),
  one('no token', { mobile: NUMBERS.normal }, { authorization: () => '' }),
  one('wrong token', { mobile: NUMBERS.normal }, { authorization: () => 'Bearer nobody' }),
  one('Bearer without token', { mobile: NUMBERS.normal }, { authorization: () => 'Bearer' }),
  one('token without Bearer', { mobile: NUMBERS.normal }, { authorization: ({ good }) => good, basis: 'silent' }),
  one('lower-case bearer', { mobile: NUMBERS.normal }, { authorization: ({ good }) => `bearer ${good}`, basis: 'silent' }),
  one('Basic instead of Bearer', { mobile: NUMBERS.normal }, { authorization: ({ good }) => `Basic ${good}` }),
  one('wrong token and no mobile', {}, { authorization: () => 'Bearer nobody', basis: 'silent' }),
  one('too many requests', { mobile: NUMBERS.normal }, { account: 'rate-limited' }),
  one('server error', { mobile: NUMBERS.normal }, { account: 'failing' }),
  one('token of another API', { mobile: NUMBERS.normal }, { account: 'other-service', basis: 'silent' }),
  one('API that is not there', { mobile: NUMBERS.normal }, { path: '/identity/phone/check-9e', basis: 'silent' }),

  three('consistent', person(NUMBERS.normal)),
  three('consistent, Telecom', { ...person(NUMBERS.telecom), ...owner(OWNER_WITH_X) }),
  three('consistent, Unicom', person(NUMBERS.sampleAlapi)),
  three('consistent, ported', { ...person(NUMBERS.sampleQxtPorted), ...owner(OWNER_WITH_X) }, { basis: 'silent' }),
  three('consistent, fourth network', person(NUMBERS.broadcast), { basis: 'silent' }),
  three('consistent, virtual network', person(NUMBERS.sampleQxtUrl), { basis: 'silent' }),
  three('consistent, lower-case x', { ...person(NUMBERS.telecom), name: OWNER_WITH_X.name, id_card: OWNER_WITH_X.idCard.toLowerCase() }, { basis: 'silent' }),
  three('another name', { ...person(NUMBERS.normal), name: '王五' }),
  three('another id card', { ...person(NUMBERS.normal), id_card: '110101199003071014' }),
  three('another name and id card', { ...person(NUMBERS.normal), ...owner(OWNER_WITH_X) }),
  three('suspended number', person(NUMBERS.sampleTencentSuspended), { basis: 'silent' }),
  three('cancelled number', person(NUMBERS.cancelled), { basis: 'silent' }),
  three('number without owner', person(NUMBERS.ownerless), { basis: 'silent' }),
  three('no record', person(NUMBERS.unlisted)),
  three('engine, unknown error', person(NUMBERS.engineUnknown)),
  three('engine exception', person(NUMBERS.engineException)),
  three('name verification fails', person(NUMBERS.nameCheck)),
  three('name with digits', { ...person(NUMBERS.normal), name: '张3' }, { basis: 'silent' }),
  three('phone too short', person('1380013800')),
  three('phone in a segment that is not issued', person(NUMBERS.sampleTencentInvalid), { basis: 'silent' }),
  three('bad phone and bad name', { ...person('123'), name: '张3' }, { basis: 'silent' }),
  three('daily limit', person(NUMBERS.dailyLimit)),
  three('id card of 17 characters', { ...person(NUMBERS.normal), id_card: '11010119900307100' }, { basis: 'silent' }),
  three('id card with wrong check digit', { ...person(NUMBERS.normal), id_card: '110101199003071007' }, { basis: 'silent' }),
  three('name missing', without('name'), { basis: 'silent' }),
  three('phone missing', without('phone'), { basis: 'silent' }),
  three('id_card missing', without('id_card'), { basis: 'silent' }),
  three('name empty', { ...person(NUMBERS.normal), name: '' }, { basis: 'silent' }),
  three('phone alone', { phone: NUMBERS.normal }, { basis: 'silent' }),
  three('mobile instead of phone', { ...without('phone'), mobile: NUMBERS.normal }, { basis: 'silent' }),
  three('phone is a JSON number', { ...person(NUMBERS.normal), phone: Number(NUMBERS.normal) }, { basis: 'silent' }),
  three('verify_mode long', { ...person(NUMBERS.normal), verify_mode: '1' }, { basis: 'silent' }),
  three('verify_mode long, inconsistent', { ...person(NUMBERS.normal), name: '王五', verify_mode: '1' }, { basis: 'silent' }),
  three('verify_mode of no meaning', { ...person(NUMBERS.normal), verify_mode: 'medium' }, { basis: 'silent' }),
  three('ciphertext that cannot be opened', { ...person(NUMBERS.normal), encrypt_list: ['Name'], ciphertext_blob: 'AAAA', iv: 'AAAA' }, { basis: 'silent' }),
  three('empty encrypt_list', { ...person(NUMBERS.normal), encrypt_list: [] }, { basis: 'silent' }),
  three('broken JSON', '{', { basis: 'silent' }),
  three('GET', '', { method: 'GET', query: `?${form(person(NUMBERS.normal))}`, basis: 'silent' }),
  three('no token', person(NUMBERS.normal), { authorization: () => '' }),
  three('wrong token', person(NUMBERS.normal), { authorization: () => 'Bearer nobody' }),
  three('too many requests', person(NUMBERS.normal), { account: 'rate-limited' }),
  three('server error', person(NUMBERS.normal), { account: 'failing' }),
  three('token of another API', person(NUMBERS.normal), { account: 'other-service', basis: 'silent' }),
];

interface Options {
  readonly account?: keyof Credentials['acedata'];
  readonly basis?: NamedRequest['basis'];
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly type?: string;
  readonly authorization?: (tokens: Credentials['acedata']) => string;
}

function one(name: string, body: object | string, options: Options = {}): NamedRequest {
  return named('acedata/check-1e', '/identity/phone/check-1e', name, body, options);
}

function three(name: string, body: object | string, options: Options = {}): NamedRequest {
  return named('acedata/check-3e', '/identity/phone/check-3e', name, body, options);
}

function named(endpoint: NamedRequest['endpoint'], path: string, name: string, body: object | string, options: Options): NamedRequest {
  const { account = 'good', basis = 'documented', method = 'POST', query = '', type = JSON_TYPE } = options;
  return {
    endpoint,
    name,
    account,
    basis,
    build({ host, credentials: { acedata } }) {
      const authorization = options.authorization?.(acedata) ?? `Bearer ${acedata[account]}`;
      const headers: [string, string][] = [
        ['Host', host],
        ['Accept', JSON_TYPE],
        ['Authorization', authorization],
        ['Content-Type', type],
      ];
      return {
        method,
        target: `${options.path ?? path}${query}`,
        headers: headers.filter(([, value]) => value !== ''),
        body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      };
    },
  };
}

function person(phone: string): { name: string; phone: string; id_card: string } {
  return { ...owner(OWNER), phone };
}

function owner({ name, idCard }: { readonly name: string; readonly idCard: string }): { name: string; id_card: string } {
  return { name, id_card: idCard };
}

function without(field: string): object {
  return Object.fromEntries(Object.entries(person(NUMBERS.normal)).filter(([name]) => name !== field));
}

function unopenable(): object {
  return { encrypt_list: ['Mobile'], ciphertext_blob: 'BASE64+BLOB/==', iv: 'vTjCqg1Xz6Lh0pJZCNjAAQ==' };
}
