import type { IncomingMessage } from 'node:http';

export interface Body {
  readonly bytes: Buffer;
  /** There was more than `limit`; `bytes` is what was kept. */
  readonly oversize: boolean;
}

const nothing = Buffer.alloc(0);
const noBody: Body = { bytes: nothing, oversize: false };
/** Beyond the limit a body is read and thrown away, so that the client hears the answer, but not without end. */
const mostDrained = 64 * 1024 * 1024;

/** Reads a request's body, at most `limit` bytes of it. `done` is not called when the client leaves before the end. */
export function readBody(request: IncomingMessage, limit: number, done: (body: Body) => void): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  // Without either there is no body (RFC 9112, 6.3), and no end to wait for.
  if (encoding === undefined && (length === undefined || length === '0')) return done(noBody);
  const expected = length === undefined ? Number.NaN : Number(length);
  const chunks: Buffer[] = [];
  let size = 0;
  let kept = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (kept < limit) {
      chunks.push(kept + chunk.length > limit ? chunk.subarray(0, limit - kept) : chunk);
      kept += Math.min(chunk.length, limit - kept);
    }
    // All is here: the stream's own end comes a few turns of the event loop later.
    if (size === expected) finish();
    else if (size > mostDrained) request.destroy();
  });
  // Of a body in chunks only the end tells the length.
  if (Number.isNaN(expected)) request.on('end', finish);
  function finish(): void {
    const [first = nothing] = chunks;
    done({ bytes: chunks.length < 2 ? first : Buffer.concat(chunks, kept), oversize: size > limit });
  }
  request.on('error', () => {});
}
