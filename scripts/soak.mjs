// npm run soak: a million calls from a thousand tenants, and what memory konghao needs for them.
//   node scripts/soak.mjs [--tenants 1000] [--calls 1000000] [--connections 400]
//
// Each call is about another number, so that whatever is kept by number grows as far as it can; every tenth is of a rule
// with a sequence for each number. Resident memory is that of the whole server process, by /proc where there is
// one. It exits 1 where the peak is above the limit, or where a call was not answered or not written down.
import { execFileSync, spawn } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { tenants: { type: 'string', default: '1000' }, calls: { type: 'string', default: '1000000' }, connections: { type: 'string', default: '400' } } });
const [tenantCount, callCount, connectionCount] = [values.tenants, values.calls, values.connections].map(Number);

/** In megabytes: 1,500 for a thousand tenants, as the READMEs have it. */
const limit = 200 + 1.3 * tenantCount;

/** Every limit that an account can have is counted, and none is reached. */
const scenario = {
  konghao: 1,
  name: 'soak',
  clock: { delays: 'charged' },
  accounts: {
    acedata: { token: 'a', quota: 1_000_000_000, rate: '900000/s', perNumberPerDay: 1_000_000 },
    tencent: { secretId: 'AKIDa', secretKey: 'a', quota: 1_000_000_000, rate: '900000/s', perNumberPerDay: 1_000_000 },
    alapi: { token: 'a', calls: 1_000_000_000, rate: '900000/s' },
    qxt: { apikey: '0'.repeat(32), billing: 'postpaid', balance: 0 },
  },
  numbers: { '138*': { status: 'suspended' } },
  rules: [
    { id: 'busy-at-first', when: { number: '*7' }, then: ['busy', 'ok'], per: 'number' },
    { id: 'slow', when: { number: '*8', chance: 0.5 }, then: { delay: 'lognormal(800ms, 0.4)' } },
    { id: 'lost', when: { number: '*99' }, then: { fault: 'malformed-body' } },
  ],
  prices: { 'acedata.check-1e': 0.25, 'tencent.MobileStatus': 0.3 },
};

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

async function soak(port) {
  const watched = watch();
  process.stdout.write(`Node ${process.version}, ${tenantCount} tenants, ${callCount} calls on ${connectionCount} connections\n`);
  row('at the start', watched.resident());
  const tenants = await mint(port);
  row(`with ${tenantCount} tenants`, watched.resident());
  const started = performance.now();
  const failed = await load(port, tenants, watched);
  const seconds = (performance.now() - started) / 1000;
  const noted = await written(port);
  const [peak, final] = [watched.peak(), watched.resident()];
  row(`after ${callCount} calls in ${seconds.toFixed(0)} s`, final);
  row(`at the peak, of ${limit.toFixed(0)} MB that are allowed`, peak);
  watched.stop();
  const misses = [
    ...(peak > limit ? [`The peak is ${(peak - limit).toFixed(0)} MB above the limit.`] : []),
    ...(failed > 0 ? [`${failed} calls were not answered.`] : []),
    ...(noted !== callCount ? [`${noted} calls were written down, of ${callCount}.`] : []),
  ];
  process.stdout.write(misses.length === 0 ? '\nIt stays within its memory.\n' : `\n${misses.join('\n')}\n`);
  return misses.length === 0 ? 0 : 1;
}

const row = (what, megabytes) => process.stdout.write(`${what.padEnd(48)} ${megabytes.toFixed(0).padStart(6)} MB\n`);

