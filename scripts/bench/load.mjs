// Sends one prepared request over and over, on connections that stay open, and counts whole answers. It reads no more
// of an answer than its length, so that the load costs less than the server under it.
import { once } from 'node:events';
import { connect } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

/**
 * @param {{ port: number, bytes: Buffer, connections: number }} options
 * @returns {Promise<{ run(requests: number): Promise<{ perSecond: number, p99: number, failed: number }>, close(): void }>}
 *   `run` ends when so many requests are answered; latencies in milliseconds
 */
export async function openLoad({ port, bytes, connections }) {
  const sockets = await Promise.all(Array.from({ length: connections }, async () => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    await once(socket, 'connect');
    return socket;
  }));
  return {
    run: (requests) => run(sockets, bytes, requests),
    close: () => sockets.forEach((socket) => socket.destroy()),
  };
}

function run(sockets, bytes, requests) {
  return new Promise((resolve, reject) => {
    const latencies = [];
    let sent = 0;
    let failed = 0;
    const started = performance.now();
    const finish = () => {
      for (const socket of sockets) socket.removeAllListeners('data').removeAllListeners('close').removeAllListeners('error');
      latencies.sort((a, b) => a - b);
      const p99 = latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * 0.99))] ?? 0;
      resolve({ perSecond: (latencies.length / (performance.now() - started)) * 1000, p99, failed });
    };
    for (const socket of sockets) {
      let pending = Buffer.alloc(0);
      let at = 0;
      const next = () => {
        if (sent >= requests) return;
        sent += 1;
        at = performance.now();
        socket.write(bytes);
      };
      socket.on('data', (chunk) => {
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
        const end = pending.indexOf(headEnd);
        if (end === -1) return;
        const length = Number(/content-length: (\d+)/i.exec(pending.latin1Slice(0, end))?.[1] ?? 0);
        if (pending.length < end + 4 + length) return;
        if (pending.latin1Slice(9, 12) !== '200') failed += 1;
        pending = pending.subarray(end + 4 + length);
        latencies.push(performance.now() - at);
        if (latencies.length === requests) finish();
        else next();
      });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server closed a connection')));
      next();
    }
  });
}
