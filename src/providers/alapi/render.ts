import type { WireResponse } from '../../wire/wire-response.ts';
import { fillMessage, type Account, type Desk, type Readings, type Refusal, type Reply } from '../provider.ts';
import { rows, type AlapiRow } from './rows.ts';

/** What the envelope needs besides its data. */
export interface EnvelopeContext {
  readonly desk: Desk;
  readonly readings: Readings;
  readonly account: Account | undefined;
}

const json = [['Content-Type', 'application/json; charset=utf-8']] as const;

/** The list of items goes into the middle of what is written here; both ends are ASCII. */
export const successBefore = '{"code":200,"msg":"success","data":[';
export const successAfter = (context: EnvelopeContext, usage: number, logId: string): string => `]${ending(context, usage, logId)}`;

export const success = (context: EnvelopeContext, body: Buffer): WireResponse => ({ status: statusOf('200', context.readings), headers: json, body });

export function errorReply(context: EnvelopeContext, row: AlapiRow, refusal: Refusal | undefined): Reply {
  const data = context.readings['alapi.errorData'] === 'empty-array' ? '[]' : 'null';
  const message = JSON.stringify(fillMessage(rows[row].message.zh, refusal?.fill));
  const logId = logIdOf(context);
  const body = `{"code":${row},"msg":${message},"data":${data}${ending(context, 0, logId)}`;
  return { row, units: 0, wire: { status: statusOf(row, context.readings), headers: json, body }, id: logId };
}

/** The keys of the sample, in its order. First-party clients read all of them also from errors. */
function ending(context: EnvelopeContext, usage: number, logId: string): string {
  const time = Math.floor(context.desk.time(context.account) / 1000);
  return `,"time":${time},"usage":${usage},"log_id":${logId || '"0"'}}`;
}

/** Reading `alapi.logId`: a number of its own for each answer, or `''` where all have the same. */
export const logIdOf = (context: EnvelopeContext): string => (context.readings['alapi.logId'] === 'sequence' ? `${context.desk.sequence(context.account)}` : '');

const httpLike: ReadonlySet<AlapiRow> = new Set(['404', '405', '429']);

/** Reading `alapi.errorStatus`. */
function statusOf(row: AlapiRow, readings: Readings): number {
  const code = Number(row);
  switch (readings['alapi.errorStatus']) {
    case 'mirrors-http-like':
      return httpLike.has(row) ? code : 200;
    case 'mirrors-4xx':
      return code >= 400 ? code : 200;
    default:
      return 200;
  }
}
