import { expect } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import { headerOf, type Incoming } from './exchange.ts';

const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** How each provider's answers look, errors included, and where their code stands. */
const shapes: Readonly<Record<string, { readonly type: string; code(body: never): unknown }>> = {
  acedata: {
    type: 'application/json; charset=utf-8',
    code(body: { result?: string; error?: { code: string } }) {
      if (body.error === undefined) expect(Object.keys(body).join()).toMatch(/^result,description,(status_code|isp,result_detail)$/);
      else expect(body).toEqual({ success: false, error: { code: expect.any(String), message: expect.any(String) }, trace_id: expect.stringMatching(uuid) });
      return body.error?.code ?? body.result;
    },
  },
  tencent: {
    type: 'application/json',
    code({ Response: answer }: { Response: { Result?: string; RequestId: string; Error?: { Code: string } } }) {
      expect(answer.RequestId).toMatch(uuid);
      if (answer.Error === undefined) expect(Object.keys(answer)).toEqual(['Description', 'RequestId', 'Result', 'StatusCode']);
      else expect(answer).toEqual({ Error: { Code: expect.any(String), Message: expect.any(String) }, RequestId: answer.RequestId });
      return answer.Error?.Code ?? answer.Result;
    },
  },
  alapi: {
    type: 'application/json; charset=utf-8',
    code(body: { code: number }) {
      expect(body).toEqual({ code: expect.any(Number), msg: expect.any(String), data: body.code === 200 ? expect.any(Array) : null, time: expect.any(Number), usage: expect.any(Number), log_id: '0' });
      return body.code;
    },
  },
  qxt: {
    type: 'application/json; charset=utf-8',
    code(body: { code: number }) {
      expect(body).toEqual({ code: expect.any(Number), reason: expect.any(String), result: body.code === 0 ? expect.any(Object) : null });
      return body.code;
    },
  },
};

/** Holds an answer against its provider's shape and catalogue, and gives the code that it bears. */
export function codeIn(provider: string, answer: Incoming): string {
  const shape = shapes[provider];
  if (shape === undefined) throw new Error(`no shape of ${provider} is known`);
  expect(headerOf(answer, 'content-type'), answer.body).toBe(shape.type);
  const code = String(shape.code(JSON.parse(answer.body) as never));
  const rows = providers.filter(({ id }) => id === provider).flatMap(({ endpoints }) => endpoints.flatMap((endpoint) => Object.values(endpoint.rows)));
  expect(rows, answer.body).toContainEqual(expect.objectContaining({ code, status: answer.status }));
  return code;
}
