import { randomUUID } from 'node:crypto';
import { type Answer, header, type Incoming, mediaType } from './incoming.ts';
import { isPhoneNumber } from './number-format.ts';
import { formParameters, isObject, jsonObject, multipartParameters, type Parameters } from './parameters.ts';
import { type Verdict, verifyTc3, verifyV1 } from './tc3.ts';
import type { Status, TencentAccount, World } from './world.ts';

/** What a twin remembers of Tencent: the requests of an account within one second of the clock. */
export type RequestCounts = Map<string, number>;

/** Tencent Cloud faceid: `MobileStatus` of version 2018-03-01, at `/`. */
export function answerTencent(incoming: Incoming, world: World, counts: RequestCounts): Answer {
  // reading: another method is an unsupported protocol (Common Error Codes).
  if (incoming.method !== 'GET' && incoming.method !== 'POST') {
    return failure('UnsupportedProtocol', 'Only GET and POST are supported.');
  }
  // reading: a request with an Authorization or X-TC-Action header is signed by v3, any other by v1 (Common Params).
  const isTc3 = header(incoming, 'authorization') !== '' || header(incoming, 'x-tc-action') !== '';
  const form = isTc3 ? undefined : v1Parameters(incoming);
  const common = (name: string): string => form?.get(name) ?? header(incoming, `x-tc-${name.toLowerCase()}`);

  // reading: common parameters have to be present before anything is verified, and v3 takes them from headers only
  // (MobileStatus, Action and Version are required; the example puts them in a query, which is v1).
  const required = ['Action', 'Version', 'Timestamp', ...(form ? ['Nonce', 'SecretId', 'Signature'] : [])];
  const missing = required.find((name) => common(name) === '');
  if (missing !== undefined) return missingParameter(missing);

  const now = Math.floor(world.clock() / 1000);
  const verdict: Verdict = form ? verifyV1(incoming, form, world.tencent, now) : verifyTc3(incoming, world.tencent, now);
  if (verdict.kind === 'refused') return failure(verdict.code, verdict.message);
  const { account } = verdict;
  // reading: a session token is compared when the account has one and ignored when it has none (Common Params).
  if (account.sessionToken !== undefined && common('Token') !== account.sessionToken) {
    return failure('AuthFailure.TokenFailure', 'The token is wrong.');
  }
  // reading: the 20 requests per second are counted by account, from second to second, after the signature (MobileStatus,
  // head); a world that states no limit has none.
  if (isOverLimit(account, now, counts)) return failure('RequestLimitExceeded', 'Too many requests in one second.');

  // reading: the action is judged before the version, and both after the signature (MobileStatus, Action and Version).
  if (common('Action') !== 'MobileStatus') return failure('InvalidAction', 'The action does not exist.');
  if (common('Version') !== '2018-03-01') return failure('NoSuchVersion', 'The version does not exist.');
  // reading: Region takes any value, even a wrong one (MobileStatus, Region is not required).

  const given = form ? unflatten(form) : tc3Parameters(incoming);
  if (given === undefined) return failure('InvalidParameter', 'The body cannot be read.');
  return mobileStatus(given, account, world);
}

type Given = Readonly<Record<string, unknown>>;

function mobileStatus(given: Given, account: TencentAccount, world: World): Answer {
  // reading: a parameter of another name is refused and not ignored (Common Error Codes, UnknownParameter).
  const stranger = Object.keys(given).find((name) => !KNOWN.has(name));
  if (stranger !== undefined) return failure('UnknownParameter', `The parameter \`${stranger}\` is not recognized.`);
  const mobile = given['Mobile'];
  // reading: an absent Mobile takes the common code for a missing parameter and one of another type InvalidParameter; an
  // empty one is a badly formed number, which is a result and not an error (MobileStatus, Mobile).
  if (mobile === undefined || mobile === null) return missingParameter('Mobile');
  if (typeof mobile !== 'string') return failure('InvalidParameter', 'The parameter `Mobile` has to be a text.');

  // reading: the account is judged after the parameters are present and before they are used (MobileStatus, error codes).
  const refusal = CONDITIONS[account.condition];
  if (refusal !== undefined) return failure(refusal, 'The account cannot make this request.');

  const encryption = given['Encryption'];
  if (encryption !== undefined && encryption !== null) return refuseEncryption(encryption);

  if (!isPhoneNumber(mobile, world)) return result('-2', 99);
  const number = world.numbers[mobile];
  if (number === undefined) return result('-1', 99);
  switch (number.trouble) {
    case 'busy':
    case 'engine-exception':
      return result('-3', 99);
    case 'daily-limit':
      return result('-4', 99);
    case 'engine-unknown':
      return failure('FailedOperation.UnKnown', 'Unknown internal error.');
    case 'name-check':
    case undefined:
      break;
    default:
      number.trouble satisfies never;
  }
  const status = STATUS_CODES[number.status];
  return status === undefined ? result('-1', 99) : result('0', status);
}

// reading: StatusCode is 99 in every answer without a finding, after the first example (MobileStatus, examples).
// reading: the answers are JSON with all their commas, of which the examples miss some (MobileStatus, examples).
function result(code: keyof typeof DESCRIPTIONS, status: number): Answer {
  return reply({ Result: code, Description: DESCRIPTIONS[code], StatusCode: status });
}

