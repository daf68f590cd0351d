/**
 * Writes scenarios/scenario.schema.json, by which editors complete and check scenarios. A test fails while the file is
 * another than the sources say.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { outputFiles } = await build({
  absWorkingDir: root,
  stdin: {
    contents: "import { providers } from './providers/index.ts'; import { scenarioJsonSchema } from './scenario/json-schema.ts'; export default await scenarioJsonSchema(providers);",
    resolveDir: join(root, 'src'),
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
  // In memory the bundle has no place of its own; what asks for one lies two folders below the root.
  define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(root, 'src/scenario/json-schema.ts')).href) },
});
const { default: schema } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
await writeFile(join(root, 'scenarios/scenario.schema.json'), `${JSON.stringify(schema, null, 2)}\n`);
