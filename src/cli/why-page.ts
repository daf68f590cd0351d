import { onOneLine } from '../engine/masking.ts';
import type { ExchangeReport } from '../engine/report.ts';
import type { Station } from '../engine/trace.ts';
import type { Diagnosis, SignedText } from '../providers/provider.ts';
import { padded, widthOf } from './columns.ts';
import { sideBySide } from './side-by-side.ts';

/** What the control API tells of one exchange. */
export interface Explained extends ExchangeReport {
  readonly phases: readonly Station[];
  readonly diagnosis: Diagnosis | null;
}

export interface Paper {
  /** In terminal columns. */
  readonly width: number;
  /** Signs and colours for verdicts; words where nobody sees them, or does not want them. */
  readonly signs: boolean;
}

/** Why a call ended as it did, for a person: what came of it, the sentence, every phase, and the mistake behind a refused signature. */
export function whyPage(explained: Explained, paper: Paper): string {
  const { because, nearMiss, evidence, phases, diagnosis } = explained;
  const lines = [
    summary(explained),
    because,
    ...(nearMiss === null ? [] : [nearMiss]),
    `How this code is known: ${evidence}.`,
    '',
    ...grouped(phases, because).flatMap((group) => groupLines(group, paper)),
    ...(diagnosis === null ? [] : diagnosed(diagnosis, paper)),
  ];
  return `${lines.join('\n')}\n`;
}

function summary({ id, at, provider, endpoint, clientId, request, answer, row, units, delay, fault }: Explained): string {
  const whose = endpoint ?? onOneLine(`${provider ?? 'nobody'} (${request.method} ${request.target})`);
  const said = fault ?? `HTTP ${answer.status}, code ${row}`;
  const parts = [`${whose} → ${said}`, units === 0 ? 'nothing charged' : `${units} charged`, ...(delay > 0 ? [`${delay} ms late`] : []), at, `no. ${id}`, ...(clientId === null ? [] : [clientId])];
  return parts.join(' · ');
}

/** Stations that follow each other in one phase with one verdict. What has a reason stands alone. */
interface Group {
  readonly phase: string;
  readonly verdict: Station['verdict'];
  readonly what: readonly string[];
  readonly why: string | undefined;
}

function grouped(stations: readonly Station[], because: string): Group[] {
  const groups: Group[] = [];
  for (const { phase, verdict, what, why } of stations) {
    const before = groups.at(-1);
    // The sentence stands above already.
    const reason = why === because ? undefined : why;
    if (before?.phase === phase && before.verdict === verdict && before.why === undefined && reason === undefined) groups[groups.length - 1] = { ...before, what: [...before.what, what] };
    else groups.push({ phase, verdict, what: [what], why: reason });
  }
  return groups;
}

const words = { passed: 'passed', refused: 'refused', struck: 'struck', 'not reached': 'not reached' } as const;
const drawn = { passed: '\u001b[32m✓\u001b[0m', refused: '\u001b[31m✗\u001b[0m', struck: '\u001b[33m⚡\u001b[0m', 'not reached': '\u001b[2m·\u001b[0m' } as const;
const widestWord = 'not reached'.length;
const widestPhase = 'authenticate'.length;

function groupLines({ phase, verdict, what, why }: Group, { signs, width }: Paper): string[] {
  // A sign with its colour takes two columns at most: ⚡ is a wide one on some terminals.
  const mark = signs ? `${drawn[verdict]}${verdict === 'struck' ? '' : ' '}` : padded(words[verdict], widestWord);
  const head = `  ${mark} ${padded(phase, widestPhase)}  `;
  const indent = 2 + (signs ? 2 : widestWord) + 1 + widestPhase + 2;
  const text = why === undefined ? what.join(', ') : `${what.join(', ')}: ${onOneLine(why)}`;
  return wrapped(text, Math.max(20, width - indent)).map((line, at) => (at === 0 ? head : ' '.repeat(indent)) + line);
}

/** Lines of words that fit a width; a word that is longer stays whole. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && widthOf(line) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function diagnosed({ cause, explanation, expected, signed }: Diagnosis, { width }: Paper): string[] {
  const [right, wrong] = [expected, signed].map((text) => (text === undefined ? undefined : plain(text)));
  const known = { title: 'what was to be signed', text: right ?? '' };
  const sent = { title: 'what was signed', text: wrong ?? '' };
  const texts =
    right !== undefined && wrong !== undefined
      ? sideBySide(known, sent, width)
      : [known, sent].filter(({ text }) => text !== '').flatMap(({ title, text }) => [`${title}:`, ...text.split('\n').map((line) => `  ${line}`.trimEnd())]);
  return ['', `Cause: ${cause}`, onOneLine(explanation), ...(texts.length === 0 ? [] : ['', ...texts])];
}

/** All that is signed, one below the other. Each line is one: what came from a client cannot move the cursor. */
const plain = ({ canonicalRequest, stringToSign }: SignedText): string =>
  [...(canonicalRequest === undefined ? [] : [...canonicalRequest.split('\n'), '']), ...stringToSign.split('\n')].map(onOneLine).join('\n');
