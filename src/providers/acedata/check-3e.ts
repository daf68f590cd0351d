import { assumed, documented, inferred, shown } from '../../domain/evidence.ts';
import { idCardFault } from '../../domain/id-card.ts';
import type { Answer, Match } from '../../domain/query.ts';
import type { Carrier, Subscriber } from '../../domain/subscriber.ts';
import { prepareSm } from '../../sealed/sm.ts';
import { fieldOf } from '../../wire/json.ts';
import { gate, own, refuse, rowOf, type Endpoint, type Refusal, type Reply } from '../provider.ts';
import { gatewayChecks, invalidField, openDraft, requiredText, type AceDataDraft } from './request.ts';
import { errorReply, respond, textOf } from './render.ts';
import { check3eRows, upstreamOf, type Check3eRow } from './rows.ts';
import { curlOf } from './sample.ts';
import { openSealedFields } from './sealed-fields.ts';

const id = 'acedata.check-3e';

const words = {
  unauthenticated: 'invalid_token',
  forbidden: 'forbidden',
  expired: 'token_expired',
  'out-of-credit': 'used_up',
  'rate-limited': 'too_many_requests',
  'daily-limit': '-6',
  'invalid-number': '-5',
  'no-record': '-1',
  busy: '-3',
  internal: 'api_error',
} satisfies Endpoint['words'];

/** Whether name, number and ID number belong together. */
export const check3e: Endpoint<AceDataDraft> = {
  id,
  provider: 'acedata',
  title: 'POST /identity/phone/check-3e',
  asks: 'identity-match',
  rows: check3eRows,
  words,
  answerFields: {
    result: documented('the guide: a string'),
    description: documented('the guide'),
    isp: shown("the guide's sample: Mobile; the OpenAPI file adds Telecom, China Unicom and the empty text"),
    'isp of 中国广电': assumed('no word for it: the empty text'),
    result_detail: shown("the guide's sample: null; its values and when they come are inferred from upstream"),
    verify_mode: inferred('the guide names a long and a short version and no values; "1" and "long" are taken as the long one'),
    'HTTP 200 for every result': inferred('the codes are described as values of result'),
    trace_id: shown("the guide's error sample"),
    'Content-Type': assumed('JSON in UTF-8'),
    'no x-request-id': assumed('a front-end of the platform falls back to such a header; no document shows it'),
  },
  checks: [
    ...gatewayChecks,
    own('validate', 'fields', (draft) => {
      const fields: Record<string, string> = {};
      for (const name of ['name', 'phone', 'id_card']) {
        const value = requiredText(draft, name);
        if (typeof value !== 'string') return value;
        fields[name] = value;
      }
      if (['encrypt_list', 'ciphertext_blob', 'iv'].some((name) => (fieldOf(draft.body, name) ?? '') !== '')) {
        const refusal = openSealedFields(draft, draft.body, fields);
        if (refusal !== undefined) return refusal;
      }
      const { name = '', phone = '', id_card = '' } = fields;
      draft.queries = [{ kind: 'identity-match', number: phone, person: { name, idCard: id_card } }];
      return undefined;
    }),
    own('validate', 'name and ID number', personFault),
    gate('admit', 'daily', '-6'),
  ],
  open: openDraft,
  prepare: prepareSm,
  reply(draft, outcome, refusal) {
    const answer = outcome.kind === 'declined' ? undefined : outcome.answers[0];
    const guide = outcome.kind === 'answered' ? rowOfAnswer(answer, draft) : (rowOf(words, outcome, 'api_error') as Check3eRow);
    // A row that a rule names is meant; what follows from the world is put into the table in force.
    const meant = outcome.kind === 'native' && refusal === undefined;
    const row = !meant && draft.readings['acedata.check3eCodes'] === 'upstream' ? (upstreamOf[guide] ?? guide) : guide;
    if (check3eRows[row].status === 200) return result(draft, row, answer);
    const query = draft.queries[0];
    const subject = query?.kind === 'identity-match' ? query.number : '';
    return errorReply(draft, row, check3eRows[row], draft.desk.id(id, draft.account, subject), refusal);
  },
  sample: ({ account, host, number, name, idCard }) =>
    curlOf(host, '/identity/phone/check-3e', account, JSON.stringify({ name, phone: number, id_card: idCard })),
};