// reading: "no results found" stands in the list without its code, which has to be -1 (MobileStatus, Result).
// reading: 0 and -2 are described as in the examples, the others by the words of the list (MobileStatus, Result).
const DESCRIPTIONS = {
  '0': 'Success',
  '-1': 'No results found',
  '-2': 'Invalid phone number format',
  '-3': 'Verification Center Service is busy',
  '-4': 'Authentication attempts exceeded the daily limit',
} as const;

// reading: this list has no 3 for a vacant number, so a vacant number is one without results (MobileStatus, StatusCode);
// silent and risky numbers are normal.
const STATUS_CODES = {
  normal: 0,
  suspended: 1,
  cancelled: 2,
  vacant: undefined,
  offline: 4,
  unknown: 99,
  silent: 0,
  risk: 0,
} as const satisfies Record<Status, number | undefined>;

const CONDITIONS = {
  good: undefined,
  arrears: 'UnauthorizedOperation.Arrears',
  'charge-status': 'UnauthorizedOperation.ChargeStatusException',
  'not-authorized': 'UnauthorizedOperation.NonAuthorize',
  'not-activated': 'UnauthorizedOperation.Nonactivated',
  'sts-unauthorized': 'FailedOperation.StsUnAuthErrError',
  failing: 'FailedOperation.UnKnown',
} as const satisfies Record<TencentAccount['condition'], string | undefined>;

/** No encryption can be opened here; the code says how far it got. */
function refuseEncryption(encryption: unknown): Answer {
  if (!isObject(encryption)) return failure('InvalidParameter', 'The parameter `Encryption` has to be an object.');
  // Sound: isObject has just excluded arrays and null.
  const { EncryptList: list, CiphertextBlob: key, Iv: iv, Algorithm: algorithm } = encryption as Given;
  // reading: an Encryption whose list has not Mobile, even an empty one, leaves a field unencrypted, and a list with
  // another field names one that cannot be (MobileStatus, UnsupportEncryptField, whose name and explanation differ).
  if (!Array.isArray(list) || list.length !== 1 || list[0] !== 'Mobile') {
    return failure('InvalidParameter.UnsupportEncryptField', 'EncryptList has to name Mobile alone.');
  }
  // reading: an unknown algorithm or a missing key or vector is a wrong value (MobileStatus, InvalidParameterValue).
  const known = algorithm === undefined || algorithm === 'AES-256-CBC' || algorithm === 'SM4-GCM';
  if (!known || !isText(key) || !isText(iv)) return failure('InvalidParameterValue', 'Encryption is incomplete.');
  return failure('FailedOperation.DecryptSystemError', 'The decryption failed.');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

// reading: v1 reads the query of a GET and the form of a POST, not both (signature rules, v1 works for GET and form POST).
function v1Parameters(incoming: Incoming): Parameters {
  if (incoming.method === 'GET') return formParameters(incoming.query);
  if (mediaType(incoming) !== 'application/x-www-form-urlencoded') return new Map();
  return formParameters(incoming.body.toString('utf8'));
}

// reading: a POST signed by v3 is JSON or multipart; a form is refused, for forms belong to v1 (signature rules). An
// empty body is one without parameters.
function tc3Parameters(incoming: Incoming): Given | undefined {
  if (incoming.method === 'GET') return unflatten(formParameters(incoming.query));
  switch (mediaType(incoming)) {
    case 'application/json':
      return incoming.body.length === 0 ? {} : jsonObject(incoming.body);
    case 'multipart/form-data':
      return unflatten(multipartParameters(incoming));
    default:
      return undefined;
  }
}

/** Builds `Encryption` from names such as `Encryption.EncryptList.0`, and leaves the common parameters out. */
function unflatten(parameters: Parameters): Given {
  const given: Record<string, unknown> = {};
  const encryption: Record<string, unknown> = {};
  const list: string[] = [];
  for (const [name, value] of parameters) {
    if (COMMON.has(name)) continue;
    if (/^Encryption\.EncryptList\.\d+$/.test(name)) list.push(value);
    else if (name.startsWith('Encryption.')) encryption[name.slice('Encryption.'.length)] = value;
    else given[name] = value;
  }
  if (list.length > 0) encryption['EncryptList'] = list;
  return Object.keys(encryption).length > 0 ? { ...given, Encryption: encryption } : given;
}

const KNOWN: ReadonlySet<string> = new Set(['Mobile', 'Encryption']);

const COMMON: ReadonlySet<string> = new Set([
  'Action',
  'Version',
  'Region',
  'Timestamp',
  'Nonce',
  'SecretId',
  'Signature',
  'SignatureMethod',
  'Token',
  'Language',
  'RequestClient',
]);

function isOverLimit(account: TencentAccount, now: number, counts: RequestCounts): boolean {
  if (account.requestsPerSecond === undefined) return false;
  const slot = `${account.secretId}@${now}`;
  const count = (counts.get(slot) ?? 0) + 1;
  counts.set(slot, count);
  return count > account.requestsPerSecond;
}

function missingParameter(name: string): Answer {
  return failure('MissingParameter', `The request is missing the parameter \`${name}\`.`);
}

// reading: an error is HTTP 200 with Error and RequestId in the envelope (Common Error Codes; MobileStatus shows none).
function failure(code: string, message: string): Answer {
  return reply({ Error: { Code: code, Message: message } });
}

function reply(response: object): Answer {
  return { status: 200, body: { Response: { ...response, RequestId: randomUUID() } } };
}
