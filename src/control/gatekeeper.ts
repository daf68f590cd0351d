import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { header, type WireRequest } from '../wire/wire-request.ts';
import type { WireResponse } from '../wire/wire-response.ts';
import { problem } from './problem.ts';

export interface Gatekeeper {
  /** Bearer token that every call but health needs; `undefined` on loopback, where none is needed. */
  readonly token: string | undefined;
}

// Exact forms, and never `new URL`: it takes evil@localhost, 0x7f.1 and ①②⑦.0.0.1 for loopback.
const loopback = /^(localhost|127\.0\.0\.1|\[::1\]|(?:[a-z0-9-]{1,63}\.){1,8}localhost)(:\d{1,5})?$/i;

/**
 * Who may use the control plane. A web page that the user has open is a client too, so the Host has to be ours
 * (DNS rebinding), the Origin our own, and a change of state needs a content type that a form cannot send.
 */
export function turnAway(request: WireRequest, { token }: Gatekeeper, open: boolean): WireResponse | undefined {
  const { host } = request;
  if (!loopback.test(host) && token === undefined) {
    return problem(421, 'wrong-host', 'The control plane answers on loopback names only. Use 127.0.0.1 or localhost.');
  }
  const origin = header(request, 'origin');
  if (origin !== '' && origin !== `http://${host}` && origin !== `https://${host}`) {
    return problem(403, 'foreign-origin', 'The control plane takes no calls from pages of other origins.');
  }
  if (token !== undefined && !open && !sameSecret(header(request, 'authorization'), `Bearer ${token}`)) {
    return problem(401, 'no-token', 'konghao listens beyond loopback, so the control plane wants "Authorization: Bearer <token>". The token was printed at the start, or is KONGHAO_CONTROL_TOKEN.');
  }
  if (request.method !== 'GET' && request.method !== 'HEAD' && !/^application\/json\b/i.test(header(request, 'content-type'))) {
    return problem(415, 'not-json', 'A change of state needs "Content-Type: application/json".');
  }
  return undefined;
}

const key = randomBytes(32);

/** Compares in constant time, whatever the lengths. */
function sameSecret(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
