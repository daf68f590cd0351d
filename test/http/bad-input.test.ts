import { Agent } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { acedata, alapi, balance, bytesOf, formOf, formType, keys, multipartOf, multipartType, posted, qxt, tc3, unlimited, v1 } from '../support/ask.ts';
import { exchange, headerOf, type Incoming, type Outgoing } from '../support/exchange.ts';
import { answersIn, bytesOfRequest, only, speak } from '../support/raw.ts';
import { serveForFile, type Served } from '../support/serve.ts';
import { codeIn } from '../support/shapes.ts';

const scenario = `${unlimited}
people: { li: { name: 李雷, idCard: "11010519491231002X" } }
numbers: { "138*": { status: active }, "13800138000": { owner: li } }
`;
const agent = new Agent({ keepAlive: true });
let served: Served;
beforeAll(async () => void (served = await serveForFile(scenario)));
afterAll(() => {
  agent.destroy();
  return served.close(0);
});

const number = '13800138000';
const name = '李雷';
const idCard = '11010519491231002X';
/** GBK for 中国: no UTF-8. */
const gbk = Buffer.from([0xd6, 0xd0, 0xb9, 0xfa]);

type Send = (host: string) => Outgoing;
type Case = readonly [title: string, provider: string, send: Send, code: string];

const with3e = (fields: object): object => ({ name, phone: number, id_card: idCard, ...fields });

