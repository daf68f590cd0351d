import type { Complaint } from './complaint.ts';

const mostBytes = 1024 * 1024;
const deepest = 32;

/**
 * Refuses text that the YAML library must not see: at a depth of some thousands it ends the whole process, and no
 * `catch` helps. Linear, no recursion, and rather too strict than too lenient.
 */
export function guard(text: string, file: string): Complaint | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes) {
    return { file, line: 1, column: 1, message: `the file has ${bytes} bytes, and ${mostBytes} are the most. Split it` };
  }
  if (text.includes('\ufffd') || text.includes('\u0000')) {
    const at = text.search(/[\ufffd\u0000]/);
    return { file, ...placeOf(text, at), message: 'the file is not UTF-8 text. Save it as UTF-8' };
  }
  let flow = 0;
  let quote = '';
  let indents: number[] = [];
  let lineStart = true;
  for (let i = 0; i < text.length; i += 1) {
    if (lineStart && quote === '') {
      const [depth, next] = blockDepth(text, i, indents);
      indents = depth;
      i = next;
      lineStart = false;
    }
    const symbol = text[i];
    if (symbol === '\n') lineStart = true;
    else if (quote !== '') {
      if (symbol === '\\' && quote === '"') i += 1;
      else if (symbol === quote) quote = '';
    } else if (symbol === '#' && /\s/.test(text[i - 1] ?? ' ')) {
      while (i + 1 < text.length && text[i + 1] !== '\n') i += 1;
    } else if ((symbol === '"' || symbol === "'") && /[\s[{,:]/.test(text[i - 1] ?? ' ')) quote = symbol;
    else if (symbol === '[' || symbol === '{') flow += 1;
    else if (symbol === ']' || symbol === '}') flow = Math.max(0, flow - 1);
    if (flow + indents.length > deepest) {
      return { file, ...placeOf(text, i), message: `the file nests deeper than ${deepest} levels. Flatten it` };
    }
  }
  return undefined;
}

/** The stack of indentations at this line: leading blanks, and each `- ` or `? ` on the way, which opens a level too. */
function blockDepth(text: string, start: number, before: readonly number[]): [number[], number] {
  let at = start;
  const columns: number[] = [];
  for (;;) {
    while (text[at] === ' ' || text[at] === '\t') at += 1;
    columns.push(at - start);
    if ((text[at] === '-' || text[at] === '?') && /[\s]/.test(text[at + 1] ?? ' ') && columns.length <= deepest + 1) at += 1;
    else break;
  }
  if (text[at] === '\n' || text[at] === '\r' || text[at] === '#' || at >= text.length) return [[...before], at];
  const [first = 0] = columns;
  return [[...before.filter((column) => column < first), ...columns], at];
}

export function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}
