import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { expect, it, onTestFinished, vi } from 'vitest';
import { faultKinds, usualStrike, type FaultKind } from '../../src/domain/fault.ts';
import { createApp, type Patience } from '../../src/http/app.ts';
import { encodeGbk } from '../../src/http/gbk.ts';
import { close, listen } from '../../src/http/listen.ts';
import { readBody } from '../../src/http/read-body.ts';
import { send } from '../../src/http/send.ts';
import type { WireResponse } from '../../src/wire/wire-response.ts';
import { exchange } from '../support/exchange.ts';
import { speak } from '../support/raw.ts';

const good = '{"Response":{"Result":"0","StatusCode":1,"Description":"空号"}}';
const bytes = Buffer.from(good);
const half = Math.floor(bytes.length / 2);

interface Setting {
  /** A fault's number of bytes. */
  readonly bytes?: number;
  readonly delay?: number;
  readonly body?: string | Buffer;
  readonly patience?: Patience;
  /** What happens between a request and its answer. */
  readonly first?: (response: ServerResponse, then: () => void) => void;
}

interface Faulty {
  readonly server: Server;
  readonly port: number;
  /** The sockets of its side. */
  readonly sockets: Socket[];
}

/** A server that does this to every answer but those for `/good`, and for `/late`, which is good and comes after some milliseconds. */
async function faulty(kind: FaultKind, { bytes: count, delay = 0, body = good, patience, first = (_response, then) => then() }: Setting = {}): Promise<Faulty> {
  const answer: WireResponse = { status: 200, headers: [['Content-Type', 'application/json; charset=utf-8']], body };
  const fault = { kind, strike: usualStrike(kind), ...(count === undefined ? {} : { bytes: count }) };
  const server = createApp((request, response) => {
    readBody(request, 1_000_000, () => {
      if (request.url === '/good') send(response, answer);
      else if (request.url === '/late') send(response, answer, { delay: 20 });
      else first(response, () => send(response, answer, { delay, fault }));
    });
  }, patience);
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  const port = await listen(server, 0, '127.0.0.1');
  onTestFinished(() => close(server, 0));
  return { server, port, sockets };
}

const get = (path = '/', method = 'GET', lines = ''): string => `${method} ${path} HTTP/1.1\r\nHost: a\r\n${lines}\r\n`;
/** The last request of a connection. */
const last = (path = '/', method = 'GET'): string => get(path, method, 'Connection: close\r\n');

const undated = (heard: Buffer): string => heard.toString('latin1').replaceAll(/Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/g, 'Date\r\n');
const headOf = (length: number | 'chunked', connection: 'keep-alive' | 'close'): string =>
  `HTTP/1.1 200 OK\r\nDate\r\nContent-Type: application/json; charset=utf-8\r\n${length === 'chunked' ? 'Transfer-Encoding' : 'Content-Length'}: ${length}\r\nConnection: ${connection}\r\n\r\n`;
const whole = (connection: 'keep-alive' | 'close'): string => headOf(bytes.length, connection) + bytes.toString('latin1');

/** Unlike `once`, it does not mind why. */
const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => (socket.closed ? resolve(undefined) : socket.once('close', resolve)));

/** A client that sends this, and takes whatever comes. */
function client(port: number, text: string): { readonly socket: Socket; heard(): string } {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.write(text);
  return { socket, heard: () => undated(Buffer.concat(chunks)) };
}

