import { seal } from '../../../src/sealed/seal.ts';
import { sandboxPublicKeys } from '../../../src/sealed/sandbox-keys.ts';
import type { Outgoing } from '../../support/exchange.ts';
import type { ProviderCauses, Recipe } from './recipe.ts';

const token = 'sandbox-acedata-token';
const number = '13912345678';
const name = '李雷';
const idCard = '11010519491231002X';

const people = `people: { li: { name: ${name}, idCard: "${idCard}" } }`;
const owned = `${people}\nnumbers: { "${number}": { carrier: 中国移动, owner: li } }`;
const upstream = 'readings: { acedata.check3eCodes: upstream }';
const account = (facts: string): string => `accounts: { acedata: { token: ${token}, quota: 5, ${facts} } }`;
const clock = 'clock: 2026-02-01T12:00:00+08:00';

const post = (target: string, body: unknown, authorization: string | undefined = `Bearer ${token}`): Outgoing => ({
  method: 'POST',
  target,
  headers: [['Content-Type', 'application/json'], ...(authorization === undefined ? [] : [['Authorization', authorization] as const])],
  body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
});
const nobody = (target: string, body: unknown): Outgoing => ({ method: 'POST', target, headers: [['Content-Type', 'application/json']], body: JSON.stringify(body) });

const target1e = '/identity/phone/check-1e';
const target3e = '/identity/phone/check-3e';
const ask1e = (mobile: unknown): Outgoing => post(target1e, { mobile });
const ask3e = (fields: Readonly<Record<string, unknown>> = {}): Outgoing => post(target3e, { name, phone: number, id_card: idCard, ...fields });

interface Subject {
  readonly endpoint: string;
  readonly other: string;
  readonly target: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The number's field, which is required. */
  readonly field: string;
}

const mismatched = 'The specified token is not matched with API.';

/** What gateway and worker say at both endpoints. */
function errors({ endpoint, other, target, body, field }: Subject): Record<string, readonly Recipe[]> {
  const ask = (): readonly Outgoing[] => [post(target, body)];
  const without = { ...body, [field]: undefined };
  return {
    bad_request: [
      { by: 'a body that is not JSON', requests: () => [post(target, `mobile=${number}`)], says: 'The json payload is not valid to request the API' },
      { by: 'an empty body', requests: () => [post(target, '')], says: 'The json payload is not valid to request the API' },
      { by: 'JSON that is no object', requests: () => [post(target, [body])], says: 'The json payload is not valid to request the API' },
      { by: 'JSON that is not UTF-8', requests: () => [post(target, Buffer.from('7b226e616d65223a22c0eec0d7227d', 'hex'))], says: 'The json payload is not valid to request the API' },
      { by: 'a missing field, under reading acedata.missingField: bad-request', scenario: 'readings: { acedata.missingField: bad-request }', requests: () => [post(target, without)], says: `${field} is required` },
      { by: 'a field of another type, under reading acedata.missingField: bad-request', scenario: 'readings: { acedata.missingField: bad-request }', requests: () => [post(target, { ...body, [field]: Number(number) })], says: `${field} is invalid.` },
    ],
    no_token: [{ by: 'no Authorization, under reading acedata.missingAuth: no-token', scenario: 'readings: { acedata.missingAuth: no-token }', requests: () => [nobody(target, body)] }],
    token_mismatched: [
      { by: 'a token that is granted to the other endpoint', scenario: account(`grants: [${other}]`), requests: ask },
      { by: 'a missing field', requests: () => [post(target, without)], says: mismatched },
      { by: 'an empty field', requests: () => [post(target, { ...body, [field]: '' })], says: mismatched },
      { by: 'a field of another type', requests: () => [post(target, { ...body, [field]: Number(number) })], says: mismatched },
    ],
    api_not_implemented: [
      { by: 'an endpoint that is switched off', scenario: `switchedOff: [${endpoint}]`, requests: ask },
      { by: 'a missing field, under reading acedata.missingField: api-not-implemented', scenario: 'readings: { acedata.missingField: api-not-implemented }', requests: () => [post(target, without)] },
    ],
    disabled: [{ by: 'an account in state disabled', scenario: account('state: disabled'), requests: ask }],
    invalid_token: [
      { by: 'a token that no account has', requests: () => [post(target, body, 'Bearer wrong')] },
      { by: 'no Authorization', requests: () => [nobody(target, body)] },
      { by: 'a token without its scheme', requests: () => [post(target, body, token)] },
      { by: 'another scheme', requests: () => [post(target, body, `Basic ${token}`)] },
    ],
    token_expired: [{ by: 'an account past its expires', scenario: `${clock}\n${account('expires: 2026-02-01')}`, requests: ask }],
    authorization_missing: [{ by: 'no Authorization, under reading acedata.missingAuth: authorization-missing', scenario: 'readings: { acedata.missingAuth: authorization-missing }', requests: () => [nobody(target, body)] }],
    payment_required: [{ by: 'no Authorization, under reading acedata.missingAuth: payment-required', scenario: 'readings: { acedata.missingAuth: payment-required }', requests: () => [nobody(target, body)] }],
    used_up: [
      { by: 'an account with quota 0', scenario: `accounts: { acedata: { token: ${token}, quota: 0 } }`, requests: ask },
      { by: 'a query more than the quota', scenario: `${owned}\naccounts: { acedata: { token: ${token}, quota: 1 } }`, requests: () => [...ask(), ...ask()] },
      { by: 'a body that is not JSON on an empty account', scenario: `accounts: { acedata: { token: ${token}, quota: 0 } }`, requests: () => [post(target, 'no JSON')] },
    ],
    forbidden: [{ by: 'an address that is not on the allow list', scenario: account('allow: ["10.0.0.0/8"]'), requests: ask }],
    no_api: [
      { by: 'another method than POST', requests: () => [{ ...post(target, body), method: 'GET', body: '' }], stray: true },
      { by: 'another path below /identity', requests: () => [post(`${target}/again`, body)], stray: true },
    ],
    request_too_large: [{ by: 'a body above 256 kB', requests: () => [post(target, { ...body, rest: '0'.repeat(256 * 1024) })] }],
    too_many_requests: [{ by: 'a second call in a second that has one', scenario: `${clock}\n${account('rate: 1/s')}`, requests: () => [...ask(), ...ask()] }],
  };
}

