import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alapi, formType, keys, unlimited } from '../support/ask.ts';
import { exchange, headerOf, type Incoming, type Outgoing } from '../support/exchange.ts';
import { answersIn, bytesOfRequest, speak } from '../support/raw.ts';
import { serve, serveForFile, type Served } from '../support/serve.ts';

let served: Served;
beforeAll(async () => void (served = await serveForFile(unlimited)));
afterAll(() => served.close(0));

const form = `token=${keys.alapi}&mobiles=13900000001`;
/** A form to ALAPI with these lines in its head. */
const post = (lines: string, body = form): string => `POST /api/phonecheck HTTP/1.1\r\nHost: a\r\nContent-Type: ${formType}\r\n${lines}\r\n\r\n${body}`;
const get = (lines: string, start = `GET /balance?apikey=${keys.apikey} HTTP/1.1`): string => `${start}\r\n${lines}\r\n\r\n`;
const target = (text: string): string => get('Host: a', `GET ${text} HTTP/1.1`);
/** What an attacker would have taken for a request of its own. */
const hidden = `GET /balance?apikey=${keys.apikey} HTTP/1.1\r\nHost: a\r\n\r\n`;
const chunks = `${form.length.toString(16)}\r\n${form}\r\n0\r\n\r\n`;
/** The last request of a connection; it asks to hang up. */
const farewell = `GET /balance?apikey=${keys.apikey} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;

/** A call of 2,000 numbers: its answer is 200 kB. */
const batch: Outgoing = alapi(formType, `mobiles=${Array.from({ length: 2_000 }, (_, index) => 13900001000 + index).join(',')}`);
const batchRequest = bytesOfRequest({ ...batch, headers: [['Host', 'a'], ['Content-Length', String(batch.body?.length ?? 0)], ...(batch.headers ?? [])] });

/** What comes back for these bytes and a good request behind them. No answer is ever a page, or tells how the house is built. */
async function answersTo(bytes: string | Buffer, last = farewell): Promise<Incoming[]> {
  const heard = await speak(served.port, Buffer.concat([Buffer.from(bytes), Buffer.from(last)]));
  const answers = answersIn(heard.bytes);
  for (const answer of answers) {
    expect(headerOf(answer, 'content-type') ?? '').not.toMatch(/html/i);
    expect(answer.body).not.toMatch(/<!doctype|<html|node_modules|\.ts:\d|\n\s+at /i);
  }
  return answers;
}

const statusesOf = (answers: readonly Incoming[]): readonly number[] => answers.map(({ status }) => status);

it.each<[title: string, bytes: string | Buffer]>([
  ['Content-Length and chunks', post(`Content-Length: ${form.length}\r\nTransfer-Encoding: chunked`, `0\r\n\r\n${hidden}`)],
  ['chunks and Content-Length', post(`Transfer-Encoding: chunked\r\nContent-Length: 4`, chunks)],
  ['two lengths', post(`Content-Length: ${form.length}\r\nContent-Length: 5`)],
  ['the same length twice', post(`Content-Length: ${form.length}\r\nContent-Length: ${form.length}`)],
  ['a list of lengths', post(`Content-Length: ${form.length}, ${form.length}`)],
  ['a length with a sign', post('Content-Length: +5')],
  ['a negative length', post('Content-Length: -1')],
  ['a length in hexadecimal', post('Content-Length: 0x5')],
  ['a length with a fraction', post('Content-Length: 5.0')],
  ['a length with a blank in it', post('Content-Length: 4 5')],
  ['a length that overflows', post('Content-Length: 18446744073709551617')],
  ['an empty length', post('Content-Length: ')],
  ['a blank behind a name', post(`Content-Length : ${form.length}`)],
  ['a tab behind a name', post(`Content-Length\t: ${form.length}`)],
  ['a blank before a name', post(` Content-Length: ${form.length}`)],
  ['a blank before the first name', `GET / HTTP/1.1\r\n Host: a\r\n\r\n`],
  ['an encoding that ends in "chunked"', post('Transfer-Encoding: xchunked', chunks)],
  ['an encoding that begins with "chunked"', post('Transfer-Encoding: chunkedx', chunks)],
  ['an encoding behind "chunked"', post('Transfer-Encoding: chunked, identity', chunks)],
  ['"chunked" twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked', chunks)],
  ['a vertical tab before "chunked"', post('Transfer-Encoding: \x0bchunked', chunks)],
  ['"chunked" in quotes', post('Transfer-Encoding: "chunked"', chunks)],
  ['gzip as the last encoding', post('Transfer-Encoding: gzip', chunks)],
  ['a folded line', get('Host: a\r\nX: 1\r\n 2')],
  ['a folded line with a tab', get('Host: a\r\nX: 1\r\n\t2')],
  ['a folded "chunked"', post('Transfer-Encoding:\r\n chunked', chunks)],
  ['bare line feeds', `GET /balance HTTP/1.1\nHost: a\n\n`],
  ['a bare line feed between headers', get('Host: a\r\nX: 1\nY: 2')],
  ['a bare line feed before the body', `POST /api/phonecheck HTTP/1.1\r\nHost: a\r\nContent-Length: ${hidden.length}\n\n${hidden}`],
  ['bare carriage returns', `GET /balance HTTP/1.1\rHost: a\r\r`],
  ['a bare carriage return in a value', get('Host: a\r\nX: 1\r2')],
  ['a zero byte in a value', get('Host: a\r\nX: 1\x002')],
  ['a zero byte in a name', get('Host: a\r\nX\0: 1')],
  ['no name', get('Host: a\r\n: 1')],
  ['no colon', get('Host: a\r\nX')],
  ['a name in brackets', get('Host: a\r\n[X]: 1')],
  ['a chunk of no length', post('Transfer-Encoding: chunked', `\r\n${chunks}`)],
  ['a chunk of a length that is none', post('Transfer-Encoding: chunked', `zz\r\n${chunks}`)],
  ['a chunk with a sign', post('Transfer-Encoding: chunked', `+5\r\nabcde\r\n0\r\n\r\n`)],
  ['a chunk in 0x', post('Transfer-Encoding: chunked', `0x5\r\nabcde\r\n0\r\n\r\n`)],
  ['a chunk that overflows', post('Transfer-Encoding: chunked', `10000000000000005\r\nabcde\r\n0\r\n\r\n`)],
  ['a chunk longer than it says', post('Transfer-Encoding: chunked', `5\r\nabcdefgh\r\n0\r\n\r\n`)],
  ['chunks with bare line feeds', post('Transfer-Encoding: chunked', `5\nabcde\n0\n\n`)],
  ['a chunk extension of 20 kB', post('Transfer-Encoding: chunked', `5;${'a'.repeat(20_000)}\r\nabcde\r\n0\r\n\r\n`)],
  ['a chunk extension with a zero byte', post('Transfer-Encoding: chunked', `5;a=\0\r\nabcde\r\n0\r\n\r\n`)],
  ['a Content-Length behind the chunks', post('Transfer-Encoding: chunked\r\nTrailer: Content-Length', `5\r\nabcde\r\n0\r\nContent-Length: 3\r\n\r\n`)],
  ['no Host', get('X: 1')],
  ['two Hosts', get('Host: a\r\nHost: b')],
  ['the same Host twice', get('Host: a\r\nHost: a')],
  ['two Hosts behind a target that is no URL', get('Host: a\r\nHost: b', 'GET http://[ HTTP/1.1')],
  ['two Hosts, one written otherwise', get('Host: a\r\nhOST: b')],
  ['three Hosts on the control plane', get(`Host: 127.0.0.1\r\nHost: localhost\r\nHost: a`, 'GET /_sim/health HTTP/1.1')],
  ['a header of 200 kB', get(`Host: a\r\nX: ${'x'.repeat(200_000)}`)],
  ['a name of 200 kB', get(`Host: a\r\n${'x'.repeat(200_000)}: 1`)],
  ['a target of 200 kB', target(`/balance?apikey=${'x'.repeat(200_000)}`)],
  ['2,500 headers', get(`Host: a${Array.from({ length: 2_500 }, (_, index) => `\r\nX${index}: 1`).join('')}`)],
  ['2,500 headers and a second Host behind them', get(`Host: a${Array.from({ length: 2_500 }, (_, index) => `\r\nX${index}: 1`).join('')}\r\nHost: b`)],
  ['a method that is none', get('Host: a', 'STEAL / HTTP/1.1')],
  ['a method in small letters', get('Host: a', 'get / HTTP/1.1')],
  ['no version', 'GET /balance\r\n\r\n'],
  ['version 0.9', get('Host: a', 'GET /balance HTTP/0.9')],
  ['version 1.2', get('Host: a', 'GET /balance HTTP/1.2')],
  ['version 2.0', get('Host: a', 'GET /balance HTTP/2.0')],
  ['a version of two digits', get('Host: a', 'GET /balance HTTP/1.10')],
  ['another protocol', get('Host: a', 'GET /balance ICY/1.1')],
  ['a blank in the target', target('/bal ance')],
  ['a tab in the target', target('/bal\tance')],
  ['an escape sequence in the target', target('/bal\x1b[31mance')],
  ['a zero byte in the target', target('/bal\0ance')],
  ['Chinese in the target', target('/balance?apikey=空号')],
  ['GBK in the target', Buffer.concat([Buffer.from('GET /balance?apikey='), Buffer.from([0xd6, 0xd0]), Buffer.from(' HTTP/1.1\r\nHost: a\r\n\r\n')])],
  ['a backslash for a target', target('\\balance')],
  ['a query for a target', target('?apikey=x')],
  ['a fragment for a target', target('#')],
  ['a fragment behind an authority', target('http://x#y')],
  ['a scheme for a target', target('http:')],
  ['a blank in an absolute target', target('http://a b/balance')],
  ['no target', get('Host: a', 'GET HTTP/1.1')],
  ['a proxy that wants CONNECT', get('Host: a', 'CONNECT a:443 HTTP/1.1')],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a TLS hello', Buffer.from('16030100a5010000a10303', 'hex')],
  ['a greeting', 'HELO localhost\r\n'],
  ['Redis', '*1\r\n$8\r\nFLUSHALL\r\n'],
  ['zero bytes', Buffer.alloc(64)],
])('refuses %s, and hears nothing behind it', async (_title, bytes) => {
  const answers = await answersTo(bytes);
  expect(answers.length).toBeLessThan(2);
  for (const { status } of answers) expect([400, 431, 505]).toContain(status);
});

it.each<[title: string, bytes: string, code: number]>([
  ['a body of a GET', get(`Host: a\r\nContent-Type: ${formType}\r\nContent-Length: ${hidden.length}`) + hidden, 0],
  ['a body that looks like a request', post(`Content-Length: ${form.length + 2 + hidden.length}`, `${form}&x${hidden}`), 200],
  ['chunks that look like a request', post('Transfer-Encoding: chunked', `${form.length.toString(16)}\r\n${form}\r\n${(hidden.length + 1).toString(16)}\r\n&${hidden}\r\n0\r\n\r\n`), 200],
  ['chunks behind "identity"', post('Transfer-Encoding: identity, chunked', chunks), 200],
  ['chunks behind a tab', post('Transfer-Encoding:\tchunked', chunks), 200],
  ['a trailer', post('Transfer-Encoding: chunked', `${form.length.toString(16)}\r\n${form}\r\n0\r\nX-End: 1\r\n\r\n`), 200],
  ['20,000 chunks of one byte', post('Transfer-Encoding: chunked', `${form.length.toString(16)}\r\n${form}\r\n${'1\r\n&\r\n'.repeat(20_000)}0\r\n\r\n`), 200],
  ['two blanks before the target', get('Host: a', `GET  /balance?apikey=${keys.apikey} HTTP/1.1`), 0],
  ['empty lines before a request', `\r\n\r\n${get('Host: a')}`, 0],
  ['the absolute form', get('Host: a', `GET http://ps.szqxt.com/balance?apikey=${keys.apikey} HTTP/1.1`), 0],
  ['499 headers', get(`Host: a${Array.from({ length: 498 }, (_, index) => `\r\nX${index}: 1`).join('')}`), 0],
])('answers %s once, and what comes behind it once', async (_title, bytes, code) => {
  const answers = await answersTo(bytes);
  expect(answers.map(({ body }) => (JSON.parse(body) as { code: number }).code)).toEqual([code, 0]);
});