const page = (title: string, words: string, connection: 'keep-alive' | 'close'): string => {
  const html = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<h1>${title}</h1>\r\n<p>${words}</p>\r\n</body>\r\n</html>\r\n`;
  return `HTTP/1.1 ${title}\r\nDate\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: ${html.length}\r\nConnection: ${connection}\r\n\r\n${html}`;
};
const gateways = {
  502: ['502 Bad Gateway', 'The server behind this gateway gave no valid answer.'],
  503: ['503 Service Unavailable', 'The server behind this gateway takes no requests at the moment.'],
  504: ['504 Gateway Timeout', 'The server behind this gateway did not answer in time.'],
} as const;

const malformed = Buffer.from('c0ff0080'.repeat(bytes.length), 'hex').toString('latin1', 0, bytes.length);
const gbk = Buffer.from(good.replace('空号', '\xbf\xd5\xba\xc5'), 'latin1');
const noise = '\x15\x03\x01\x00\x02\x02\n';

/** What a client hears of each fault that has an end, on a connection that it would keep and on one that it would not. */
const heardOf = (connection: 'keep-alive' | 'close') => [
  ['connection-reset', '', 'ECONNRESET'],
  ['empty-response', '', 'FIN'],
  ['limit-data', headOf(bytes.length, connection) + bytes.toString('latin1', 0, half), 'FIN'],
  ['broken-chunk', `${headOf('chunked', connection)}${half.toString(16)}\r\n${bytes.toString('latin1', 0, half)}\r\nno size\r\n`, 'FIN'],
  ['malformed-body', headOf(bytes.length, connection) + malformed, 'FIN'],
  ['garbage', noise, 'FIN'],
  ['gateway-502', page(...gateways[502], connection), 'FIN'],
  ['gateway-503', page(...gateways[503], connection), 'FIN'],
  ['gateway-504', page(...gateways[504], connection), 'FIN'],
  ['wrong-charset', headOf(gbk.length, connection) + gbk.toString('latin1'), 'FIN'],
] as const;

it.each(heardOf('close'))('does %s to the last answer of a connection, to the byte', async (kind, text, end) => {
  const { port } = await faulty(kind);
  const heard = await speak(port, last());
  expect([undated(heard.bytes), heard.end]).toEqual([text, end]);
});

/** The answer is sound as HTTP, and the connection goes on behind it. */
const sound: readonly FaultKind[] = ['malformed-body', 'gateway-502', 'gateway-503', 'gateway-504', 'wrong-charset'];

it.each(heardOf('keep-alive'))('does %s to an answer between others, in its turn', async (kind, text, end) => {
  const { port, sockets } = await faulty(kind);
  const heard = await speak(port, get('/late') + get() + get('/good') + get('/good') + last('/late'));
  const behind = sound.includes(kind) ? whole('keep-alive') + whole('keep-alive') + whole('close') : '';
  // A client that reads the answer before and hears of the reset in one go takes it for a FIN: libuv does.
  const how = kind === 'connection-reset' ? expect.stringMatching(/^(FIN|ECONNRESET)$/) : end;
  expect([undated(heard.bytes), heard.end]).toEqual([whole('keep-alive') + text + behind, how]);
  await Promise.all(sockets.map(closed));
  expect((await exchange(port, { method: 'GET', target: '/good' })).body).toBe(good);
});

it.each(heardOf('close'))('does %s after its delay, and not before the answers of others', async (kind, text, end) => {
  const { port } = await faulty(kind, { delay: 60 });
  const started = performance.now();
  const stricken = speak(port, last()).then((heard) => ({ ...heard, after: performance.now() - started }));
  expect((await exchange(port, { method: 'GET', target: '/good' })).body).toBe(good);
  const { bytes: heard, end: how, after } = await stricken;
  expect([undated(heard), how]).toEqual([text, end]);
  expect(after).toBeGreaterThanOrEqual(59);
});

it('counts the delay of a queued answer from its request on', async () => {
  const { port } = await faulty('malformed-body', { delay: 300 });
  const started = performance.now();
  await speak(port, get() + get() + get() + last());
  expect(performance.now() - started).toBeLessThan(900);
});

it.each<[kind: FaultKind, bytes: number, part: string]>([
  ['limit-data', 0, headOf(bytes.length, 'close')],
  ['limit-data', 5, headOf(bytes.length, 'close') + good.slice(0, 5)],
  ['limit-data', 1_000, whole('close')],
])('does %s at %d bytes', async (kind, count, part) => {
  const { port } = await faulty(kind, { bytes: count });
  expect(undated((await speak(port, last())).bytes)).toBe(part);
});

it.each<[kind: FaultKind, text: string]>([
  ['limit-data', headOf(0, 'close')],
  ['broken-chunk', `${headOf('chunked', 'close')}no size\r\n`],
  ['malformed-body', headOf(0, 'close')],
  ['slow-drip', headOf(0, 'close')],
  ['wrong-charset', headOf(0, 'close')],
])('does %s to an answer without a body', async (kind, text) => {
  const { port } = await faulty(kind, { body: '', bytes: 1_000 });
  expect(undated((await speak(port, last())).bytes)).toBe(text);
});

it('does its faults to an answer of 200 kB', async () => {
  const body = Buffer.from('空号'.repeat(33_000));
  const long = async (kind: FaultKind, count: number): Promise<Buffer> => {
    const { port } = await faulty(kind, { body, bytes: count });
    const heard = await speak(port, last());
    return heard.bytes.subarray(heard.bytes.indexOf('\r\n\r\n') + 4);
  };
  expect((await long('limit-data', 150_000)).equals(body.subarray(0, 150_000))).toBe(true);
  expect((await long('slow-drip', 100_000)).equals(body)).toBe(true);
  expect(new TextDecoder('gbk').decode(await long('wrong-charset', 0))).toBe(body.toString());
  expect((await long('malformed-body', 0)).length).toBe(body.length);
});

it.each<[kind: FaultKind, text: string]>([
  ['connection-reset', ''],
  ['empty-response', ''],
  ['limit-data', headOf(bytes.length, 'close')],
  ['wrong-length', headOf(bytes.length + 1, 'close')],
  ['broken-chunk', headOf('chunked', 'close')],
  ['slow-drip', headOf(bytes.length, 'close')],
  ['malformed-body', headOf(bytes.length, 'close')],
  ['garbage', noise],
  ['gateway-502', page(...gateways[502], 'close').replace(/<html>.*$/s, '')],
  ['wrong-charset', headOf(gbk.length, 'close')],
])('sends no body with %s where none is asked for', async (kind, text) => {
  const { port } = await faulty(kind, { bytes: 64 });
  expect(undated((await speak(port, last('/', 'HEAD'))).bytes)).toBe(text);
});

const short: Patience = { headers: 150, request: 150, check: 50 };

it('never answers where the fault is a timeout, and lets the connection be', async () => {
  const { server, port, sockets } = await faulty('timeout', { patience: short });
  const { socket, heard } = client(port, get('/late') + get() + get('/good'));
  // The server looks at a client that has been silent for as long as one may.
  await once(server, 'timeout');
  expect(heard()).toBe(whole('keep-alive'));
  expect([socket.readyState, sockets[0]?.destroyed]).toEqual(['open', false]);
  expect((await exchange(port, { method: 'GET', target: '/good' })).body).toBe(good);
  socket.destroy();
  await Promise.all(sockets.map(closed));
});

it('waits ten minutes for the client to leave, and then no more', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { server, port, sockets } = await faulty('timeout');
  const { socket, heard } = client(port, get());
  await once(server, 'request');
  vi.advanceTimersByTime(599_999);
  expect(sockets[0]?.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(sockets[0]?.destroyed).toBe(true);
  await closed(socket);
  expect(heard()).toBe('');
});

const longer = headOf(bytes.length + 1, 'keep-alive') + bytes.toString('latin1');

it('promises a byte too many where the length is wrong, and hangs up on a client that stays silent over it', async () => {
  const { port, sockets } = await faulty('wrong-length', { patience: short });
  const heard = await speak(port, get('/late') + get() + get('/good'));
  expect([undated(heard.bytes), heard.end]).toEqual([whole('keep-alive') + longer, 'FIN']);
  await Promise.all(sockets.map(closed));
});

it('leaves a connection with a wrong length to the client', async () => {
  const { port, sockets } = await faulty('wrong-length');
  const { socket, heard } = client(port, get());
  while (heard() !== longer) await once(socket, 'data');
  expect((await exchange(port, { method: 'GET', target: '/good' })).body).toBe(good);
  expect([socket.readyState, sockets[0]?.destroyed]).toEqual(['open', false]);
  socket.destroy();
  await Promise.all(sockets.map(closed));
});

it.each([[undefined, 1], [7, 7], [0, 1], [1_000, 1_000]])('lets an answer drip where its bytes are %s: %d at a time, the head included', async (count, step) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { port } = await faulty('slow-drip', count === undefined ? {} : { bytes: count });
  const { socket, heard } = client(port, get());
  const { length } = (await speak(port, get('/good') + last('/good'))).bytes;
  const all = (length + 'keep-alive'.length - 'close'.length) / 2;
  if (heard() === '') await once(socket, 'data');
  for (let at = step; at < all; at += step) {
    expect(socket.bytesRead).toBe(at);
    vi.advanceTimersByTime(99);
    vi.advanceTimersByTime(1);
    await once(socket, 'data');
  }
  expect(socket.bytesRead).toBe(all);
  expect(heard()).toBe(whole('keep-alive'));
  expect(vi.getTimerCount()).toBe(0);
  // The connection is as good as new.
  socket.write(last('/good'));
  await closed(socket);
  expect(heard()).toBe(whole('keep-alive') + whole('close'));
});

it('answers others at once while one drips', async () => {
  const { port, sockets } = await faulty('slow-drip');
  const { socket } = client(port, get());
  await once(socket, 'data');
  for (let i = 0; i < 50; i += 1) expect((await exchange(port, { method: 'GET', target: '/good' })).body).toBe(good);
  expect(socket.bytesRead).toBeLessThan(whole('keep-alive').length);
  socket.destroy();
  await Promise.all(sockets.map(closed));
});

it('answers what comes behind a drip in its turn', async () => {
  const { port } = await faulty('slow-drip', { bytes: 80 });
  const { bytes: heard } = await speak(port, get('/late') + get() + get('/good') + last());
  expect(undated(heard)).toBe(whole('keep-alive').repeat(3) + whole('close'));
});

const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
/** How many sockets and timers of the process are open. */
const open = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length + timers();

it.each<[title: string, kind: FaultKind, setting: Setting, requests: string, resources: number]>([
  ['a timeout', 'timeout', {}, get(), 600],
  ['a timeout with a queue behind it', 'timeout', {}, get() + get() + get('/good'), 600],
  ['a drip', 'slow-drip', {}, get(), 600],
  ['a drip with a queue behind it', 'slow-drip', {}, get() + get() + get('/good'), 600],
  ['a wrong length', 'wrong-length', {}, get() + get(), 400],
  ['the delay of a timeout', 'timeout', { delay: 600_000 }, get(), 600],
  ['the delay of a reset', 'connection-reset', { delay: 600_000 }, get(), 600],
  ['the delays of a queue', 'limit-data', { delay: 600_000 }, get() + get() + get(), 600],
])('keeps nothing of 200 clients that leave in the middle of %s', async (_title, kind, setting, requests, resources) => {
  const { server, port, sockets } = await faulty(kind, setting);
  const before = open();
  let count = 0;
  server.on('request', () => void (count += 1));
  const due = 200 * answersDue(requests);
  const clients = Array.from({ length: 200 }, () => client(port, requests).socket);
  while (count < due) await once(server, 'request');
  // All are held; a socket of the test before may just have gone.
  expect(open()).toBeGreaterThan(before + resources - 10);
  expect(open()).toBeLessThanOrEqual(before + resources);
  clients.forEach((socket, index) => {
    // Some vanish, some hang up, some only say that they will send no more.
    if (index % 3 === 0) socket.resetAndDestroy();
    else if (index % 3 === 1) socket.destroy();
    else socket.end();
  });
  await Promise.all([...clients, ...sockets].map(closed));
  expect(open()).toBeLessThanOrEqual(before);
  expect((await exchange(port, { method: 'GET', target: '/good' })).body).toBe(good);
});

const answersDue = (requests: string): number => requests.split('\r\n\r\n').length - 1;

it.each(faultKinds.flatMap((kind) => [0, 600_000].map((delay) => [kind, delay] as const)))('does nothing to a client that has left before %s with a delay of %d ms', async (kind, delay) => {
  const before = timers();
  let tell = (): void => {};
  const sent = new Promise<void>((resolve) => void (tell = resolve));
  const { server, port } = await faulty(kind, {
    delay,
    first: (response, then) => void response.once('close', () => {
      then();
      tell();
    }),
  });
  const { socket } = client(port, get());
  await once(server, 'request');
  socket.destroy();
  await sent;
  // Of others that were there before, some may have ended meanwhile.
  expect(timers()).toBeLessThanOrEqual(before);
});

it.each(faultKinds)('does nothing to a connection that is about to end before %s', async (kind) => {
  const errors: unknown[] = [];
  const { server, port, sockets } = await faulty(kind, {
    first: (response, then) => {
      response.socket?.end();
      then();
    },
  });
  server.on('clientError', (error) => errors.push(error));
  const heard = await speak(port, get());
  expect([heard.bytes.length, heard.end]).toEqual([0, 'FIN']);
  await Promise.all(sockets.map(closed));
  expect(errors).toEqual([]);
});

it.each(faultKinds)('survives %s where garbage comes behind', async (kind) => {
  const { port, sockets } = await faulty(kind, { patience: short });
  for (const behind of ['garbage\r\n\r\n', 'POST / HTTP/1.1\r\n']) {
    await speak(port, get('/late') + get() + behind);
    await speak(port, get() + behind);
  }
  await Promise.all(sockets.map(closed));
  expect((await exchange(port, { method: 'GET', target: '/good' })).body).toBe(good);
});

it.each(faultKinds)('can stop at once in the middle of %s', async (kind) => {
  const { server, port, sockets } = await faulty(kind);
  const { socket } = client(port, get() + get());
  await once(server, 'request');
  await close(server, 0);
  await Promise.all([socket, ...sockets].map(closed));
  expect(server.listening).toBe(false);
});

it('resets a connection under TLS as well', async () => {
  const { server, sockets } = await faulty('connection-reset');
  // A key that both have spares the test a certificate.
  const psk = Buffer.from('0123456789abcdef');
  const tls = { ciphers: 'PSK', maxVersion: 'TLSv1.2' } as const;
  const front = createTlsServer({ ...tls, pskCallback: () => psk }, (socket) => void server.emit('connection', socket));
  onTestFinished(() => void front.close());
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  // A TCP server that listens has an address of this shape.
  const { port } = front.address() as AddressInfo;
  const socket = connectTls({ ...tls, port, host: '127.0.0.1', pskCallback: () => ({ psk, identity: 'a' }), checkServerIdentity: () => undefined });
  socket.write(get());
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
  expect(sockets).toHaveLength(1);
  await Promise.all(sockets.map(closed));
});

/** What `fetch` makes of an answer: its status and text, or what it rejects with. */
async function fetched(port: number, signal?: AbortSignal): Promise<string> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}', ...(signal === undefined ? {} : { signal }) });
    return `${response.status} ${await response.text()}`;
  } catch (error) {
    const { name, cause } = error as Error & { readonly cause?: NodeJS.ErrnoException };
    return [name, cause?.code].filter((each) => each !== undefined).join(' ');
  }
}

const fetches = {
  timeout: 'TimeoutError',
  'connection-reset': 'TypeError ECONNRESET',
  'empty-response': 'TypeError UND_ERR_SOCKET',
  'limit-data': 'TypeError UND_ERR_SOCKET',
  'wrong-length': 'TimeoutError',
  // Node 24 does not tell the parser's code.
  'broken-chunk': /^TypeError( HPE_INVALID_CHUNK_SIZE)?$/,
  'slow-drip': `200 ${good}`,
  'malformed-body': `200 ${new TextDecoder().decode(Buffer.from(malformed, 'latin1'))}`,
  garbage: /^TypeError( HPE_INVALID_CONSTANT)?$/,
  'gateway-502': /^502 <html>.*no valid answer.*<\/html>\r\n$/s,
  'gateway-503': /^503 <html>.*takes no requests.*<\/html>\r\n$/s,
  'gateway-504': /^504 <html>.*not answer in time.*<\/html>\r\n$/s,
  'wrong-charset': `200 ${new TextDecoder().decode(gbk)}`,
} satisfies Record<FaultKind, string | RegExp>;

/** A text to the letter, or one that matches. */
const alike = (text: string | RegExp): unknown => (typeof text === 'string' ? text : expect.stringMatching(text));

/** A client that would wait for ever is given a limit of its own. */
const patient = (kind: FaultKind): boolean => kind !== 'timeout' && kind !== 'wrong-length';
const piece = (kind: FaultKind): number => (kind === 'slow-drip' ? 80 : half);

it.each(faultKinds)("makes Node's fetch do with %s what it does with a real one", async (kind) => {
  const { port } = await faulty(kind, { bytes: piece(kind) });
  expect(await fetched(port, patient(kind) ? undefined : AbortSignal.timeout(150))).toEqual(alike(fetches[kind]));
});

it.each(['malformed-body', 'gateway-502', 'gateway-503', 'gateway-504'] as const)('gives no JSON with %s', async (kind) => {
  const { port } = await faulty(kind);
  const response = await fetch(`http://127.0.0.1:${port}/`);
  await expect(response.json()).rejects.toThrow(SyntaxError);
});

