import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Provider } from '../providers/provider.ts';
import type { Simulator } from '../engine/simulator.ts';
import type { WireRequest } from '../wire/wire-request.ts';
import type { WireResponse } from '../wire/wire-response.ts';
import type { Respond } from './app.ts';
import { readBody } from './read-body.ts';
import { send } from './send.ts';

/** What answers under `/_sim`, given in by the caller: the edge knows where, not what. */
export interface ControlPlane {
  /** The longest body that it reads, in bytes. */
  readonly bodyLimit: number;
  /** @param onLeave calls back when the client leaves, or has its answer */
  answer(request: WireRequest, onLeave: (left: () => void) => void): WireResponse | Promise<WireResponse>;
  /** For a request that no provider has: ours, and to be seen as ours. */
  unrouted(request: WireRequest): WireResponse;
  /** For an error that nobody caught: it costs this one answer and not the process. */
  defect(error: unknown): WireResponse;
}

export interface Plane {
  readonly simulator: Simulator;
  readonly control: ControlPlane;
}

/** Finds who answers: the control plane by its path, else a provider by the Host header, else by the path. */
export function mount({ simulator, control }: Plane): Respond {
  const hosts = new Map<string, Provider>();
  for (const provider of simulator.providers) for (const host of provider.hosts) hosts.set(host, provider);

  // A client sends the same Host each time, so the last answer is mostly the next one too.
  let lastHost = '';
  let lastOwner: Provider | undefined;
  const ownerOfHost = (host: string): Provider | undefined => {
    if (host !== lastHost) {
      const name = hostname(host);
      lastOwner = hosts.get(name) ?? simulator.providers.find((provider) => provider.ownsHost?.(name));
      lastHost = host;
    }
    return lastOwner;
  };
  const providerOf = (host: string, path: string): Provider | undefined => {
    const owner = ownerOfHost(host);
    if (owner !== undefined) return owner;
    for (const provider of simulator.providers) if (provider.ownsPath(path)) return provider;
    return undefined;
  };

  return (incoming, response) => {
    const target = splitTarget(incoming);
    if (target.path === '/_sim' || target.path.startsWith('/_sim/')) {
      readBody(incoming, control.bodyLimit, ({ bytes, oversize }) => {
        const answer = control.answer(wireRequest(incoming, target, bytes, oversize), (left) => response.once('close', left));
        Promise.resolve(answer).then((each) => send(response, each), (error) => send(response, control.defect(error)));
      });
      return;
    }
    const provider = providerOf(target.host, target.path);
    readBody(incoming, provider?.bodyLimit ?? control.bodyLimit, ({ bytes, oversize }) => {
      const request = wireRequest(incoming, target, bytes, oversize);
      if (provider === undefined) {
        const answer = control.unrouted(request);
        simulator.note(request, answer);
        return send(response, answer);
      }
      handle({ simulator, control }, provider, request, response);
    });
  };
}

function handle(plane: Plane, provider: Provider, request: WireRequest, response: ServerResponse): void {
  const { simulator, control } = plane;
  const failed = (error: unknown): void => send(response, control.defect(error));
  try {
    const pending = simulator.prepare(provider, request);
    if (pending !== undefined) return void pending.then(() => handle(plane, provider, request, response), failed);
    const handled = simulator.handle(provider, request);
    send(response, handled.answer, handled);
  } catch (error) {
    failed(error);
  }
}

interface Target {
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/** Splits the raw request target. Never `new URL`: a signature is over the bytes as they came, and a malformed Host must not throw. */
function splitTarget(incoming: IncomingMessage): Target {
  let target = incoming.url ?? '/';
  let host = incoming.headers.host ?? '';
  // A client that takes us for a forward proxy sends the absolute form (RFC 9112, 3.2.2); its authority wins over Host.
  if (!target.startsWith('/')) {
    const absolute = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target);
    if (absolute !== null) {
      host = absolute[1] ?? '';
      target = absolute[2] || '/';
    }
  }
  const question = target.indexOf('?');
  return question === -1
    ? { host, path: target, query: '' }
    : { host, path: target.slice(0, question) || '/', query: target.slice(question + 1) };
}

function wireRequest(incoming: IncomingMessage, { host, path, query }: Target, body: Buffer, oversize: boolean): WireRequest {
  const address = incoming.socket.remoteAddress ?? '';
  return {
    method: incoming.method ?? 'GET',
    path,
    query,
    host,
    headers: incoming.headers,
    rawHeaders: incoming.rawHeaders,
    body,
    oversize,
    remoteAddress: address.startsWith('::ffff:') ? address.slice(7) : address,
  };
}

/** `Host` in lower case and without its port. */
function hostname(host: string): string {
  const colon = host.lastIndexOf(':');
  return (colon === -1 ? host : host.slice(0, colon)).toLowerCase();
}
