import type { WireResponse } from '../../wire/wire-response.ts';
import { fillMessage, type Refusal, type Reply } from '../provider.ts';
import type { TencentDraft } from './request.ts';
import { rows } from './rows.ts';

const json = [['Content-Type', 'application/json']] as const;

/** Compact JSON under HTTP 200, errors included. */
export const respond = (body: string): WireResponse => ({ status: 200, headers: json, body });

export function errorReply(draft: TencentDraft, row: string, requestId: string, refusal: Refusal | undefined): Reply {
  const serverTime = String(Math.floor(draft.desk.signatureTime(draft.account) / 1000));
  const text = rows[row]?.message[draft.language] ?? '';
  const message = fillMessage(text, { requestId, serverTime, ...refusal?.fill });
  return { row, units: 0, wire: respond(JSON.stringify({ Response: { Error: { Code: row, Message: message }, RequestId: requestId } })), id: requestId };
}
