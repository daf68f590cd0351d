// npm run bench: what konghao costs, as ratios within one run. Machines are noisy, so nothing here is a figure to
// quote alone: raw node:http and a bare Express 5 are measured beside it, in turn, and medians are compared.
//
// Throughput is compared as CPU time of the server per request (from /proc; wall time elsewhere): the load generator
// shares the machine. The servers take turns in many short rounds, for a machine can be half as fast a second later,
// and each ratio is of one round, so that both sides of it were measured within the same half second.
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLoad } from './bench/load.mjs';
import { requests } from './bench/requests.mjs';

const rounds = Number(process.env.BENCH_ROUNDS ?? 41);
const perRound = Number(process.env.BENCH_REQUESTS ?? 2_500);
/** Rounds in which the engines still compile what they run. */
const warmUp = 12;
const connections = 64;
const scenario = 'scripts/bench/scenario.yaml';
const folder = mkdtempSync(join(tmpdir(), 'konghao-bench-'));
const children = new Set();
const missed = [];
/** What a request costs raw node:http here, in microseconds: figures in milliseconds are held against it. */
const rawMicros = [];

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const ratio = (value) => value.toFixed(2);
const row = (what, value, target, holds) => {
  if (holds === false) missed.push(what);
  process.stdout.write(`${what.padEnd(58)} ${value.padStart(14)}   ${target.padEnd(34)} ${holds === undefined ? '' : holds ? 'holds' : 'MISSED'}\n`);
};

/** Starts a server that prints a line with its url. */
function server(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end === -1) return;
      resolve({ child, port: Number(new URL(JSON.parse(text.slice(0, end)).url).port) });
      text = '';
    });
    child.on('exit', () => reject(new Error(`${args.join(' ')} ended`)));
  });
}

const stop = ({ child }) => new Promise((resolve) => {
  children.delete(child);
  child.removeAllListeners('exit');
  child.once('exit', resolve);
  child.kill('SIGTERM');
});

/** Seconds of CPU that a process has used, all of its threads together: to the nanosecond, where `stat` has hundredths. */
function cpu({ child }) {
  const tasks = `/proc/${child.pid}/task`;
  try {
    return readdirSync(tasks).reduce((sum, task) => sum + Number(readFileSync(`${tasks}/${task}/schedstat`, 'latin1').split(' ')[0]), 0) / 1e9;
  } catch {
    return performance.now() / 1000;
  }
}

