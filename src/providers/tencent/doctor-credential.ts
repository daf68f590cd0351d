import { nearest } from '../../domain/nearest.ts';
import type { Account, Diagnosis } from '../provider.ts';
import { maskedId } from './doctor-keys.ts';
import { quoted } from './doctor-mistake.ts';
import { freshness } from './freshness.ts';
import { utcDate, type Credential, type MalformedAuthorization, type Tc3Authorization } from './tc3.ts';

// What a look at the request tells, before any signature is computed.

const eightHours = 8 * 3600;

/** @param receivedAt milliseconds since 1970 */
export function timestampMistake(timestamp: string, receivedAt: number): Diagnosis | undefined {
  const now = Math.floor(receivedAt / 1000);
  const isNow = (seconds: number): boolean => freshness(String(seconds), receivedAt) === 'fresh';
  const verdict = freshness(timestamp, receivedAt);
  if (verdict === 'fresh') return undefined;
  if (verdict === 'not-a-number') return { cause: 'timestamp-not-a-number', explanation: `The timestamp ${quoted(timestamp)} is no whole number. Send the seconds since 1970, digits and nothing else.` };
  const sent = Number(timestamp);
  for (const [unit, perSecond] of [['milliseconds', 1e3], ['microseconds', 1e6], ['nanoseconds', 1e9]] as const) {
    if (isNow(Math.floor(sent / perSecond))) return { cause: `timestamp-in-${unit}`, explanation: `The timestamp is in ${unit}. Send seconds since 1970, and sign them so.` };
  }
  if (isNow(sent - eightHours) || isNow(sent + eightHours)) {
    return { cause: 'timestamp-in-local-time', explanation: 'The timestamp is eight hours off: the time in China was taken for UTC. Send the seconds since 1970 in UTC, as the system has them.' };
  }
  const by = Math.abs(sent - now);
  const howMuch = by < 1e10 ? `${by} s` : 'far';
  return {
    cause: 'clock-skew',
    explanation: `The timestamp is ${howMuch} ${sent < now ? 'behind' : 'ahead of'} the server's time ${now}; 300 s are allowed. Set the client's clock by NTP, and sign each request when it is sent, retries too.`,
  };
}

export const missingAuthorization: Diagnosis = {
  cause: 'authorization-missing',
  explanation: 'There is no Authorization header, and JSON and X-TC- headers are signed in it (TC3-HMAC-SHA256). The older signatures, HmacSHA1 and HmacSHA256, go with a query or a form.',
};

export const malformedAuthorization = ({ part, why }: MalformedAuthorization): Diagnosis => ({
  cause: 'authorization-malformed',
  explanation: `The ${part === 'Authorization' ? 'header' : part} of Authorization cannot be read: ${why}. It is TC3-HMAC-SHA256 Credential=SecretId/date/faceid/tc3_request, SignedHeaders=…, Signature=…, in this order.`,
});

/** @param secretId as sent, and of no account */
export function secretIdMistake(secretId: string, accounts: readonly Account[]): Diagnosis {
  const known = (text: string): Account | undefined => accounts.find(({ terms }) => terms.credential === text);
  const bare = known(secretId.replace(/^[\s"']+|[\s"']+$/g, ''));
  if (bare !== undefined) {
    return { cause: 'secret-id-padded', explanation: `The SecretId is ${maskedId(bare.terms.credential)} with blanks or quotes around it. Strip it where it is read from a file or the environment.` };
  }
  if (accounts.some(({ terms }) => terms.secret === secretId)) {
    return { cause: 'secret-key-as-id', explanation: 'The SecretKey was sent as the SecretId. Swap them; and had this been a real key, it would have to be revoked now.' };
  }
  const meant = nearest(secretId, accounts.map(({ terms }) => terms.credential));
  if (meant !== undefined) {
    return { cause: 'secret-id-misspelt', explanation: `No account has this SecretId; ${maskedId(meant)} is near it. Compare them to the last character, capitals too.` };
  }
  const ids = accounts.slice(0, mostNamed).map(({ terms }) => maskedId(terms.credential)).join(', ');
  return { cause: 'secret-id-unknown', explanation: `No account has this SecretId. Known ${accounts.length > mostNamed ? 'are among others' : 'are'} ${ids || 'none'}.` };
}

const mostNamed = 5;

/** @param part what `scopeFault` calls wrong */
export function scopeMistake(part: 'Date' | 'Service' | 'Terminator', { date, service, terminator }: Credential, timestamp: string, host: string): Diagnosis {
  const utc = utcDate(timestamp);
  switch (part) {
    case 'Terminator': return { cause: 'scope-terminator', explanation: `The Credential ends with ${quoted(terminator)}. It ends with tc3_request.` };
    case 'Service': {
      const fromHost = service === host || service === host.split('.', 1)[0] || host.startsWith(`${service}:`);
      return fromHost
        ? { cause: 'service-from-host', explanation: `The service ${quoted(service)} in Credential is taken from the endpoint's host. It is faceid, whatever the client is pointed at; a client that cannot be told so needs the reading tencent.scopeService: lenient.` }
        : { cause: 'service-of-another-product', explanation: `The service in Credential is ${quoted(service)}. It is faceid.` };
    }
    case 'Date': {
      const local = [-1, 1].map((days) => utcDate(String(Number(timestamp) + days * 86_400)));
      if (date === utcDate(String(Number(timestamp) + eightHours))) {
        return { cause: 'scope-date-local', explanation: `The date ${date} in Credential is that of the timestamp in China. It is the date in UTC, ${utc}.` };
      }
      return local.includes(date)
        ? { cause: 'scope-date-local', explanation: `The date ${date} in Credential is not that of the timestamp in UTC, ${utc}, but a neighbour's: take it from the timestamp, in UTC and not in local time.` }
        : { cause: 'scope-date-wrong', explanation: `The date in Credential is ${quoted(date)}. It is the UTC date of the timestamp, written ${utc}.` };
    }
    default: return part satisfies never;
  }
}

/** What is wrong with the list itself, whatever was hashed: such a request is refused in any case. */
export function signedHeadersMistake({ signedHeaders }: Tc3Authorization, isSent: (name: string) => boolean): Diagnosis | undefined {
  const sorted = [...new Set(signedHeaders.map((name) => name.toLowerCase()))].sort();
  const wanted = `Write ${quoted(sorted.join(';'))}, and sign the header lines in the same order.`;
  if (signedHeaders.some((name) => name !== name.toLowerCase())) return { cause: 'signed-headers-upper-case', explanation: `SignedHeaders has names with capitals. ${wanted}` };
  if (sorted.length < signedHeaders.length) return { cause: 'signed-headers-repeated', explanation: `SignedHeaders has a name twice. ${wanted}` };
  if (sorted.some((name, at) => name !== signedHeaders[at])) return { cause: 'signed-headers-unsorted', explanation: `SignedHeaders is not in ASCII order. ${wanted}` };
  const unsigned = ['content-type', 'host'].filter((name) => !signedHeaders.includes(name));
  if (unsigned.length > 0) return { cause: 'signed-headers-incomplete', explanation: `SignedHeaders lacks ${unsigned.join(' and ')}. Content-Type and Host have to be signed; others may be.` };
  const absent = signedHeaders.find((name) => !isSent(name));
  return absent === undefined ? undefined : { cause: 'signed-header-not-sent', explanation: `SignedHeaders has ${quoted(absent)}, and no such header arrived. Send it, or leave it out of the signature.` };
}
