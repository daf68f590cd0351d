import { assumed, documented, inferred, shown } from '../../domain/evidence.ts';
import type { Answer, Query } from '../../domain/query.ts';
import type { Carrier, Subscriber } from '../../domain/subscriber.ts';
import { byteText, ByteWriter } from '../../wire/byte-writer.ts';
import { header } from '../../wire/wire-request.ts';
import { gate, own, recognise, refuse, rowOf, type Endpoint, type Readings, statusWord, type StatusWord } from '../provider.ts';
import { sourcesOf } from './account.ts';
import { errorReply, logIdOf, success, successAfter, successBefore } from './render.ts';
import { numbersOf, openDraft, readParameters, type AlapiDraft } from './request.ts';
import { rows, type AlapiRow } from './rows.ts';

const words = {
  unauthenticated: '100',
  forbidden: '104',
  expired: '101',
  'out-of-credit': '102',
  'rate-limited': '429',
  'daily-limit': { noWord: 'the table of codes has no daily limit' },
  'invalid-number': '422',
  // One number without a record is an item with status 3.
  'no-record': '200',
  busy: '400',
  internal: '400',
} satisfies Endpoint['words'];

const names = ['空号', '实号', '停机', '库无', '沉默号', '风险'] as const;

const codes: Readonly<Record<Subscriber['status'], number>> = {
  vacant: 0, active: 1, suspended: 2, unknown: 3, 'no-record': 3, silent: 4, risk: 5, cancelled: 0, 'off-net': 0,
};

const says = (status: Subscriber['status'], noWord?: string): StatusWord =>
  statusWord(`status ${codes[status]} ${names[codes[status]]}`, documented("the document's field table"), noWord);

const statuses = {
  active: says('active'),
  suspended: says('suspended'),
  cancelled: says('cancelled', 'cancelled and vacant numbers are both 空号'),
  vacant: says('vacant'),
  'off-net': says('off-net', 'no word for a number that is not in the network'),
  silent: says('silent'),
  risk: says('risk'),
  unknown: says('unknown', 'no word for an unknown state'),
  'no-record': says('no-record'),
} satisfies Endpoint['statuses'];

/** The state of 1 to 2000 numbers, each charged. */
export const phonecheck: Endpoint<AlapiDraft> = {
  id: 'alapi.phonecheck',
  provider: 'alapi',
  title: 'POST|GET /api/phonecheck',
  asks: 'line-status',
  rows,
  words,
  statuses,
  answerFields: {
    data: documented("the document's field table"),
    status_name: shown('the sample, for 实号; the other five names come from one sentence'),
    usage: inferred('the numbers billed by the call; the document charges each number once'),
    log_id: shown('the sample: "0" (reading alapi.logId)'),
    time: shown('the sample: Unix time in seconds'),
    'data and usage of an error': assumed('readings alapi.errorData; clients of the vendor read these keys from errors too'),
    'HTTP status of an error': inferred('reading alapi.errorStatus'),
    'Content-Type': assumed('JSON in UTF-8'),
  },
  // Nothing is documented of the order: method, caller, his limits, then what he asks, and last what it would cost.
  checks: [
    own('accept', 'method', (draft) => {
      // Whose call it is decides whether the endpoint is in service; whether he may call is for later.
      readParameters(draft);
      recognise(draft, 'alapi', draft.token);
      const { method } = draft.request;
      return method === 'GET' || method === 'POST' ? undefined : refuse('405', `the method is ${method}, not GET or POST`);
    }),
    gate('accept', 'switched-off', '404'),
    own('authenticate', 'token', ({ token, account, readings }) => {
      if (token === '') return refuse(readings['alapi.emptyToken'] ?? '101', 'the request has no token');
      return account === undefined ? refuse('100', 'no account has this token') : undefined;
    }),
    gate('authenticate', 'expiry', '101'),
    gate('authenticate', 'allow-list', '104'),
    own('authenticate', 'source', sourceFault),
    gate('admit', 'rate', '429'),
    own('validate', 'body', ({ unreadable }) => (unreadable === undefined ? undefined : refuse('400', unreadable))),
    own('validate', 'mobiles', (draft) => {
      const numbers = numbersOf(draft.mobiles);
      if ('row' in numbers) return numbers;
      const asked = draft.readings['alapi.duplicates'] === 'merged' ? [...new Set(numbers)] : numbers;
      draft.queries = asked.map((number): Query => ({ kind: 'line-status', number }));
      return undefined;
    }),
    gate('admit', 'credit', '102'),
  ],
  open: openDraft,
  reply(draft, outcome, refusal) {
    const row = outcome.kind === 'answered' ? '200' : (rowOf(words, outcome, '400') as AlapiRow);
    if (row !== '200') return errorReply(draft, row, refusal);
    const answers = outcome.kind === 'declined' ? [] : outcome.answers;
    const writer = new ByteWriter(successBefore.length + answers.length * longestItem + 64);
    const units = writeItems(writer, answers, draft.readings);
    if (units === 0) return errorReply(draft, '422', refusal);
    const logId = logIdOf(draft);
    writer.add(successAfter(draft, units, logId));
    return { row, units, wire: success(draft, writer.bytes()), id: logId };
  },
  sample: ({ account, host, number }) => {
    const body = `token=${encodeURIComponent(account.terms.credential)}&mobiles=${encodeURIComponent(number).replaceAll('%2C', ',')}`;
    const target = '/api/phonecheck';
    return {
      method: 'POST',
      target,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
      curl: `curl 'http://${host}${target}' -d '${body}'`,
    };
  },
};

