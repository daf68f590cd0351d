/**
 * Makes dist/: the command, the library, and every package they use, bundled, so that the published package depends on
 * nothing. What `import()` names stays in chunks of its own and is paid for when it is first needed.
 *
 *   node scripts/build.mjs            for running (half a second)
 *   node scripts/build.mjs --types    also dist/types, for publishing
 */
import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { assets } from './build/assets.mjs';
import { builtins } from './build/builtins.mjs';
import { compiledScenario } from './build/compiled-scenario.mjs';
import { notices } from './build/notices.mjs';
import { bundlePackages, packages } from './build/packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

try {
  await Promise.all([bundle(), process.argv.includes('--types') ? declarations() : undefined]);
} catch (error) {
  // esbuild has printed its own; a stack of this script would only hide it.
  if (error.errors === undefined) console.error(error.message);
  process.exitCode = 1;
}

async function bundle() {
  const names = new Set();
  const ours = await build({
    absWorkingDir: root,
    entryPoints: { konghao: 'src/cli/main.ts', index: 'src/index.ts' },
    outdir: 'dist',
    assetNames: '[name]',
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // Less to parse, but every name and line stays: stack traces remain legible.
    minifySyntax: true,
    define: { KONGHAO_VERSION: JSON.stringify(version) },
    banner: { js: "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);" },
    plugins: [compiledScenario(root), assets(root), builtins(root), packages(root, names)],
    write: false,
  });
  const theirs = await bundlePackages(root, names);
  const files = new Map([...ours.outputFiles, ...theirs.outputFiles].map(({ path, contents }) => [path, contents]));
  files.set(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), Buffer.from(await notices(root, theirs.metafile)));
  await replace(join(root, 'dist'), files);
  await chmod(join(root, 'dist/konghao.js'), 0o755);
}

/** Makes `folder` hold `files` and dist/types. What has not changed is not touched: it may be running. */
async function replace(folder, files) {
  for (const [path, contents] of files) {
    const present = await readFile(path).catch(() => undefined);
    if (present?.equals(contents)) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || files.has(path) || relative(folder, path).startsWith('types')) continue;
    await rm(path);
  }
}

async function declarations() {
  const types = join(root, 'dist/types');
  await rm(types, { recursive: true, force: true });
  const tsc = fileURLToPath(new URL('../node_modules/.bin/tsc', import.meta.url));
  await promisify(execFile)(tsc, ['-p', join(root, 'scripts/build/tsconfig.json'), '--outDir', types]).catch(({ stdout }) => {
    throw new Error(`Failed to write dist/types:\n${stdout}`);
  });
}
