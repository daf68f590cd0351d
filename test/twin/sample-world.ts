import type { PhoneNumber, World } from './world.ts';

/** One number for each state; the first five come from the documents' own samples. */
export const NUMBERS = {
  sampleTencentInvalid: '16137688175',
  sampleTencentSuspended: '13800138000',
  sampleAlapi: '13111111111',
  sampleQxtPorted: '13972565391',
  sampleQxtUrl: '16717707933',
  normal: '13800138001',
  cancelled: '13800138002',
  vacant: '13800138003',
  offline: '13800138004',
  unknown: '13800138005',
  silent: '13800138006',
  risk: '13800138007',
  busy: '13800138008',
  dailyLimit: '13800138009',
  engineUnknown: '13800138010',
  engineException: '13800138011',
  nameCheck: '13800138012',
  ownerless: '13800138013',
  telecom: '18900189000',
  broadcast: '19200192000',
  unlisted: '13800138099',
} as const;

export const OWNER = { name: '张三', idCard: '110101199003071006' } as const;
export const OWNER_WITH_X = { name: '李四', idCard: '11010519491231002X' } as const;

/** The credentials of each account of the sample world, named by what is the matter with the account. */
export const CREDENTIALS = {
  acedata: {
    good: 'acedata-twin-good',
    'rate-limited': 'acedata-twin-limited',
    'other-service': 'acedata-twin-other',
    failing: 'acedata-twin-failing',
  },
  tencent: {
    good: { secretId: 'AKIDTWINGOOD0000000000000000EXAMPLE', secretKey: 'TwinSecretKeyGood000000000000EXAM' },
    temporary: {
      secretId: 'AKIDTWINTEMPORARY00000000000EXAMPLE',
      secretKey: 'TwinSecretKeyTemporary0000000EXAM',
      sessionToken: 'twin-session-token-EXAMPLE',
    },
    arrears: { secretId: 'AKIDTWINARREARS0000000000000EXAMPLE', secretKey: 'TwinSecretKeyArrears000000000EXAM' },
    'charge-status': { secretId: 'AKIDTWINCHARGE00000000000000EXAMPLE', secretKey: 'TwinSecretKeyCharge0000000000EXAM' },
    'not-authorized': { secretId: 'AKIDTWINNONAUTH0000000000000EXAMPLE', secretKey: 'TwinSecretKeyNonAuth000000000EXAM' },
    'not-activated': { secretId: 'AKIDTWINNONACTIVE00000000000EXAMPLE', secretKey: 'TwinSecretKeyNonActive0000000EXAM' },
    'sts-unauthorized': { secretId: 'AKIDTWINSTS00000000000000000EXAMPLE', secretKey: 'TwinSecretKeySts0000000000000EXAM' },
    failing: { secretId: 'AKIDTWINFAILING0000000000000EXAMPLE', secretKey: 'TwinSecretKeyFailing000000000EXAM' },
  },
  alapi: {
    good: 'alapi-twin-good',
    expired: 'alapi-twin-expired',
    exhausted: 'alapi-twin-exhausted',
    'foreign-address': 'alapi-twin-address',
    'no-data': 'alapi-twin-no-data',
    'rate-limited': 'alapi-twin-limited',
    failing: 'alapi-twin-failing',
  },
  qxt: {
    prepaid: '7c11272au708345c834b8ue81ac78972',
    postpaid: '7c11272au708395c834b8ue81ac78972',
    empty: '00000000000000000000000000000000',
    'foreign-address': '99999999999999999999999999999999',
    failing: '88888888888888888888888888888888',
  },
} as const;