/** Bodies that are not one JSON object. */
const noObjects: readonly (readonly [title: string, body: string | Buffer])[] = [
  ['a blank', ' '],
  ['an open brace', '{'],
  ['half a field', '{"mobile":'],
  ['half a string', '{"mobile":"138'],
  ['a trailing comma', `{"mobile":"${number}",}`],
  ['single quotes', `{'mobile':'${number}'}`],
  ['keys without quotes', `{mobile:"${number}"}`],
  ['something behind it', `{"mobile":"${number}"}x`],
  ['two objects', `{"mobile":"${number}"}{"mobile":"${number}"}`],
  ['null', 'null'],
  ['a number', '13800138000'],
  ['a text', `"${number}"`],
  ['true', 'true'],
  ['an array', '[]'],
  ['an array of objects', `[{"mobile":"${number}"}]`],
  ['NaN', '{"mobile":NaN}'],
  ['a control character in a string', '{"mobile":"1\n2"}'],
  ['a form', formOf([['mobile', number]])],
  ['XML', '<mobile>13800138000</mobile>'],
  ['GBK', Buffer.concat([Buffer.from('{"mobile":"'), gbk, Buffer.from('"}')])],
  ['UTF-16', Buffer.from(`{"mobile":"${number}"}`, 'utf16le')],
  ['zeros', Buffer.alloc(64)],
  ['33 levels, closed', `{"mobile":${'['.repeat(32)}${']'.repeat(32)}}`],
  ['5,000 levels, closed', `{"mobile":${'['.repeat(5_000)}${']'.repeat(5_000)}}`],
  ['5,000 objects, closed', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ['50,000 levels, open', '['.repeat(50_000)],
  ['gzip', gzipSync(`{"mobile":"${number}"}`)],
];

/** What stands where the number should, and is no text. */
const noTexts: readonly (readonly [title: string, value: unknown])[] = [
  ['a number', 13800138000], ['a fraction', 1.5], ['true', true], ['an array', []], ['an array of it', [number]], ['an object', {}],
  ['an object that cannot be a text', { toString: 1, valueOf: 1 }],
];

/** Texts that are no mobile number, and how many characters QXT counts. */
const noNumbers: readonly (readonly [title: string, text: string, length: 'eleven' | 'other'])[] = [
  ['full-width digits', '１３８００１３８０００', 'eleven'],
  ['Arabic-Indic digits', '١٣٨٠٠١٣٨٠٠٠', 'eleven'],
  ['a country code', '+8613800138000', 'other'],
  ['blanks inside', '138 0013 8000', 'other'],
  ['hyphens', '138-0013-8000', 'other'],
  ['a zero byte', '138001380\0' + '0', 'eleven'],
  ['a zero byte behind', `${number}\0`, 'other'],
  ['ten digits', '1380013800', 'other'],
  ['twelve digits', '138001380000', 'other'],
  ['a prefix of nobody', '10000000000', 'eleven'],
  ['an exponent', '1.38001e+10', 'eleven'],
  ['hexadecimal', '0x3367F0120', 'eleven'],
  ['a sign', '-1380013800', 'eleven'],
  ["a scenario's pattern", '138*', 'other'],
  ['a pattern of eleven characters', '138????????', 'eleven'],
  ['a right-to-left override', `\u202e${number.slice(1)}`, 'eleven'],
  ['emoji', '📱'.repeat(2_500), 'other'],
  ['__proto__', '__proto__', 'other'],
  ['constructor', 'constructor', 'eleven'],
  ['toString', 'toString', 'other'],
  ['hasOwnProperty', 'hasOwnProperty', 'other'],
  ['markup', '<script>alert(1)</script>', 'other'],
  ['a template', '{{7*7}}${7*7}', 'other'],
  ['a message template', '{text:x}', 'other'],
  ['SQL', "1' OR '1'='1", 'other'],
  ['a path', '../../../etc/passwd', 'other'],
  ['line ends', '1\r\nSet-Cookie: a=b', 'other'],
];

const strange = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'];
const polluting = `"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}`;
const partsOf = (count: number): string => multipartOf(Array.from({ length: count }, (_, index) => [`p${index}`, 'x'] as const));

const acedataCases: readonly Case[] = [
  ...(['check-1e', 'check-3e'] as const).flatMap((operation) => {
    const field = operation === 'check-1e' ? 'mobile' : 'phone';
    const ask = (fields: object): object => (operation === 'check-1e' ? { mobile: number, ...fields } : with3e(fields));
    const good = JSON.stringify(ask({}));
    const own = (title: string, body: unknown, code: string, type?: string): Case => [`${operation}: ${title}`, 'acedata', () => acedata(operation, body, type), code];
    return [
      own('no body', '', 'bad_request'),
      ...noObjects.map(([title, body]) => own(title, body, 'bad_request')),
      ...noTexts.map(([title, value]) => own(`${field} is ${title}`, ask({ [field]: value }), 'token_mismatched')),
      own(`no ${field}`, ask({ [field]: undefined }), 'token_mismatched'),
      own(`${field} is null`, ask({ [field]: null }), 'token_mismatched'),
      own(`${field} is empty`, ask({ [field]: '' }), 'token_mismatched'),
      own(`${field} has another case`, ask({ [field]: undefined, [field.toUpperCase()]: number }), 'token_mismatched'),
      ...noNumbers.map(([title, text]) => own(`${field} is ${title}`, ask({ [field]: text }), operation === 'check-1e' ? '-2' : '-5')),
      own(`${field} is half a surrogate pair`, `${good.slice(0, -1)},"${field}":"1380013800\\ud83d"}`, operation === 'check-1e' ? '-2' : '-5'),
      own(`${field} twice, the last one good`, `{"${field}":[],${good.slice(1)}`, '0'),
      own(`${field} twice, the last one bad`, `${good.slice(0, -1)},"${field}":[]}`, 'token_mismatched'),
      ...strange.map((key) => own(`no ${field}, but ${key}`, `{"${key}":"${number}"}`, 'token_mismatched')),
      own('keys that pollute', `{${polluting},${good.slice(1)}`, '0'),
      own('a form type over JSON', good, '0', formType),
      own('no Content-Type', good, '0', ''),
      own('an unknown charset', good, '0', 'application/json; charset=klingon'),
      own('another type', good, '0', 'text/html'),
      own('multipart without a boundary', 'x', 'bad_request', 'multipart/form-data'),
      own('2,000 parts', partsOf(2_000), 'bad_request', multipartType),
      own('1 MB', JSON.stringify(ask({ pad: 'a'.repeat(1 << 20) })), 'request_too_large'),
      own('11 MB', Buffer.alloc(11 << 20, 'a'), 'request_too_large'),
    ];
  }),
  ...noTexts.map(([title, value]): Case => [`check-3e: name is ${title}`, 'acedata', () => acedata('check-3e', with3e({ name: value })), 'token_mismatched']),
  ...noTexts.map(([title, value]): Case => [`check-3e: verify_mode is ${title}`, 'acedata', () => acedata('check-3e', with3e({ verify_mode: value, name: '韩梅梅' })), '1']),
  ...noNumbers.map(([title, text]): Case => [`check-3e: name is ${title}`, 'acedata', () => acedata('check-3e', with3e({ name: text })), '-4']),
  ...noNumbers.map(([title, text]): Case => [`check-3e: id_card is ${title}`, 'acedata', () => acedata('check-3e', with3e({ id_card: text })), '1']),
  ...[[], ['mobile', 'mobile'], ['__proto__'], [1], 'mobile', {}].map((list): Case =>
    [`check-1e: encrypt_list is ${JSON.stringify(list)}`, 'acedata', () => acedata('check-1e', { mobile: number, encryption: { encrypt_list: list, ciphertext_blob: 'x', iv: 'y' } }), 'token_mismatched']),
  ...[1, 'x', [], [1], true, {}, { __proto__: null }].map((encryption): Case =>
    [`check-1e: encryption is ${JSON.stringify(encryption)}`, 'acedata', () => acedata('check-1e', { mobile: number, encryption }), 'token_mismatched']),
  ...['Bearer', 'Bearer ', 'Basic x', `bearer\t${keys.acedata}`, `Bearer ${keys.acedata} x`, `Bearer ${keys.acedata.slice(0, -1)}`, `Bearer ${'x'.repeat(50_000)}`, '__proto__', 'Bearer __proto__', 'Bearer constructor'].map((authorization): Case =>
    [`check-1e: Authorization is ${authorization.slice(0, 40)}`, 'acedata', () => posted('/identity/phone/check-1e', 'application/json', '{}', [['Authorization', authorization]]), 'invalid_token']),
];

const pairs = (mobile: string): readonly (readonly [string, string])[] => [['Mobile', mobile]];
const tencentCases: readonly Case[] = [
  ...noObjects.map(([title, body]): Case => [`JSON: ${title}`, 'tencent', (host) => tc3(host, body), 'InvalidParameter']),
  ['JSON: no body', 'tencent', (host) => tc3(host, ''), 'MissingParameter'],
  ['JSON: no Mobile', 'tencent', (host) => tc3(host, {}), 'MissingParameter'],
  ['JSON: Mobile is null', 'tencent', (host) => tc3(host, { Mobile: null }), 'MissingParameter'],
  ['JSON: Mobile is empty', 'tencent', (host) => tc3(host, { Mobile: '' }), '-2'],
  ...noTexts.map(([title, value]): Case => [`JSON: Mobile is ${title}`, 'tencent', (host) => tc3(host, { Mobile: value }), 'InvalidParameter']),
  ...noNumbers.flatMap(([title, text]): Case[] => [
    [`JSON: Mobile is ${title}`, 'tencent', (host) => tc3(host, { Mobile: text }), '-2'],
    [`form: Mobile is ${title}`, 'tencent', (host) => v1(host, pairs(text)), '-2'],
    [`query: Mobile is ${title}`, 'tencent', (host) => v1(host, pairs(text), 'GET'), '-2'],
  ]),
  ['JSON: Mobile is half a surrogate pair', 'tencent', (host) => tc3(host, '{"Mobile":"1380013800\\udc00"}'), '-2'],
  ['JSON: Mobile twice, the last one good', 'tencent', (host) => tc3(host, `{"Mobile":[],"Mobile":"${number}"}`), '0'],
  ['JSON: Mobile twice, the last one bad', 'tencent', (host) => tc3(host, `{"Mobile":"${number}","Mobile":[]}`), 'InvalidParameter'],
  ['form: Mobile twice', 'tencent', (host) => v1(host, [...pairs('1'), ...pairs(number)]), '0'],
  ['query: Mobile twice', 'tencent', (host) => v1(host, [...pairs(number), ...pairs('1')], 'GET'), '-2'],
  ...strange.flatMap((key): Case[] => [
    [`JSON: a parameter ${key}`, 'tencent', (host) => tc3(host, `{"Mobile":"${number}","${key}":"x"}`), 'UnknownParameter'],
    [`JSON: a parameter Encryption.${key}`, 'tencent', (host) => tc3(host, `{"Mobile":"${number}","Encryption":{"${key}":"x"}}`), 'UnknownParameter'],
    [`form: a parameter ${key}`, 'tencent', (host) => v1(host, [...pairs(number), [key, 'x']]), 'UnknownParameter'],
    [`form: a parameter ${key}.polluted`, 'tencent', (host) => v1(host, [...pairs(number), [`${key}.polluted`, 'x']]), 'UnknownParameter'],
    [`query: a parameter Encryption.${key}.polluted`, 'tencent', (host) => v1(host, [...pairs(number), [`Encryption.${key}.polluted`, 'x']], 'GET'), 'UnknownParameter'],
    [`TC3 query: a parameter ${key}`, 'tencent', (host) => tc3(host, '', { method: 'GET', type: formType, query: `Mobile=${number}&${key}=x` }), 'UnknownParameter'],
    [`an action ${key}`, 'tencent', (host) => tc3(host, {}, { action: key }), 'InvalidAction'],
  ]),
  ['JSON: keys that pollute', 'tencent', (host) => tc3(host, `{${polluting},"Mobile":"${number}"}`), 'UnknownParameter'],
  ['form: Mobile is a path of names', 'tencent', (host) => v1(host, [['Mobile.x', number]]), 'InvalidParameter'],
  ['form: a far place in a list', 'tencent', (host) => v1(host, [...pairs(number), ['Encryption.EncryptList.999', 'Mobile'], ['Encryption.EncryptList.4294967295', 'x']]), 'MissingParameter'],
  ['form: a parameter without "="', 'tencent', () => posted('/', formType, 'Action'), 'InvalidParameter'],
  ['query: a parameter without "="', 'tencent', () => ({ method: 'GET', target: '/?%ff' }), 'InvalidParameter'],
  ['query: broken escapes', 'tencent', () => ({ method: 'GET', target: '/?Timestamp=%zz%&Nonce=%u5317' }), 'MissingParameter'],
  ['query: a Timestamp of 30,000 digits', 'tencent', () => ({ method: 'GET', target: `/?${formOf([['Action', 'a'], ['Version', 'v'], ['Timestamp', '9'.repeat(30_000)], ['Nonce', '1'], ['SecretId', 's'], ['Signature', 's']])}` }), 'AuthFailure.SignatureExpire'],
  ['query: above 32 kB', 'tencent', () => ({ method: 'GET', target: `/?a=${'a'.repeat(40_000)}` }), 'RequestSizeLimitExceeded'],
  ['no body and no Content-Type', 'tencent', () => posted('/', '', ''), 'MissingParameter'],
  ['an unknown charset', 'tencent', (host) => tc3(host, { Mobile: number }, { type: 'application/json; charset=klingon' }), '0'],
  ['a type that is signed and not JSON', 'tencent', (host) => tc3(host, { Mobile: number }, { type: 'text/plain' }), 'UnsupportedOperation'],
  ['multipart without a boundary', 'tencent', (host) => tc3(host, 'x', { type: 'multipart/form-data' }), 'InvalidRequest'],
  ['multipart that is JSON', 'tencent', (host) => tc3(host, { Mobile: number }, { type: multipartType }), 'InvalidRequest'],
  ['2,000 parts', 'tencent', (host) => tc3(host, partsOf(2_000), { type: multipartType }), 'InvalidRequest'],
  ['JSON: 1 MB', 'tencent', (host) => tc3(host, { Mobile: number, Pad: 'a'.repeat(1 << 20) }), 'UnknownParameter'],
  ['JSON: 11 MB', 'tencent', (host) => tc3(host, Buffer.alloc(11 << 20, 'a')), 'RequestSizeLimitExceeded'],
  ['form: above 1 MB', 'tencent', () => posted('/', formType, `Pad=${'%'.repeat(2 << 20)}`), 'AuthFailure.SignatureFailure'],
  ['form: 11 MB', 'tencent', () => posted('/', formType, Buffer.alloc(11 << 20, 'a')), 'RequestSizeLimitExceeded'],
  ...[[], [1], ['__proto__'], ['Mobile', 'Mobile'], ['Name']].map((list): Case =>
    [`EncryptList is ${JSON.stringify(list)}`, 'tencent', (host) => tc3(host, { Mobile: number, Encryption: { EncryptList: list, CiphertextBlob: 'x', Iv: 'y' } }), typeof list[0] === 'number' ? 'InvalidParameter' : 'InvalidParameter.UnsupportEncryptField']),
  ...[1, 'x', [], true].map((encryption): Case => [`Encryption is ${JSON.stringify(encryption)}`, 'tencent', (host) => tc3(host, { Mobile: number, Encryption: encryption }), 'InvalidParameter']),
  ...['', '%', 'AAAA', '__proto__', 'x'.repeat(100_000)].map((blob): Case =>
    [`CiphertextBlob is ${blob.slice(0, 20)}`, 'tencent', (host) => tc3(host, { Mobile: number, Encryption: { EncryptList: ['Mobile'], CiphertextBlob: blob, Iv: 'y' } }), 'FailedOperation.DecryptSystemError']),
];

const mobiles = (value: string): string => formOf([['mobiles', value]]);
const many = (count: number): string => Array.from({ length: count }, (_, index) => String(13900000000 + index)).join(',');
const alapiCases: readonly Case[] = [
  ...noObjects.map(([title, body]): Case => [`JSON: ${title}`, 'alapi', () => alapi('application/json', body), '400']),
  ['JSON: no body', 'alapi', () => alapi('application/json', ''), '422'],
  ...noTexts.map(([title, value]): Case => [`JSON: mobiles is ${title}`, 'alapi', () => alapi('application/json', bytesOf({ mobiles: value })), '422']),
  ['JSON: no mobiles', 'alapi', () => alapi('application/json', '{}'), '422'],
  ['JSON: mobiles is null', 'alapi', () => alapi('application/json', '{"mobiles":null}'), '422'],
  ['JSON: mobiles is empty', 'alapi', () => alapi('application/json', '{"mobiles":""}'), '422'],
  ['JSON: mobiles is half a surrogate pair', 'alapi', () => alapi('application/json', '{"mobiles":"1380013800\\ud83d"}'), '422'],
  ['JSON: mobiles twice, the last one bad', 'alapi', () => alapi('application/json', `{"mobiles":"${number}","mobiles":[]}`), '422'],
  ['JSON: token is no text', 'alapi', () => posted('/api/phonecheck', 'application/json', `{"token":{"toString":1},"mobiles":"${number}"}`), '101'],
  ['JSON: keys that pollute', 'alapi', () => alapi('application/json', `{${polluting},"mobiles":"${number}"}`), '200'],
  ...noNumbers.flatMap(([title, text]): Case[] => [
    [`form: mobiles is ${title}`, 'alapi', () => alapi(formType, mobiles(text)), '422'],
    [`JSON: mobiles is ${title}`, 'alapi', () => alapi('application/json', bytesOf({ mobiles: text })), '422'],
    [`multipart: mobiles is ${title}`, 'alapi', () => alapi(multipartType, multipartOf([['mobiles', text]])), '422'],
    [`query: mobiles is ${title}`, 'alapi', () => ({ method: 'GET', target: `/api/phonecheck?token=${keys.alapi}&${mobiles(text)}` }), '422'],
  ]),
  ['form: GBK bytes', 'alapi', () => alapi(formType, Buffer.concat([Buffer.from('mobiles='), gbk])), '422'],
  ['form: GBK in escapes', 'alapi', () => alapi(formType, 'mobiles=%D6%D0%B9%FA'), '422'],
  ['form: broken escapes', 'alapi', () => alapi(formType, 'mobiles=%zz%1%'), '422'],
  ['form: mobiles twice, the last one good', 'alapi', () => alapi(formType, `${mobiles('x')}&${mobiles(number)}`), '200'],
  ['form: mobiles twice, the last one bad', 'alapi', () => alapi(formType, `${mobiles(number)}&${mobiles('x')}`), '422'],
  ['form: mobiles[] as PHP has lists', 'alapi', () => alapi(formType, formOf([['mobiles[]', number]])), '422'],
  ['form: no name', 'alapi', () => alapi(formType, `=${number}&&&=`), '422'],
  ['form: only commas', 'alapi', () => alapi(formType, mobiles(',,, ,')), '422'],
  ['form: commas around', 'alapi', () => alapi(formType, mobiles(`,, ${number} ,,`)), '200'],
  ['form: full-width comma', 'alapi', () => alapi(formType, mobiles(`${number}，${number}`)), '422'],
  ['form: 2,000 numbers', 'alapi', () => alapi(formType, mobiles(many(2_000))), '200'],
  ['form: 2,001 numbers', 'alapi', () => alapi(formType, mobiles(many(2_001))), '422'],
  ['form: 100,000 short numbers', 'alapi', () => alapi(formType, `mobiles=${'1,'.repeat(100_000)}`), '422'],
  ['form: 100,000 numbers', 'alapi', () => alapi(formType, `mobiles=${many(100_000)}`), '400'],
  ['form: 11 MB', 'alapi', () => alapi(formType, Buffer.alloc(11 << 20, 'a')), '400'],
  ['form: 10,000 parameters', 'alapi', () => alapi(formType, 'a=1&'.repeat(10_000)), '422'],
  ['multipart without a boundary', 'alapi', () => alapi('multipart/form-data', 'x'), '400'],
  ['multipart with an empty boundary', 'alapi', () => alapi('multipart/form-data; boundary=', 'x'), '400'],
  ['multipart that does not end', 'alapi', () => alapi(multipartType, '--b\r\nContent-Disposition: form-data; name="mobiles"\r\n\r\n1'), '400'],
  ['2,000 parts', 'alapi', () => alapi(multipartType, partsOf(2_000)), '400'],
  ['gzip', 'alapi', () => ({ ...alapi(formType, gzipSync(mobiles(number))) }), '422'],
  ...['', ' ', '__proto__', 'constructor', 'x'.repeat(50_000), keys.alapi.toUpperCase()].map((token): Case =>
    [`a token ${token.slice(0, 20)}`, 'alapi', () => posted('/api/phonecheck', formType, formOf([['token', token], ['mobiles', number]])), token === '' ? '101' : '100']),
  ...strange.map((key): Case => [`only a parameter ${key}`, 'alapi', () => posted('/api/phonecheck', formType, `${key}=${keys.alapi}`), '101']),
];

const qxtForm = (body: string | Buffer, type = formType): Outgoing => posted(`/ssPhone_Status?apikey=${keys.apikey}`, type, body);
const qxtCases: readonly Case[] = [
  ...noNumbers.flatMap(([title, text, length]): Case[] => [
    [`query: mobile is ${title}`, 'qxt', () => qxt(text), length === 'eleven' ? '-3' : '-2'],
    [`form: mobile is ${title}`, 'qxt', () => qxtForm(formOf([['mobile', text]])), length === 'eleven' ? '-3' : '-2'],
    [`multipart: mobile is ${title}`, 'qxt', () => qxtForm(multipartOf([['mobile', text]]), multipartType), length === 'eleven' ? '-3' : '-2'],
  ]),
  ['query: no mobile', 'qxt', () => ({ method: 'GET', target: `/ssPhone_Status?apikey=${keys.apikey}` }), '1'],
  ['query: an empty mobile', 'qxt', () => qxt(''), '1'],
  ['query: mobile twice, the last one good', 'qxt', () => ({ method: 'GET', target: `/ssPhone_Status?apikey=${keys.apikey}&mobile=1&mobile=${number}` }), '0'],
  ['query: mobile twice, the last one bad', 'qxt', () => ({ method: 'GET', target: `/ssPhone_Status?apikey=${keys.apikey}&mobile=${number}&mobile=1` }), '-2'],
  ['query: several numbers', 'qxt', () => qxt(`${number},${number}`), '-2'],
  ['query: mobile[] as PHP has lists', 'qxt', () => ({ method: 'GET', target: `/ssPhone_Status?apikey=${keys.apikey}&mobile[]=${number}` }), '1'],
  ['query: GBK in escapes', 'qxt', () => ({ method: 'GET', target: `/ssPhone_Status?apikey=${keys.apikey}&mobile=%D6%D0%B9%FA` }), '-2'],
  ['query: broken escapes', 'qxt', () => ({ method: 'GET', target: `/ssPhone_Status?apikey=${keys.apikey}&mobile=%zz%1%` }), '-2'],
  ['query: a second question mark', 'qxt', () => ({ method: 'GET', target: `/ssPhone_Status?apikey=${keys.apikey}?mobile=${number}` }), '1'],
  ['form: GBK bytes', 'qxt', () => qxtForm(Buffer.concat([Buffer.from('mobile='), gbk])), '-2'],
  ['form: no body', 'qxt', () => qxtForm(''), '1'],
  ['JSON', 'qxt', () => qxtForm(JSON.stringify({ mobile: number }), 'application/json'), '1'],
  ['text', 'qxt', () => qxtForm(formOf([['mobile', number]]), 'text/plain'), '1'],
  ['gzip', 'qxt', () => qxtForm(gzipSync(`mobile=${number}`)), '1'],
  ['multipart without a boundary', 'qxt', () => qxtForm('x', 'multipart/form-data'), '1'],
  ['2,000 parts', 'qxt', () => qxtForm(partsOf(2_000), multipartType), '1'],
  // A body that is cut off could end in half a number, so nothing of it counts.
  ['form: 1 MB', 'qxt', () => qxtForm(`mobile=${number}&pad=${'a'.repeat(1 << 20)}`), '1'],
  ['form: 11 MB', 'qxt', () => qxtForm(Buffer.alloc(11 << 20, 'a')), '1'],
  ...['/ssPhone_Status', '/balance'].flatMap((path): Case[] => [
    [`${path}: no parameters`, 'qxt', () => ({ method: 'GET', target: path }), '1'],
    [`${path}: an empty apikey`, 'qxt', () => ({ method: 'GET', target: `${path}?apikey=` }), '1'],
    [`${path}: a short apikey`, 'qxt', () => ({ method: 'GET', target: `${path}?apikey=x` }), '1'],
    [`${path}: an apikey of 50,000`, 'qxt', () => ({ method: 'GET', target: `${path}?apikey=${'x'.repeat(50_000)}` }), '1'],
    [`${path}: another apikey`, 'qxt', () => ({ method: 'GET', target: `${path}?apikey=${'x'.repeat(32)}` }), '-1'],
    [`${path}: an apikey of 32 full-width digits`, 'qxt', () => ({ method: 'GET', target: `${path}?apikey=${encodeURIComponent('７'.repeat(32))}` }), '-1'],
    [`${path}: apikey twice`, 'qxt', () => ({ method: 'GET', target: `${path}?apikey=${keys.apikey}&apikey=x` }), '1'],
    ...strange.map((key): Case => [`${path}: only a parameter ${key}`, 'qxt', () => ({ method: 'GET', target: `${path}?${key}=${keys.apikey}` }), '1']),
  ]),
];

const cases: readonly Case[] = [...acedataCases, ...tencentCases, ...alapiCases, ...qxtCases];

const send = (request: Send): Promise<Incoming> => exchange(served.port, request(served.address), agent);

const goods: readonly (readonly [endpoint: string, provider: string, request: Send, code: string])[] = [
  ['check-1e', 'acedata', () => acedata('check-1e', { mobile: number }), '0'],
  ['check-3e', 'acedata', () => acedata('check-3e', with3e({})), '0'],
  ['MobileStatus', 'tencent', (host) => tc3(host, { Mobile: number }), '0'],
  ['phonecheck', 'alapi', () => alapi(formType, mobiles(number)), '200'],
  ['ssPhone_Status', 'qxt', () => qxt(number), '0'],
  ['balance', 'qxt', () => balance, '0'],
];

/** What costs something: everything else is refused for nothing. */
const billed = ['acedata 0', 'acedata 1', 'tencent 0', 'alapi 200', 'qxt 0'];

it.each(cases)("%s: is told so in %s's own words, and pays only where it was answered", async (_title, provider, request, code) => {
  expect(codeIn(provider, await send(request))).toBe(code);
  const [exchanged] = served.simulator.defaultTenant.journal.newestFirst();
  expect(exchanged?.units !== 0).toBe(billed.includes(`${provider} ${code}`));
});

it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])('answers %s in the words of each provider', async (method) => {
  const codes = await Promise.all(goods.map(async ([, provider, request]) => codeIn(provider, await exchange(served.port, { ...request(served.address), method, body: '' }))));
  // QXT's document has no word for another method, and its table no code: answered alike.
  expect(codes).toEqual(['no_api', 'no_api', 'UnsupportedProtocol', '405', '0', '0']);
});

