import { CREDENTIALS } from './sample-world.ts';
import type { AceDataAccount, AlapiAccount, Carrier, PhoneNumber, QxtAccount, Status, TencentAccount, Trouble, World } from './world.ts';

/** A range for documentation (RFC 5737): no call ever comes from there. */
const ELSEWHERE = { allow: ['203.0.113.7'] } as const;

/**
 * Says a twin's world in konghao's language, so that both servers are asked about the same numbers and accounts.
 *
 * The clock stands at the twin's, and judges signatures too: else the ends of Tencent's window would depend on how fast the
 * test runs. Facts come before rules; a rule stands only for what no fact of konghao brings about.
 *
 * @param readings - konghao's readings that are not to be the default ones
 */
export function scenarioOfWorld(world: World, readings: Readonly<Record<string, string>> = {}): string {
  // JSON is YAML, and quotes every number that has to stay a text.
  return Object.entries({
    clock: { at: new Date(world.clock()).toISOString(), signatures: 'clock' },
    people: peopleOf(world),
    numbers: { ...Object.fromEntries(Object.entries(world.numbers).map(([digits, number]) => [digits, lineOf(number)])), ...UNLISTED },
    accounts: {
      acedata: world.acedata.map(acedataAccount),
      tencent: world.tencent.map(tencentAccount),
      alapi: world.alapi.map(alapiAccount),
      qxt: world.qxt.map(qxtAccount),
    },
    rules: [...accountRules(), ...Object.entries(world.numbers).flatMap(([digits, number]) => numberRules(digits, number))],
    readings,
  })
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}

/** A twin knows nothing of a number that its world does not state; konghao would invent it. */
const UNLISTED = { '1*': { status: 'no-record' } } as const;

function peopleOf(world: World): object {
  return Object.fromEntries(Object.values(world.numbers).flatMap(({ owner }) => (owner === undefined ? [] : [[keyOf(owner), owner] as const])));
}

const keyOf = ({ idCard }: NonNullable<PhoneNumber['owner']>): string => `owner-${idCard.toLowerCase()}`;

function lineOf({ status, carrier, portedFrom, area, owner }: PhoneNumber): object {
  return {
    status: STATUSES[status],
    ...CARRIERS[carrier],
    ...(portedFrom === undefined ? {} : { portedFrom: CARRIERS[portedFrom].carrier }),
    area: `${area.province}-${area.city}`,
    ...(owner === undefined ? {} : { owner: keyOf(owner) }),
  };
}

const STATUSES = {
  normal: 'active',
  suspended: 'suspended',
  cancelled: 'cancelled',
  vacant: 'vacant',
  offline: 'off-net',
  unknown: 'unknown',
  silent: 'silent',
  risk: 'risk',
} as const satisfies Record<Status, string>;

const CARRIERS = {
  mobile: { carrier: '中国移动' },
  unicom: { carrier: '中国联通' },
  telecom: { carrier: '中国电信' },
  broadcast: { carrier: '中国广电' },
  // The twin does not say on whose network a virtual operator is; 167 belongs to China Unicom.
  virtual: { carrier: '中国联通', virtualOperator: '远特通信' },
} as const satisfies Record<Carrier, object>;

function acedataAccount({ token, condition }: AceDataAccount): object {
  return condition === 'other-service' ? { token, grants: [] } : { token };
}

function tencentAccount({ secretId, secretKey, sessionToken, condition }: TencentAccount): object {
  const state = TENCENT_STATES[condition];
  return { secretId, secretKey, ...(sessionToken === undefined ? {} : { sessionToken }), state };
}

const TENCENT_STATES = {
  good: 'normal',
  arrears: 'arrears',
  'charge-status': 'charge-status-exception',
  'not-authorized': 'not-verified',
  'not-activated': 'not-activated',
  'sts-unauthorized': 'sts-unauthorized',
  failing: 'normal',
} as const satisfies Record<TencentAccount['condition'], string>;

function alapiAccount({ token, condition }: AlapiAccount): object {
  return { token, ...ALAPI_TERMS[condition] };
}

const ALAPI_TERMS = {
  good: {},
  expired: { expires: '2020-01-01' },
  exhausted: { calls: 0 },
  'foreign-address': ELSEWHERE,
  'no-data': {},
  'rate-limited': {},
  failing: {},
} as const satisfies Record<AlapiAccount['condition'], object>;

function qxtAccount({ apikey, billing, balance, condition }: QxtAccount): object {
  return { apikey, billing, balance, ...(condition === 'foreign-address' ? ELSEWHERE : {}) };
}

/** What konghao's accounts cannot be in by themselves. */
function accountRules(): readonly object[] {
  const { acedata, tencent, alapi, qxt } = CREDENTIALS;
  return [
    { id: 'acedata-limited', when: { provider: 'acedata', credential: acedata['rate-limited'] }, then: 'rate-limited' },
    { id: 'acedata-failing', when: { provider: 'acedata', credential: acedata.failing }, then: 'internal' },
    { id: 'tencent-failing', when: { provider: 'tencent', credential: tencent.failing.secretId }, then: { code: { tencent: 'FailedOperation.UnKnown' } } },
    { id: 'alapi-no-data', when: { provider: 'alapi', credential: alapi['no-data'] }, then: { code: { alapi: '406' } } },
    { id: 'alapi-limited', when: { provider: 'alapi', credential: alapi['rate-limited'] }, then: 'rate-limited' },
    { id: 'alapi-failing', when: { provider: 'alapi', credential: alapi.failing }, then: 'internal' },
    { id: 'qxt-failing', when: { provider: 'qxt', credential: qxt.failing }, then: 'internal' },
  ];
}

function numberRules(digits: string, { trouble, owner }: PhoneNumber): readonly object[] {
  const rules: object[] = [];
  if (trouble !== undefined) rules.push({ id: `${trouble}-${digits}`, when: { number: digits }, then: TROUBLES[trouble] });
  // konghao invents an owner where none is stated; at the twin such a number is nobody's.
  else if (owner === undefined) rules.push({ id: `nobody-${digits}`, when: { endpoint: 'acedata.check-3e', number: digits }, then: 'no-record' });
  return rules;
}

const TROUBLES = {
  busy: 'busy',
  'daily-limit': 'daily-limit',
  'engine-unknown': { code: { 'acedata.check-1e': '-3', 'acedata.check-3e': '-2', tencent: 'FailedOperation.UnKnown', alapi: '400', 'qxt.ssPhone_Status': '-8' } },
  'engine-exception': 'busy',
  'name-check': { code: { 'acedata.check-3e': '-4' } },
} as const satisfies Record<Trouble, unknown>;
