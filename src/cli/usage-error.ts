import { parseArgs, type ParseArgsConfig } from 'node:util';
import { suggestion } from '../domain/nearest.ts';

/** A mistake on the command line, or of the place it runs in: one sentence for the person, and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads options and words, with a sentence of ours where node's own parser would throw a trace. */
export function parseWords<T extends NonNullable<ParseArgsConfig['options']>>(command: string, words: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`Failed to run ${command}: ${fault(error, Object.keys(options))} See "konghao ${command} --help".`);
  }
}

/** Refuses words behind those that a command takes. */
export function noMoreThan(most: number, command: string, words: readonly string[]): void {
  const extra = words[most];
  if (extra !== undefined) throw new UsageError(`Failed to run ${command}: "${extra}" is one word too many. See "konghao ${command} --help".`);
}

function fault(error: unknown, options: readonly string[]): string {
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException;
  const name = /'(--?[^\s,']+)/.exec(message)?.[1] ?? '';
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return `there is no option ${name}${suggestion(name, options.map((option) => `--${option}`)) || '.'}`;
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return message.includes('does not take') ? `${name} takes no value.` : `${name} wants a value.`;
    default:
      return `${message}.`;
  }
}
