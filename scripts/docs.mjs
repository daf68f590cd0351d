// Writes the tables of magic numbers into the READMEs and docs/magic-numbers.md, from the default scenario itself.
// Run `npm run docs` after a change of scenarios/default.yaml or of a catalogue; a test says when it is due.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

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
