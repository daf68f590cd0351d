import type { WireResponse } from '../../wire/wire-response.ts';
import { header } from '../../wire/wire-request.ts';
import { fillMessage, type Draft, type Refusal, type Reply, type Row } from '../provider.ts';
import { workerCodes } from './rows.ts';

/** The document's `accept` is one of two types; one JSON value is one line of the second. */
export function respond(draft: Pick<Draft, 'request'>, status: number, body: string): WireResponse {
  return header(draft.request, 'accept').startsWith('application/x-ndjson')
    ? { status, headers: ndjson, body: `${body}\n` }
    : { status, headers: json, body };
}

const json = [['Content-Type', 'application/json; charset=utf-8']] as const;
const ndjson = [['Content-Type', 'application/x-ndjson; charset=utf-8']] as const;

/** An error of gateway or worker: code, message and a trace id. */
export function errorReply(draft: Pick<Draft, 'request' | 'readings'>, id: string, row: Row, traceId: string, refusal: Refusal | undefined): Reply {
  const message = fillMessage(row.message.en, refusal?.fill);
  const status = id === 'token_mismatched' ? Number(draft.readings['acedata.tokenMismatchedStatus']) : row.status;
  const error = { code: row.code, message };
  const body = id === 'payment_required'
    ? { x402Version: 1, error: message, accepts: [] }
    : { ...(saysSuccess(draft, id, refusal) ? { success: false } : {}), error, ...(untraced.has(id) ? {} : { trace_id: traceId }) };
  return { row: id, units: 0, wire: respond(draft, status, JSON.stringify(body)), id: untraced.has(id) ? '' : traceId };
}

/** Specs of the worker show this one without a trace id. */
const untraced: ReadonlySet<string> = new Set(['authorization_missing']);

function saysSuccess(draft: Pick<Draft, 'readings'>, id: string, refusal: Refusal | undefined): boolean {
  const envelope = draft.readings['acedata.errorEnvelope'];
  // Gateway and worker both say bad_request: the one of the whole body, the other of a field.
  const worker = workerCodes.has(id) || (id === 'bad_request' && refusal?.fill !== undefined);
  return envelope === 'success-false' || (envelope === 'by-origin' && worker);
}

export const textOf = (row: Row, draft: Draft): string => (draft.readings['acedata.locale'] === 'zh' ? row.message.zh : row.message.en);
