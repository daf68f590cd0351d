import type { Answer, Incoming } from './incoming.ts';
import { isPhoneNumber } from './number-format.ts';
import { anyParameters } from './parameters.ts';
import type { AlapiAccount, Carrier, PhoneNumber, Status, World } from './world.ts';

/** ALAPI: `POST /api/phonecheck`, the states of up to 2000 numbers at once. */
export function answerAlapi(incoming: Incoming, world: World): Answer {
  if (incoming.path !== '/api/phonecheck') return reply(world, 404);
  // reading: only POST is allowed, because every sample posts and a code for a method that is not allowed exists
  // (document, samples and code 405).
  if (incoming.method !== 'POST') return reply(world, 405);
  // reading: token and mobiles may stand in the query, a form, JSON or multipart, as the table of parameters names no
  // place and only the samples show a form; a header is not a parameter (document, parameters).
  const parameters = anyParameters(incoming);
  // reading: of the two codes for a failed request, 400 is for a body that cannot be read and 422 for a parameter that
  // cannot be used (document, codes 400 and 422 have one explanation).
  if (parameters === undefined) return reply(world, 400);

  // reading: a missing token is a wrong token, and it is judged before mobiles (document, code 100).
  const account = world.alapi.find(({ token }) => token === parameters.get('token'));
  if (account === undefined) return reply(world, 100);
  const refused = CONDITIONS[account.condition];
  if (refused !== undefined) return reply(world, refused);

  // reading: spaces around a number and empty places between commas are skipped (document, mobiles).
  const mobiles = (parameters.get('mobiles') ?? '').split(',').map((text) => text.trim()).filter((text) => text !== '');
  if (mobiles.length === 0 || mobiles.length > 2000) return reply(world, 422);
  // reading: one bad number refuses the whole list, as no state stands for a bad form and a list is charged by number
  // (document, mobiles and status).
  if (!mobiles.every((mobile) => isPhoneNumber(mobile, world))) return reply(world, 422);
  // reading: a look-up that fails refuses the whole list with 400 (document, code 400).
  if (mobiles.some((mobile) => world.numbers[mobile]?.trouble !== undefined)) return reply(world, 400);

  // reading: a number that comes twice is answered twice and charged twice, in the order asked (document, mobiles).
  return reply(world, 200, mobiles.map((mobile) => row(mobile, world.numbers[mobile])));
}

function row(mobile: string, number: PhoneNumber | undefined): object {
  // reading: a number without a record keeps all five fields, with empty texts for area and carrier (document, status 3).
  if (number === undefined) return { area: '', mobile, number_type: '', status: 3, status_name: STATUS_NAMES[3] };
  const status = STATUS_CODES[number.status];
  return {
    // reading: the area of a municipality repeats its name, after the form of the sample (document, sample answer).
    area: `${number.area.province}-${number.area.city}`,
    mobile,
    // reading: the carrier is the one of today (document, number_type says nothing on ported numbers).
    number_type: CARRIERS[number.carrier],
    status,
    status_name: STATUS_NAMES[status],
  };
}

// reading: HTTP is 200 throughout and the code stands in the body, as the codes are called codes of the answer
// (document, heading of the codes).
// reading: a refusal keeps the fields of the sample answer, with data null and usage 0 (document, no sample of one).
// reading: usage counts the numbers charged, and each number of the list is charged (document, mobiles).
function reply(world: World, code: keyof typeof MESSAGES, data: readonly object[] | null = null): Answer {
  const time = Math.floor(world.clock() / 1000);
  // reading: log_id is always the text 0, as in the only sample (document, sample answer).
  return { status: 200, body: { code, msg: MESSAGES[code], data, time, usage: data?.length ?? 0, log_id: '0' } };
}

// reading: msg is "success" for 200 as in the sample, and the words of the table of codes otherwise (document, codes).
const MESSAGES = {
  200: 'success',
  100: 'token 错误',
  101: '账号过期',
  102: '接口请求次数超过限制',
  104: '来源或者ip不在白名单',
  400: '接口请求失败',
  404: '接口地址不存在',
  405: '请求方法不被允许',
  406: '没有更多数据了',
  422: '接口请求失败',
  429: '请求 QPS 超过限制',
} as const;

// reading: 406 is a condition of the account only and never follows from the numbers (document, code 406).
const CONDITIONS = {
  good: undefined,
  expired: 101,
  exhausted: 102,
  'foreign-address': 104,
  'no-data': 406,
  'rate-limited': 429,
  failing: 400,
} as const satisfies Record<AlapiAccount['condition'], keyof typeof MESSAGES | undefined>;

// reading: cancelled, vacant and offline numbers are all empty numbers; an unknown state is one the store has not
// (document, status).
const STATUS_CODES = {
  normal: 1,
  suspended: 2,
  cancelled: 0,
  vacant: 0,
  offline: 0,
  unknown: 3,
  silent: 4,
  risk: 5,
} as const satisfies Record<Status, number>;

const STATUS_NAMES = { 0: '空号', 1: '实号', 2: '停机', 3: '库无', 4: '沉默号', 5: '风险' } as const;

// reading: only China Unicom is shown, the other names are formed after it (document, sample answer).
const CARRIERS = {
  mobile: '中国移动',
  unicom: '中国联通',
  telecom: '中国电信',
  broadcast: '中国广电',
  virtual: '虚拟运营商',
} as const satisfies Record<Carrier, string>;
