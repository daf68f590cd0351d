import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * Lets sources read a file beside them as `new URL('./areas.bin', import.meta.url)`, wherever the bundler puts their
 * code: the file is copied to dist/, and the address is taken from the chunk that asks.
 */
export const assets = (root) => ({
  name: 'assets',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (!path.startsWith(join(root, 'src'))) return undefined;
      const source = await readFile(path, 'utf8');
      if (!source.includes('import.meta.url')) return undefined;
      const imports = [];
      const contents = source.replace(/new URL\(\s*'([^']+)',\s*import\.meta\.url\s*\)/g, (_, file) => {
        imports.push(`import asset${imports.length} from ${JSON.stringify(`asset:${file}`)};`);
        return `new URL(asset${imports.length - 1}, import.meta.url)`;
      });
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
