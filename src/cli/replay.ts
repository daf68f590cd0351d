import type { Bundle, Difference, RecordedRequest } from '../engine/bundle.ts';
import { maskAnswer, maskPath, onOneLine } from '../engine/masking.ts';
import { providers } from '../providers/index.ts';
import { version } from '../version.ts';
import { readText } from './read-text.ts';
import { noMoreThan, parseWords, UsageError } from './usage-error.ts';

const howToMake = 'Make one: curl "http://127.0.0.1:4086/_sim/snapshot?personal=true" > bundle.json';

/** Asks every request of a bundle again, in this process, and compares each answer byte for byte. */
export async function replay(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords('replay', words, { json: { type: 'boolean' } });
  noMoreThan(1, 'replay', positionals);
  const [file] = positionals;
  if (file === undefined) throw new UsageError(`Failed to replay: no file is named. ${howToMake}`);
  const bundle = await bundleIn(file);
  const { replay: play } = await import('../engine/bundle.ts');
  const { differences } = await play(bundle, providers);
  const told = differences.map((each) => shown(each, bundle));
  const all = bundle.requests.length;
  if (values.json === true) process.stdout.write(`${JSON.stringify({ requests: all, same: all - told.length, differences: told, bundleOf: bundle.version, version })}\n`);
  else process.stdout.write(page(told, bundle));
  return told.length === 0 ? 0 : 1;
}

async function bundleIn(file: string): Promise<Bundle> {
  const text = readText(file, `Name a bundle. ${howToMake}`);
  const { readSnapshot } = await import('../control/whole-snapshot.ts');
  const read = await readSnapshot(text, providers);
  if (read.kind === 'refused') throw new UsageError(`Failed to replay ${file}: ${read.why}`);
  const { bundle } = read;
  if (!bundle.complete) throw new UsageError(`Failed to replay ${file}: it is not complete. Something that was asked or changed since its beginning is missing, for the journal was cleared or had no more room. Take it sooner, or POST /_sim/reset before what is to be replayed.`);
  return bundle;
}

/** A difference as it may be shown: masked, as the journal is. */
interface Shown {
  readonly exchange: number;
  readonly request: string;
  readonly was: RecordedRequest['answer'];
  readonly is: RecordedRequest['answer'];
}

function shown({ exchange, was, is }: Difference, { requests }: Bundle): Shown {
  const request = requests.find((each) => each.exchange === exchange);
  const fields = providers.find(({ id }) => id === request?.provider)?.fields ?? {};
  const masked = (answer: RecordedRequest['answer']): RecordedRequest['answer'] => ({ ...answer, body: maskAnswer(answer.body, fields) });
  return { exchange, request: request === undefined ? '' : `${request.method} ${maskPath(request.target.split('?', 1)[0] ?? '')}`, was: masked(was), is: masked(is) };
}

function page(differences: readonly Shown[], { requests, version: before }: Bundle): string {
  const all = requests.length;
  const other = before === version ? '' : ` The bundle is one of konghao ${before}, and this is ${version}.`;
  if (all === 0) return `The bundle has no requests, so there is nothing to compare.${other}\n`;
  if (differences.length === 0) return `${all === 1 ? 'The answer is' : `All ${all} answers are`} byte for byte what ${all === 1 ? 'it was' : 'they were'}.${other}\n`;
  const lines = [`${all - differences.length} of ${all} answers are byte for byte what they were.${other}`];
  for (const { exchange, request, was, is } of differences) lines.push('', `no. ${exchange} · ${onOneLine(request)}`, `  was ${line(was, is)}`, `  is  ${line(is, was)}`);
  return `${lines.join('\n')}\n`;
}

function line({ status, body, fault, units }: RecordedRequest['answer'], other: RecordedRequest['answer']): string {
  return `${fault ?? `HTTP ${status}`}, ${units} charged, ${onOneLine(body === other.body ? 'the same body' : around(body, differsAt(body, other.body)))}`;
}

const mostShown = 200;

/** A part of a text, from a little before a place on. */
function around(text: string, at: number): string {
  const from = at < mostShown / 2 ? 0 : at - 40;
  return `${from > 0 ? '…' : ''}${text.slice(from, from + mostShown)}${text.length > from + mostShown ? '…' : ''}`;
}

function differsAt(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
