import { fieldOf, isObject, parseJsonObject, type JsonObject } from '../../wire/json.ts';
import { header, type WireRequest } from '../../wire/wire-request.ts';
import { gate, own, recognise, refuse, type Check, type Desk, type Draft, type Refusal } from '../provider.ts';

export interface AceDataDraft extends Draft {
  body: JsonObject;
}

export const openDraft = (request: WireRequest, desk: Desk): AceDataDraft => ({
  request,
  desk,
  readings: desk.readings,
  account: undefined,
  queries: [],
  body: {},
});

/**
 * What the gateway checks before the worker sees anything. No document gives an order; this one is inferred: who
 * calls, whether he may, whether he can pay, and only then what he says.
 */
export const gatewayChecks: readonly Check<AceDataDraft>[] = [
  own('authenticate', 'Authorization present', (draft) => {
    const authorization = header(draft.request, 'authorization').trim();
    return authorization === '' ? refuse(missingAuth[draft.readings['acedata.missingAuth'] ?? ''] ?? 'invalid_token', 'the request has no Authorization header') : undefined;
  }),
  own('authenticate', 'token known', (draft) => {
    // RFC 9110 takes the scheme's name in any case.
    const token = /^bearer +(\S+)$/i.exec(header(draft.request, 'authorization').trim())?.[1];
    if (token === undefined) return refuse('invalid_token', 'the Authorization header is not "Bearer <token>"');
    return recognise(draft, 'acedata', token) === undefined ? refuse('invalid_token', 'no account has this token') : undefined;
  }),
  gate('authenticate', 'expiry', 'token_expired'),
  gate('authenticate', 'state', 'disabled'),
  gate('authenticate', 'allow-list', 'forbidden'),
  gate('authenticate', 'granted', 'token_mismatched'),
  gate('accept', 'switched-off', 'api_not_implemented'),
  gate('admit', 'rate', 'too_many_requests'),
  gate('admit', 'credit', 'used_up'),
  own('accept', 'body size', ({ request }) => (request.oversize ? refuse('request_too_large', 'the body is above 256 kB') : undefined)),
  own('validate', 'body is a JSON object', (draft) => {
    const parsed = parseJsonObject(draft.request.body);
    if (parsed.kind === 'broken') return refuse('bad_request', parsed.why);
    draft.body = parsed.object;
    return undefined;
  }),
];

const missingAuth: Readonly<Record<string, string>> = {
  'invalid-token': 'invalid_token',
  'no-token': 'no_token',
  'authorization-missing': 'authorization_missing',
  'payment-required': 'payment_required',
};

/** Reading `acedata.missingField`: a field is missing, empty, of another type or cannot be decrypted. */
export function invalidField(draft: AceDataDraft, why: string, text: string): Refusal {
  switch (draft.readings['acedata.missingField']) {
    case 'api-not-implemented':
      return refuse('api_not_implemented', why);
    case 'bad-request':
      return refuse('bad_request', why, { text });
    default:
      return refuse('token_mismatched', why);
  }
}

/** A required text of the body, or the refusal for its lack. */
export function requiredText(draft: AceDataDraft, name: string): string | Refusal {
  const value = fieldOf(draft.body, name);
  if (value === undefined || value === null || value === '') return invalidField(draft, `the body has no ${name}`, `${name} is required`);
  return typeof value === 'string' ? value : invalidField(draft, `${name} is no string`, `${name} is invalid.`);
}

/** The OpenAPI file says a list of objects, upstream takes one: either is accepted. */
export function optionalObject(value: unknown): JsonObject | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return isObject(first) ? first : undefined;
}
