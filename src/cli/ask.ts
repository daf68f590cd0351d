import { suggestion } from '../domain/nearest.ts';
import { realClock } from '../domain/clock.ts';
import { providers } from '../providers/index.ts';
import type { Account } from '../providers/provider.ts';
import { addressOf, call, usualUrl } from './call.ts';
import { noMoreThan, parseWords, UsageError } from './usage-error.ts';

export async function ask(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords('ask', words, {
    url: { type: 'string', default: usualUrl },
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
  const address = addressOf('ask', values.url);

  const terms = provider.accounts.terms(provider.accounts.sandbox[0] ?? {});
  const account: Account = {
    provider: provider.id,
    tenant: 'default',
    readings: {},
    terms: { ...terms, credential: values.credential ?? terms.credential, secret: values.secret ?? terms.secret },
  };
  const timestamp = Math.floor(realClock.now() / 1000);
  const sample = endpoint.sample({ number, name: values.name, idCard: values['id-card'], account, host: address, timestamp });
  const answer = await call(address, sample);
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify({ endpoint: endpoint.id, request: { method: sample.method, target: sample.target, body: sample.body }, answer })}\n`);
  } else process.stdout.write(`HTTP ${answer.status}\n${answer.body}\n`);
  const { unauthenticated } = endpoint.words;
  if (values.credential === undefined && typeof unauthenticated === 'string' && answer.body.includes(`"${unauthenticated}"`)) {
    process.stderr.write('The sandbox credential is not known there: the scenario has accounts of its own. Give --credential (and --secret).\n');
  }
  return 0;
}
