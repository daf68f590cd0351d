/**
 * Makes dist/, which depends on no package: konghao.js, the command; index.js, the library; packages/, every npm package
 * that they use, in one file each; what is read at run time beside them; and the licences of it all.
 *
 *   node scripts/build.mjs            for running
 *   node scripts/build.mjs --types    for publishing: also dist/types, which takes longer than all the rest
 */
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { assets } from './build/assets.mjs';
import { builtins } from './build/builtins.mjs';
import { compiledScenario } from './build/compiled-scenario.mjs';
import { declarations } from './build/declarations.mjs';
import { notices } from './build/notices.mjs';
import { bundlePackages, packages } from './build/packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

try {
  await Promise.all([bundle(), process.argv.includes('--types') ? declarations(root) : undefined]);
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

/** Makes `folder` hold `files`, and dist/types. What has not changed is not touched: it may be running. */
async function replace(folder, files) {
  for (const [path, contents] of files) {
    const present = await readFile(path).catch(() => undefined);
    if (present?.equals(contents)) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !files.has(path) && !relative(folder, path).startsWith('types')) await rm(path);
  }
}
