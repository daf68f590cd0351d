import { assumed, documented, inferred, shown } from '../../domain/evidence.ts';
import type { Subscriber } from '../../domain/subscriber.ts';
import { gate, own, refuse, rowOf, type Endpoint, type Readings, type Reply, statusWord, type StatusWord } from '../provider.ts';
import { credentialChecks, openDraft, type QxtDraft } from './request.ts';
import { refusalReply, respond } from './render.ts';
import { statusRows } from './rows.ts';

type Row = keyof typeof statusRows;

const words = {
  unauthenticated: '-1',
  forbidden: '-9',
  expired: '-1',
  'out-of-credit': '-5',
  'rate-limited': { noWord: 'the code table has no rate limit' },
  'daily-limit': { noWord: 'the code table has no daily limit' },
  'invalid-number': '-3',
  'no-record': '-4',
  busy: '-8',
  internal: '-8',
} satisfies Endpoint['words'];

const says = (text: string, noWord?: string): StatusWord => statusWord(text, documented('section 1.3'), noWord);

const statuses = {
  active: says('正常'),
  suspended: says('停机'),
  cancelled: says('空号', 'cancelled and vacant numbers are both 空号'),
  vacant: says('空号'),
  'off-net': says('空号', 'no word for a number that is not in the network'),
  silent: says('正常', 'no word for a silent number'),
  risk: says('正常', 'no word for a risky number'),
  unknown: says('code -4', 'no word for an unknown state'),
  'no-record': { says: 'code -4', evidence: documented('section 3') },
} satisfies Endpoint['statuses'];

/** The state of one number (document, section 1). */
export const ssPhoneStatus: Endpoint<QxtDraft> = {
  id: 'qxt.ssPhone_Status',
  provider: 'qxt',
  title: 'GET|POST /ssPhone_Status',
  asks: 'line-status',
  rows: statusRows,
  words,
  statuses,
  answerFields: {
    Mobile: documented('section 1.3'),
    Status: documented('section 1.3'),
    Area: documented('section 1.3: 省-市'),
    Is_MNP: documented('section 1.3: "1" ported, "0" not'),
    Init_isp: documented('section 1.3'),
    Now_isp: documented('section 1.3'),
    'result of an error': assumed('reading qxt.errorResult'),
    'Content-Type': assumed('reading qxt.contentType'),
    'other methods than GET and POST': assumed('answered alike: the code table has nothing for them'),
    'order of fields': shown('section 1.3'),
    'JSON with quoted keys': inferred('published PHP, C# and Python clients parse it strictly'),
  },
  // Presence, key, number, balance: the order of the code table; nothing else is known of it.
  checks: [
    ...credentialChecks,
    own('validate', 'mobile', (draft) => {
      draft.queries = [{ kind: 'line-status', number: draft.mobile }];
      if (draft.mobile === '') return refuse('1', 'the request has no mobile', { text: '请求参数缺失' });
      // Several numbers at once are one text of another length, for the document takes one number only.
      return draft.mobile.length === 11 || asStatus(draft.readings)
        ? undefined
        : numberFault(draft.readings, '-2', `the number has ${draft.mobile.length} characters, not 11`);
    }),
    gate('admit', 'credit', '-5'),
  ],
  open: openDraft,
  reply(draft, outcome, refusal) {
    if (outcome.kind === 'declined') {
      const id = rowOf(words, outcome, '-8') as Row;
      return refusalReply(draft, id, statusRows[id], undefined);
    }
    const answer = outcome.answers[0];
    if (outcome.kind === 'native') {
      const id = outcome.row as Row;
      if (id !== '0') return refusalReply(draft, id, statusRows[id], refusal, id === '-3' || id === '-4');
    }
    if (answer?.kind !== 'line') {
      if (answer?.kind !== 'absent' || answer.reason === 'no-record') return notFound(draft);
      if (asStatus(draft.readings)) return answered(draft, wrongNumber(answer.number));
      const fault = numberFault(draft.readings, '-3', 'no such number range');
      return refusalReply(draft, fault.row, statusRows[fault.row as Row], fault, true);
    }
    return answer.subscriber.status === 'unknown' ? notFound(draft) : answered(draft, result(answer.subscriber, draft.readings));
  },
  sample: ({ account, host, number }) => {
    const target = `/ssPhone_Status?apikey=${encodeURIComponent(account.terms.credential)}&mobile=${encodeURIComponent(number)}`;
    return { method: 'GET', target, headers: {}, body: '', curl: `curl 'http://${host}${target}'` };
  },
};

const asStatus = (readings: Readings): boolean => readings['qxt.invalidNumber'] === 'status';

/** Reading `qxt.numberErrors`: a wrong number has codes of its own, or it is one of the things that code 1 covers. */
function numberFault(readings: Readings, row: '-2' | '-3', why: string) {
  if (readings['qxt.numberErrors'] !== 'general') return refuse(row, why);
  return refuse('1', why, { text: row === '-2' ? '查询的手机号码长度不对' : '查询的手机号码有误' });
}

const notFound = (draft: QxtDraft): Reply => refusalReply(draft, '-4', statusRows['-4'], undefined, true);

const answered = (draft: QxtDraft, body: string): Reply => ({
  row: '0',
  units: 1,
  wire: respond(draft, `{"code":0,"reason":"Succ","result":${body}}`),
});

/** Written by hand: number, area and carrier are digits and Chinese characters, so there is nothing to escape but a name that a scenario gives. */
function result(subscriber: Subscriber, readings: Readings): string {
  const { number, area, carrier, originalCarrier, virtualOperator, status } = subscriber;
  const ported = carrier === originalCarrier ? '0' : '1';
  const now = virtualOperator === undefined ? carrier : virtualLabel(virtualOperator, carrier, readings);
  const initial = ported === '0' ? now : originalCarrier;
  return `{"Mobile":"${number}","Status":"${statuses[status].says}","Area":"${area}","Is_MNP":"${ported}","Init_isp":${JSON.stringify(initial)},"Now_isp":${JSON.stringify(now)}}`;
}

function virtualLabel(name: string, carrier: string, readings: Readings): string {
  const label = readings['qxt.mvnoLabel'] ?? '';
  return label === 'operator-name' ? name || carrier : label;
}

const wrongNumber = (number: string): string =>
  `{"Mobile":${JSON.stringify(number)},"Status":"错误号码","Area":"","Is_MNP":"0","Init_isp":"","Now_isp":""}`;
