import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Puts the default scenario, loaded and checked now, in the place of the module that would load it at every start. */
export const compiledScenario = (root) => ({
  name: 'compiled-scenario',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]scenario[\\/]default-scenario\.ts$/ }, async () => {
      const scenario = await load(root);
      return { contents: `export const defaultScenario = async () => (${JSON.stringify(scenario, plain)});`, loader: 'js' };
    });
  },
});

/** Runs the loader as the sources have it, in memory. */
async function load(root) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: "import { defaultScenario } from './scenario/default-scenario.ts'; import { providers } from './providers/index.ts'; export default await defaultScenario(providers);",
      resolveDir: join(root, 'src'),
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    // Every source in question is two folders below the root; in memory it has no place of its own.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(root, 'src/scenario/default-scenario.ts')).href) },
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(pathToFileURL(root).href)});` },
  });
  const { default: scenario } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
  return scenario;
}

/** Lets through what JSON gives back as it was. An absent key and an undefined one are the same to all who read a scenario. */
function plain(key, value) {
  const original = this[key];
  const prototype = typeof original === 'object' && original !== null ? Object.getPrototypeOf(original) : undefined;
  const same = prototype === undefined ? !['bigint', 'function', 'symbol'].includes(typeof original) && (typeof original !== 'number' || Number.isFinite(original)) : [Object.prototype, Array.prototype].includes(prototype);
  if (!same) throw new Error(`Failed to compile scenarios/default.yaml: the loaded value of "${key}" is not JSON. Load it as plain data.`);
  return value;
}
