import { rmSync, unwatchFile, utimesSync, watchFile, writeFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import { watchScenario } from '../../src/scenario/watch.ts';
import { folderWith } from '../support/command.ts';

const scenario = (name: string): string => `konghao: 1\nname: ${name}\n`;

interface Watching {
  readonly file: string;
  /** What came of each look: the scenario's name, or the first complaint. */
  readonly heard: readonly string[];
  /** Until something comes of a look. */
  next(): Promise<string>;
  /** Until the file's change has been seen, whether or not anything comes of it. */
  seen(): Promise<void>;
  stop(): void;
}

/** Watches a file that says `one`, while nothing is in force yet; goes on when `one` is. */
async function watching(): Promise<Watching> {
  const file = folderWith({ 'a.yaml': scenario('one') })('a.yaml');
  const heard: string[] = [];
  let waiting: ((what: string) => void) | undefined;
  const hear = (what: string): void => {
    heard.push(what);
    waiting?.(what);
  };
  const stop = watchScenario(file, '', providers, { applied: ({ name }) => hear(name), refused: ([complaint]) => hear(complaint?.message ?? '') });
  onTestFinished(stop);
  const next = (): Promise<string> =>
    new Promise((resolve) => {
      waiting = resolve;
    });
  await next();
  return {
    file,
    heard,
    next,
    // Listeners on one file share one look, and are called in their order.
    seen: () =>
      new Promise((resolve) => {
        const listener = (): void => {
          unwatchFile(file, listener);
          resolve();
        };
        watchFile(file, { interval: 250 }, listener);
      }),
    stop,
  };
}

it('applies an edit that came between the first reading and the first look', async () => {
  const { heard } = await watching();
  expect(heard).toEqual(['one']);
});

it('leaves a scenario alone whose file is touched and says the same', async () => {
  const { file, heard, seen, next } = await watching();
  const touched = seen();
  writeFileSync(file, scenario('one'));
  utimesSync(file, new Date(0), new Date(0));
  await touched;
  const edited = next();
  writeFileSync(file, scenario('two'));
  expect(await edited).toBe('two');
  expect(heard).toEqual(['one', 'two']);
});

it('applies a scenario again when its file comes back from an edit that was refused', async () => {
  const { file, next, heard } = await watching();
  for (const text of ['[', scenario('one')]) {
    const said = next();
    writeFileSync(file, text);
    await said;
  }
  expect(heard).toEqual(['one', 'a [ is not closed, or what is in it not indented. Close it', 'one']);
});

it('applies a scenario again when its file is put back', async () => {
  const { file, next, heard } = await watching();
  const gone = next();
  rmSync(file);
  await gone;
  const back = next();
  writeFileSync(file, scenario('one'));
  await back;
  expect(heard).toEqual(['one', 'there is no such file any more. Put it back', 'one']);
});

it('hears nothing more once it is stopped', async () => {
  const { file, heard, seen, stop } = await watching();
  const changed = seen();
  stop();
  writeFileSync(file, scenario('two'));
  await changed;
  expect(heard).toEqual(['one']);
});