/** The vendor's allow list of sources: what a browser says of the page it is on. */
function sourceFault(draft: AlapiDraft) {
  const sources = draft.account === undefined ? [] : sourcesOf(draft.account.terms);
  if (sources.length === 0) return undefined;
  const named = [header(draft.request, 'origin'), header(draft.request, 'referer')].map((url) => /^https?:\/\/([^/?#]*)/i.exec(url)?.[1]?.toLowerCase());
  return named.some((host) => host !== undefined && sources.includes(host)) ? undefined : refuse('104', "neither Origin nor Referer is on the account's list of sources");
}

/** Of those that the number plan knows. */
const longestItem = 192;

/** Reading `alapi.invalidInBatch`. Returns how many items there are: none where nothing is left to answer or the whole call is refused. */
function writeItems(writer: ByteWriter, answers: readonly Answer[], readings: Readings): number {
  const invalid = readings['alapi.invalidInBatch'];
  let count = 0;
  for (const answer of answers) {
    const item = itemOf(answer, readings);
    if (item !== undefined) {
      writer.add(count === 0 ? successBefore : ',');
      writer.add(item);
      count += 1;
    } else if (invalid === 'reject') return 0;
  }
  return count;
}

/** Keys in alphabetical order, as in the sample; `undefined` for a number that is none, unless reading `alapi.invalidInBatch` has a word for it. */
function itemOf(answer: Answer, readings: Readings): string | undefined {
  if (answer.kind === 'line') return known(answer.subscriber, answer.subscriber.status, readings);
  if (answer.kind !== 'absent') return undefined;
  if (answer.reason === 'no-record' && answer.subscriber !== undefined) return known(answer.subscriber, 'no-record', readings);
  if (answer.reason !== 'no-record' && readings['alapi.invalidInBatch'] !== 'unknown') return undefined;
  return byteText(`{"area":"","mobile":${JSON.stringify(answer.number)},"number_type":"","status":3,"status_name":"库无"}`);
}

/** Three texts, two of which exist already. Number and area are digits and Chinese characters by the number plan and the scenario's schema, so there is nothing to escape. */
function known({ number, area, carrier, originalCarrier }: Subscriber, status: Subscriber['status'], readings: Readings): string {
  const code = codes[status];
  const network = readings['alapi.numberType'] === 'current' ? carrier : originalCarrier;
  const end = code === 5 ? endOf(network, code, readings['alapi.riskName'] ?? names[5]) : (ends[network][code] ?? '');
  return beginningOf(area) + number + end;
}

const endOf = (network: string, code: number, name: string): string => byteText(`","number_type":"${network}","status":${code},"status_name":"${name}"}`);

const endsOf = (network: Carrier): readonly string[] => names.map((name, code) => endOf(network, code, name));
const ends: Readonly<Record<Carrier, readonly string[]>> = { 中国移动: endsOf('中国移动'), 中国联通: endsOf('中国联通'), 中国电信: endsOf('中国电信'), 中国广电: endsOf('中国广电') };

/** There are some four hundred, and scenarios may name others. */
const mostAreas = 1000;

/** A memo of texts, one for each area. */
const beginnings = new Map<string, string>();

function beginningOf(area: string): string {
  let text = beginnings.get(area);
  if (text === undefined) {
    text = byteText(`{"area":"${area}","mobile":"`);
    if (beginnings.size < mostAreas) beginnings.set(area, text);
  }
  return text;
}