async function control(port, method, path, body) {
  const response = await fetch(`http://127.0.0.1:${port}/_sim${path}`, { method, headers: { 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

/** Makes the tenants, a few at a time. */
async function mint(port) {
  const tenants = [];
  let left = tenantCount;
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (left > 0) {
      left -= 1;
      const { id, credentials } = await control(port, 'POST', '/tenants', { scenario, seed: left });
      tenants.push({ id, ...credentials });
    }
  }));
  return tenants;
}

/** How many calls the tenants' journals have counted. */
const written = async (port) => (await control(port, 'GET', '/tenants')).tenants.reduce((sum, { exchanges }) => sum + exchanges, 0);

/** Keeps every connection busy with one call after the other until all are made; says how many were not answered. */
async function load(port, tenants, watched) {
  let next = 0;
  let answered = 0;
  const started = performance.now();
  const progress = process.stdout.isTTY && setInterval(() => {
    process.stdout.write(`\r${answered} calls, ${(answered / ((performance.now() - started) / 1000)).toFixed(0)} a second, ${watched.resident().toFixed(0)} MB   `);
  }, 500);
  await Promise.all(Array.from({ length: connectionCount }, () => converse(port, () => {
    if (next >= callCount) return undefined;
    const call = next++;
    return requestOf(port, tenants[call % tenants.length], call);
  }, () => (answered += 1))));
  if (progress) {
    clearInterval(progress);
    process.stdout.write('\r\x1b[K');
  }
  return callCount - answered;
}

/** One connection: sends what it is given, one behind the other's answer. Ends when there is nothing more, or the server hangs up. */
async function converse(port, request, onAnswer) {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  let pending = Buffer.alloc(0);
  const say = () => {
    const bytes = request();
    if (bytes === undefined) socket.destroy();
    else socket.write(bytes);
  };
  socket.on('connect', say);
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    const end = pending.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(pending.latin1Slice(0, end))?.[1] ?? 0);
    if (pending.length < end + 4 + length) return;
    pending = pending.subarray(end + 4 + length);
    onAnswer();
    say();
  });
  await once(socket, 'close');
}

const json = 'Content-Type: application/json\r\n';
const http = (port, line, headers, body = '') => `${line} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${headers}${body === '' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`}\r\n${body}`;

/** The calls of the four providers in turn, for each tenant and among all of them, each about a number of its own. */
function requestOf(port, { acedata, tencent, alapi, qxt }, call) {
  const number = `13${String(((call * 48_271) % 999_999_937) + 1).padStart(9, '0')}`;
  const bearer = `authorization: Bearer ${acedata.token}\r\n${json}`;
  switch ((call + Math.floor(call / tenantCount)) % 5) {
    case 0:
      return http(port, 'POST /identity/phone/check-1e', bearer, `{"mobile":"${number}"}`);
    case 1:
      return http(port, 'POST /identity/phone/check-3e', bearer, `{"name":"王小明","phone":"${number}","id_card":"110101199003070011"}`);
    case 2:
      return tc3(port, tencent, `{"Mobile":"${number}"}`);
    case 3:
      return http(port, 'POST /api/phonecheck', 'Content-Type: application/x-www-form-urlencoded\r\n', `token=${alapi.token}&mobiles=${number}`);
    default:
      return http(port, `GET /ssPhone_Status?apikey=${qxt.apikey}&mobile=${number}`, '');
  }
}

function tc3(port, { secretId, secretKey }, body) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const date = new Date(Number(timestamp) * 1000).toISOString().slice(0, 10);
  const canonical = `POST\n/\n\ncontent-type:application/json\nhost:127.0.0.1:${port}\n\ncontent-type;host\n${sha256(body)}`;
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), 'faceid'), 'tc3_request');
  const signature = hmac(key, `TC3-HMAC-SHA256\n${timestamp}\n${date}/faceid/tc3_request\n${sha256(canonical)}`).toString('hex');
  const authorization = `TC3-HMAC-SHA256 Credential=${secretId}/${date}/faceid/tc3_request, SignedHeaders=content-type;host, Signature=${signature}`;
  return http(port, 'POST /', `X-TC-Action: MobileStatus\r\nX-TC-Version: 2018-03-01\r\nX-TC-Timestamp: ${timestamp}\r\n${json}Authorization: ${authorization}\r\n`, body);
}

/** The server's resident memory in megabytes: now, and the most that there was. */
function watch() {
  const kilobytes = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${server.pid}/status`, 'latin1'))?.[1]);
  const resident = () => {
    try {
      return kilobytes('VmRSS') / 1024;
    } catch {
      return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(server.pid)], { encoding: 'utf8' })) / 1024;
    }
  };
  let most = 0;
  const timer = setInterval(() => (most = Math.max(most, resident())), 250);
  return {
    resident,
    // The system's own mark misses nothing between two looks.
    peak: () => {
      try {
        return kilobytes('VmHWM') / 1024;
      } catch {
        return Math.max(most, resident());
      }
    },
    stop: () => clearInterval(timer),
  };
}

const server = spawn(process.execPath, ['dist/konghao.js', '--port', '0', '--json', '--quiet', '--no-watch'], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [line] = await once(server.stdout, 'data');
  const port = Number(new URL(JSON.parse(line).url).port);
  process.exitCode = await soak(port);
} finally {
  server.kill('SIGKILL');
}