/** The fields that are encrypted, and what decrypts them, as the upstream's client would send them. */
function sealed(fields: Readonly<Record<string, string>>) {
  const { blob, iv, fields: texts } = seal('AES-256-CBC', Object.values(fields), sandboxPublicKeys);
  return { texts: Object.fromEntries(Object.keys(fields).map((field, index) => [field, texts[index]])), how: { encrypt_list: Object.keys(fields), ciphertext_blob: blob, iv } };
}

/** The same at both tables of results: the row, and what leads to it. */
const results3e: Readonly<Record<'fits' | 'differs' | 'noRecord' | 'noName' | 'noNumber' | 'tooOften', readonly Recipe[]>> = {
  fits: [
    { by: 'name and ID number of the owner', scenario: owned, requests: () => [ask3e()] },
    { by: 'an ID number with a small x', scenario: owned, requests: () => [ask3e({ id_card: idCard.toLowerCase() })] },
    {
      by: 'name, number and ID number encrypted',
      scenario: owned,
      requests: () => {
        const { texts, how } = sealed({ name, phone: number, id_card: idCard });
        return [ask3e({ ...texts, ...how })];
      },
    },
  ],
  differs: [
    { by: 'another name than the owner has', scenario: owned, requests: () => [ask3e({ name: '韩梅梅' })] },
    { by: 'another ID number than the owner has', scenario: owned, requests: () => [ask3e({ id_card: '440524188001010014' })] },
    { by: 'a number whose owner nobody names', requests: () => [ask3e()] },
  ],
  noRecord: [
    { by: 'a number without a record', scenario: `${people}\nnumbers: { "${number}": { status: no-record, owner: li } }`, requests: () => [ask3e()] },
    { by: 'a number that is vacant', scenario: `${people}\nnumbers: { "${number}": { status: vacant, owner: li } }`, requests: () => [ask3e()] },
    { by: 'a number that is cancelled', scenario: `${people}\nnumbers: { "${number}": { status: cancelled, owner: li } }`, requests: () => [ask3e()] },
  ],
  noName: [
    { by: 'a name of digits', scenario: owned, requests: () => [ask3e({ name: '12' })] },
    { by: 'a name of one character', scenario: owned, requests: () => [ask3e({ name: '李' })] },
  ],
  noNumber: [
    { by: 'a number of 10 digits', requests: () => [ask3e({ phone: '1391234567' })] },
    { by: 'a prefix that was never given out', requests: () => [ask3e({ phone: '16137688175' })] },
  ],
  tooOften: [{ by: 'a second attempt for a number on a day that has one', scenario: `${clock}\n${owned}\n${account('perNumberPerDay: 1')}`, requests: () => [ask3e(), ask3e()] }],
};