it.each(goods)('answers HEAD at %s with the header of an answer and no more', async (_endpoint, provider, request) => {
  const { status, headers, body } = await exchange(served.port, { ...request(served.address), method: 'HEAD', body: '' });
  expect([status, body]).toEqual([provider === 'acedata' ? 404 : 200, '']);
  expect(headerOf({ status, headers, body }, 'content-length')).toMatch(/^[1-9]\d*$/);
});

it.each(goods)('reads a body at %s that comes in chunks of one byte', async (_endpoint, provider, request, code) => {
  const { method, target, headers = [], body = '' } = request(served.address);
  const chunks = [...Buffer.from(body)].map((byte) => Buffer.from([0x31, 0x0d, 0x0a, byte, 0x0d, 0x0a]));
  const host = headers.some(([name]) => name === 'Host') ? [] : ([['Host', served.address]] as const);
  const head = bytesOfRequest({ method, target, headers: [...host, ...headers, ['Transfer-Encoding', 'chunked'], ['Connection', 'close']] });
  const { bytes } = await speak(served.port, Buffer.concat([head, ...chunks, Buffer.from('0\r\n\r\n')]));
  expect(codeIn(provider, only(answersIn(bytes)))).toBe(code);
});

it.each(strange)('takes a header named %s for a header', async (header) => {
  for (const [, provider, request, code] of goods) {
    const { headers = [], ...asked } = request(served.address);
    expect(codeIn(provider, await exchange(served.port, { ...asked, headers: [...headers, [header, 'polluted']] }))).toBe(code);
  }
});

it('answers good requests as ever after more than a thousand bad ones, and has failed at none', async () => {
  const light = cases.filter(([title]) => !/MB/.test(title));
  for (let sent = 0; sent < 1_000; sent += light.length) await inTurns(light.map(([, , request]) => () => send(request)));
  for (const [endpoint, provider, request, code] of goods) expect(codeIn(provider, await send(request)), endpoint).toBe(code);
  const failures = [...served.simulator.defaultTenant.journal.newestFirst()].filter(({ because }) => because.kind === 'failure');
  expect(failures).toEqual([]);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

/** Eight at a time. */
async function inTurns(tasks: readonly (() => Promise<unknown>)[]): Promise<void> {
  const left = [...tasks];
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let task = left.pop(); task !== undefined; task = left.pop()) await task();
  }));
}
