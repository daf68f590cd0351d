import { createHmac } from 'node:crypto';
import { formOf, keys, posted, formType } from './ask.ts';
import type { Credentials } from './control.ts';
import { exchange, type Incoming, type Outgoing } from './exchange.ts';

// What clients with credentials of their own send, from the providers' documents alone.

export const sandbox: Credentials = { acedata: { token: keys.acedata }, tencent: { secretId: keys.secretId, secretKey: keys.secretKey }, alapi: { token: keys.alapi }, qxt: { apikey: keys.apikey } };

/** @param now Unix time in seconds by which Tencent's client signs */
export function requestsOf({ acedata, tencent, alapi, qxt }: Credentials, host: string, now = () => Math.floor(Date.now() / 1000)) {
  const bearer = [['Authorization', `Bearer ${acedata.token}`]] as const;
  return {
    'check-1e': (mobile: string): Outgoing => posted('/identity/phone/check-1e', 'application/json', JSON.stringify({ mobile }), bearer),
    'check-3e': (phone: string, name = '李雷', id_card = '11010519491231002X'): Outgoing => posted('/identity/phone/check-3e', 'application/json', JSON.stringify({ name, phone, id_card }), bearer),
    MobileStatus(Mobile: string): Outgoing {
      const pairs = Object.entries({ Action: 'MobileStatus', Mobile, Nonce: '1', SecretId: tencent.secretId, Timestamp: `${now()}`, Version: '2018-03-01' });
      const signature = createHmac('sha1', tencent.secretKey).update(`GET${host}/?${pairs.map(([name, value]) => `${name}=${value}`).join('&')}`).digest('base64');
      return { method: 'GET', target: `/?${formOf([...pairs, ['Signature', signature]])}`, headers: [['Host', host]] };
    },
    phonecheck: (mobiles: string): Outgoing => posted('/api/phonecheck', formType, formOf([['token', alapi.token], ['mobiles', mobiles]])),
    ssPhone_Status: (mobile: string): Outgoing => ({ method: 'GET', target: `/ssPhone_Status?apikey=${qxt.apikey}&mobile=${mobile}` }),
    balance: (): Outgoing => ({ method: 'GET', target: `/balance?apikey=${qxt.apikey}` }),
  };
}

/** Asks a server under these credentials. */
export function clientsOf(port: number, credentials: Credentials = sandbox, now?: () => number) {
  const requests = requestsOf(credentials, `127.0.0.1:${port}`, now);
  const ask = (request: Outgoing): Promise<Incoming> => exchange(port, request);
  return {
    'check-1e': (mobile: string) => ask(requests['check-1e'](mobile)),
    'check-3e': (phone: string, name?: string, idCard?: string) => ask(requests['check-3e'](phone, name, idCard)),
    MobileStatus: (mobile: string) => ask(requests.MobileStatus(mobile)),
    phonecheck: (mobiles: string) => ask(requests.phonecheck(mobiles)),
    ssPhone_Status: (mobile: string) => ask(requests.ssPhone_Status(mobile)),
    balance: () => ask(requests.balance()),
  };
}