it.each([
  '/%', '/%ff', '/%00', '/%2e%2e/%2e%2e/etc/passwd', '/../../etc/passwd', '//evil', '//evil/balance', '//127.0.0.1/_sim/reset', '///', '/./balance', '/balance/', '/balance;x', '/balance%3f',
  '*', '/*', '/_sim', '/_sim/', '/_sim//', '/_sim/../balance', '/%5fsim/health', '/_SIM/health', '/_sim/%2e%2e/health', '/_sim/journal/%00', '/_sim/world/%31', '/_sim/world/__proto__', '/_sim/journal/constructor',
  'http://[', 'http://[::1', 'http://%/', 'http://a:b:c/', 'http://u:p@127.0.0.1:99999999/', 'http://evil/_sim/reset', 'http://x?y', 'http://x', 'ftp://x/balance', 'https://faceid.tencentcloudapi.com', 'HTTP://127.0.0.1/_sim/world/1',
  `/${'a'.repeat(100_000)}`, `/identity/${'/'.repeat(10_000)}`, `/api/${'%'.repeat(10_000)}`,
].map((text) => [text.slice(0, 40), text] as const))('has an answer of its own for the target %s, and no page', async (_title, text) => {
  for (const method of ['GET', 'OPTIONS', 'POST']) {
    const answers = await answersTo(get('Host: a\r\nContent-Length: 0', `${method} ${text} HTTP/1.1`));
    expect(answers).toHaveLength(2);
    for (const { body } of answers.filter((answer) => headerOf(answer, 'content-length') !== '0')) expect(() => JSON.parse(body)).not.toThrow();
    expect(statusesOf(answers)[0]).not.toBe(500);
  }
});

