import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

/** Writes dist/types: what src/index.ts shows, and nothing that only the inside needs. */
export async function declarations(root) {
  const folder = join(root, 'dist/types');
  await rm(folder, { recursive: true, force: true });
  const tsc = join(root, 'node_modules/.bin/tsc');
  await promisify(execFile)(tsc, ['-p', join(root, 'scripts/build/tsconfig.json')]).catch(({ stdout, message }) => {
    throw new Error(`Failed to write dist/types: ${stdout || message}`);
  });
  const shown = await reachable(join(folder, 'index.d.ts'), new Set());
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !shown.has(path)) await rm(path);
  }
}

async function reachable(file, found) {
  found.add(file);
  for (const [, name] of (await readFile(file, 'utf8')).matchAll(/(?:from|import\(?)\s*["']([^"']+)["']/g)) {
    if (!name.startsWith('.')) throw new Error(`Failed to write dist/types: ${relative(process.cwd(), file)} needs the types of "${name}", which users need not have. Show a type of our own instead.`);
    const next = resolve(dirname(file), name.replace(/\.ts$/, '.d.ts'));
    if (!found.has(next)) await reachable(next, found);
  }
  return found;
}
