// npm run bench: what konghao costs, as ratios within one run. Machines are noisy, so nothing here is a figure to
// quote alone: raw node:http and a bare Express 5 are measured beside it, in turn, and medians are compared.
//
// Throughput is compared as CPU time of the server per request (user and system, from /proc; wall time elsewhere):
// the load generator shares the machine, and the CPU time of a server does not change with what else is running.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from './bench/load.mjs';
import { requests } from './bench/requests.mjs';

const rounds = Number(process.env.BENCH_ROUNDS ?? 9);
const perRound = Number(process.env.BENCH_REQUESTS ?? 10_000);
/** Rounds in which the engines still compile what they run. */
const warmUp = 2;
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

/** Seconds of CPU that a process has used. */
function cpu({ child }) {
  try {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'latin1').split(') ').at(-1).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return performance.now() / 1000;
  }
}

const residentMegabytes = ({ child }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;

/** Microseconds of the server's CPU per request, and the p99 latency in milliseconds. */
async function cost(target, bytes, count = perRound) {
  const before = cpu(target);
  const { answered, failed, p99 } = await load({ port: target.port, bytes, connections, requests: count });
  if (failed > 0) throw new Error(`${failed} of ${answered} requests failed`);
  return { micros: ((cpu(target) - before) / answered) * 1e6, p99 };
}

const konghao = (file = scenario) => server(['dist/konghao.js', file, '--port', '0', '--json', '--quiet', '--no-watch']);

async function throughput() {
  for (const { name, request, answer, path, target, times } of requests) {
    const answers = JSON.stringify({ [path]: answer });
    const servers = {
      raw: await server(['scripts/bench/servers.mjs', 'raw', answers]),
      express: await server(['scripts/bench/servers.mjs', 'express', answers]),
      konghao: await konghao(),
    };
    const costs = { raw: [], express: [], konghao: [] };
    const p99 = { raw: [], express: [], konghao: [] };
    for (let round = 0; round < rounds + warmUp; round += 1) {
      for (const [kind, each] of Object.entries(servers)) {
        const { micros, p99: late } = await cost(each, request(each.port));
        if (round >= warmUp) {
          costs[kind].push(micros);
          p99[kind].push(late);
        }
      }
    }
    const ofRaw = median(costs.raw.map((each, i) => each / costs.konghao[i]));
    const ofExpress = median(costs.express.map((each, i) => each / costs.konghao[i]));
    if (target !== undefined) row(`${name}: of raw node:http`, ratio(ofRaw), `≥ ${target}`, ofRaw >= target);
    row(`${name}: of bare Express`, `× ${ratio(ofExpress)}`, `≥ × ${times}`, ofExpress >= times);
    const late = median(p99.konghao) / median(p99.raw);
    row(`${name}: p99, times that of raw node:http`, `${ratio(late)} (${median(p99.konghao).toFixed(1)} ms)`, '< 2.5 (10 ms where raw has 4)', late < 2.5);
    rawMicros.push(median(costs.raw));
    await Promise.all(Object.values(servers).map(stop));
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
  const [few, many] = [await konghao(write(10)), await konghao(write(10_000))];
  const { request } = requests[0];
  const pairs = [];
  for (let pair = 0; pair <= rounds * 2; pair += 1) {
    const a = await cost(few, request(few.port));
    const b = await cost(many, request(many.port));
    if (pair > 0) pairs.push(b.micros / a.micros);
  }
  const slower = (median(pairs) - 1) * 100;
  row('10,000 rules and numbers instead of 10', `${slower.toFixed(1)} % more`, '< 5 %', slower < 5);
  await Promise.all([few, many].map(stop));
}

async function batch() {
  const { batch: request } = await import('./bench/requests.mjs');
  const each = await konghao();
  await cost(each, request(each.port), 500);
  const { micros } = await cost(each, request(each.port), 2000);
  const times = micros / median(rawMicros);
  row('ALAPI batch of 2,000 numbers, in raw requests', `${times.toFixed(0)} (${(micros / 1000).toFixed(1)} ms)`, '< 100 (2 ms where one has 20 µs)', times < 100);
  await stop(each);
}

async function memory() {
  const each = await konghao();
  const { request } = requests[0];
  const after = [];
  for (let part = 0; part < 4; part += 1) {
    await load({ port: each.port, bytes: request(each.port), connections, requests: 100_000 });
    after.push(residentMegabytes(each));
  }
  const [first = 0, second = 0, , last = 0] = after;
  row('memory after 100,000, 200,000 and 400,000 requests', `${first.toFixed(0)}, ${second.toFixed(0)}, ${last.toFixed(0)} MB`, 'flat after 200,000', last < second * 1.1);
  await stop(each);
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
  for (let i = 0; i <= rounds * 3; i += 1) {
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
