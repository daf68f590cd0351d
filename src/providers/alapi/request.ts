import { last, parseForm, type Parameter } from '../../wire/form.ts';
import { fieldOf, parseJsonObject } from '../../wire/json.ts';
import { parseMultipart } from '../../wire/multipart.ts';
import { header, type WireRequest } from '../../wire/wire-request.ts';
import { refuse, type Desk, type Draft, type Refusal } from '../provider.ts';

export interface AlapiDraft extends Draft {
  token: string;
  mobiles: unknown;
  /** Why the body could not be read: it counts only after the token, which may have come in a header. */
  unreadable: string | undefined;
}

/** The most numbers of one call (document, "最大2000个"). */
const mostNumbers = 2000;

export const openDraft = (request: WireRequest, desk: Desk): AlapiDraft => ({
  request,
  desk,
  readings: desk.readings,
  account: undefined,
  queries: [],
  token: '',
  mobiles: undefined,
  unreadable: undefined,
});

/**
 * Token and numbers, from wherever they came: the document shows a form, the vendor's own clients send the token
 * in a header and the rest as multipart or in the query, and newer ones JSON. Which wins is not documented: the
 * header, then the body, then the query.
 */
export function readParameters(draft: AlapiDraft): void {
  const { request } = draft;
  const query = parseForm(request.query);
  const type = header(request, 'content-type').toLowerCase();
  if (request.oversize) draft.unreadable = 'the body is above 256 kB';
  let body: readonly Parameter[] = [];
  if (request.body.length > 0 && !request.oversize) {
    if (type.startsWith('application/json')) {
      const parsed = parseJsonObject(request.body);
      if (parsed.kind === 'broken') draft.unreadable = parsed.why;
      else {
        const token = fieldOf(parsed.object, 'token');
        if (typeof token === 'string') draft.token = token;
        draft.mobiles = fieldOf(parsed.object, 'mobiles');
      }
    } else if (type.startsWith('multipart/')) {
      const parsed = parseMultipart(header(request, 'content-type'), request.body);
      if (parsed.kind === 'broken') draft.unreadable = parsed.why;
      else body = parsed.fields;
    } else body = parseForm(request.body.toString('utf8'));
  }
  draft.token = header(request, 'token') || draft.token || (last(body, 'token') ?? last(query, 'token') ?? '');
  draft.mobiles ??= last(body, 'mobiles') ?? last(query, 'mobiles');
}

/** The numbers asked about, or why they are none. Blanks and empty places are dropped, as the vendor's siblings do. */
export function numbersOf(mobiles: unknown): readonly string[] | Refusal {
  if (mobiles === undefined || mobiles === null) return refuse('422', 'the request has no mobiles');
  if (typeof mobiles !== 'string') return refuse('422', 'mobiles is no string');
  const numbers: string[] = [];
  let start = 0;
  while (start <= mobiles.length) {
    const comma = mobiles.indexOf(',', start);
    const end = comma === -1 ? mobiles.length : comma;
    const number = mobiles.slice(start, end).trim();
    if (number !== '') numbers.push(number);
    if (numbers.length > mostNumbers) return refuse('422', `there are more than ${mostNumbers} numbers`);
    start = end + 1;
  }
  return numbers.length === 0 ? refuse('422', 'mobiles is empty') : numbers;
}
