import { parseArgs, type ParseArgsConfig } from 'node:util';

/** A mistake on the command line, or of the place it runs in: one sentence for the person, and exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads options and words, with a sentence of ours where node's own parser would throw a trace. */
export function parseWords<T extends NonNullable<ParseArgsConfig['options']>>(command: string, words: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. To specify', 1);
    throw new UsageError(`Failed to run ${command}: ${sentence.replace(/\.$/, '')}. See "konghao ${command} --help".`);
  }
}
