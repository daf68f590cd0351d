import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Puts the default scenario, loaded and checked now, in the place of the module that would load it at every start. */
export const compiledScenario = (root) => ({
  name: 'compiled-scenario',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]scenario[\\/]default-scenario\.ts$/ }, async () => {
      try {
        const scenario = JSON.stringify(await load(root), plain);
        return { contents: `export const defaultScenario = async () => (${scenario});` };
      } catch (error) {
        return { errors: [{ text: error.message }] };
      }
    });
  },
});

/** Runs the loader as the sources have it, in memory. */
async function load(root) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: `
        import { providers } from './providers/index.ts';
        import { defaultScenario } from './scenario/default-scenario.ts';
        export const scenario = await defaultScenario(providers);`,
      resolveDir: join(root, 'src'),
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: { js: `const require = process.getBuiltinModule('node:module').createRequire(${JSON.stringify(pathToFileURL(root).href)});` },
    plugins: [inPlace],
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return (await import(`data:text/javascript;base64,${code}`)).scenario;
}

/** Each source reads the files beside it, wherever it runs. */
const inPlace = {
  name: 'in-place',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return { contents: source.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' };
    });
  },
};

/** Refuses what JSON would not give back as it was. That it leaves out `undefined` is right: to a reader it is the same. */
function plain(key, value) {
  const given = this[key];
  const simple = ['string', 'boolean', 'undefined'].includes(typeof given) || given === null || Number.isFinite(given) || Array.isArray(given);
  if (simple || (typeof given === 'object' && Object.getPrototypeOf(given) === Object.prototype)) return value;
  throw new Error(`Failed to compile scenarios/default.yaml: the loaded value of "${key}" is not JSON. Load it as plain data.`);
}
