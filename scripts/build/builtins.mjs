import { join } from 'node:path';

/**
 * Takes from Node's own modules only the names that our sources use. An `import` of one makes Node read all of its
 * exports, the lazy ones too: of node:http that loads all of undici, for `WebSocket`, on Node 22 and later.
 */
export const builtins = (root) => ({
  name: 'builtins',
  setup({ onLoad, onResolve }) {
    const sources = join(root, 'src');
    onResolve({ filter: /^node:/ }, ({ path, kind, importer }) =>
      kind === 'import-statement' && importer.startsWith(sources) ? { path, namespace: 'builtin', sideEffects: false } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => {
      const names = Object.keys(process.getBuiltinModule(path)).filter((name) => /^[A-Za-z_]\w*$/.test(name) && name !== 'default');
      // What is marked pure is left out where nobody imports it.
      const exports = names.map((name) => `export const ${name} = /* @__PURE__ */ take('${name}');`);
      return { contents: `const take = (name) => process.getBuiltinModule('${path}')[name];\n${exports.join('\n')}` };
    });
  },
});