it('garbles Chinese for a client that believes the Content-Type, and not for one that takes it for GBK', async () => {
  const { port } = await faulty('wrong-charset');
  const response = await fetch(`http://127.0.0.1:${port}/`);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const heard = await response.arrayBuffer();
  expect(new TextDecoder('utf-8').decode(heard)).toContain('\ufffd');
  expect(new TextDecoder('gbk').decode(heard)).toBe(good);
});

it('leaves an answer in ASCII as it is where the charset is wrong', async () => {
  const { port } = await faulty('wrong-charset', { body: '{"code":0}' });
  expect(await fetched(port)).toBe('200 {"code":0}');
});

it('writes every Chinese character of GBK as it is read back, and a question mark for what GBK has not', () => {
  const chinese = String.fromCharCode(...Array.from({ length: 0x9fa6 - 0x4e00 }, (_, index) => 0x4e00 + index));
  expect(new TextDecoder('gbk').decode(encodeGbk(chinese))).toBe(chinese);
  expect(encodeGbk('空号 a，é😀\ud800').toString('latin1')).toBe('\xbf\xd5\xba\xc5 a\xa3\xac\xa8\xa6??');
});

// The vendor's own client, as npm gives it. It is CommonJS, and `require` returns `any`.
const { faceid } = createRequire(import.meta.url)('tencentcloud-sdk-nodejs/tencentcloud/services/faceid') as typeof import('tencentcloud-sdk-nodejs/tencentcloud/services/faceid/index.js');

