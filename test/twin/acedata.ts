import { randomUUID } from 'node:crypto';
import { type Answer, header, type Incoming } from './incoming.ts';
import { isPhoneNumber } from './number-format.ts';
import { jsonObject } from './parameters.ts';
import type { Carrier, PhoneNumber, Status, World } from './world.ts';

/** AceData: `POST /identity/phone/check-1e` (status of a number) and `check-3e` (name, number and id card agree). */
export function answerAceData(incoming: Incoming, world: World): Answer {
  const check = CHECKS.get(incoming.path);
  // reading: another path or method below /identity is an API that is not implemented, so it takes that 400 code and
  // not 404 or 405 (both documents, Error Handling; neither says when the code is used).
  if (check === undefined || incoming.method !== 'POST') return refusal(400, 'api_not_implemented', 'no such API');

  // reading: the word Bearer is compared without regard to case and has to be there (both documents, request headers).
  const token = /^bearer +(\S+)$/i.exec(header(incoming, 'authorization'))?.[1];
  const account = world.acedata.find((candidate) => candidate.token === token);
  // reading: the token is judged before the parameters, as no order is given (both documents, Error Handling).
  if (account === undefined) return refusal(401, 'invalid_token', 'the token is missing or invalid');
  if (account.condition === 'rate-limited') return refusal(429, 'too_many_requests', 'too many requests');
  // reading: a token that exists but belongs to another API is mismatched, for the code's name says so while its
  // explanation speaks of parameters only (both documents, Error Handling).
  if (account.condition === 'other-service') return refusal(400, 'token_mismatched', 'the token is for another API');

  // reading: the body is read as JSON whatever its content type, as JSON is the only form shown (both documents, CURL).
  const body = jsonObject(incoming.body);
  if (body === undefined) return badParameter('the body is not a JSON object');
  const answer = check(body, world);
  return account.condition === 'failing' && answer.status === 200 ? refusal(500, 'api_error', 'fetch failed') : answer;
}

type Check = (body: Record<string, unknown>, world: World) => Answer;

const CHECKS: ReadonlyMap<string, Check> = new Map([
  ['/identity/phone/check-1e', checkStatus],
  ['/identity/phone/check-3e', checkOwner],
]);

function checkStatus(body: Record<string, unknown>, world: World): Answer {
  const mobile = requiredText(body['mobile']);
  if (mobile === undefined) return badParameter('mobile is required');
  // reading: an encryption that cannot be opened is a bad parameter, as the document has no code of its own for it
  // (check-1e, request body); an absent, null or empty one encrypts nothing.
  if (isPresent(body['encryption'])) return badParameter('encryption cannot be opened');

  if (!isPhoneNumber(mobile, world)) return verdict1e('-2', 99);
  const number = world.numbers[mobile];
  if (number === undefined) return verdict1e('-1', 99);
  // reading: this document has no result for a daily limit, though the Tencent one has -4, so it becomes 429
  // (check-1e, result codes).
  if (number.trouble === 'daily-limit') return refusal(429, 'too_many_requests', 'too many requests for this number');
  // reading: an engine that fails is a centre that is busy, the only such result here (check-1e, result codes).
  if (number.trouble === 'busy' || isEngineTrouble(number)) return verdict1e('-3', 99);
  return verdict1e('0', STATUS_CODES[number.status]);
}

// reading: status_code is present and 99 in every answer without a finding, after the Tencent example, because the
// document shows a successful answer only (check-1e, result).
function verdict1e(result: keyof typeof DESCRIPTIONS_1E, statusCode: number): Answer {
  return { status: 200, body: { result, description: DESCRIPTIONS_1E[result], status_code: statusCode } };
}

// reading: description carries the words of the list of result codes, of which only "Success" is shown in an answer
// (check-1e, result).
const DESCRIPTIONS_1E = {
  '0': 'Success',
  '-1': 'No results found',
  '-2': 'Mobile number format is incorrect',
  '-3': 'Verification center service is busy',
} as const;

// reading: silent and risky numbers are in service, as there is no code for them (check-1e, status_code).
const STATUS_CODES = {
  normal: 0,
  suspended: 1,
  cancelled: 2,
  vacant: 3,
  offline: 4,
  unknown: 99,
  silent: 0,
  risk: 0,
} as const satisfies Record<Status, number>;

