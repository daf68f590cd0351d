import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Puts each npm package that our sources import in a file of its own, dist/packages/<name>.cjs, and reads it when the
 * first module that imports it runs, not before: what a start does not use it does not pay for. CommonJS, since Node
 * loads it sooner than ESM, and in one file each, since every file more costs a millisecond.
 *
 * @param names Collects the packages, as they are imported.
 */
export const packages = (root, names) => ({
  name: 'packages',
  setup({ onLoad, onResolve }) {
    const sources = join(root, 'src');
    onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      if (!importer.startsWith(sources) || path.startsWith('node:')) return undefined;
      names.add(path);
      return { path: fileOf(path), namespace: 'package' };
    });
    onLoad({ filter: /.*/, namespace: 'package' }, ({ path }) => ({ contents: `module.exports = require('./packages/${path}.cjs');` }));
    onResolve({ filter: /^\.\/packages\//, namespace: 'package' }, ({ path }) => ({ path, external: true }));
  },
});

export const bundlePackages = (root, names) =>
  build({
    absWorkingDir: root,
    entryPoints: [...names].map((name) => ({ in: name, out: fileOf(name) })),
    outdir: 'dist/packages',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    plugins: [unused],
    metafile: true,
    write: false,
  });

const fileOf = (name) => name.replace(/^@/, '').replaceAll(/[/.]/g, '-');

/**
 * What packages bring and we never use. Of Express all for bodies, queries, files and media types, most of the time that
 * it takes to load: the edge takes bytes and gives bytes (src/http/app.ts). Of zod the languages other than English.
 */
const unused = {
  name: 'unused',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^(body-parser|mime-types|qs|send|serve-static)$|^\.\.\/locales\/index\.c?js$/ }, ({ path }) => ({ path, namespace: 'unused' }));
    onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({
      contents: `const refuse = () => { throw new Error('${path} is left out of the bundle, by scripts/build/packages.mjs'); };
        module.exports = new Proxy(refuse, { get: () => refuse });`,
    }));
  },
};
