import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
/** The command's first line asks for `node`: let it be the one that runs this test. */
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}` };

let home: string;
let konghao: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'konghao-tarball-'));
  konghao = join(home, 'node_modules/.bin/konghao');
  await writeFile(join(home, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  await run('npm', ['pack', '--pack-destination', home], { cwd: root, env });
  // Nothing else is needed, so nothing has to be fetched.
  await run('npm', ['install', '--offline', `konghao-${manifest.version}.tgz`], { cwd: home, env });
}, 120_000);

afterAll(() => rm(home, { recursive: true, force: true }));

it('needs no other package', async () => {
  const installed = await readdir(join(home, 'node_modules'));
  expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['konghao']);
});

it('says its version', async () => {
  expect((await run(konghao, ['--version'], { env })).stdout).toBe(`${manifest.version}\n`);
});

it('serves, answers and ends when told to', async () => {
  const child = spawn(konghao, ['--port', '0'], { cwd: home, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    const url = await readyUrl(child.stdout);
    const answer = await fetch(`${url}/ssPhone_Status?apikey=7c11272au708345c834b8ue81ac78972&mobile=13800138000`);
    expect(await answer.json()).toMatchObject({ code: 0, result: { Mobile: '13800138000', Status: '停机' } });
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
  }
});

it('shows its types to a consumer who has no types of other packages', async () => {
  await writeFile(
    join(home, 'consumer.ts'),
    `import { startSimulator } from 'konghao';
     const simulator = await startSimulator({ port: 0 });
     export const url: string = simulator.url;
     // @ts-expect-error The address is a text: were the types not found, this would be no error.
     export const wrong: number = simulator.url;`,
  );
  const options = ['--module', 'nodenext', '--strict', '--noEmit', '--types', ''];
  await expect(run(join(root, 'node_modules/.bin/tsc'), [...options, 'consumer.ts'], { cwd: home, env })).resolves.toMatchObject({ stdout: '' });
});

async function readyUrl(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const url = /ready on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('konghao ended before it was ready');
}