const underUpstream = (recipes: readonly Recipe[]): readonly Recipe[] => recipes.map((recipe) => ({ ...recipe, scenario: `${recipe.scenario ?? ''}\n${upstream}` }));

export const acedata: ProviderCauses = {
  language: 'en',
  read(body) {
    const answer = JSON.parse(body) as { result?: string; description?: string; x402Version?: number; error?: string | { code: string; message: string } };
    // The 402 of x402 has no code of its own but its status.
    if (typeof answer.error === 'string') return { code: answer.x402Version === 1 ? 'payment_required' : '', message: answer.error };
    if (answer.error !== undefined) return answer.error;
    return { code: answer.result ?? '', message: answer.description ?? '' };
  },
  causes: {
    'acedata.check-1e': {
      ...errors({ endpoint: 'acedata.check-1e', other: 'acedata.check-3e', target: target1e, body: { mobile: number }, field: 'mobile' }),
      '0': [
        { by: 'a number that exists', requests: () => [ask1e(number)] },
        { by: 'a number that is vacant', scenario: `numbers: { "${number}": { status: vacant } }`, requests: () => [ask1e(number)] },
        { by: 'the last query of a quota', scenario: `accounts: { acedata: { token: ${token}, quota: 1 } }`, requests: () => [ask1e(number)] },
        {
          by: 'an encrypted number',
          requests: () => {
            const { texts, how } = sealed({ mobile: number });
            return [post(target1e, { ...texts, encryption: how })];
          },
        },
      ],
      '-1': [{ by: 'a number without a record', scenario: `numbers: { "${number}": { status: no-record } }`, requests: () => [ask1e(number)] }],
      '-2': [
        { by: 'a number of 10 digits', requests: () => [ask1e('1391234567')] },
        { by: 'a prefix that was never given out', requests: () => [ask1e('16137688175')] },
        { by: 'a number with its country code', requests: () => [ask1e(`+86${number}`)] },
      ],
    },
    'acedata.check-3e': {
      ...errors({ endpoint: 'acedata.check-3e', other: 'acedata.check-1e', target: target3e, body: { name, phone: number, id_card: idCard }, field: 'phone' }),
      '0': results3e.fits,
      '1': [
        ...results3e.differs,
        { by: 'an ID number that cannot be one', scenario: owned, requests: () => [ask3e({ id_card: '110105194912310021' })] },
      ],
      '-1': results3e.noRecord,
      '-4': results3e.noName,
      '-5': results3e.noNumber,
      '-6': results3e.tooOften,
      'upstream:0': underUpstream(results3e.fits),
      'upstream:-4': underUpstream(results3e.differs),
      'upstream:-6': underUpstream(results3e.noNumber),
      'upstream:-7': underUpstream([
        { by: 'an ID number with a wrong check character', scenario: owned, requests: () => [ask3e({ id_card: '110105194912310021' })] },
        { by: 'an ID number of 15 digits', scenario: owned, requests: () => [ask3e({ id_card: '110105491231002' })] },
      ]),
      'upstream:-8': underUpstream(results3e.noName),
      'upstream:-9': underUpstream(results3e.noRecord),
      'upstream:-12': underUpstream(results3e.tooOften),
      'upstream:-13': underUpstream([
        { by: 'a number of a virtual operator', requests: () => [ask3e({ phone: '16717707933' })] },
        { by: 'a number of 中国广电', requests: () => [ask3e({ phone: '19212345678' })] },
      ]),
    },
  },
};
