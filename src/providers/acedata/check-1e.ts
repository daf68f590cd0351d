import { assumed, documented, inferred, shown } from '../../domain/evidence.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import { prepareSm } from '../../sealed/sm.ts';
import { fieldOf } from '../../wire/json.ts';
import { own, rowOf, type Endpoint, type Reply, statusWord, type StatusWord } from '../provider.ts';
import { gatewayChecks, invalidField, openDraft, optionalObject, requiredText, type AceDataDraft } from './request.ts';
import { errorReply, respond, textOf } from './render.ts';
import { check1eRows } from './rows.ts';
import { curlOf } from './sample.ts';
import { openSealedFields } from './sealed-fields.ts';

type Row = keyof typeof check1eRows;

const id = 'acedata.check-1e';

const words = {
  unauthenticated: 'invalid_token',
  forbidden: 'forbidden',
  expired: 'token_expired',
  'out-of-credit': 'used_up',
  'rate-limited': 'too_many_requests',
  'daily-limit': { noWord: "check-1e's list of results has no daily limit" },
  'invalid-number': '-2',
  'no-record': '-1',
  busy: '-3',
  internal: 'api_error',
} satisfies Endpoint['words'];

const says = (code: number, noWord?: string): StatusWord => statusWord(`result 0, status_code ${code}`, documented("the guide's status codes"), noWord);

const codes: Readonly<Record<Subscriber['status'], number>> = {
  active: 0, suspended: 1, cancelled: 2, vacant: 3, 'off-net': 4, silent: 0, risk: 0, unknown: 99, 'no-record': 99,
};

const statuses = {
  active: says(0),
  suspended: says(1),
  cancelled: says(2),
  vacant: says(3),
  'off-net': says(4),
  silent: says(0, 'no word for a silent number'),
  risk: says(0, 'no word for a risky number'),
  unknown: says(99),
  'no-record': { says: 'result -1, status_code 99', evidence: inferred("upstream's sample pairs a failure with 99") },
} satisfies Endpoint['statuses'];

/** The state of one number. */
export const check1e: Endpoint<AceDataDraft> = {
  id,
  provider: 'acedata',
  title: 'POST /identity/phone/check-1e',
  asks: 'line-status',
  rows: check1eRows,
  words,
  statuses,
  answerFields: {
    result: documented('the guide: a string'),
    description: documented('the guide'),
    status_code: shown("the guide's sample: a number (reading acedata.statusCodeType)"),
    'status_code of a failure': inferred("upstream's sample pairs Result -2 with StatusCode 99"),
    'HTTP 200 for every result': inferred('the codes are described as values of result'),
    trace_id: shown("the guide's error sample"),
    'Content-Type': assumed('JSON in UTF-8'),
    'no x-request-id': assumed('a front-end of the platform falls back to such a header; no document shows it'),
  },
  checks: [
    ...gatewayChecks,
    own('validate', 'fields', (draft) => {
      const mobile = requiredText(draft, 'mobile');
      if (typeof mobile !== 'string') return mobile;
      const fields = { mobile };
      const encryption = fieldOf(draft.body, 'encryption');
      if (encryption !== undefined && encryption !== null) {
        const parameters = optionalObject(encryption);
        if (parameters === undefined) return invalidField(draft, 'encryption is no object', 'encryption is invalid.');
        const refusal = openSealedFields(draft, parameters, fields);
        if (refusal !== undefined) return refusal;
      }
      draft.queries = [{ kind: 'line-status', number: fields.mobile }];
      return undefined;
    }),
  ],
  open: openDraft,
  prepare: prepareSm,
  reply(draft, outcome, refusal) {
    const answer = outcome.kind === 'declined' ? undefined : outcome.answers[0];
    if (outcome.kind === 'answered' && answer?.kind === 'line') return result(draft, '0', statusCode(answer.subscriber, draft));
    const row = outcome.kind === 'answered' ? absentRow(answer) : (rowOf(words, outcome, 'api_error') as Row);
    if (row === '0' && answer?.kind === 'line') return result(draft, row, statusCode(answer.subscriber, draft));
    if (check1eRows[row].status === 200) return result(draft, row, 99);
    const query = draft.queries[0];
    const subject = query?.kind === 'line-status' ? query.number : '';
    return errorReply(draft, row, check1eRows[row], draft.desk.id(id, draft.account, subject), refusal);
  },
  sample: ({ account, host, number }) => {
    const body = JSON.stringify({ mobile: number });
    return curlOf(host, '/identity/phone/check-1e', account, body);
  },
};

const absentRow = (answer: { kind: string; reason?: string } | undefined): Row => (answer?.reason === 'invalid-number' ? '-2' : '-1');

function statusCode(subscriber: Subscriber, draft: AceDataDraft): number {
  return subscriber.status === 'vacant' ? Number(draft.readings['acedata.vacantStatus']) : codes[subscriber.status];
}

/** Fields in the order of the guide's sample. */
function result(draft: AceDataDraft, row: Row, code: number): Reply {
  const { [row]: each } = check1eRows;
  const status = draft.readings['acedata.statusCodeType'] === 'string' ? `"${code}"` : code;
  const body = `{"result":"${each.code}","description":"${textOf(each, draft)}","status_code":${status}}`;
  return { row, units: each.billed ? 1 : 0, wire: respond(draft, 200, body) };
}
