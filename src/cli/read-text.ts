import { readFileSync } from 'node:fs';
import { UsageError } from './usage-error.ts';

/**
 * A file's text, or a sentence why it cannot be had.
 *
 * @param remedy what to do then
 */
export function readText(file: string, remedy: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : (code ?? String(error));
    throw new UsageError(`Failed to read ${file}: ${why}. ${remedy}`);
  }
}
