import { suggestion } from '../domain/nearest.ts';
import type { ExchangeReport } from '../engine/report.ts';
import { providers } from '../providers/index.ts';
import { instantOf } from '../providers/limits.ts';
import { askControl, controlOptions, inPath, type Control, type Told } from './control-client.ts';
import { noMoreThan, parseWords, UsageError } from './usage-error.ts';
import { whyPage, type Explained } from './why-page.ts';

/** Why a call ended as it did. */
export async function why(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords('why', words, {
    ...controlOptions,
    provider: { type: 'string' },
    endpoint: { type: 'string' },
    number: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    json: { type: 'boolean' },
  });
  noMoreThan(1, 'why', positionals);
  const id = positionals[0]?.trim();
  if (id === '') throw new UsageError('Failed to say why: the id is empty. Give one, or none for the newest call.');
  const { provider, endpoint, number, from, to } = values;
  const filters = Object.entries({ provider, endpoint, number, from, to }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  if (id !== undefined && filters.length > 0) throw new UsageError(`Failed to say why: "${id}" names one call already, and --${filters[0]?.[0] ?? ''} another. Give one of them.`);
  known('provider', provider, providers.map((each) => each.id));
  known('endpoint', endpoint, providers.flatMap(({ endpoints }) => endpoints.map((each) => each.id)));

  for (const time of [from, to]) {
    if (time !== undefined && !Number.isFinite(instantOf(time))) throw new UsageError(`Failed to say why: "${time}" is no instant. Write one such as 2026-01-31T23:59:50+08:00.`);
  }

  const found = id === undefined ? await newest(values, filters) : await explained(values, id);
  if (found.kind === 'nothing') {
    if (found.title !== 'no-exchange') throw new UsageError(`Failed to say why: konghao says: ${found.detail}`);
    if (values.json === true) process.stdout.write('null\n');
    else process.stderr.write(`The journal${values.tenant === 'default' ? '' : ` of ${values.tenant}`} has no such call, or no longer. "konghao why" without an id takes the newest one, and --tenant those of another tenant.\n`);
    return 1;
  }
  const { isTTY = false, columns = 80 } = process.stdout;
  // https://no-color.org
  const paper = { width: isTTY ? columns : 100, signs: isTTY && (process.env['NO_COLOR'] ?? '') === '' };
  process.stdout.write(values.json === true ? `${JSON.stringify(found.value)}\n` : whyPage(found.value, paper));
  return 0;
}

const explained = (control: Control, id: string): Promise<Told<Explained>> => askControl<Explained>('say why', control, `/journal/${inPath(id)}`);

async function newest(control: Control, filters: readonly (readonly [name: string, value: string])[]): Promise<Told<Explained>> {
  const query = filters.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join('');
  const listed = await askControl<{ readonly exchanges: readonly ExchangeReport[] }>('say why', control, `/journal?limit=1${query}`);
  if (listed.kind === 'nothing') return listed;
  const [exchange] = listed.value.exchanges;
  return exchange === undefined ? { kind: 'nothing', title: 'no-exchange', detail: '' } : explained(control, String(exchange.id));
}

/** A mistyped name would find nothing, and that would be taken for an answer. */
function known(what: string, name: string | undefined, names: readonly string[]): void {
  if (name !== undefined && !names.includes(name)) throw new UsageError(`Failed to say why: there is no ${what} "${name}"${suggestion(name, names) || '.'} There are ${names.join(', ')}.`);
}