const hosts = [
  '', 'evil.com', 'evil@localhost', 'localhost#x', 'localhost\\.evil.com', 'localhost/..', 'localhost:', 'localhost:99999999', 'localhost:80:80', 'localhost, evil.com', 'http://127.0.0.1:4086', '0x7f.1',
  '2130706433', '127.1', '017700000001', '①②⑦.0.0.1', 'lоcalhost', '[', '[::1', '[::1]evil', '[::ffff:127.0.0.1]', '127.0.0.1.', '*', '%', '%00', ' a b ', '.tencentcloudapi.com', `${'a.'.repeat(5_000)}com`,
];
it.each(hosts.map((host) => [host.slice(0, 30), host] as const))('answers a provider call under the Host "%s", whatever that is', async (_title, host) => {
  const answers = await answersTo(get(`Host: ${host}`));
  // One that ends like Tencent's is Tencent's, which has words of its own for a product that it does not know.
  expect(answers.map(({ status, body }) => [status, Object.keys(JSON.parse(body) as object)[0]])).toEqual([[200, host.endsWith('tencentcloudapi.com') ? 'Response' : 'code'], [200, 'code']]);
});

it.each<[title: string, bytes: string]>([
  ['asks to hang up', get('Host: a\r\nConnection: close')],
  ['is of HTTP/1.0', get('Host: a', `GET /balance?apikey=${keys.apikey} HTTP/1.0`)],
  ['is refused for its Hosts', get('Host: a\r\nHost: b')],
  ['is refused for its Hosts, and goes on with chunks that are none', post('Host: b\r\nTransfer-Encoding: chunked', 'zz\r\n')],
  ['is of a version that is refused', get('Host: a', 'GET /balance HTTP/2.0')],
])('gives a request that %s one answer, whatever comes behind it', async (_title, bytes) => {
  for (const behind of ['', '\r\n', 'garbage', hidden, hidden + hidden]) expect(await answersTo(bytes, behind)).toHaveLength(1);
});

