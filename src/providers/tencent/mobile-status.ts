import { assumed, documented, inferred, shown } from '../../domain/evidence.ts';
import type { Answer } from '../../domain/query.ts';
import type { LineStatus } from '../../domain/subscriber.ts';
import { prepareSm } from '../../sealed/sm.ts';
import { gate, own, rowOf, type Endpoint, type Reply, statusWord, type StatusWord } from '../provider.ts';
import { statesOfBackend } from './account-states.ts';
import { openMobile } from './decryption.ts';
import { diagnose } from './doctor.ts';
import { gatewayChecks, stateFault } from './gateway.ts';
import { readBusiness, schemaFault } from './parameters.ts';
import { errorReply, respond } from './render.ts';
import { openDraft, type TencentDraft } from './request.ts';
import { resultCodes, rows } from './rows.ts';
import { sample } from './sample.ts';

const id = 'tencent.MobileStatus';

const words = {
  unauthenticated: 'AuthFailure.SecretIdNotFound',
  forbidden: 'AuthFailure.UnauthorizedOperation',
  expired: 'AuthFailure.TokenFailure',
  'out-of-credit': 'UnauthorizedOperation.Arrears',
  'rate-limited': 'RequestLimitExceeded',
  'daily-limit': '-4',
  'invalid-number': '-2',
  'no-record': '-1',
  busy: '-3',
  internal: 'InternalError',
} satisfies Endpoint['words'];

const codes: Readonly<Record<LineStatus, number>> = { active: 0, suspended: 1, cancelled: 2, vacant: 2, 'off-net': 4, silent: 0, risk: 0, unknown: 99 };

const says = (code: number, noWord?: string): StatusWord => statusWord(`Result 0, StatusCode ${code}`, documented("the action's list of status codes"), noWord);

const statuses = {
  active: says(0),
  suspended: says(1),
  cancelled: says(2),
  vacant: says(2, 'no word for a vacant number (reading tencent.vacantStatus)'),
  'off-net': says(4),
  silent: says(0, 'no word for a silent number'),
  risk: says(0, 'no word for a risky number'),
  unknown: says(99),
  'no-record': { says: 'Result -1, StatusCode 99', evidence: inferred('the sample pairs Result -2 with StatusCode 99') },
} satisfies Endpoint['statuses'];

/** The state of one number: action MobileStatus of faceid, version 2018-03-01. */
export const mobileStatus: Endpoint<TencentDraft> = {
  id,
  provider: 'tencent',
  title: 'POST|GET / (Action MobileStatus, Version 2018-03-01)',
  asks: 'line-status',
  rows,
  words,
  statuses,
  answerFields: {
    Result: documented('the response table: a string'),
    Description: documented('the response table'),
    StatusCode: documented('the response table: an integer'),
    'StatusCode of a failure': shown('the second sample: 99'),
    RequestId: documented('the response table; a UUID v4 by real answers'),
    'order of fields': shown('the first sample, and real answers of the same backend: alphabetical'),
    'HTTP 200 for errors': documented('the signature document'),
    'no X-TC-TraceId': assumed('clients send one and would read it from the answer; no captured answer has it'),
    'Content-Type': inferred('captured answers: exactly application/json, and an official client ignores errors under anything else'),
  },
  checks: [
    ...gatewayChecks,
    own('validate', 'body', readBusiness),
    own('validate', 'schema', ({ business }) => schemaFault(business)),
    // An official test gets Nonactivated for garbage in Encryption: the account comes before decryption and values.
    own('admit', 'account in good standing', (draft) => stateFault(draft, statesOfBackend)),
    gate('admit', 'credit', 'UnauthorizedOperation.Arrears'),
    own('validate', 'encryption', (draft) => {
      const mobile = openMobile(draft);
      if (typeof mobile !== 'string') return mobile;
      draft.queries = [{ kind: 'line-status', number: mobile }];
      return undefined;
    }),
    gate('admit', 'daily', '-4'),
  ],
  open: openDraft,
  prepare: prepareSm,
  reply(draft, outcome, refusal) {
    const answer = outcome.kind === 'declined' ? undefined : outcome.answers[0];
    const row = outcome.kind === 'answered' ? rowOfAnswer(answer) : rowOf(words, outcome, 'InternalError');
    const query = draft.queries[0];
    const subject = query?.kind === 'line-status' ? query.number : draft.common.action;
    const requestId = draft.desk.id(id, draft.account, subject);
    if (!resultCodes.has(row)) return errorReply(draft, row, requestId, refusal);
    return result(draft, row, row === '0' && answer?.kind === 'line' ? statusCode(answer.subscriber.status, draft) : 99, requestId);
  },
  diagnose,
  sample,
};

function rowOfAnswer(answer: Answer | undefined): string {
  if (answer?.kind === 'line') return '0';
  return answer?.kind === 'absent' && answer.reason === 'invalid-number' ? '-2' : '-1';
}

function statusCode(status: LineStatus | 'no-record', draft: TencentDraft): number {
  if (status === 'no-record') return 99;
  return status === 'vacant' ? Number(draft.readings['tencent.vacantStatus']) : codes[status];
}

function result(draft: TencentDraft, id_: string, code: number, requestId: string): Reply {
  const row = rows[id_];
  const description = row?.message[draft.language] ?? '';
  const body = `{"Response":{"Description":"${description}","RequestId":"${requestId}","Result":"${id_}","StatusCode":${code}}}`;
  return { row: id_, units: row?.billed === true ? 1 : 0, wire: respond(body), id: requestId };
}
