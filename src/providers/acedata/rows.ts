import { assumed, documented, inferred, shown, type Evidence } from '../../domain/evidence.ts';
import { caused, uncaused, type Catalogue, type Cause, type Row } from '../provider.ts';

const guide = documented("the guide's list of errors");
const platform = inferred("the platform's pages and other OpenAPI files; not in the guides of these endpoints");

const row = (code: string, status: number, text: string, cause: Cause, evidence: Evidence): Row => ({
  code,
  status,
  message: { en: text, zh: text },
  billed: false,
  evidence,
  cause,
});

const noUpstream = uncaused('the simulator has no upstream that could fail');

/** Errors of gateway and worker, which both endpoints share. */
const errors = {
  bad_request: row('bad_request', 400, '{text:The json payload is not valid to request the API}', caused('a body that is not JSON'), platform),
  no_token: row('no_token', 400, 'No token specified for the request.', caused('no Authorization header, under reading acedata.missingAuth: no-token'), platform),
  token_mismatched: row('token_mismatched', 400, 'The specified token is not matched with API.', caused('a token whose grants do not have the endpoint'), guide),
  api_not_implemented: row('api_not_implemented', 400, 'The API is not implemented.', caused('an endpoint that the scenario switches off'), guide),
  disabled: row(
    'disabled',
    403,
    'Your application has been disabled by Ace Data Cloud due to abnormal usage behavior, please contact our support to get more information.',
    caused('an account in state disabled'),
    inferred('platform pages; 28 specs say 400 and the concept page 403'),
  ),
  invalid_token: row('invalid_token', 401, 'The specified token is invalid or wrong.', caused('a token that no account has'), guide),
  token_expired: row('token_expired', 401, 'token expired.', caused('an account past its expires'), platform),
  authorization_missing: row('authorization_missing', 401, 'Authorization header is missing.', caused('no Authorization header, under reading acedata.missingAuth: authorization-missing'), platform),
  payment_required: row('payment_required', 402, 'Payment required.', caused('no Authorization header, under reading acedata.missingAuth: payment-required'), inferred("the x402 client of the same organisation and its tests")),
  used_up: row('used_up', 403, 'Your balance is not sufficient for current request, please buy more in Ace Data Cloud.', caused('an account with quota 0'), platform),
  forbidden: row('forbidden', 403, 'The request is forbidden.', caused("an account whose `allow` does not have the caller's address"), assumed('the platform uses it for moderation; an address list is the nearest that applies here')),
  no_api: row('no_api', 404, 'API does not exist, please make sure url is correct.', caused('another path below /identity, or another method than POST'), platform),
  request_too_large: row('request_too_large', 413, 'Request body is too large.', caused('a body above 256 kB'), platform),
  too_many_requests: row('too_many_requests', 429, 'You have exceeded the rate limit.', caused('more calls in a second than the account has rate'), guide),
  api_error: row('api_error', 500, '{text:fetch failed}', noUpstream, shown("the guide's error sample")),
  busy: row('busy', 500, 'api was throttled from upstream and is currently busy, please try again later.', noUpstream, platform),
  timeout: row('timeout', 504, 'request to upstream exceeded timeout', noUpstream, inferred('the code is in one spec of the platform; its text is about another API, so this one is ours')),
} as const satisfies Catalogue;

/** Codes that the worker behind the gateway sends; the guide's sample shows its envelope. */
export const workerCodes: ReadonlySet<string> = new Set(['api_error', 'busy', 'timeout', 'authorization_missing']);

const result = (code: string, en: string, zh: string, billed: boolean, cause: Cause, evidence: Evidence = documented("the guide's list of results")): Row => ({
  code,
  status: 200,
  message: { en, zh },
  billed,
  evidence,
  cause,
});

export const check1eRows = {
  '0': result('0', 'Success', '成功', true, caused('a number that exists')),
  '-1': result('-1', 'No results found', '未查询到结果', false, caused('a number that the scenario gives no record')),
  '-2': result('-2', 'Mobile number format is incorrect', '手机号格式不正确', false, caused('a number that cannot be one')),
  '-3': result('-3', 'Verification center service is busy', '验证中心服务繁忙', false, noUpstream),
  ...errors,
} as const satisfies Catalogue;

const upstream = inferred('the upstream endpoint that returns these fields (facts, AceData 1.3), under reading acedata.check3eCodes: upstream');

export const check3eRows = {
  // The guide's table calls it "Verification result is consistent"; its sample answer says this.
  '0': result('0', 'Authentication passed', '认证通过', true, caused('name and ID number of the owner'), shown("the guide's sample answer")),
  '1': result('1', 'Verification result is inconsistent', '验证结果不一致', true, caused('another name than the owner has')),
  '-1': result('-1', 'No record found', '查无记录', false, caused('a number that the scenario gives no record')),
  '-2': result('-2', 'Unknown engine error', '引擎未知错误', false, noUpstream),
  '-3': result('-3', 'Engine service exception', '引擎服务异常', false, noUpstream),
  '-4': result('-4', 'Name verification failed', '姓名校验不通过', false, caused('a name that cannot be one, such as digits')),
  '-5': result('-5', 'Mobile number is invalid', '手机号码不合法', false, caused('a number that cannot be one')),
  '-6': result('-6', 'Authentication attempts exceeded the daily limit, please try again the next day', '认证次数超过当日限制，请次日重试', false, caused('more attempts for a number in a day than the account has perNumberPerDay')),
  'upstream:0': result('0', 'Authentication passed', '认证通过', true, caused('name and ID number of the owner'), upstream),
  'upstream:-4': result('-4', 'Information inconsistency', '信息不一致', true, caused('another name than the owner has'), upstream),
  'upstream:-6': result('-6', 'Invalid phone number', '手机号码不合法', false, caused('a number that cannot be one'), upstream),
  'upstream:-7': result('-7', 'Invalid ID card number', '身份证号码有误', false, caused('an ID number that cannot be one'), upstream),
  'upstream:-8': result('-8', 'Name verification failed', '姓名校验不通过', false, caused('a name that cannot be one'), upstream),
  'upstream:-9': result('-9', 'No record found', '没有记录', false, caused('a number that the scenario gives no record'), upstream),
  'upstream:-11': result('-11', 'Verification center service is busy', '验证中心服务繁忙', false, noUpstream, upstream),
  'upstream:-12': result('-12', 'Authentication attempts exceeded the daily limit, please try again the next day', '认证次数超过当日限制，请次日重试', false, caused('more attempts for a number in a day than the account has perNumberPerDay'), upstream),
  'upstream:-13': result('-13', 'The number range is not supported', '该号段不支持验证', false, caused('a number of a virtual operator or of 中国广电'), upstream),
  ...errors,
} as const satisfies Catalogue;

export type Check3eRow = keyof typeof check3eRows;

/** Reading `acedata.check3eCodes`: what a row of the guide's table is called in the other. */
export const upstreamOf: Readonly<Partial<Record<Check3eRow, Check3eRow>>> = {
  '0': 'upstream:0',
  '1': 'upstream:-4',
  '-1': 'upstream:-9',
  '-2': 'upstream:-11',
  '-3': 'upstream:-11',
  '-4': 'upstream:-8',
  '-5': 'upstream:-6',
  '-6': 'upstream:-12',
};