/** What Tencent's client gives or throws, where it has so many seconds. */
async function tencent(port: number, reqTimeout: number): Promise<string> {
  const credential = { secretId: 'AKIDkonghaoSandbox', secretKey: 'sandboxSecretKey' };
  const client = new faceid.v20180301.Client({ credential, profile: { httpProfile: { protocol: 'http://', endpoint: `127.0.0.1:${port}`, reqTimeout } } });
  return client.MobileStatus({ Mobile: '13800138000' }).then((answer) => JSON.stringify(answer), String);
}

const told = (text: string): string => JSON.stringify((JSON.parse(text) as { readonly Response: unknown }).Response);
/** An answer that does not come is an exception of the client's own; one that breaks off in its body it lets node-fetch tell. */
const exception = (message: string): RegExp => new RegExp(`^\\[TencentCloudSDKException\\]message:.*${message}`, 'i');

const sdk = {
  timeout: exception('network timeout'),
  'connection-reset': exception('ECONNRESET'),
  'empty-response': exception('socket hang up'),
  // Of an end that comes before its Content-Length node-fetch 2 takes no notice, whoever the server is.
  'limit-data': /^FetchError: Response timeout/,
  'wrong-length': /^FetchError: Response timeout/,
  'broken-chunk': /^FetchError: Invalid response body.*Invalid character in chunk size/,
  'slow-drip': told(good),
  'malformed-body': /^FetchError: invalid json/,
  garbage: exception('Parse Error: Expected HTTP/'),
  'gateway-502': exception('Bad Gateway'),
  'gateway-503': exception('Service Unavailable'),
  'gateway-504': exception('Gateway Timeout'),
  'wrong-charset': told(new TextDecoder().decode(gbk)),
} satisfies Record<FaultKind, string | RegExp>;

it.each(faultKinds)('makes the official client of Tencent Cloud do with %s what it does with a real one', async (kind) => {
  const { port } = await faulty(kind, { bytes: piece(kind) });
  expect(await tencent(port, patient(kind) && kind !== 'limit-data' ? 60 : 0.2)).toEqual(alike(sdk[kind]));
});
