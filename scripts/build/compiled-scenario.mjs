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
        const scenario = literal(await load(root), 'scenario');
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

/** The expression that gives plain data back as it was. That it leaves out `undefined` is right: to a reader it is the same. */
function literal(value, key) {
  if (Array.isArray(value)) return `[${value.map((each) => literal(each, key)).join()}]`;
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const stated = Object.entries(value).filter(([, each]) => each !== undefined);
    return `{${stated.map(([name, each]) => `${JSON.stringify(name)}:${literal(each, name)}`).join()}}`;
  }
  // Where there is no end, JSON has no word for it.
  if (value === Infinity) return 'Infinity';
  if (value === null || Number.isFinite(value) || ['string', 'boolean'].includes(typeof value)) return JSON.stringify(value);
  throw new Error(`Failed to compile scenarios/default.yaml: the loaded value of "${key}" is not plain data. Load it as such.`);
}
