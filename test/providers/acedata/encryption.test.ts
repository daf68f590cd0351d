import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Envelope } from '../../../src/sealed/envelope.ts';
import { sandboxDataKey, sandboxPublicKeys } from '../../../src/sealed/sandbox-keys.ts';
import { seal, sealWithDataKey } from '../../../src/sealed/seal.ts';
import { loadSm } from '../../../src/sealed/sm.ts';
import { exchange, lastEntry } from '../../support/exchange.ts';
import { serveForFile, type Served } from '../../support/serve.ts';

const person = { name: '李雷', phone: '13912345678', id_card: '11010519491231002X' };
type Field = keyof typeof person;

const scenario = (reading: string): string => `
accounts:
  acedata: { token: the-token }
people:
  li: { name: ${person.name}, idCard: "${person.id_card}" }
numbers:
  "${person.phone}": { status: suspended, carrier: 中国移动, area: 江苏-苏州, owner: li }
readings: { acedata.missingField: ${reading} }
`;

/** What a mistake in the encryption is called, by reading `acedata.missingField`. */
const names = [
  { reading: 'token-mismatched', error: { code: 'token_mismatched', message: 'The specified token is not matched with API.' } },
  { reading: 'api-not-implemented', error: { code: 'api_not_implemented', message: 'The API is not implemented.' } },
  { reading: 'bad-request', error: { code: 'bad_request', message: 'encryption is invalid.' } },
];

const servers = new Map<string, Served>();
beforeAll(async () => {
  await loadSm();
  for (const { reading } of names) servers.set(reading, await serveForFile(scenario(reading)));
});
afterAll(() => Promise.all([...servers.values()].map((served) => served.close(0))));

const portOf = (reading: string): number => servers.get(reading)?.port ?? 0;

