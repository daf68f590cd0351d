import { existsSync } from 'node:fs';
import { suggestion } from '../domain/nearest.ts';
import { version } from '../version.ts';
import { UsageError } from './usage-error.ts';

interface Command {
  (words: readonly string[]): Promise<number>;
}

/** One file a command, loaded when it is called: `--help` pays for none of them. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  check: async () => (await import('./check.ts')).check,
  catalogue: async () => (await import('./catalogue.ts')).catalogue,
  ask: async () => (await import('./ask.ts')).ask,
  why: async () => (await import('./why.ts')).why,
  replay: async () => (await import('./replay.ts')).replay,
};

/** Runs one command line, and says with which code to exit: 0 done, 1 the command found something wrong, 2 it could not run. */
export async function run(words: readonly string[]): Promise<number> {
  const [first = 'serve'] = words;
  if (words.includes('--help') || words.includes('-h') || first === 'help') {
    process.stdout.write((await import('./help.ts')).help(first === 'help' ? words[1] : first));
    return 0;
  }
  if (first === '--version' || first === '-v') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  // `konghao FILE` and `konghao --port 0` are short for `konghao serve …`.
  const named = Object.hasOwn(commands, first);
  try {
    if (/^\w[\w-]*$/.test(first) && !named && !existsSync(first)) throw new UsageError(noCommand(first));
    const load = (named ? commands[first] : undefined) ?? commands['serve'];
    return load === undefined ? 2 : await (await load())(named ? words.slice(1) : words);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

/** A bare word that is no file: rather a command than a scenario that somebody has lost. */
const noCommand = (word: string): string =>
  `Failed to run konghao: there is no command or file called "${word}"${suggestion(word, Object.keys(commands)) || '.'} The commands are ${Object.keys(commands).join(', ')}.`;
