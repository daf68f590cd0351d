import { assumed, documented, inferred, type Evidence } from '../../domain/evidence.ts';
import { caused, uncaused, type Catalogue, type Cause, type Row } from '../provider.ts';

const table = documented("the document's table of codes; its texts are descriptions, and the real msg is not known");

// HTTP 200 by default; reading alapi.errorStatus puts the code into the status line instead.
const row = (code: string, zh: string, en: string, cause: Cause, evidence: Evidence = table, billed = false): Row => ({
  code,
  status: 200,
  message: { zh, en },
  billed,
  evidence,
  cause,
});

export const rows = {
  '200': row('200', 'success', 'answered', caused('numbers that exist'), documented('the table, and the sample for its msg'), true),
  '400': row('400', '接口请求失败', 'request failed', caused('a JSON or multipart body that cannot be read'), assumed('it shares its text with 422, which is taken for wrong parameters')),
  '404': row('404', '接口地址不存在', 'no such address', caused('another path below /api, or an endpoint that is switched off')),
  '405': row('405', '请求方法不被允许', 'method not allowed', caused('PUT')),
  '406': row('406', '没有更多数据了', 'no more data', uncaused('it belongs to endpoints that answer in pages')),
  '422': row('422', '接口请求失败', 'request failed', caused('no mobiles, or more than 2000')),
  '429': row('429', '请求 QPS 超过限制', 'too many requests', caused('more calls in a second than the account has rate')),
  '100': row('100', 'token 错误', 'wrong token', caused('a token that no account has')),
  '101': row('101', '账号过期', 'account expired', caused('an account past its expires, or an empty token'), inferred('the table; first-party tests get it for an empty token as well')),
  '102': row('102', '接口请求次数超过限制', 'out of calls', caused('an account with fewer calls left than numbers asked')),
  '104': row('104', '来源或者ip不在白名单', 'source or address not on the allow list', caused('an account whose allow or sources does not have the caller')),
} as const satisfies Catalogue;

export type AlapiRow = keyof typeof rows;
