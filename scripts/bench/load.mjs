// Sends one prepared request over and over, on a number of connections, and counts whole answers. It reads no more of
// an answer than its length, so that the load costs less than the server under it.
import { connect } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

/**
 * @param {{ port: number, bytes: Buffer, connections: number, seconds?: number, requests?: number }} options
 *   either for so many seconds, or until so many requests are answered
 * @returns {Promise<{ perSecond: number, p50: number, p99: number, answered: number, failed: number }>} latencies in milliseconds
 */
export function load({ port, bytes, connections, seconds = Infinity, requests = Infinity }) {
  return new Promise((resolve, reject) => {
    const latencies = [];
    let sent = 0;
    let answered = 0;
    let failed = 0;
    let open = connections;
    const started = performance.now();
    const until = started + seconds * 1000;
    for (let i = 0; i < connections; i += 1) {
      const socket = connect(port, '127.0.0.1');
      socket.setNoDelay(true);
      let pending = Buffer.alloc(0);
      let at = 0;
      const next = () => {
        if (sent >= requests || performance.now() >= until) return socket.end();
        sent += 1;
        at = performance.now();
        socket.write(bytes);
      };
      socket.on('connect', next);
      socket.on('data', (chunk) => {
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
        const end = pending.indexOf(headEnd);
        if (end === -1) return;
        const length = Number(/content-length: (\d+)/i.exec(pending.latin1Slice(0, end))?.[1] ?? 0);
        if (pending.length < end + 4 + length) return;
        if (pending.latin1Slice(9, 12) !== '200') failed += 1;
        pending = pending.subarray(end + 4 + length);
        answered += 1;
        latencies.push(performance.now() - at);
        next();
      });
      socket.on('error', reject);
      socket.on('close', () => {
        open -= 1;
        if (open > 0) return;
        const took = (performance.now() - started) / 1000;
        latencies.sort((a, b) => a - b);
        const quantile = (q) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))] ?? 0;
        resolve({ perSecond: answered / took, p50: quantile(0.5), p99: quantile(0.99), answered, failed });
      });
    }
  });
}
