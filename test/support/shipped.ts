import { readdirSync, readFileSync } from 'node:fs';
import { it, onTestFinished } from 'vitest';
import { start } from '../../src/http/start.ts';
import { providers } from '../../src/providers/index.ts';
import type { Account } from '../../src/providers/provider.ts';
import { describeComplaint } from '../../src/scenario/complaint.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { scenarioSchema } from '../../src/scenario/schema.ts';
import { exchange, type Incoming, type Outgoing } from './exchange.ts';

const folder = new URL('../../scenarios/', import.meta.url);

export const shippedFiles: readonly string[] = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

export async function shipped(name: string): Promise<Scenario> {
  const file = `${name}.yaml`;
  const loaded = loadScenario(readFileSync(new URL(file, folder), 'utf8'), file, await scenarioSchema(providers), providers);
  if (loaded.kind === 'complaints') throw new Error(loaded.complaints.map(describeComplaint).join('\n'));
  return loaded.scenario;
}

/** Who asks, where it is not the sandbox account and nobody in particular. */
export interface As {
  readonly credential?: string;
  readonly secret?: string;
  readonly name?: string;
  readonly idCard?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface ServedScenario {
  readonly port: number;
  /** A call as the endpoint's own client makes it. */
  ask(endpoint: string, number?: string, as?: As): Promise<Answer>;
  /** The same call as it goes onto the wire. */
  request(endpoint: string, number?: string, as?: As): Outgoing;
  /** A call of the control API, with a body as JSON. Throws where it is refused. */
  control<T>(method: string, path: string, body?: unknown): Promise<T>;
}

export const answerOf = ({ status, body }: Incoming): Answer => ({ status, body: body === '' ? '' : JSON.parse(body) });

/** A shipped scenario on a free port, until the test ends. */
export async function serveShipped(name: string): Promise<ServedScenario> {
  const { port, close } = await start({ providers, scenario: await shipped(name), port: 0, host: '127.0.0.1', gatekeeper: { token: undefined } });
  onTestFinished(() => close(0));
  const request: ServedScenario['request'] = (id, number = '', { credential, secret, name: person = '王小明', idCard = '110101199003070011' } = {}) => {
    const provider = providers.find(({ endpoints }) => endpoints.some((each) => each.id === id));
    const endpoint = provider?.endpoints.find((each) => each.id === id);
    if (provider === undefined || endpoint === undefined) throw new Error(`there is no endpoint ${id}`);
    const terms = provider.accounts.terms(provider.accounts.sandbox[0] ?? {});
    const account: Account = { provider: provider.id, tenant: 'default', readings: {}, terms: { ...terms, credential: credential ?? terms.credential, secret: secret ?? terms.secret } };
    const sample = endpoint.sample({ number, name: person, idCard, account, host: `127.0.0.1:${port}`, timestamp: Math.floor(Date.now() / 1000) });
    return { ...sample, headers: Object.entries(sample.headers) };
  };
  return {
    port,
    request,
    ask: async (...question) => answerOf(await exchange(port, request(...question))),
    control: async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const json = body === undefined ? '' : JSON.stringify(body);
      const { status, body: text } = await exchange(port, { method, target: `/_sim${path}`, headers: [['Content-Type', 'application/json']], body: json });
      if (status >= 300) throw new Error(text);
      // The test knows what the route that it calls answers.
      return JSON.parse(text) as T;
    },
  };
}

/** A test of what a shipped scenario's description says. */
export function story(name: string, does: string, run: (served: ServedScenario) => Promise<void>): void {
  it(`${name} ${does}`, async () => run(await serveShipped(name)));
}

export const check1e = 'acedata.check-1e';
export const check3e = 'acedata.check-3e';
export const tencent = 'tencent.MobileStatus';
export const alapi = 'alapi.phonecheck';
export const qxt = 'qxt.ssPhone_Status';

/** What tells apart how an answer to one number came out, from the answer alone. */
export async function said({ ask }: ServedScenario, endpoint: string, number: string, as?: As): Promise<string> {
  return wordOf((await ask(endpoint, number, as)).body);
}

/** The same of a body: each provider's is of a shape of its own. */
export function wordOf(body: unknown): string {
  const { result, status_code, error, Response, data, code } = body as {
    result?: string | { Status: string }; status_code?: number; error?: { code: string }; Response?: { Result?: string; StatusCode?: number; Error?: { Code: string } }; data?: readonly { status: number; status_name: string }[]; code?: number;
  };
  if (error !== undefined) return error.code;
  if (Response !== undefined) return Response.Error?.Code ?? `${Response.Result} ${Response.StatusCode}`;
  if (typeof result === 'string') return status_code === undefined ? result : `${result} ${status_code}`;
  if (data?.[0] !== undefined) return `${data[0].status} ${data[0].status_name}`;
  return typeof result === 'object' && result !== null ? result.Status : String(code);
}
