// Writes the tables of magic numbers into the READMEs and docs/magic-numbers.md, from the default scenario itself, the
// published keys into docs/sandbox-keys.md, the routes into docs/control-api.md and the shipped scenarios into
// docs/scenarios.md.
// Run `npm run docs` after a change of any of these; a test says when it is due.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { buildSync } from 'esbuild';
import { parse } from 'yaml';

const table = execFileSync(process.execPath, ['dist/konghao.js', 'catalogue', '--magic'], { encoding: 'utf8' }).trim();
const [head, rule, ...rows] = table.split('\n');
const common = new Set(['19900000001', '19900000002', '19900000003', '19900000400', '19900000401', '19900000402', '19900000403', '19900000404', '19900000423', '19900000429', '19900000498', '19900000500', '19900000503', '19900000505']);
const short = [head, rule, ...rows.filter((row) => common.has(row.slice(2, 13)))].join('\n');

for (const file of ['README.md', 'README.zh-CN.md']) {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/<!-- magic -->[^]*<!-- \/magic -->/, `<!-- magic -->\n${short}\n<!-- /magic -->`));
}
writeFileSync('docs/magic-numbers.md', `# Magic numbers of the default scenario

Made by \`npm run docs\` from \`scenarios/default.yaml\`. A cell is the endpoint's own code; \`·\` means that it has no word for the trouble and answers from the world. \`200\` at ALAPI is an item with status 3 库无. Result codes that begin with \`upstream:\` are those of the endpoint behind AceData's check-3e (reading \`acedata.check3eCodes\`).

${table}
`);

const { outputFiles } = buildSync({ entryPoints: ['src/sealed/sandbox-keys.ts'], bundle: true, format: 'esm', platform: 'node', write: false });
const { sandboxPublicKeys: keys, sandboxDataKey } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
writeFileSync('docs/sandbox-keys.md', `# Keys of the sandbox

Made by \`npm run docs\`. Their private halves are published too, in \`src/sealed/sandbox-keys.ts\`: they protect nothing.
Put them where your client has the provider's own public keys.

## RSA, for AES-256-CBC (the blob is RSA PKCS#1 v1.5 of a 32-byte key)

\`\`\`
${keys.rsa.trim()}
\`\`\`

The same as SPKI:

\`\`\`
${keys.rsaSpki.trim()}
\`\`\`

## SM2, for SM4-GCM (the blob is SM2 C1C3C2 of a 16-byte key)

\`\`\`
${keys.sm2Spki.trim()}
\`\`\`

Uncompressed point: \`${keys.sm2}\`

## As constants of Tencent's own kits (base64 of the PEM)

RSA: \`${keys.kit.rsa}\`

SM2: \`${keys.kit.sm2}\`

## The older form with a KMS data key

\`CiphertextBlob\` \`${sandboxDataKey.blob}\` stands for the 32-byte key \`${sandboxDataKey.plaintext}\` (base64).
`);

/** Puts a table between the comments of its name. */
function fill(file, name, rows) {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(new RegExp(`<!-- ${name} -->[^]*?<!-- /${name} -->`), () => [`<!-- ${name} -->`, ...rows, `<!-- /${name} -->`].join('\n')));
}

// As they are written: to load them would be to load all of konghao.
const route = /\{ method: '(\w+)', path: '([^']+)', of: '(\w+)', summary: (?:'([^']*)'|"([^"]*)")/g;
const routes = [...readFileSync('src/control/routes.ts', 'utf8').matchAll(route)].map(([, method, path, of, plain, quoted]) => ({ of, row: `| \`${method} /_sim${path}\` | ${plain ?? quoted} |` }));
for (const of of ['process', 'tenant']) fill('docs/control-api.md', `routes of a ${of}`, ['| | |', '|---|---|', ...routes.filter((each) => each.of === of).map(({ row }) => row)]);

const scenarios = readdirSync('scenarios').filter((file) => file.endsWith('.yaml')).map((file) => parse(readFileSync(`scenarios/${file}`, 'utf8')));
fill('docs/scenarios.md', 'shipped', ['| scenario | what it shows |', '|---|---|', ...scenarios.map(({ name, description }) => `| [${name}](../scenarios/${name}.yaml) | ${description} |`).sort()]);