/** A world with one account for each condition and one number for each state. */
export function sampleWorld(clock: () => number): World {
  const { acedata, tencent, alapi, qxt } = CREDENTIALS;
  return {
    clock,
    numbers: sampleNumbers(),
    acedata: [
      { token: acedata.good, condition: 'good' },
      { token: acedata['rate-limited'], condition: 'rate-limited' },
      { token: acedata['other-service'], condition: 'other-service' },
      { token: acedata.failing, condition: 'failing' },
    ],
    tencent: [
      { ...tencent.good, condition: 'good' },
      { ...tencent.temporary, condition: 'good' },
      { ...tencent.arrears, condition: 'arrears' },
      { ...tencent['charge-status'], condition: 'charge-status' },
      { ...tencent['not-authorized'], condition: 'not-authorized' },
      { ...tencent['not-activated'], condition: 'not-activated' },
      { ...tencent['sts-unauthorized'], condition: 'sts-unauthorized' },
      { ...tencent.failing, condition: 'failing' },
    ],
    alapi: [
      { token: alapi.good, condition: 'good' },
      { token: alapi.expired, condition: 'expired' },
      { token: alapi.exhausted, condition: 'exhausted' },
      { token: alapi['foreign-address'], condition: 'foreign-address' },
      { token: alapi['no-data'], condition: 'no-data' },
      { token: alapi['rate-limited'], condition: 'rate-limited' },
      { token: alapi.failing, condition: 'failing' },
    ],
    qxt: [
      { apikey: qxt.prepaid, billing: 'prepaid', balance: 12_048, condition: 'good' },
      { apikey: qxt.postpaid, billing: 'postpaid', balance: -2047, condition: 'good' },
      { apikey: qxt.empty, billing: 'prepaid', balance: 0, condition: 'good' },
      { apikey: qxt['foreign-address'], billing: 'prepaid', balance: 100, condition: 'foreign-address' },
      { apikey: qxt.failing, billing: 'prepaid', balance: 100, condition: 'failing' },
    ],
  };
}

function sampleNumbers(): Record<string, PhoneNumber> {
  const plain: PhoneNumber = {
    status: 'normal',
    carrier: 'mobile',
    area: { province: '北京', city: '北京' },
    owner: OWNER,
  };
  return {
    [NUMBERS.sampleTencentSuspended]: { ...plain, status: 'suspended' },
    [NUMBERS.sampleAlapi]: { status: 'normal', carrier: 'unicom', area: { province: '山西', city: '临汾' }, owner: OWNER },
    [NUMBERS.sampleQxtPorted]: {
      status: 'normal',
      carrier: 'telecom',
      portedFrom: 'mobile',
      area: { province: '湖北', city: '宜昌' },
      owner: OWNER_WITH_X,
    },
    [NUMBERS.sampleQxtUrl]: { status: 'normal', carrier: 'virtual', area: { province: '广东', city: '深圳' }, owner: OWNER },
    [NUMBERS.normal]: plain,
    [NUMBERS.cancelled]: { ...plain, status: 'cancelled' },
    [NUMBERS.vacant]: { status: 'vacant', carrier: 'mobile', area: { province: '北京', city: '北京' } },
    [NUMBERS.offline]: { ...plain, status: 'offline' },
    [NUMBERS.unknown]: { ...plain, status: 'unknown' },
    [NUMBERS.silent]: { ...plain, status: 'silent' },
    [NUMBERS.risk]: { ...plain, status: 'risk' },
    [NUMBERS.busy]: { ...plain, trouble: 'busy' },
    [NUMBERS.dailyLimit]: { ...plain, trouble: 'daily-limit' },
    [NUMBERS.engineUnknown]: { ...plain, trouble: 'engine-unknown' },
    [NUMBERS.engineException]: { ...plain, trouble: 'engine-exception' },
    [NUMBERS.nameCheck]: { ...plain, trouble: 'name-check' },
    [NUMBERS.ownerless]: { status: 'normal', carrier: 'mobile', area: { province: '上海', city: '上海' } },
    [NUMBERS.telecom]: { status: 'normal', carrier: 'telecom', area: { province: '上海', city: '上海' }, owner: OWNER_WITH_X },
    [NUMBERS.broadcast]: { status: 'normal', carrier: 'broadcast', area: { province: '重庆', city: '重庆' }, owner: OWNER },
  };
}
