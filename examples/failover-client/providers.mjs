import { tc3Headers } from './tc3.mjs';

/**
 * What a provider's own answer says.
 *
 * @typedef {{ kind: 'answered', line: string, units: number, id: string } | { kind: 'declined', why: string }} Reading
 *   `line` is the state of the number in our words, `units` what it costs by the provider's document, `id` what its
 *   bill calls the call, `''` where the answer has nothing of the kind. What is declined costs nothing.
 *
 * @typedef {{
 *   name: string,
 *   endpoint: string,
 *   request(number: string, now: number): { url: URL, method: string, headers: Record<string, string>, body?: string },
 *   read(body: any): Reading | undefined,
 * }} Provider `read` gives `undefined` for what is no answer of this provider
 */

/**
 * The providers that there are credentials for, in the order in which they are asked.
 *
 * @param {Record<string, string | undefined>} env
 * @returns {Provider[]}
 */
export function providersFrom(env) {
  const all = [
    env.ACEDATA_TOKEN && aceData(env.ACEDATA_URL ?? 'https://api.acedata.cloud', env.ACEDATA_TOKEN),
    env.TENCENT_SECRET_ID && tencent(env.TENCENT_URL ?? 'https://faceid.tencentcloudapi.com', env.TENCENT_SECRET_ID, env.TENCENT_SECRET_KEY ?? ''),
    env.QXT_APIKEY && qxt(env.QXT_URL ?? 'http://ps.szqxt.com', env.QXT_APIKEY),
    env.ALAPI_TOKEN && alapi(env.ALAPI_URL ?? 'https://v2.alapi.cn', env.ALAPI_TOKEN),
  ];
  return all.filter((each) => typeof each === 'object');
}

/** @returns {Reading} */
const answered = (line, units, id = '') => ({ kind: 'answered', line: line ?? 'unknown', units, id });
/** @returns {Reading} */
const declined = (why) => ({ kind: 'declined', why });

/** Charged: result 0. Not charged: every other result, and every error. */
const aceData = (base, token) => ({
  name: 'acedata',
  endpoint: 'acedata.check-1e',
  request: (number) => ({
    url: new URL('/identity/phone/check-1e', base),
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ mobile: number }),
  }),
  read({ result, description, status_code, error }) {
    if (error?.code !== undefined) return declined(error.code);
    if (result === undefined) return undefined;
    if (result === '0') return answered({ 0: 'active', 1: 'suspended', 2: 'not in use', 3: 'not in use', 4: 'not in the network' }[status_code], 1);
    if (result === '-1') return answered('no record', 0);
    return declined(`${result} ${description}`);
  },
});

/** Charged: Result 0. Its bill has the RequestId. */
const tencent = (base, secretId, secretKey) => ({
  name: 'tencent',
  endpoint: 'tencent.MobileStatus',
  request(number, now) {
    const url = new URL(base);
    const body = JSON.stringify({ Mobile: number });
    return { url, method: 'POST', headers: tc3Headers({ url, service: 'faceid', action: 'MobileStatus', version: '2018-03-01', body, secretId, secretKey, now }), body };
  },
  read({ Response: answer }) {
    if (answer?.Error !== undefined) return declined(answer.Error.Code);
    if (answer?.Result === undefined) return undefined;
    if (answer.Result === '0') return answered({ 0: 'active', 1: 'suspended', 2: 'not in use', 4: 'not in the network' }[answer.StatusCode], 1, answer.RequestId);
    if (answer.Result === '-1') return answered('no record', 0);
    return declined(`${answer.Result} ${answer.Description}`);
  },
});

/** Charged: code 0. No document says whether -4 is: look at the first bill. */
const qxt = (base, apikey) => ({
  name: 'qxt',
  endpoint: 'qxt.ssPhone_Status',
  request: (number) => ({ url: new URL(`/ssPhone_Status?${new URLSearchParams({ apikey, mobile: number })}`, base), method: 'GET', headers: {} }),
  read({ code, reason, result }) {
    if (code === undefined) return undefined;
    if (code === 0 && result !== null) return answered({ 正常: 'active', 停机: 'suspended', 空号: 'not in use' }[result.Status], 1);
    if (code === -4) return answered('no record', 0);
    return declined(`${code} ${reason}`);
  },
});

/** Charged: what the answer says in `usage`, no record included. */
const alapi = (base, token) => ({
  name: 'alapi',
  endpoint: 'alapi.phonecheck',
  request: (number) => ({
    url: new URL('/api/phonecheck', base),
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(new URLSearchParams({ token, mobiles: number })),
  }),
  read({ code, msg, data, usage }) {
    if (code === undefined) return undefined;
    const item = code === 200 ? data?.[0] : undefined;
    if (item === undefined) return declined(`${code} ${msg}`);
    return answered({ 0: 'not in use', 1: 'active', 2: 'suspended', 3: 'no record', 4: 'active', 5: 'active' }[item.status], usage);
  },
});