interface Answer { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

async function ask(endpoint: 'check-1e' | 'check-3e', body: string | object, port = portOf('token-mismatched')): Promise<Answer> {
  const { status, body: text } = await exchange(port, {
    method: 'POST', target: `/identity/phone/${endpoint}`,
    headers: [['authorization', 'Bearer the-token'], ['content-type', 'application/json']],
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status, body: JSON.parse(text) as Answer['body'] };
}

const suspended = { status: 200, body: { result: '0', description: 'Success', status_code: 1 } };
const consistent = { status: 200, body: { result: '0', description: 'Authentication passed', isp: 'Mobile', result_detail: null } };

/** The parameters of an envelope in this provider's spelling; older clients send neither algorithm nor tags. */
const parametersOf = ({ algorithm, blob, iv, tags }: Envelope, list: readonly string[]) => ({
  encrypt_list: list, ciphertext_blob: blob, iv, ...(algorithm === 'AES-256-CBC' ? {} : { algorithm, tag_list: tags }),
});

const oneElement = (envelope: Envelope, list: readonly string[] = ['mobile']) => ({ mobile: envelope.fields[0], encryption: parametersOf(envelope, list) });

/** The three elements, those of the list sealed in its order. */
const threeElements = (envelope: Envelope, fields: readonly Field[], list: readonly string[] = fields) => ({
  ...person, ...Object.fromEntries(fields.map((field, index) => [field, envelope.fields[index]])), ...parametersOf(envelope, list),
});

type Sealer = (texts: readonly string[]) => Envelope;
const sealers: { readonly form: string; readonly sealed: Sealer }[] = [
  { form: 'AES-256-CBC', sealed: (texts) => seal('AES-256-CBC', texts, sandboxPublicKeys) },
  { form: 'SM4-GCM', sealed: (texts) => seal('SM4-GCM', texts, sandboxPublicKeys) },
  { form: 'a KMS data key', sealed: (texts) => sealWithDataKey(texts, sandboxDataKey, '+am/h1FrULT8Y39M') },
];

it.each(sealers)('opens the mobile of check-1e, its encryption an object or a list of one: $form', async ({ sealed }) => {
  const body = oneElement(sealed([person.phone]));
  expect(await ask('check-1e', body)).toEqual(suspended);
  expect(await ask('check-1e', { ...body, encryption: [body.encryption] })).toEqual(suspended);
});

it('takes an encryption that is null as none', async () => {
  expect(await ask('check-1e', { mobile: person.phone, encryption: null })).toEqual(suspended);
});

it('takes empty encryption parameters of check-3e as none', async () => {
  expect(await ask('check-3e', { ...person, encrypt_list: '', ciphertext_blob: '', iv: '' })).toEqual(consistent);
  expect(await ask('check-3e', { ...person, encrypt_list: null, ciphertext_blob: null, iv: null })).toEqual(consistent);
});

const lists: readonly (readonly Field[])[] = [
  ['name'], ['phone'], ['id_card'], ['name', 'id_card'], ['name', 'phone', 'id_card'], ['id_card', 'phone', 'name'],
];

it.each(sealers.flatMap((sealer) => lists.map((fields) => ({ ...sealer, fields }))))('opens $fields of check-3e: $form', async ({ sealed, fields }) => {
  expect(await ask('check-3e', threeElements(sealed(fields.map((field) => person[field])), fields))).toEqual(consistent);
});

it.each([
  ['Name', 'Phone', 'IdCard'], ['name', 'phone', 'id_card'], ['NAME', 'PHONE', 'ID_CARD'], ['Name', 'phone', 'idCard'],
])('knows the fields of check-3e as %s, %s and %s', async (...list) => {
  const fields: Field[] = ['name', 'phone', 'id_card'];
  expect(await ask('check-3e', threeElements(seal('AES-256-CBC', fields.map((field) => person[field]), sandboxPublicKeys), fields, list))).toEqual(consistent);
});

it.each(['mobile', 'Mobile'])('knows the field of check-1e as %s', async (name) => {
  expect(await ask('check-1e', oneElement(seal('AES-256-CBC', [person.phone], sandboxPublicKeys), [name]))).toEqual(suspended);
});

it('judges what the envelope holds as it does what stands in the open', async () => {
  const sealed = (texts: readonly string[]) => seal('AES-256-CBC', texts, sandboxPublicKeys);
  expect(await ask('check-1e', oneElement(sealed(['1391234567'])))).toMatchObject({ status: 200, body: { result: '-2', status_code: 99 } });
  const element = async (field: Field, text: string) => (await ask('check-3e', threeElements(sealed([text]), [field]))).body['result'];
  expect(await element('phone', '1391234567')).toBe('-5');
  expect(await element('name', '4711')).toBe('-4');
  expect(await element('name', '韩梅梅')).toBe('1');
  expect(await element('id_card', '110105194912310038')).toBe('1');
});

// Whatever is wrong is an invalid parameter, for which the documents have more than one word.

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');
const flipped = (base64: string, at: number, bit: number): string => {
  const changed = bytes(base64);
  changed[at] = (changed[at] ?? 0) ^ bit;
  return changed.toString('base64');
};

const aes: Sealer = (texts) => seal('AES-256-CBC', texts, sandboxPublicKeys, { key: Buffer.alloc(32, 'k'), iv: Buffer.alloc(16, 'i') });
const sm4: Sealer = (texts) => seal('SM4-GCM', texts, sandboxPublicKeys, { key: Buffer.alloc(16, 'k'), iv: Buffer.alloc(12, 'i') });
const shortKey: Sealer = (texts) => ({ ...aes(texts), blob: seal('AES-256-CBC', [], sandboxPublicKeys, { key: Buffer.alloc(16, 'k'), iv: Buffer.alloc(16, 'i') }).blob });

/** Every step at which opening an envelope can stop. */
const steps: readonly { readonly step: string; readonly sealed: Sealer }[] = [
  { step: 'blob', sealed: (texts) => ({ ...aes(texts), blob: 'no base64' }) },
  { step: 'data-key', sealed: (texts) => ({ ...aes(texts), blob: 'another-k-account' }) },
  { step: 'unwrap', sealed: (texts) => ({ ...aes(texts), blob: Buffer.alloc(128, 'k').toString('base64') }) },
  { step: 'key', sealed: shortKey },
  { step: 'iv', sealed: (texts) => ({ ...aes(texts), iv: 'short' }) },
  { step: 'tag-count', sealed: (texts) => ({ ...sm4(texts), tags: [] }) },
  { step: 'field', sealed: (texts) => ({ ...aes(texts), fields: texts }) },
  { step: 'tag', sealed: (texts) => ({ ...sm4(texts), tags: texts.map(() => Buffer.alloc(16).toString('base64')) }) },
  { step: 'padding', sealed: (texts) => { const whole = aes(texts); return { ...whole, iv: flipped(whole.iv, 15, 1) }; } },
  { step: 'text', sealed: (texts) => { const whole = aes(texts); return { ...whole, iv: flipped(whole.iv, 0, 0x80) }; } },
];

type Body = Readonly<Record<string, unknown>>;
interface Mistake { readonly mistake: string; readonly endpoint: 'check-1e' | 'check-3e'; readonly body: () => Body; readonly why: string }

const inSteps: readonly Mistake[] = steps.flatMap(({ step, sealed }) => [
  { mistake: `opening stops at ${step}`, endpoint: 'check-1e', body: () => oneElement(sealed([person.phone])), why: `decryption fails at ${step}: ` },
  {
    mistake: `opening stops at ${step}`, endpoint: 'check-3e', why: `decryption fails at ${step}: `,
    // The number first, for it is of one block only: there a changed IV is felt in every step.
    body: () => threeElements(sealed([person.phone, person.id_card]), ['phone', 'id_card']),
  },
] as const);

const whole = (): Body => parametersOf(aes([person.phone]), ['{number}']);
const inParameters: readonly Mistake[] = ([
  ['no encrypt_list', { encrypt_list: undefined }, 'encrypt_list is no list of field names'],
  ['an empty encrypt_list', { encrypt_list: [] }, 'encrypt_list is no list of field names'],
  ['an encrypt_list that is a text', { encrypt_list: '{number}' }, 'encrypt_list is no list of field names'],
  ['an encrypt_list with a number', { encrypt_list: ['{number}', 1] }, 'encrypt_list is no list of field names'],
  ['a field twice in encrypt_list', { encrypt_list: ['{number}', '{Number}'] }, 'encrypt_list names a field twice or one that cannot be encrypted'],
  ['a field of no endpoint in encrypt_list', { encrypt_list: ['{number}', 'verify_mode'] }, 'encrypt_list names a field twice or one that cannot be encrypted'],
  ['a name of every object in encrypt_list', { encrypt_list: ['constructor'] }, 'encrypt_list names a field twice or one that cannot be encrypted'],
  ['no ciphertext_blob', { ciphertext_blob: undefined }, 'ciphertext_blob is no string'],
  ['a ciphertext_blob that is a number', { ciphertext_blob: 12345 }, 'ciphertext_blob is no string'],
  ['no iv', { iv: undefined }, 'iv is no string'],
  ['an iv that is a number', { iv: 1234567890123456 }, 'iv is no string'],
  ['a tag_list that is a text', { tag_list: 'x' }, 'tag_list is no list of strings'],
  ['another algorithm', { algorithm: 'AES-128-CBC' }, 'algorithm is neither AES-256-CBC nor SM4-GCM'],
  ['an algorithm that is a number', { algorithm: 1 }, 'algorithm is neither AES-256-CBC nor SM4-GCM'],
] as const).flatMap(([mistake, change, why]) => (['check-1e', 'check-3e'] as const).map((endpoint) => {
  const field = endpoint === 'check-1e' ? 'mobile' : 'phone';
  const named = (body: Body): Body => JSON.parse(JSON.stringify(body).replaceAll('{number}', field).replaceAll('{Number}', field.toUpperCase())) as Body;
  const parameters = () => named({ ...whole(), ...change });
  const [sealed] = aes([person.phone]).fields;
  return { mistake, endpoint, why, body: () => (endpoint === 'check-1e' ? { mobile: sealed, encryption: parameters() } : { ...person, phone: sealed, ...parameters() }) };
}));

const inShape: readonly Mistake[] = [
  ...['AES-256-CBC', 7, true, ['AES-256-CBC']].map((encryption) => ({
    mistake: `the encryption is ${JSON.stringify(encryption)}`, endpoint: 'check-1e' as const, body: () => ({ mobile: person.phone, encryption }), why: 'encryption is no object',
  })),
  {
    mistake: 'the list has a field of the other endpoint', endpoint: 'check-1e', why: 'encrypt_list names a field twice or one that cannot be encrypted',
    body: () => oneElement(aes([person.phone]), ['phone']),
  },
  {
    mistake: 'the list has a field of the other endpoint', endpoint: 'check-3e', why: 'encrypt_list names a field twice or one that cannot be encrypted',
    body: () => threeElements(aes([person.phone]), ['phone'], ['mobile']),
  },
  { mistake: 'there is nothing but an iv', endpoint: 'check-3e', body: () => ({ ...person, iv: 'i'.repeat(16) }), why: 'encrypt_list is no list of field names' },
  {
    mistake: 'the list has another order than the fields were sealed in', endpoint: 'check-3e', why: 'decryption fails at tag: ',
    body: () => threeElements(sm4([person.phone, person.id_card]), ['phone', 'id_card'], ['id_card', 'phone']),
  },
];

const mistakes = [...inSteps, ...inParameters, ...inShape];

it.each(mistakes.flatMap((each) => names.map((name) => ({ ...each, ...name }))))('says $error.code of $endpoint where $mistake', async ({ endpoint, body, why, reading, error }) => {
  const port = portOf(reading);
  expect(await ask(endpoint, body(), port)).toEqual({ status: 400, body: { success: false, error, trace_id: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
  const entry = await lastEntry(port);
  expect(entry).toMatchObject({ endpoint: `acedata.${endpoint}`, row: error.code, units: 0 });
  expect(entry.because).toContain(`The check "fields" (validate) refused it: ${why}`);
  expect(entry.because).toMatch(/[^.]\.$/);
  for (const plain of Object.values(person)) expect(JSON.stringify(entry)).not.toContain(plain);
});

it.each(['check-1e', 'check-3e'] as const)('shows nothing of what was sealed in the journal of %s that was answered', async (endpoint) => {
  const port = portOf('token-mismatched');
  const fields: Field[] = ['name', 'phone', 'id_card'];
  await ask(endpoint, endpoint === 'check-1e' ? oneElement(aes([person.phone])) : threeElements(aes(fields.map((field) => person[field])), fields), port);
  const entry = await lastEntry(port);
  expect(entry.because).toBe('139****5678 is suspended, 中国移动, 江苏-苏州 by the scenario.');
  expect(entry.units).toBe(1);
  for (const plain of Object.values(person)) expect(JSON.stringify(entry)).not.toContain(plain);
});

it.each<[string, (body: object) => string]>([
  ['as it is', (body) => JSON.stringify(body)],
  ['with escapes', (body) => JSON.stringify(body).replace('SM4-GCM', '\\u0053\\u004d4-GCM')],
])('opens SM4-GCM in the first request of a process, named %s', async (_, spell) => {
  const body = spell(oneElement(sm4([person.phone])));
  vi.resetModules();
  const fresh = await import('../../support/serve.ts');
  const { smLoaded } = await import('../../../src/sealed/sm.ts');
  const { port } = await fresh.serve(scenario('token-mismatched'));
  expect(smLoaded()).toBe(false);
  expect(await ask('check-1e', body, port)).toEqual(suspended);
  expect(smLoaded()).toBe(true);
});
