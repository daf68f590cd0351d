import { expect, it } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import { signedRequest, tc3Authorization } from '../../src/providers/tencent/sign.ts';
import { sha256 } from '../../src/providers/tencent/tc3.ts';
import { exchange, headerOf, lastEntry, type Incoming, type Outgoing } from '../support/exchange.ts';
import { serve, type Served } from '../support/serve.ts';

/** A choice that the documents leave, seen on the wire. */
interface Effect {
  /** The value where a scenario is silent: the document's own statement, wherever it makes one. */
  readonly byDefault: string;
  /** What of the scenario it takes to see it, besides the reading. */
  readonly facts?: string;
  observe(served: Served): Promise<unknown>;
  /** What is seen, by the reading's value. */
  readonly shows: Readonly<Record<string, unknown>>;
}

const number = '13912345678';
const person = { name: '李雷', id_card: '11010519491231002X' };
const people = `people: { li: { name: ${person.name}, idCard: "${person.id_card}" } }`;
const owned = `${people}\nnumbers: { "${number}": { carrier: 中国移动, owner: li } }`;
const vacant = `numbers: { "${number}": { status: vacant } }`;

type Json = Readonly<Record<string, unknown>>;
const json = ({ body }: Incoming): Json => JSON.parse(body) as Json;
/** A part of a JSON answer, `undefined` where there is none. */
const at = (answer: Incoming, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((part, key) => (typeof part === 'object' && part !== null ? (part as Record<string | number, unknown>)[key] : undefined), json(answer));
const items = (answer: Incoming): readonly Json[] | null => json(answer)['data'] as readonly Json[] | null;

const post = (target: string, body: unknown, headers: readonly (readonly [string, string])[]): Outgoing => ({
  method: 'POST',
  target,
  headers: [['Content-Type', 'application/json'], ...headers],
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const bearer = [['Authorization', 'Bearer sandbox-acedata-token']] as const;
const check1e = ({ port }: Served, body: unknown = { mobile: number }, headers: readonly (readonly [string, string])[] = bearer): Promise<Incoming> =>
  exchange(port, post('/identity/phone/check-1e', body, headers));
const check3e = ({ port }: Served, fields: object = {}): Promise<Incoming> => exchange(port, post('/identity/phone/check-3e', { ...person, phone: number, ...fields }, bearer));

const secretId = 'AKIDkonghaoSandbox';
const secretKey = 'sandboxSecretKey';
const seconds = (): number => Math.floor(Date.now() / 1000);
function mobileStatus({ port, address: host }: Served, common: Readonly<Record<string, string>> = {}): Promise<Incoming> {
  const params = { Mobile: number };
  const { method, target, headers, body } = signedRequest(
    { kind: 'tc3', method: 'POST' },
    { secretId, secretKey, host, timestamp: seconds(), action: 'MobileStatus', version: '2018-03-01', common, params },
  );
  return exchange(port, { method, target, headers, body });
}
/** What an official client sends whose endpoint is `127.0.0.1:<port>`: it names the service after the first label of its host. */
function signedForLoopback({ port, address: host }: Served): Promise<Incoming> {
  const body = JSON.stringify({ Mobile: number });
  const signed = [['Content-Type', 'application/json'], ['Host', host]] as const;
  const timestamp = String(seconds());
  const authorization = tc3Authorization({ secretId, secretKey }, { service: '127', timestamp, method: 'POST', query: '', signed, payload: sha256(body) });
  const headers = [...signed, ['X-TC-Action', 'MobileStatus'], ['X-TC-Version', '2018-03-01'], ['X-TC-Timestamp', timestamp], ['Authorization', authorization]] as const;
  return exchange(port, { method: 'POST', target: '/', headers, body });
}

const phonecheck = ({ port }: Served, mobiles: string, token = 'sandbox-alapi-token'): Promise<Incoming> =>
  exchange(port, { method: 'POST', target: '/api/phonecheck', headers: [['Content-Type', 'application/x-www-form-urlencoded']], body: `token=${token}&mobiles=${mobiles}` });

const apikey = '7c11272au708345c834b8ue81ac78972';
const phoneStatus = ({ port }: Served, mobile: string, path = '/ssPhone_Status'): Promise<Incoming> => exchange(port, { method: 'GET', target: `${path}?apikey=${apikey}&mobile=${mobile}` });
const balance = async ({ port }: Served): Promise<unknown> => at(await exchange(port, { method: 'GET', target: `/balance?apikey=${apikey}` }), 'result', 'balance');

const alapiCodes = ['200', '400', '404', '405', '406', '422', '429', '100', '101', '102', '104'] as const;
const numberOfCode = (code: string): string => `13900000${code}`;
/** Each code of ALAPI under HTTP 200 but for these, and 404 at a path that is none. */
const under200But = (...mirrored: readonly number[]): Record<string, number> => {
  const statuses = Object.fromEntries(alapiCodes.map((code) => [code, mirrored.includes(Number(code)) ? Number(code) : 200]));
  return { ...statuses, elsewhere: mirrored.includes(404) ? 404 : 200 };
};

const effects: Readonly<Record<string, Effect>> = {
  'acedata.missingAuth': {
    byDefault: 'invalid-token',
    async observe(served) {
      const answer = await check1e(served, undefined, []);
      return [answer.status, at(answer, 'error', 'code') ?? answer.body];
    },
    shows: {
      'invalid-token': [401, 'invalid_token'],
      'no-token': [400, 'no_token'],
      'authorization-missing': [401, 'authorization_missing'],
      'payment-required': [402, '{"x402Version":1,"error":"Payment required.","accepts":[]}'],
    },
  },
  'acedata.missingField': {
    byDefault: 'token-mismatched',
    async observe(served) {
      const answer = await check1e(served, {});
      return [answer.status, json(answer)['error']];
    },
    shows: {
      'token-mismatched': [400, { code: 'token_mismatched', message: 'The specified token is not matched with API.' }],
      'api-not-implemented': [400, { code: 'api_not_implemented', message: 'The API is not implemented.' }],
      'bad-request': [400, { code: 'bad_request', message: 'mobile is required' }],
    },
  },
  'acedata.errorEnvelope': {
    byDefault: 'success-false',
    // No cause of our own makes the worker fail, so a rule does.
    facts: 'rules: [{ id: worker, when: { number: "13912345678" }, then: { code: { acedata: api_error } } }]',
    async observe(served) {
      const [gateway, worker] = [await check1e(served, 'no JSON'), await check1e(served, { mobile: '13912345678' })];
      return { gateway: Object.keys(json(gateway)), worker: Object.keys(json(worker)) };
    },
    shows: {
      'success-false': { gateway: ['success', 'error', 'trace_id'], worker: ['success', 'error', 'trace_id'] },
      'by-origin': { gateway: ['error', 'trace_id'], worker: ['success', 'error', 'trace_id'] },
      'without-success': { gateway: ['error', 'trace_id'], worker: ['error', 'trace_id'] },
    },
  },
  'acedata.tokenMismatchedStatus': {
    byDefault: '400',
    facts: 'accounts: { acedata: { token: sandbox-acedata-token, grants: [acedata.check-3e] } }',
    async observe(served) {
      const answer = await check1e(served);
      return [answer.status, at(answer, 'error', 'code')];
    },
    shows: { '400': [400, 'token_mismatched'], '401': [401, 'token_mismatched'] },
  },
  'acedata.locale': {
    byDefault: 'en',
    facts: owned,
    async observe(served) {
      const [one, three] = [json(await check1e(served)), json(await check3e(served))];
      return [one['description'], three['description'], three['isp']];
    },
    shows: { en: ['Success', 'Authentication passed', 'Mobile'], zh: ['成功', '认证通过', '移动'] },
  },
  'acedata.check3eCodes': {
    byDefault: 'guide',
    facts: owned,
    async observe(served) {
      const results = [];
      for (const fields of [{}, { name: '韩梅梅' }, { name: '12' }, { phone: '10086' }]) results.push(json(await check3e(served, fields))['result']);
      return results;
    },
    shows: { guide: ['0', '1', '-4', '-5'], upstream: ['0', '-4', '-8', '-6'] },
  },
  'acedata.badIdCard': {
    byDefault: 'mismatch',
    facts: owned,
    async observe(served) {
      const answer = await check3e(served, { id_card: '110105194912310021' });
      return [answer.status, at(answer, 'result') ?? at(answer, 'error', 'code'), (await lastEntry(served.port)).units];
    },
    shows: { mismatch: [200, '1', 1], 'missing-field': [400, 'token_mismatched', 0] },
  },
  'acedata.statusCodeType': {
    byDefault: 'number',
    observe: async (served) => (await check1e(served)).body,
    shows: { number: '{"result":"0","description":"Success","status_code":0}', string: '{"result":"0","description":"Success","status_code":"0"}' },
  },
  'acedata.vacantStatus': {
    byDefault: '3',
    facts: vacant,
    observe: async (served) => json(await check1e(served))['status_code'],
    shows: { '3': 3, '2': 2, '4': 4 },
  },

  'tencent.scopeService': {
    byDefault: 'lenient',
    async observe(served) {
      const answer = await signedForLoopback(served);
      return at(answer, 'Response', 'Error', 'Message') ?? at(answer, 'Response', 'Result');
    },
    shows: { lenient: '0', strict: 'The request `Authorization` header does not conform to tencentcloud standards: `Service` in Credential not valid.' },
  },
  'tencent.vacantStatus': {
    byDefault: '2',
    facts: vacant,
    observe: async (served) => at(await mobileStatus(served), 'Response', 'StatusCode'),
    shows: { '2': 2, '4': 4 },
  },
  'tencent.language': {
    byDefault: 'en-US',
    async observe(served) {
      const said = async (common?: Readonly<Record<string, string>>): Promise<unknown> => at(await mobileStatus(served, common), 'Response', 'Description');
      return { unasked: await said(), askedChinese: await said({ Language: 'zh-CN' }), askedEnglish: await said({ Language: 'en-US' }) };
    },
    shows: { 'en-US': { unasked: 'Success', askedChinese: '成功', askedEnglish: 'Success' }, 'zh-CN': { unasked: '成功', askedChinese: '成功', askedEnglish: 'Success' } },
  },

  'alapi.errorStatus': {
    byDefault: 'always-200',
    facts: `rules:\n${alapiCodes.map((code) => `  - { id: says-${code}, when: { number: "${numberOfCode(code)}" }, then: { code: { alapi: "${code}" } } }`).join('\n')}`,
    async observe(served) {
      const statuses: Record<string, number> = {};
      for (const code of alapiCodes) {
        const answer = await phonecheck(served, numberOfCode(code));
        statuses[String(json(answer)['code'])] = answer.status;
      }
      statuses['elsewhere'] = (await exchange(served.port, { method: 'GET', target: '/api/elsewhere' })).status;
      return statuses;
    },
    shows: { 'always-200': under200But(), 'mirrors-http-like': under200But(404, 405, 429), 'mirrors-4xx': under200But(400, 404, 405, 406, 422, 429) },
  },
  'alapi.emptyToken': {
    byDefault: '101',
    observe: async (served) => json(await phonecheck(served, number, ''))['code'],
    shows: { '101': 101, '100': 100 },
  },
  'alapi.invalidInBatch': {
    byDefault: 'omit',
    async observe(served) {
      const answer = await phonecheck(served, `${number},10086`);
      const { code, usage } = json(answer);
      return { code, usage, data: items(answer)?.map((item) => [item['mobile'], item['status'], item['status_name']]) };
    },
    shows: {
      omit: { code: 200, usage: 1, data: [[number, 1, '实号']] },
      unknown: { code: 200, usage: 2, data: [[number, 1, '实号'], ['10086', 3, '库无']] },
      reject: { code: 422, usage: 0, data: undefined },
    },
  },
  'alapi.duplicates': {
    byDefault: 'each-charged',
    async observe(served) {
      const answer = await phonecheck(served, `${number},13800138000,${number}`);
      return { usage: at(answer, 'usage'), mobiles: items(answer)?.map((item) => item['mobile']) };
    },
    shows: { 'each-charged': { usage: 3, mobiles: [number, '13800138000', number] }, merged: { usage: 2, mobiles: [number, '13800138000'] } },
  },
  'alapi.errorData': {
    byDefault: 'null',
    observe: async (served) => json(await phonecheck(served, ''))['data'],
    shows: { null: null, 'empty-array': [] },
  },
  'alapi.logId': {
    byDefault: 'zero',
    observe: async (served) => [json(await phonecheck(served, number))['log_id'], json(await phonecheck(served, ''))['log_id']],
    shows: { zero: ['0', '0'], sequence: [1, 2] },
  },
  'alapi.riskName': {
    byDefault: '风险',
    facts: `numbers: { "${number}": { status: risk } }`,
    observe: async (served) => at(await phonecheck(served, number), 'data', 0, 'status_name'),
    shows: { 风险: '风险', 风险号: '风险号' },
  },
  'alapi.numberType': {
    byDefault: 'original',
    facts: `numbers: { "${number}": { carrier: 中国电信, portedFrom: 中国移动 } }`,
    observe: async (served) => at(await phonecheck(served, number), 'data', 0, 'number_type'),
    shows: { original: '中国移动', current: '中国电信' },
  },

  'qxt.numberErrors': {
    byDefault: 'specific',
    async observe(served) {
      const said = [];
      for (const mobile of ['1391234567', '16137688175']) {
        const { code, reason } = json(await phoneStatus(served, mobile));
        said.push([code, reason]);
      }
      return said;
    },
    shows: {
      specific: [[-2, '查询的手机号码长度不对'], [-3, '请填写正确的手机号码']],
      general: [[1, '查询的手机号码长度不对'], [1, '查询的手机号码有误']],
    },
  },
  'qxt.errorResult': {
    byDefault: 'null',
    observe: async (served) => (await phoneStatus(served, '1391234567')).body,
    shows: {
      null: '{"code":-2,"reason":"查询的手机号码长度不对","result":null}',
      omitted: '{"code":-2,"reason":"查询的手机号码长度不对"}',
      'empty-object': '{"code":-2,"reason":"查询的手机号码长度不对","result":{}}',
      'empty-string': '{"code":-2,"reason":"查询的手机号码长度不对","result":""}',
    },
  },
  'qxt.invalidNumber': {
    byDefault: 'error',
    async observe(served) {
      const said = [];
      for (const mobile of ['1391234567', '16137688175']) {
        const { code, result } = json(await phoneStatus(served, mobile));
        said.push([code, result]);
      }
      return said;
    },
    shows: {
      error: [[-2, null], [-3, null]],
      status: ['1391234567', '16137688175'].map((mobile) => [0, { Mobile: mobile, Status: '错误号码', Area: '', Is_MNP: '0', Init_isp: '', Now_isp: '' }]),
    },
  },
  'qxt.path': {
    byDefault: 'any-case',
    async observe(served) {
      const statuses: Record<string, number> = {};
      for (const path of ['/ssPhone_Status', '/ssphone_status', '/balance', '/Balance']) statuses[path] = (await phoneStatus(served, number, path)).status;
      return statuses;
    },
    shows: {
      'any-case': { '/ssPhone_Status': 200, '/ssphone_status': 200, '/balance': 200, '/Balance': 200 },
      exact: { '/ssPhone_Status': 200, '/ssphone_status': 404, '/balance': 200, '/Balance': 404 },
    },
  },
  'qxt.contentType': {
    byDefault: 'application/json',
    observe: async (served) => headerOf(await phoneStatus(served, number), 'content-type'),
    shows: { 'application/json': 'application/json; charset=utf-8', 'text/html': 'text/html; charset=utf-8' },
  },
  'qxt.mvnoLabel': {
    byDefault: '其它运营商',
    facts: `numbers: { "${number}": { carrier: 中国联通, virtualOperator: 蜗牛移动 } }`,
    async observe(served) {
      const answer = await phoneStatus(served, number);
      return [at(answer, 'result', 'Init_isp'), at(answer, 'result', 'Now_isp')];
    },
    shows: { 其它运营商: ['其它运营商', '其它运营商'], 其它: ['其它', '其它'], 'operator-name': ['蜗牛移动', '蜗牛移动'] },
  },
  'qxt.charged': {
    byDefault: 'code-0',
    facts: 'numbers: { "13800138000": { status: no-record } }',
    async observe(served) {
      const left: Record<string, unknown> = {};
      for (const mobile of [number, '13800138000', '16137688175', '1391234567', '']) {
        const { code } = json(await phoneStatus(served, mobile));
        left[String(code)] = await balance(served);
      }
      return left;
    },
    shows: {
      'code-0': { '0': '12047', '-4': '12047', '-3': '12047', '-2': '12047', '1': '12047' },
      'every-query': { '0': '12047', '-4': '12046', '-3': '12045', '-2': '12045', '1': '12045' },
    },
  },
};

function effectOf(name: string): Effect {
  const effect = effects[name];
  if (effect === undefined) throw new Error(`nothing here shows ${name}`);
  return effect;
}

const declared = providers.flatMap((provider) => provider.readings);
const values = Object.entries(effects).flatMap(([name, { shows }]) => Object.keys(shows).map((value) => [name, value] as const));

it('sees every declared value of every reading, and no other', () => {
  const all = declared.flatMap((reading) => reading.values.map((value) => `${reading.name}: ${value}`));
  expect(values.map(([name, value]) => `${name}: ${value}`).sort()).toEqual(all.sort());
});

it('sees something else under each value of a reading', () => {
  const alike = Object.entries(effects).filter(([, { shows }]) => new Set(Object.values(shows).map((seen) => JSON.stringify(seen))).size < Object.keys(shows).length);
  expect(alike.map(([name]) => name)).toEqual([]);
});

it.each(values)('takes reading %s as %s', async (name, value) => {
  const { facts = '', observe, shows } = effectOf(name);
  expect(await observe(await serve(`${facts}\nreadings: { ${name}: "${value}" }`))).toEqual(shows[value]);
});

it.each(Object.entries(effects).map(([name, { byDefault }]) => [name, byDefault] as const))('takes reading %s as %s where the scenario is silent', async (name, byDefault) => {
  const { facts = '', observe, shows } = effectOf(name);
  expect(declared.find((reading) => reading.name === name)?.values[0]).toBe(byDefault);
  expect(await observe(await serve(facts))).toEqual(shows[byDefault]);
});