const residentMegabytes = ({ child }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;

/** A server under load: a round says what a request cost it in microseconds of CPU, and its p99 in milliseconds. */
async function underLoad(target, bytes) {
  const load = await openLoad({ port: target.port, bytes, connections });
  return {
    async round(requests = perRound) {
      const before = cpu(target);
      const { failed, p99 } = await load.run(requests);
      if (failed > 0) throw new Error(`${failed} of ${requests} requests failed`);
      return { micros: ((cpu(target) - before) / requests) * 1e6, p99 };
    },
    stop() {
      load.close();
      return stop(target);
    },
  };
}

const konghao = (file = scenario) => server(['dist/konghao.js', file, '--port', '0', '--json', '--quiet', '--no-watch']);

async function throughput() {
  for (const { name, request, answer, path, target, times } of requests) {
    const answers = JSON.stringify({ [path]: answer });
    const start = async (target) => underLoad(target, request(target.port));
    const servers = {
      raw: await start(await server(['scripts/bench/servers.mjs', 'raw', answers])),
      express: await start(await server(['scripts/bench/servers.mjs', 'express', answers])),
      konghao: await start(await konghao()),
    };
    const costs = { raw: [], express: [], konghao: [] };
    const p99 = { raw: [], express: [], konghao: [] };
    for (let round = 0; round < warmUp + rounds; round += 1) {
      for (const [kind, each] of Object.entries(servers)) {
        const { micros, p99: late } = await each.round();
        if (round < warmUp) continue;
        costs[kind].push(micros);
        p99[kind].push(late);
      }
    }
    const ofRaw = median(costs.raw.map((each, i) => each / costs.konghao[i]));
    const ofExpress = median(costs.express.map((each, i) => each / costs.konghao[i]));
    if (target !== undefined) row(`${name}: of raw node:http`, ratio(ofRaw), `≥ ${target}`, ofRaw >= target);
    row(`${name}: of bare Express`, `× ${ratio(ofExpress)}`, `≥ × ${times}`, ofExpress >= times);
    const late = median(p99.konghao) / median(p99.raw);
    row(`${name}: p99, times that of raw node:http`, `${ratio(late)} (${median(p99.konghao).toFixed(1)} ms)`, '< 2.5 (10 ms where raw has 4)', late < 2.5);
    rawMicros.push(median(costs.raw));
    await Promise.all(Object.values(servers).map((each) => each.stop()));
  }
}

/** Interleaved pairs: ten rules and numbers against ten thousand. */
async function manyRules() {
  const write = (count) => {
    const file = join(folder, `${count}.yaml`);
    const numbers = Array.from({ length: count }, (_, i) => `  "1${String(5000000000 + i)}": { status: suspended }`);
    const rules = Array.from({ length: count }, (_, i) => `  - { id: r${i}, when: { number: "18${String(i).padStart(5, '0')}*" }, then: busy }`);
    writeFileSync(file, `${readFileSync(scenario, 'utf8')}numbers:\n${numbers.join('\n')}\nrules:\n${rules.join('\n')}\n`);
    return file;
  };
  const { request } = requests[0];
  const [few, many] = await Promise.all([10, 10_000].map(async (count) => {
    const target = await konghao(write(count));
    return underLoad(target, request(target.port));
  }));
  const pairs = [];
  for (let pair = 0; pair < warmUp + rounds * 2; pair += 1) {
    const [a, b] = [await few.round(), await many.round()];
    if (pair >= warmUp) pairs.push(b.micros / a.micros);
  }
  const slower = (median(pairs) - 1) * 100;
  row('10,000 rules and numbers instead of 10', `${slower.toFixed(1)} % more`, '< 5 %', slower < 5);
  await Promise.all([few, many].map((each) => each.stop()));
}

async function batch() {
  const { batch: request } = await import('./bench/requests.mjs');
  const target = await konghao();
  const each = await underLoad(target, request(target.port));
  await each.round(500);
  const { micros } = await each.round(2000);
  const times = micros / median(rawMicros);
  row('ALAPI batch of 2,000 numbers, in raw requests', `${times.toFixed(0)} (${(micros / 1000).toFixed(1)} ms)`, '< 100 (2 ms where one has 20 µs)', times < 100);
  await each.stop();
}

async function memory() {
  const target = await konghao();
  const each = await underLoad(target, requests[0].request(target.port));
  const after = [];
  for (let part = 0; part < 4; part += 1) {
    await each.round(100_000);
    after.push(residentMegabytes(target));
  }
  const [first = 0, second = 0, , last = 0] = after;
  row('memory after 100,000, 200,000 and 400,000 requests', `${first.toFixed(0)}, ${second.toFixed(0)}, ${last.toFixed(0)} MB`, 'flat after 200,000', last < second * 1.1);
  await each.stop();
}

/** From spawn to the first answer, the packed command against Express without a bundle. */
async function start() {
  const bare = join(process.cwd(), 'scripts/bench/bare-express.mjs');
  const once = (args, path) => new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.once('data', async (chunk) => {
      try {
        const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(chunk))?.[0];
        await (await fetch(`${url}${path}`)).text();
        const took = performance.now() - began;
        child.once('exit', () => resolve(took)).kill('SIGKILL');
      } catch (error) {
        reject(error);
      }
    });
  });
  const pairs = [];
  const own = [];
  for (let i = 0; i <= 27; i += 1) {
    const a = await once(['dist/konghao.js', '--port', '0', '--json', '--quiet'], '/balance?apikey=7c11272au708345c834b8ue81ac78972');
    const b = await once([bare], '/');
    if (i > 0) {
      pairs.push(a / b);
      own.push(a);
    }
  }
  row('spawn to first answer, of bare Express', ratio(median(pairs)), '≤ 1', median(pairs) <= 1);
}

function inProcess() {
  const runs = Array.from({ length: 7 }, () => JSON.parse(execFileSync(process.execPath, ['scripts/bench/in-process.mjs'], { encoding: 'utf8' })));
  const imported = median(runs.map((run) => run.imported));
  const answered = median(runs.map((run) => run.answered / run.raw));
  row('in a test: import', `${imported.toFixed(0)} ms`, '< 100 ms', imported < 100);
  row('in a test: listen to first answer, times raw node:http', ratio(answered), '< 3.75 (3 ms where raw has 0.8)', answered < 3.75);
}

try {
  process.stdout.write(`Node ${process.version}, ${rounds} rounds of ${perRound} requests on ${connections} connections\n\n`);
  await throughput();
  await manyRules();
  await batch();
  await memory();
  await start();
  inProcess();
  process.stdout.write(missed.length === 0 ? '\nEvery target holds.\n' : `\nMissed: ${missed.join('; ')}\n`);
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
