/** One mistake in a scenario file: where it is, what is wrong, and what to do. */
export interface Complaint {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export const describeComplaint = ({ file, line, column, message }: Complaint): string => `${file}:${line}:${column}: ${message}${message.endsWith('?') ? '' : '.'}`;

/** A text from the file, short enough to be quoted in a sentence. */
export const excerpt = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
};
