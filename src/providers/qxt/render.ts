import { fillMessage, type Draft, type Refusal, type Reply, type Row } from '../provider.ts';
import type { WireResponse } from '../../wire/wire-response.ts';

/** JSON in UTF-8 under HTTP 200. The document's samples without quotes are a browser extension's drawing of it. */
export function respond(draft: Draft, body: string): WireResponse {
  const type = draft.readings['qxt.contentType'] === 'text/html' ? htmlType : jsonType;
  return { status: 200, headers: type, body };
}

const jsonType = [['Content-Type', 'application/json; charset=utf-8']] as const;
const htmlType = [['Content-Type', 'text/html; charset=utf-8']] as const;

const errorResults: Readonly<Record<string, string>> = {
  null: ',"result":null',
  omitted: '',
  'empty-object': ',"result":{}',
  'empty-string': ',"result":""',
};

/** @param lookedUp the number was asked about before it was refused */
export function refusalReply(draft: Draft, id: string, row: Row, refusal: Refusal | undefined, lookedUp = false): Reply {
  const reason = JSON.stringify(fillMessage(row.message.zh, refusal?.fill));
  const result = errorResults[draft.readings['qxt.errorResult'] ?? 'null'] ?? '';
  // Reading qxt.charged: under `every-query` whatever was looked up costs, but not what failed before.
  const units = lookedUp && draft.readings['qxt.charged'] === 'every-query' ? 1 : 0;
  return { row: id, units, wire: respond(draft, `{"code":${row.code},"reason":${reason}${result}}`) };
}
