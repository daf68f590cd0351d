import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * Lets our sources read a file beside them as `new URL('./areas.bin', import.meta.url)`: the file is copied to dist/,
 * and the address follows it. A folder, with a slash at its end, stays where it is in the package.
 */
export const assets = (root) => ({
  name: 'assets',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!source.includes('import.meta')) return undefined;
      const imports = [];
      let folders = 0;
      const contents = source.replace(/new URL\('([^']+)', import\.meta\.url\)/g, (_, file) => {
        if (file.endsWith('/')) {
          folders += 1;
          return `new URL(${JSON.stringify(`${relative(join(root, 'dist'), resolve(dirname(path), file))}/`)}, import.meta.url)`;
        }
        const name = `asset${imports.length}`;
        imports.push(`import ${name} from ${JSON.stringify(`asset:${file}`)};`);
        return `new URL(${name}, import.meta.url)`;
      });
      if (source.split('import.meta').length - 1 !== imports.length + folders) {
        return { errors: [{ text: `Failed to bundle ${relative(root, path)}: import.meta points elsewhere in a bundle. Write new URL('./file', import.meta.url).` }] };
      }
      // At the end, so that every line keeps its number.
      return { contents: `${contents}\n${imports.join('\n')}`, loader: 'ts' };
    });
    onResolve({ filter: /^asset:/ }, ({ path, importer }) => ({
      // Relative, since it is written into the bundle, which is to be the same wherever it is built.
      path: relative(root, resolve(dirname(importer), path.slice('asset:'.length))),
      namespace: 'asset',
    }));
    onLoad({ filter: /.*/, namespace: 'asset' }, async ({ path }) => ({ contents: await readFile(join(root, path)), loader: 'file' }));
  },
});
