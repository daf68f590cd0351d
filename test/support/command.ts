import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The built command: `npm test` builds before it tests. */
export const command = fileURLToPath(new URL('../../dist/konghao.js', import.meta.url));

export interface Ended {
  /** `null` where a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `konghao …` to its end. */
export function konghao(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return ended(spawn(process.execPath, [command, ...words], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** Waits for a process, and collects what it says. */
export function ended(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** A folder of the test's own with these files, gone when the test ends. */
export function folderWith(files: Readonly<Record<string, string | Buffer>>): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'konghao-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return (name) => join(folder, name);
}

/** A `konghao serve` under way. */
export interface Serving {
  readonly process: ChildProcess;
  readonly ready: { readonly url: string; readonly version: string; readonly scenario: string; readonly credentials: Readonly<Record<string, readonly { readonly credential: string; readonly secret?: string }[]>>; readonly controlToken?: string };
  readonly port: number;
  /** The next line of either stream that has this in it, from those not yet given; waits for it. */
  line(stream: 'stdout' | 'stderr', part: string): Promise<string>;
  /** Sends the signal, and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<Ended>;
}

/** Runs `konghao serve … --port 0 --json` until the test ends. */
export async function serving(words: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Serving> {
  const child = spawn(process.execPath, [command, 'serve', ...words, '--port', '0', '--json'], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = ended(child);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await end;
  });
  const streams = { stdout: new Lines(child.stdout), stderr: new Lines(child.stderr) };
  const ready = JSON.parse(await streams.stdout.next('')) as Serving['ready'];
  return {
    process: child,
    ready,
    port: Number(new URL(ready.url).port),
    line: (stream, part) => streams[stream].next(part),
    end: (signal = 'SIGTERM') => {
      child.kill(signal);
      return end;
    },
  };
}

/** The lines of a stream, one after the other, waited for. */
class Lines {
  readonly #lines: string[] = [];
  #rest = '';
  #ended = false;
  #waiting: (() => void) | undefined;

  constructor(stream: NodeJS.ReadableStream | null) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      const parts = (this.#rest + text).split('\n');
      this.#rest = parts.pop() ?? '';
      this.#lines.push(...parts);
      this.#waiting?.();
    });
    stream?.on('end', () => {
      this.#ended = true;
      this.#waiting?.();
    });
  }

  async next(part: string): Promise<string> {
    for (;;) {
      const at = this.#lines.findIndex((line) => line.includes(part));
      if (at !== -1) return this.#lines.splice(0, at + 1).at(-1) ?? '';
      if (this.#ended) throw new Error(`the process ended without a line that has ${JSON.stringify(part)}: ${this.#lines.join('\n')}${this.#rest}`);
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }
}