/** A name that is none and an ID number that is none, before anybody is asked. */
function personFault(draft: AceDataDraft): Refusal | undefined {
  const query = draft.queries[0];
  if (query?.kind !== 'identity-match') return undefined;
  const { name, idCard } = query.person;
  // Chinese names of two to thirty characters, with the dot of transcribed ones.
  if (!/^\p{Script=Han}[\p{Script=Han}·•]{1,29}$/u.test(name)) return refuse('-4', 'the name is no Chinese name');
  const fault = idCardFault(idCard);
  if (fault === undefined) return undefined;
  if (draft.readings['acedata.check3eCodes'] === 'upstream') return refuse('upstream:-7', `the ID number is none: ${fault}`);
  // Reading acedata.badIdCard: by default it simply matches nobody.
  return draft.readings['acedata.badIdCard'] === 'missing-field' ? invalidField(draft, `the ID number is none: ${fault}`, 'id_card is invalid.') : undefined;
}

function rowOfAnswer(answer: Answer | undefined, draft: AceDataDraft): Check3eRow {
  if (answer?.kind !== 'identity') return answer?.kind === 'absent' && answer.reason === 'invalid-number' ? '-5' : '-1';
  const { subscriber, match } = answer;
  const unsupported = subscriber.virtualOperator !== undefined || subscriber.originalCarrier === '中国广电';
  if (unsupported && draft.readings['acedata.check3eCodes'] === 'upstream') return 'upstream:-13';
  return match === 'consistent' ? '0' : '1';
}

const compared: ReadonlySet<Check3eRow> = new Set(['0', '1', 'upstream:0', 'upstream:-4']);
const inconsistent: ReadonlySet<Check3eRow> = new Set(['1', 'upstream:-4']);

/** Fields in the order of the guide's sample. Nothing is told of the carrier where nothing was compared. */
function result(draft: AceDataDraft, row: Check3eRow, answer: Answer | undefined): Reply {
  const { [row]: each } = check3eRows;
  const identity = answer?.kind === 'identity' && compared.has(row) ? answer : undefined;
  const detail = identity !== undefined && inconsistent.has(row) && wantsDetail(draft) ? details[identity.match] : null;
  const body = JSON.stringify({
    result: each.code,
    description: textOf(each, draft),
    isp: identity === undefined ? '' : ispOf(identity.subscriber, draft),
    result_detail: detail,
  });
  return { row, units: each.billed ? 1 : 0, wire: respond(draft, 200, body) };
}

const wantsDetail = (draft: AceDataDraft): boolean => detailed.has(fieldOf(draft.body, 'verify_mode'));

const detailed: ReadonlySet<unknown> = new Set(['1', 1, 'long']);

const details: Readonly<Record<Match, string>> = {
  // Only a rule says "inconsistent" of a person that fits.
  consistent: 'OtherMismatch',
  'id-card-differs': 'PhoneIdCardMismatch',
  'name-differs': 'PhoneNameMismatch',
  'both-differ': 'PhoneNameIdCardMismatch',
};

const isps: Readonly<Record<Carrier, { readonly en: string; readonly zh: string }>> = {
  中国移动: { en: 'Mobile', zh: '移动' },
  中国电信: { en: 'Telecom', zh: '电信' },
  中国联通: { en: 'China Unicom', zh: '联通' },
  中国广电: { en: '', zh: '' },
};

const ispOf = ({ carrier }: Subscriber, draft: AceDataDraft): string => isps[carrier][draft.readings['acedata.locale'] === 'zh' ? 'zh' : 'en'];
