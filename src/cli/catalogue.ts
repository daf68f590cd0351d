import { catalogueOf } from '../control/catalogue.ts';
import { suggestion } from '../domain/nearest.ts';
import { providers } from '../providers/index.ts';
import { padded, widthOf } from './columns.ts';
import { noMoreThan, parseWords, UsageError } from './usage-error.ts';

export async function catalogue(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords('catalogue', words, { json: { type: 'boolean' }, magic: { type: 'boolean' } });
  if (values.magic === true) return magic(values.json === true);
  noMoreThan(1, 'catalogue', positionals);
  const [name] = positionals;
  const chosen = catalogueOf(providers)
    .map((provider) => (name === undefined || name === provider.id ? provider : { ...provider, endpoints: provider.endpoints.filter(({ id }) => id === name) }))
    .filter(({ endpoints }) => endpoints.length > 0);
  if (chosen.length === 0) {
    const known = providers.flatMap((provider) => [provider.id, ...provider.endpoints.map(({ id }) => id)]);
    throw new UsageError(`Failed to show a catalogue: nothing is called "${name ?? ''}"${suggestion(name ?? '', known) || '.'} There are ${known.join(', ')}.`);
  }
  if (values.json === true) process.stdout.write(`${JSON.stringify(chosen, null, 2)}\n`);
  else for (const provider of chosen) process.stdout.write(page(provider));
  return 0;
}

/** The magic numbers of the default scenario. */
async function magic(json: boolean): Promise<number> {
  const [{ magicNumbers, magicTable }, { defaultScenario }] = await Promise.all([import('../control/magic.ts'), import('../scenario/default-scenario.ts')]);
  const numbers = magicNumbers(await defaultScenario(providers), providers);
  process.stdout.write(json ? `${JSON.stringify(numbers, null, 2)}\n` : `${magicTable(numbers)}\n`);
  return 0;
}

type ProviderView = ReturnType<typeof catalogueOf>[number];

function page(provider: ProviderView): string {
  const lines = [`${provider.name} (${provider.id}) · ${provider.hosts.join(', ')}`, ''];
  for (const endpoint of provider.endpoints) {
    lines.push(`  ${endpoint.title}   ${endpoint.id}`, '');
    lines.push(...table(['id', 'HTTP', 'billed', 'message', 'comes from', 'known as'], endpoint.codes.map((code) => [
      code.id, String(code.status), code.billed ? 'yes' : 'no', plain(code.message.zh === code.message.en ? code.message.en : `${code.message.zh} / ${code.message.en}`), code.cause ?? `rule or magic number only: ${code.uncaused ?? ''}`, code.evidence,
    ])));
    if (Object.keys(endpoint.statuses).length > 0) {
      lines.push('', ...table(['state of a line', 'says', 'no word of its own', 'known as'], Object.entries(endpoint.statuses).map(([status, word]) => [status, word.says, word.noWord ?? '', word.evidence])));
    }
    lines.push('', ...table(['field or header', 'known as'], Object.entries(endpoint.fields)));
    lines.push('', ...table(['reason in a rule', 'says'], Object.entries(endpoint.reasons).map(([reason, word]) => [reason, typeof word === 'string' ? word : `– no word: ${word.noWord}`])), '');
  }
  if (provider.readings.length > 0) {
    lines.push('  Readings (default first)', '', ...table(['name', 'values', 'because'], provider.readings.map(({ name, values, why }) => [name, values.join(' | '), why])), '');
  }
  return `${lines.join('\n')}\n`;
}

/** What stands in a message's open places when nothing fills them. */
const plain = (message: string): string => message.replace(/\{\w+:([^}]*)\}/g, '$1');

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = heads.map((head, column) => Math.min(60, Math.max(...[head, ...rows.map((row) => row[column] ?? '')].map(widthOf))));
  const line = (cells: readonly string[]): string => `    ${cells.map((cell, column) => padded(cell, widths[column] ?? 0)).join('  ').trimEnd()}`;
  return [line(heads), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)];
}
