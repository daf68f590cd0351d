import { padded, widthOf } from './columns.ts';

/** A text with what it is. */
export interface Titled {
  readonly title: string;
  readonly text: string;
}

/**
 * Two texts in two columns, a `≠` between lines that differ; one under the other, with a `≠` before such lines, where
 * two columns are wider than the terminal.
 */
export function sideBySide(left: Titled, right: Titled, width: number): string[] {
  const [a, b] = [left.text.split('\n'), right.text.split('\n')];
  const sign = (at: number): string => (a[at] === b[at] ? ' ' : '≠');
  const under = ({ title }: Titled, lines: readonly string[]): string[] => [`${title}:`, ...lines.map((line, at) => `  ${sign(at)} ${line}`.trimEnd())];
  const column = Math.max(...[left.title, ...a].map(widthOf));
  if (2 + column + 3 + Math.max(...[right.title, ...b].map(widthOf)) > width) return [...under(left, a), '', ...under(right, b)];
  const rows = Array.from({ length: Math.max(a.length, b.length) }, (_, at) => `  ${padded(a[at] ?? '', column)} ${sign(at)} ${b[at] ?? ''}`.trimEnd());
  return [`  ${padded(left.title, column)}   ${right.title}`, ...rows];
}