it.each([
  ['HTTP/2, as Java does by default', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA'],
  ['a WebSocket', 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA=='],
])('answers a request that offers %s in HTTP/1.1, and the next one as well', async (_title, offer) => {
  const socket = connect(served.port, '127.0.0.1');
  for (const request of [get(`Host: a\r\n${offer}`), post(`Content-Length: ${form.length}\r\n${offer}`), get('Host: a')]) {
    socket.write(request);
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(statusesOf(answersIn(bytes))).toEqual([200]);
  }
  socket.destroy();
});

it('refuses an expectation that it does not know', async () => {
  expect(statusesOf(await answersTo(get('Host: a\r\nExpect: miracles')))).toEqual([417, 200]);
});

it('asks for the body of a client that waits to be asked', async () => {
  const socket = connect(served.port, '127.0.0.1');
  socket.write(post(`Content-Length: ${form.length}\r\nConnection: close\r\nExpect: 100-continue`, ''));
  const [asked] = (await once(socket, 'data')) as [Buffer];
  expect(asked.toString()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write(form);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toContain('"code":200');
});

it('answers 200 requests that come at once, each in its turn', async () => {
  const numbers = Array.from({ length: 200 }, (_, index) => String(13900000000 + index));
  const asked = numbers.map((number) => target(`/ssPhone_Status?apikey=${keys.apikey}&mobile=${number}`));
  const answers = await answersTo(asked.join(''));
  expect(answers).toHaveLength(201);
  expect(answers.slice(0, 200).map(({ body }) => (JSON.parse(body) as { result: { Mobile: string } }).result.Mobile)).toEqual(numbers);
});

it('answers 1,000 requests on one connection', async () => {
  let connections = 0;
  const count = (): void => void (connections += 1);
  served.server.on('connection', count);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; i < 1_000; i += 1) {
    const { status } = await exchange(served.port, { method: 'GET', target: `/balance?apikey=${keys.apikey}` }, agent);
    expect(status).toBe(200);
  }
  agent.destroy();
  served.server.off('connection', count);
  expect(connections).toBe(1);
});

it('gives garbage behind a request that waits for its answer no answer of its own', async () => {
  const slow = await serve(`${unlimited}rules: [{ id: slow, when: { provider: qxt }, then: { delay: 50ms } }]`);
  const { bytes } = await speak(slow.port, `${hidden}garbage\r\n\r\n`);
  expect(answersIn(bytes).length).toBeLessThan(2);
  expect((await exchange(slow.port, { method: 'GET', target: '/balance?x=1' })).status).toBe(200);
  // The last request of a connection has its answer all the same.
  for (const behind of ['', '\r\n', 'garbage', hidden]) {
    const heard = await speak(slow.port, farewell + behind);
    expect(statusesOf(answersIn(heard.bytes))).toEqual([200]);
  }
});

/** Short enough to be waited for, and long enough for a good client on a busy machine. */
const patience = { headers: 300, request: 400, check: 50 };

/** Unlike `once`, it does not mind why. */
const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once('close', resolve));

/** A client that sends this and nothing more, and never hangs up by itself. */
function stubborn(port: number, bytes: string): { readonly socket: Socket; readonly heard: Promise<string> } {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let text = '';
  socket.on('data', (chunk) => void (text += chunk.toString('latin1')));
  socket.on('error', () => {});
  socket.write(bytes);
  return { socket, heard: once(socket, 'end').then(() => text) };
}

it.each([
  ['one byte of a header', 'GET /balance HTTP/1.1\r\nX'],
  ['a header and no end of it', 'GET /balance HTTP/1.1\r\nHost: a\r\n'],
  ['half a body', post('Content-Length: 1000', 'token=')],
  ['half a chunk', post('Transfer-Encoding: chunked', 'ff\r\ntoken=')],
  ['a body that is refused for its length, and its end never', post('Content-Length: 99999999', 'x'.repeat(300_000))],
  ['garbage', 'garbage\r\n\r\n'],
])('lets 200 clients go that send %s and stop, though they never hang up', async (_title, bytes) => {
  const quick = await serve(unlimited, { patience });
  const connections: Socket[] = [];
  quick.server.on('connection', (socket) => connections.push(socket));
  const clients = Array.from({ length: 200 }, () => stubborn(quick.port, bytes));
  const heard = await Promise.all(clients.map((client) => client.heard));
  for (const text of heard) expect(text).toMatch(/^HTTP\/1\.1 4(08 Request Timeout|00 Bad Request)\r\n/);
  await Promise.all(connections.map((socket) => (socket.closed ? undefined : closed(socket))));
  expect((await exchange(quick.port, { method: 'GET', target: '/balance?x=1' })).status).toBe(200);
  for (const { socket } of clients) socket.destroy();
});

it('lets clients go that never read their answers', async () => {
  const quick = await serve(unlimited, { patience });
  const connections: Socket[] = [];
  quick.server.on('connection', (socket) => connections.push(socket));
  const clients = Array.from({ length: 20 }, () => {
    const socket = connect(quick.port, '127.0.0.1').pause();
    socket.on('error', () => {});
    socket.write(Buffer.concat(Array.from({ length: 60 }, () => batchRequest)));
    return socket;
  });
  while (connections.length < clients.length) await once(quick.server, 'connection');
  await Promise.all(connections.map((socket) => (socket.closed ? undefined : closed(socket))));
  for (const socket of clients) socket.destroy();
});

it('waits with a client whose answer is delayed for longer than one may be silent', async () => {
  const quick = await serve(`${unlimited}rules: [{ id: slow, when: { number: "13900000009" }, then: { delay: 900ms } }]`, { patience });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; i < 2; i += 1) expect((await exchange(quick.port, { method: 'GET', target: `/ssPhone_Status?apikey=${keys.apikey}&mobile=13900000009` }, agent)).status).toBe(200);
  agent.destroy();
});

