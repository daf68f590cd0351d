import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const allowed = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']);

/** The licences of all packages that the bundle holds code of. Refuses one that we may not hand on, or cannot quote. */
export async function notices(root, { outputs }) {
  const folders = new Set();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  const texts = await Promise.all([...folders].sort().map((folder) => notice(join(root, folder))));
  const head = 'konghao contains the packages below, each under its own licence.\n';
  return [head, ...texts].join(`\n${'-'.repeat(80)}\n\n`);
}

async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  if (!allowed.has(license)) fail(`${name} ${version} has the licence ${JSON.stringify(license)}`, `Allowed are ${[...allowed].join(', ')}`);
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)([._-]|$)/i.test(file)).sort();
  if (!files.some((file) => !/^notice/i.test(file))) fail(`${name} ${version} ships no licence text`, 'Replace the package, or quote its licence here');
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return `${name} ${version} (${license})\n\n${texts.map((text) => text.trim().replaceAll('\r\n', '\n')).join('\n\n')}\n`;
}

function fail(what, remedy) {
  throw new Error(`Failed to write dist/THIRD-PARTY-NOTICES.txt: ${what}. ${remedy}.`);
}
