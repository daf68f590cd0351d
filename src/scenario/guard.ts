import { Lexer, Parser, type CST, type LineCounter } from 'yaml';
import type { Complaint } from './complaint.ts';

const mostBytes = 1024 * 1024;
const deepest = 32;

/** Refuses what is no text of a reasonable size, before anything tries to make sense of it. */
export function guard(text: string, file: string): Complaint | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes) return { file, line: 1, column: 1, message: `the file has ${bytes} bytes, and ${mostBytes} are the most. Split it` };
  const at = text.search(/[^\t\n\r\u0020-\u007e\u0085\u00a0-\ufffc]/);
  if (at === -1) return undefined;
  const code = text.charCodeAt(at);
  const message = code === 0 || code >= 0xfffd ? 'the file is not UTF-8 text. Save it as UTF-8' : `a control character (${codePoint(code)}) stands here. Remove it`;
  return { file, ...placeOf(text, at), message };
}

export type Tokens = { readonly kind: 'tokens'; readonly tokens: readonly CST.Token[] } | { readonly kind: 'too-deep'; readonly offset: number };

/**
 * The tokens of a text, or where it nests too deep. The library's composer calls itself for each level, and at some
 * thousands of them the whole process ends, which no `catch` helps. Its parser keeps a stack instead: that stack is
 * the depth, whatever the text does with quotes and anchors, and it is never let grow.
 */
export function tokensOf(text: string, lines: LineCounter): Tokens {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    const { offset } = parser;
    for (const token of parser.next(lexeme)) tokens.push(token);
    // Below all levels lies the document.
    if (parser.stack.length > deepest + 1) return { kind: 'too-deep', offset };
  }
  for (const token of parser.end()) tokens.push(token);
  return { kind: 'tokens', tokens };
}

export const tooDeep = `the file nests deeper than ${deepest} levels. Flatten it`;

const codePoint = (code: number): string => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;

function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}