it('lets idle connections go', async () => {
  const quick = await serve(unlimited, { patience });
  const idle = connect(quick.port, '127.0.0.1');
  idle.write(get('Host: a'));
  await closed(idle.resume());
  const silent = connect(quick.port, '127.0.0.1');
  await closed(silent.resume());
});

/** How many sockets and timers of the process are open. */
const open = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap' || kind === 'Timeout').length;

it.each<[title: string, request: string | Buffer, leave: 'once sent' | 'at the first byte']>([
  ['in the middle of a head', 'POST /api/phonecheck HTTP/1.1\r\nHost: a\r\nContent-', 'once sent'],
  ['in the middle of a body', post('Content-Length: 1000', 'token='), 'once sent'],
  ['in the middle of a chunk', post('Transfer-Encoding: chunked', 'ff\r\ntoken='), 'once sent'],
  ['while the answer waits', target(`/ssPhone_Status?apikey=${keys.apikey}&mobile=13900000009`), 'once sent'],
  ['in the middle of the answer', batchRequest, 'at the first byte'],
])('keeps nothing of 500 clients that leave %s', async (_title, request, leave) => {
  const slow = await serve(`${unlimited}rules: [{ id: slow, when: { number: "13900000009" }, then: { delay: 600s } }]`);
  const left: Promise<unknown>[] = [];
  slow.server.on('connection', (socket) => left.push(closed(socket)));
  const before = open();
  for (let i = 0; i < 20; i += 1) {
    await Promise.all(Array.from({ length: 25 }, async () => {
      const socket = connect(slow.port, '127.0.0.1');
      socket.on('error', () => {});
      await new Promise((resolve) => socket.write(request, resolve));
      if (leave === 'at the first byte') await once(socket, 'data');
      if (i % 2 === 0) socket.resetAndDestroy();
      else socket.destroy();
      await closed(socket);
    }));
  }
  while (left.length < 500) await once(slow.server, 'connection');
  await Promise.all(left);
  expect(open()).toBeLessThanOrEqual(before);
  expect((await exchange(slow.port, { method: 'GET', target: '/balance?x=1' })).status).toBe(200);
});

it('stops at once though clients are in the middle of their requests', async () => {
  const running = await serveForFile(unlimited);
  const clients = [stubborn(running.port, 'GET /balance HTTP/1.1\r\nX'), stubborn(running.port, post('Content-Length: 1000', 'x')), stubborn(running.port, 'garbage\r\n\r\n')];
  await exchange(running.port, { method: 'GET', target: '/balance?x=1' });
  await running.close(0);
  expect(running.server.listening).toBe(false);
  for (const { socket } of clients) socket.destroy();
});
