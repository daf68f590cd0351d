import { header, type WireRequest } from '../../wire/wire-request.ts';
import { last, parseForm, type Parameter } from '../../wire/form.ts';
import { parseMultipart } from '../../wire/multipart.ts';
import { gate, own, recognise, refuse, type Check, type Desk, type Draft } from '../provider.ts';

export interface QxtDraft extends Draft {
  apikey: string;
  mobile: string;
}

export function openDraft(request: WireRequest, desk: Desk): QxtDraft {
  return { request, desk, readings: desk.readings, account: undefined, queries: [], apikey: '', mobile: '' };
}

/** GET or POST alike; of a body only what PHP's and .NET's form readers take. Names in any case: the vendor's other page writes `Mobile`. */
function parametersOf(request: WireRequest): readonly Parameter[] {
  const parameters = parseForm(request.query);
  // No document has a code for a body that is too long. Cut off, it could hold half a number: it is dropped whole, as PHP does it.
  if (request.body.length === 0 || request.oversize) return parameters;
  const type = header(request, 'content-type');
  if (/^multipart\//i.test(type)) {
    const parsed = parseMultipart(type, request.body);
    return parsed.kind === 'fields' ? [...parameters, ...parsed.fields] : parameters;
  }
  return type === '' || /^application\/x-www-form-urlencoded/i.test(type)
    ? [...parameters, ...parseForm(request.body.toString('utf8'))]
    : parameters;
}

const inAnyCase = (parameters: readonly Parameter[], name: string): string =>
  (last(parameters, name) ?? parameters.findLast(([key]) => key.toLowerCase() === name)?.[1] ?? '').trim();

/** What both endpoints check first. The document gives no order; presence, length, match is that of its code table. */
export const credentialChecks: readonly Check<QxtDraft>[] = [
  own('validate', 'apikey present', (draft) => {
    const parameters = parametersOf(draft.request);
    draft.apikey = inAnyCase(parameters, 'apikey');
    draft.mobile = inAnyCase(parameters, 'mobile');
    return draft.apikey === '' ? refuse('1', 'the request has no apikey', { text: '请求参数缺失' }) : undefined;
  }),
  own('authenticate', 'apikey length', (draft) =>
    draft.apikey.length === 32
      ? undefined
      : refuse('1', `the apikey has ${draft.apikey.length} characters, not 32`, { text: 'apikey长度不对' }),
  ),
  own('authenticate', 'apikey known', (draft) =>
    recognise(draft, 'qxt', draft.apikey) === undefined ? refuse('-1', 'no account has this apikey') : undefined,
  ),
  gate('authenticate', 'allow-list', '-9'),
];
