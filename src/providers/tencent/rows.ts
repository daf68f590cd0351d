import { assumed, documented, inferred, type Evidence } from '../../domain/evidence.ts';
import { caused, uncaused, type Catalogue, type Cause, type Row } from '../provider.ts';

/** Message texts that people quoted from real answers in public issues; the documents describe codes, and do not quote. */
const quoted = inferred('the code is documented; the text is quoted from real answers in public issues');
const quotedInEnglish = inferred('the code is documented; the English text is quoted from real answers in public issues, and the Chinese one is ours');
const invented = assumed('the code is documented; no real text of it is known, so this one is ours');
const page = documented("the action's own error table");

const error = (code: string, en: string, zh: string, cause: Cause, evidence: Evidence): [string, Row] => [
  code,
  { code, status: 200, message: { en, zh }, billed: false, evidence, cause },
];

const umbrella = uncaused('faceid answers with one of its narrower codes');
const elsewhere = (what: string): Cause => uncaused(`MobileStatus ${what}`);
const state = (name: string): Cause => caused(`an account in state ${name}`);

// HTTP 200 for all of them: the signature document says so of failures too, and clients drop the body of any other.
const errors = [
  error('ActionOffline', 'The action is offline.', '接口已下线。', caused('an endpoint that the scenario switches off'), invented),
  error('AuthFailure.InvalidAuthorization', 'The request `Authorization` header does not conform to tencentcloud standards: {part:`Service` in Credential not valid.}', '请求头部的 `Authorization` 不符合腾讯云标准: {part:`Service` in Credential not valid.}', caused('a Credential of another service'), quotedInEnglish),
  error('AuthFailure.InvalidSecretId', 'The SecretId is not a cloud API key.', '密钥非法（不是云 API 密钥类型）。', state('not-a-cloud-api-key'), invented),
  error('AuthFailure.MFAFailure', 'MFA failed.', 'MFA 错误。', state('mfa-required'), invented),
  error('AuthFailure.SecretIdNotFound', 'The SecretId is not found, please ensure that your SecretId is correct.', 'SecretId不存在，请输入正确的密钥。', caused('a SecretId that no account has'), quoted),
  error('AuthFailure.SignatureExpire', 'Signature expired. Please use local time and enable NTP service for time synchronization to avoid a deviation between `Timestamp` and the server time {serverTime:1706406788}.', '签名过期。请使用本地时间并开启 NTP 服务，避免 `Timestamp` 与服务器时间 {serverTime:1706406788} 相差过大。', caused('a Timestamp more than five minutes off'), quotedInEnglish),
  error('AuthFailure.SignatureFailure', '{text:The provided credentials could not be validated. Please check your signature is correct.}', '{text:请求签名验证失败，请检查您的签名计算是否正确。}', caused('another SecretKey than the account has'), quoted),
  error('AuthFailure.TokenFailure', 'Token verification failed, please check if your Token is correct.', 'Token验证失败，请检查您的Token是否正确。', caused('a temporary key without its token'), inferred('an official test looks for this text')),
  error('AuthFailure.UnauthorizedOperation', 'You are not authorized to perform this operation. Check your CAM policies, and ensure that you are using the correct access keys. [[request id:{requestId:-}]you are not authorized to perform operation (faceid:MobileStatus)\nresource (*) has no permission\n]', '操作未授权，请检查CAM策略。[[request id:{requestId:-}]system policy not verify]', state('not-permitted'), quoted),
  error('DryRunOperation', 'The request would have succeeded, but DryRun was set.', 'DryRun 操作，代表请求将会是成功的，只是多传了 DryRun 参数。', elsewhere('has no DryRun'), invented),
  error('FailedOperation', 'The operation failed.', '操作失败。', umbrella, invented),
  error('InternalError', 'An internal error has occurred. Retry your request.', '内部服务错误，请稍后重试', uncaused('the simulator has no upstream that could fail'), inferred('the Chinese text is quoted from real answers; the English one is ours')),
  error('InvalidAction', 'The request action=`{action:MobileStatus}` is invalid or not found in service=`faceid` and version=`2018-03-01`.', '请求的 action=`{action:MobileStatus}` 在 service=`faceid` version=`2018-03-01` 中无效或不存在。', caused('another Action'), quotedInEnglish),
  error('InvalidParameter', '{text:Invalid parameter.}', '{text:参数错误。}', caused('a Mobile that is a number'), quotedInEnglish),
  error('InvalidParameterValue', '{text:Incorrect parameter value.}', '{text:参数取值错误。}', caused('an Algorithm that there is none of'), page),
  error('InvalidRequest', 'The multipart/form-data body is malformed.', '请求 body 的 multipart 格式错误。', caused('a multipart body that ends before its boundary does'), invented),
  error('IpInBlacklist', 'The IP address is on the blacklist.', 'IP 地址在黑名单中。', caused("an account whose deny has the caller's address"), invented),
  error('IpNotInWhitelist', 'The IP address is not on the whitelist.', 'IP 地址不在白名单中。', caused("an account whose allow does not have the caller's address"), invented),
  error('LimitExceeded', 'The quota limit is exceeded.', '超过配额限制。', elsewhere('creates nothing that could be limited'), invented),
  error('MissingParameter', 'The request is missing a required parameter `{name:Mobile}`.', '缺少参数 `{name:Mobile}`。', caused('no Mobile'), quotedInEnglish),
  error('NoSuchProduct', 'The product `{product:faceid}` does not exist.', '产品 `{product:faceid}` 不存在。', caused('a Host of another product below tencentcloudapi.com'), invented),
  error('NoSuchVersion', 'The specified api version=`{version:2018-03-01}` does not exist in service=`faceid`.', '接口版本 version=`{version:2018-03-01}` 在 service=`faceid` 中不存在。', caused('another Version'), quotedInEnglish),
  error('RequestLimitExceeded', 'Your current request times equals to `{count:21}` in a second, which exceeds the frequency limit `{limit:20}` for a second. Please reduce the frequency of calls.', '您当前每秒请求 `{count:21}` 次，超过了每秒频率上限 `{limit:20}`，请稍后重试。', caused('more calls in a second than the account has rate'), quoted),
  error('RequestLimitExceeded.GlobalRegionUinLimitExceeded', 'The account exceeds the frequency limit of all regions.', '主账号超过频率限制。', uncaused('no limit of it is documented'), invented),
  error('RequestLimitExceeded.IPLimitExceeded', 'The IP address exceeds the frequency limit.', 'IP 限频。', uncaused('no limit of it is documented'), invented),
  error('RequestLimitExceeded.UinLimitExceeded', 'The account exceeds the frequency limit.', '主账号限频。', uncaused('no limit of it is documented'), invented),
  error('RequestSizeLimitExceeded', 'The request exceeds the size limit.', '请求包超过限制大小。', caused('a GET above 32 kB'), invented),
  error('ResourceInUse', 'The resource is in use.', '资源被占用。', elsewhere('is about no resource'), invented),
  error('ResourceInsufficient', 'The resource is insufficient.', '资源不足。', elsewhere('is about no resource'), invented),
  error('ResourceNotFound', 'The resource does not exist.', '资源不存在。', elsewhere('is about no resource'), invented),
  error('ResourceUnavailable', 'The resource is unavailable.', '资源不可用。', elsewhere('is about no resource'), invented),
  error('ResponseSizeLimitExceeded', 'The response exceeds the size limit.', '返回包超过限制大小。', elsewhere('answers a few hundred bytes'), invented),
  error('ServiceUnavailable', 'The service is temporarily unavailable.', '当前服务暂时不可用。', uncaused('the simulator has no upstream that could fail'), invented),
  error('UnauthorizedOperation', 'The operation is not authorized.', '未授权操作。', umbrella, invented),
  error('UnknownParameter', 'The parameter `{name:Unknown}` is not recognized.', '未知参数 `{name:Unknown}`。', caused('a parameter that the action does not have'), quotedInEnglish),
  error('UnsupportedOperation', '{text:The operation is not supported.}', '{text:操作不支持。}', caused('a well-formed multipart body'), inferred('an official test looks for the text about the Content-Type; that it comes with this code is assumed')),
  error('UnsupportedProtocol', 'The HTTP(S) request protocol is wrong; only GET and POST requests are supported.', 'http(s) 请求协议错误，只支持 GET 和 POST 请求。', caused('PUT'), invented),
  error('UnsupportedRegion', 'The action not support this region.', '接口不支持所传地域。', elsewhere('takes no Region, and one that is passed has no effect'), quotedInEnglish),
  error('FailedOperation.DecryptSystemError', 'Decryption failed.', '解密失败。', caused('a field encrypted with another key than the blob holds'), page),
  error('FailedOperation.StsUnAuthErrError', 'STS unauthorized.', 'STS 未授权。', caused('a KMS blob from an account without kms, or state sts-unauthorized'), page),
  error('FailedOperation.UnKnown', 'Unknown internal error.', '内部未知错误。', uncaused('the simulator has no upstream that could fail'), page),
  error('InvalidParameter.UnsupportEncryptField', 'Unencrypted fields exist. Refer to the documentation to modify.', '存在不加密的字段，请参考文档修改。', caused('an EncryptList that names another field than Mobile'), page),
  error('UnauthorizedOperation.Arrears', 'The account is in arrears.', '账号已欠费。', state('arrears'), page),
  error('UnauthorizedOperation.ChargeStatusException', 'The billing status is abnormal.', '计费状态异常。', state('charge-status-exception'), page),
  error('UnauthorizedOperation.NonAuthorize', 'Identity verification has not been completed for the account.', '账号未实名。', state('not-verified'), page),
  error('UnauthorizedOperation.Nonactivated', 'The service has not been activated.', '未开通服务。', state('not-activated'), page),
] as const;

const result = (code: string, en: string, zh: string, billed: boolean, cause: Cause, evidence: Evidence = documented("the action's list of results")): [string, Row] => [
  code,
  { code, status: 200, message: { en, zh }, billed, evidence, cause },
];

const results = [
  result('0', 'Success', '成功', true, caused('a number that exists')),
  result('-1', 'No results found', '未查询到结果', false, caused('a number that the scenario gives no record'), inferred('the page lost the code before the text; the domestic page and a relay of the same API have it')),
  result('-2', 'Invalid phone number format', '手机号格式不正确', false, caused('a number that cannot be one')),
  result('-3', 'Verification Center Service is busy', '验证中心服务繁忙', false, uncaused('the simulator has no upstream that could be busy')),
  result('-4', 'Authentication attempts exceeded the daily limit. Retry the next day', '认证次数超过当日限制，请次日重试', false, caused('more attempts for a number in a day than the account has perNumberPerDay')),
] as const;

/** Results of the action by their code, and errors by theirs. */
export const rows: Catalogue = Object.fromEntries([...results, ...errors]);
export const resultCodes: ReadonlySet<string> = new Set(results.map(([code]) => code));