function checkOwner(body: Record<string, unknown>, world: World): Answer {
  const name = requiredText(body['name']);
  const phone = requiredText(body['phone']);
  const idCard = requiredText(body['id_card']);
  // reading: all three are required, though the introduction asks for the phone alone (check-3e, Basic Usage).
  if (name === undefined || phone === undefined || idCard === undefined) {
    return badParameter('name, phone and id_card are required');
  }
  // reading: verify_mode takes any value and changes nothing, as its values and the longer answer are not given
  // (check-3e, request body).
  // reading: encryption that cannot be opened is a bad parameter, as no result speaks of it (check-3e, request body).
  if (['encrypt_list', 'ciphertext_blob', 'iv'].some((key) => isPresent(body[key]))) {
    return badParameter('the ciphertext cannot be opened');
  }
  // reading: an id card of the wrong form is a bad parameter and not a mismatch, because results exist for a bad phone
  // and a bad name but not for a bad id card (check-3e, result codes); its check digit is not computed.
  if (!/^\d{17}[\dXx]$/.test(idCard)) return badParameter('id_card has 18 characters');

  // reading: the phone is judged before the name (check-3e, result codes, no order given).
  if (!isPhoneNumber(phone, world)) return verdict3e('-5');
  // reading: -4 is for a name that cannot be one, that is one with a digit or a single character (check-3e, codes).
  if (!/^[\p{L}·. ]{2,}$/u.test(name)) return verdict3e('-4');
  const number = world.numbers[phone];
  if (number === undefined) return verdict3e('-1');
  switch (number.trouble) {
    case 'busy':
    case 'engine-exception':
      return verdict3e('-3');
    case 'engine-unknown':
      return verdict3e('-2');
    case 'name-check':
      return verdict3e('-4');
    case 'daily-limit':
      return verdict3e('-6');
    case undefined:
      break;
    default:
      number.trouble satisfies never;
  }
  // reading: a number that nobody owns has no record, whatever its status; a number with an owner is compared even when
  // it is suspended or cancelled (check-3e, result codes).
  if (number.owner === undefined) return verdict3e('-1');
  // reading: the check letter x of an id card is compared without regard to case (check-3e, id_card).
  const same = number.owner.name === name && number.owner.idCard.toUpperCase() === idCard.toUpperCase();
  return verdict3e(same ? '0' : '1', CARRIERS[number.carrier]);
}

// reading: isp is null when the answer has no finding, as result_detail is in the sample (check-3e, result).
function verdict3e(result: keyof typeof DESCRIPTIONS_3E, isp: string | null = null): Answer {
  return { status: 200, body: { result, description: DESCRIPTIONS_3E[result], isp, result_detail: null } };
}

// reading: 0 is described by the words of the sample answer, which differ from those of the list; the others have only
// the list, without its advice on what to do next (check-3e, result).
const DESCRIPTIONS_3E = {
  '0': 'Authentication passed',
  '1': 'Verification result is inconsistent',
  '-1': 'No record found',
  '-2': 'Unknown engine error',
  '-3': 'Engine service exception',
  '-4': 'Name verification failed',
  '-5': 'Mobile number is invalid',
  '-6': 'Authentication attempts exceeded the daily limit',
} as const;

// reading: isp is the network of today and not the issuing one; only "Mobile" is given, the other words are formed
// after it (check-3e, sample answer).
const CARRIERS = {
  mobile: 'Mobile',
  unicom: 'Unicom',
  telecom: 'Telecom',
  broadcast: 'Broadcast',
  virtual: 'Virtual',
} as const satisfies Record<Carrier, string>;

function isEngineTrouble(number: PhoneNumber): boolean {
  return number.trouble === 'engine-unknown' || number.trouble === 'engine-exception';
}

// reading: a required field has to be a text; a JSON number is a bad parameter (both documents, no types given). An
// empty text is a missing one.
function requiredText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isPresent(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

// reading: a missing or invalid parameter takes token_mismatched, the first of two 400 codes that are explained with
// the same words (both documents, Error Handling).
function badParameter(message: string): Answer {
  return refusal(400, 'token_mismatched', message);
}

// reading: trace_id is in refusals only, as the sample answers of both checks have none (both documents, examples).
function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { success: false, error: { code, message }, trace_id: randomUUID() } };
}
