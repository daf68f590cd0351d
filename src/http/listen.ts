import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';

/** Listens, and says on which port (0 asks for a free one). Rejects with the system's own error. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      // A TCP server that listens has an address of this shape.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Takes no new connections, lets requests under way finish for at most `grace` milliseconds, and cuts off the rest. */
export function close(server: Server, grace: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), grace);
    // A connection that its client keeps is idle only when its last request is answered, and would then wait for another.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(sweep);
      resolve();
    });
    server.closeIdleConnections();
  });
}
