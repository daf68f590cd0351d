import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { command } from './command.ts';

/** A command of a page, and the parts that its output has by the comments below it, in their order. */
export interface Shown {
  readonly command: string;
  readonly promised: readonly string[];
}

/** The blocks of a page in this language. */
export const blocks = (page: string, language: string): string[] => [...page.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map((match) => match[1] ?? '');

/** The commands of a block. `…` in a comment stands for anything, and what follows three spaces is for the reader. */
export function shownIn(block: string): Shown[] {
  const shown: { command: string; promised: string[] }[] = [];
  for (const line of block.split('\n').filter((each) => each !== '')) {
    if (!line.startsWith('# ')) shown.push({ command: line, promised: [] });
    else shown.at(-1)?.promised.push(...(line.slice(2).split('   ')[0] ?? '').split('…').map((part) => part.trim()).filter((part) => part !== ''));
  }
  return shown;
}

/**
 * Runs commands one after the other in one shell, with konghao's usual address taken for this one.
 *
 * @returns what each printed, errors included
 */
export async function outputsOf(shown: readonly Shown[], address: string, cwd?: string): Promise<string[]> {
  const end = '--- end of output ---';
  // The built command, which asks this server where it would ask the usual one.
  const npx = `npx() { local name=$2; shift 2; case $name in ask|why) set -- "$@" --url http://${address};; esac; '${process.execPath}' '${command}' "$name" "$@"; }`;
  const lines = [npx, ...shown.flatMap((each) => [each.command.replaceAll('127.0.0.1:4086', address), `echo; echo '${end}'`])];
  const { stdout } = await promisify(execFile)('bash', ['-c', `exec 2>&1; ${lines.join('\n')}`], { env: { ...process.env, no_proxy: '127.0.0.1' }, ...(cwd === undefined ? {} : { cwd }) });
  return stdout.split(`${end}\n`).slice(0, -1);
}

/** Where in an output the promised parts are not, one behind the other; empty where all are. */
export function broken({ command: line, promised }: Shown, output: string): string[] {
  let at = 0;
  for (const part of promised) {
    const found = output.indexOf(part, at);
    if (found === -1) return [`${line}\n  does not print ${part} behind\n${output.slice(0, at)}\n  but\n${output.slice(at)}`];
    at = found + part.length;
  }
  return [];
}
