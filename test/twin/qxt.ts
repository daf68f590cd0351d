import type { Answer, Incoming } from './incoming.ts';
import { isPhoneNumber } from './number-format.ts';
import { anyParameters } from './parameters.ts';
import type { Carrier, PhoneNumber, QxtAccount, Status, World } from './world.ts';

/** What a twin remembers of QXT: the queries left, by apikey. */
export type Balances = Map<string, number>;

// reading: the path is compared without regard to case, because the address is ssPhone_Status and the examples call
// ssphone_status (sections 1.1 and 1.2); the same then holds for balance.
export const QXT_PATHS: readonly string[] = ['/ssphone_status', '/balance'];

/** QXT: `/ssPhone_Status` (state of one number) and `/balance` (queries left), by GET or POST. */
export function answerQxt(incoming: Incoming, world: World, balances: Balances): Answer {
  // reading: another method is refused by HTTP 405 with code 1, as only GET and POST are supported (overview).
  if (incoming.method !== 'GET' && incoming.method !== 'POST') return { ...refusal(1, '请求方式不支持'), status: 405 };
  // reading: POST parameters may be a form, JSON, multipart or still in the query, as no encoding of a POST is given
  // (sections 1.1 and 1.2); a JSON body that cannot be read holds no parameter.
  const parameters = anyParameters(incoming) ?? new Map<string, string>();
  const apikey = parameters.get('apikey') ?? '';
  const mobile = parameters.get('mobile') ?? '';
  const isBalance = incoming.path.toLowerCase() === '/balance';

  // reading: presence is judged first, then the key, then the number, then the balance (section 3, no order given).
  if (apikey === '' || (mobile === '' && !isBalance)) return refusal(1, '请求参数缺失');
  // reading: an apikey has 32 characters, as all three examples have (sections 1.2 and 2.2); letters beyond hexadecimal
  // occur there, so only the length is judged.
  if (apikey.length !== 32) return refusal(1, 'apikey 长度不对');
  const account = world.qxt.find((candidate) => candidate.apikey === apikey);
  if (account === undefined) return refusal(-1, 'apikey 不正确');
  if (account.condition === 'foreign-address') return refusal(-9, 'ip 地址鉴权失败');
  if (account.condition === 'failing') return refusal(-8, '系统错误');
  return isBalance ? balanceOf(account, balances) : statusOf(mobile, account, world, balances);
}

function balanceOf(account: QxtAccount, balances: Balances): Answer {
  // reading: the answer is JSON, though the examples print keys without quotes and a trailing comma; the balance is a
  // text (sections 1.3 and 2.3).
  // reading: asking for the balance costs nothing (section 2).
  const feeType = account.billing === 'prepaid' ? '预付费' : '后付费';
  return success({ feeType, balance: String(balances.get(account.apikey)) });
}

function statusOf(mobile: string, account: QxtAccount, world: World, balances: Balances): Answer {
  // reading: a number of the wrong length takes -2 and one of the right length but the wrong form -3, although code 1
  // claims both cases too (section 3).
  // reading: several numbers in one parameter are one number of the wrong length (section 1.2).
  if (mobile.length !== 11) return refusal(-2, '查询的手机号码长度不对');
  if (!isPhoneNumber(mobile, world)) return refusal(-3, '请填写正确的手机号码');
  const left = balances.get(account.apikey) ?? 0;
  // reading: only a prepaid account can be short of balance, as a postpaid one may be negative (section 2.3).
  if (account.billing === 'prepaid' && left < 1) return refusal(-5, '当前余额不足');

  const number = world.numbers[mobile];
  if (number?.trouble !== undefined) return refusal(-8, '系统错误');
  const status = number && STATUSES[number.status];
  // reading: a number without a record and a number of unknown state both take -4 (section 3).
  if (number === undefined || status === undefined) return refusal(-4, '未查询到相关信息');
  // reading: only an answer with code 0 is charged (section 2.3, the balance is what can still be asked).
  balances.set(account.apikey, left - 1);
  return success({
    Mobile: mobile,
    Status: status,
    Area: `${number.area.province}-${number.area.city}`,
    Is_MNP: number.portedFrom === undefined ? '0' : '1',
    Init_isp: CARRIERS[issuer(number)],
    Now_isp: CARRIERS[number.carrier],
  });
}

function issuer(number: PhoneNumber): Carrier {
  return number.portedFrom ?? number.carrier;
}

// reading: three states are announced and four are listed; the fourth, a wrong number, is left to code -3, so a status
// is one of the first three (overview against section 3).
// reading: cancelled, vacant and offline numbers are empty numbers, silent and risky ones are normal (section 1.3).
const STATUSES = {
  normal: '正常',
  suspended: '停机',
  cancelled: '空号',
  vacant: '空号',
  offline: '空号',
  unknown: undefined,
  silent: '正常',
  risk: '正常',
} as const satisfies Record<Status, string | undefined>;

// reading: networks beyond the three are the other carrier, without the remark in brackets (section 1.3, Now_isp).
const CARRIERS = {
  mobile: '中国移动',
  unicom: '中国联通',
  telecom: '中国电信',
  broadcast: '其它运营商',
  virtual: '其它运营商',
} as const satisfies Record<Carrier, string>;

function success(result: object): Answer {
  return { status: 200, body: { code: 0, reason: 'Succ', result } };
}

// reading: HTTP is 200 for every code, and result is null when there is none (section 1.3, no sample of a refusal).
// reading: reason is the part of the table's explanation that applies, without its advice (sections 1.3 and 3).
function refusal(code: number, reason: string): Answer {
  return { status: 200, body: { code, reason, result: null } };
}
