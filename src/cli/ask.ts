import { request, type ClientRequest, type RequestOptions } from 'node:http';
import { suggestion } from '../domain/nearest.ts';
import { realClock } from '../domain/clock.ts';
import { providers } from '../providers/index.ts';
import type { Account, SampleRequest } from '../providers/provider.ts';
import { noMoreThan, parseWords, UsageError } from './usage-error.ts';

const timeout = 30_000;

export async function ask(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords('ask', words, {
    url: { type: 'string', default: 'http://127.0.0.1:4086' },
    name: { type: 'string', default: '李雷' },
    'id-card': { type: 'string', default: '11010519491231002X' },
    credential: { type: 'string' },
    secret: { type: 'string' },
    json: { type: 'boolean' },
  });
  noMoreThan(2, 'ask', positionals);
  const [who = '', number = ''] = positionals;
  const provider = providers.find(({ id, endpoints }) => id === who || endpoints.some((endpoint) => endpoint.id === who));
  const endpoint = provider?.endpoints.find(({ id }) => id === who) ?? provider?.endpoints[0];
  if (provider === undefined || endpoint === undefined) {
    const known = providers.flatMap(({ id, endpoints }) => [id, ...endpoints.map((each) => each.id)]);
    const why = who === '' ? 'is named.' : `is called "${who}"${suggestion(who, known) || '.'}`;
    throw new UsageError(`Failed to ask: no provider or endpoint ${why} There are ${known.join(', ')}.`);
  }
  if (number === '' && endpoint.asks !== 'balance') throw new UsageError(`Failed to ask: no number is named. Write "konghao ask ${who} 13800138000".`);
  const address = /^http:\/\/([^/?#\s]+)\/?$/.exec(values.url)?.[1];
  if (address === undefined || !URL.canParse(values.url)) throw new UsageError(`Failed to ask: "${values.url}" is no address such as http://127.0.0.1:4086.`);

  const terms = provider.accounts.terms(provider.accounts.sandbox[0] ?? {});
  const account: Account = {
    provider: provider.id,
    tenant: 'default',
    readings: {},
    terms: { ...terms, credential: values.credential ?? terms.credential, secret: values.secret ?? terms.secret },
  };
  const timestamp = Math.floor(realClock.now() / 1000);
  const sample = endpoint.sample({ number, name: values.name, idCard: values['id-card'], account, host: address, timestamp });
  const answer = await send(address, sample);
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify({ endpoint: endpoint.id, request: { method: sample.method, target: sample.target, body: sample.body }, answer })}\n`);
  } else process.stdout.write(`HTTP ${answer.status}\n${answer.body}\n`);
  const { unauthenticated } = endpoint.words;
  if (values.credential === undefined && typeof unauthenticated === 'string' && answer.body.includes(`"${unauthenticated}"`)) {
    process.stderr.write('The sandbox credential is not known there: the scenario has accounts of its own. Give --credential (and --secret).\n');
  }
  return 0;
}

function send(address: string, { method, target, headers, body }: SampleRequest): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new UsageError(`Failed to ask http://${address}: ${why}. Is konghao running there? Start it with "konghao".`));
    const call = open(address, { method, path: target, headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) }, timeout });
    call.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', (error) => fail(error.message));
    });
    call.on('timeout', () => call.destroy(new Error('no answer within 30 seconds')));
    call.on('error', (error: NodeJS.ErrnoException) => fail(error.code === 'ECONNREFUSED' ? 'nothing listens there' : error.message));
    call.end(body);
  });
}

function open(address: string, options: RequestOptions): ClientRequest {
  try {
    return request(`http://${address}`, options);
  } catch (error) {
    // Such as a credential with letters that no header can hold.
    throw new UsageError(`Failed to ask http://${address}: no request can be made of this (${(error as Error).message}). Check the number and the credential.`);
  }
}
