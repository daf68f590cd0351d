import { assumed, documented, inferred } from '../../domain/evidence.ts';
import { caused, uncaused, type Catalogue, type Row } from '../provider.ts';

// HTTP 200 for all: published PHP and Python clients read `code` only under 200 and call anything else an HTTP
// error. The real `reason` texts are not known but for Succ; these are the document's descriptions.
const row = (code: string, zh: string, en: string, cause: Row['cause'], billed = false): Row => ({
  code,
  status: 200,
  message: { zh, en },
  billed,
  evidence: documented('QXT interface document, section 3'),
  cause,
});

const shared = {
  '1': row(
    '1',
    '{text:请求参数缺失,apikey长度不对,查询的手机号码长度不对,查询的手机号码有误}',
    'a parameter is missing, or the apikey or number has a wrong length or is wrong',
    caused('a request without apikey, or with one of another length than 32'),
  ),
  '-1': row('-1', 'apikey不正确', 'no account has this apikey', caused('an apikey of 32 characters that no account has')),
  '-8': row('-8', '系统错误,请稍候再试', 'system error', uncaused('the simulator has no upstream that could fail')),
  '-9': row('-9', 'ip地址鉴权失败', 'the address may not call', caused("an account whose `allow` does not have the caller's address")),
} as const satisfies Catalogue;

export const statusRows = {
  '0': { ...row('0', 'Succ', 'answered', caused('a number that exists'), true), evidence: inferred('section 3 names code 0; that it alone costs is the usual way of a balance counted in queries') },
  ...shared,
  '-2': row('-2', '查询的手机号码长度不对', 'the number has not 11 digits', caused('a number of 10 digits')),
  '-3': row('-3', '请填写正确的手机号码', 'not a mobile number', caused('11 digits with a prefix that was never given out')),
  '-4': row('-4', '未查询到相关信息或填写正确的手机号码再查询', 'nothing known of the number', caused('a number that the scenario gives no record')),
  '-5': row('-5', '当前余额不足发起本次查询请求,请与供应商联系', 'out of credit', caused('a prepaid account with balance 0')),
} as const satisfies Catalogue;

export const balanceRows = {
  '0': { ...row('0', 'Succ', 'answered', caused('a known apikey')), evidence: assumed('that a balance query is free: no document says so') },
  ...shared,
} as const satisfies Catalogue;
