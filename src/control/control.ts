import { nearestTitle } from '../engine/nearest-title.ts';
import { parseForm } from '../wire/form.ts';
import type { WireRequest } from '../wire/wire-request.ts';
import type { WireResponse } from '../wire/wire-response.ts';
import { turnAway, type Gatekeeper } from './gatekeeper.ts';
import { problem } from './problem.ts';
import type { Call, Controlled, Route } from './route.ts';
import { routes } from './routes.ts';
import { noTenant } from './tenants.ts';

/** What answers under `/_sim`, and for what no provider has. */
export function controlPlane(controlled: Controlled, gatekeeper: Gatekeeper) {
  return {
    bodyLimit,
    async answer(request: WireRequest, onLeave: (left: () => void) => void = () => {}): Promise<WireResponse> {
      try {
        return await answer(request, onLeave);
      } catch (error) {
        return defect(error);
      }
    },
    unrouted: ({ path }: WireRequest): WireResponse => {
      const titles = controlled.simulator.providers.flatMap((provider) => provider.endpoints.map(({ title }) => title));
      const guess = nearestTitle(path, titles);
      return problem(404, 'no-provider', `No provider answers this path${guess === undefined ? `. There are ${titles.join(', ')}` : `; the nearest is ${guess}`}. GET /_sim/health shows what serves.`);
    },
    defect,
  };

  function answer(request: WireRequest, onLeave: Call['onLeave']): WireResponse | Promise<WireResponse> {
    const { tenants } = controlled.simulator;
    const { id, path } = placeOf(request.path);
    const matches = routes.flatMap((route) => {
      const name = id !== undefined && route.of === 'process' ? undefined : nameIn(route, path);
      return name === undefined ? [] : [{ route, name }];
    });
    // `/journal/wait` is no exchange of the id "wait".
    const match = matches.find(({ route, name }) => name === '' && takes(route, request)) ?? matches.find(({ route }) => takes(route, request));
    const refused = turnAway(request, gatekeeper, match?.route.open === true);
    if (refused !== undefined) return refused;
    const tenant = id === undefined ? tenants.default : tenants.get(id);
    if (tenant === undefined) return noTenant();
    if (match === undefined) return matches.length > 0 ? wrongMethod(new Set(matches.map(({ route }) => route.method))) : unknown(path);
    if (request.oversize) return problem(413, 'too-large', `The control API reads bodies up to ${bodyLimit} bytes. A snapshot can be put back without its requests and changes: leave both lists empty.`);
    return match.route.run(controlled, { tenant, parameters: parseForm(request.query), name: match.name, body: request.body, host: request.host, onLeave });
  }
}

const bodyLimit = 8 * 1024 * 1024;

const takes = ({ method }: Route, request: WireRequest): boolean => method === request.method || (method === 'GET' && request.method === 'HEAD');

/** Whose path it is: `/_sim/tenants/{id}/journal` is `/journal` of that tenant. */
function placeOf(whole: string): { readonly id: string | undefined; readonly path: string } {
  const path = whole.replace(/^\/_sim/, '') || '/';
  const own = /^\/tenants\/([^/]+)(\/.+)$/.exec(path);
  return own === null ? { id: undefined, path } : { id: own[1], path: own[2] ?? '/' };
}

const defect = (error: unknown): WireResponse => problem(500, 'defect', `That is a defect of ours: ${error instanceof Error ? error.message : String(error)}`);

/** What stands for the `{…}` of a route in this path, `''` where it has none, `undefined` where they differ. */
function nameIn({ path: pattern }: Route, path: string): string | undefined {
  const open = pattern.indexOf('{');
  if (open === -1) return pattern === path ? '' : undefined;
  const prefix = pattern.slice(0, open);
  const name = path.slice(prefix.length);
  return path.startsWith(prefix) && name !== '' && !name.includes('/') ? name : undefined;
}

function wrongMethod(methods: ReadonlySet<string>): WireResponse {
  const answer = problem(405, 'wrong-method', `This takes ${[...methods].join(' or ')}.`);
  // RFC 9110, 15.5.6.
  return { ...answer, headers: [...answer.headers, ['Allow', [...methods, ...(methods.has('GET') ? ['HEAD'] : [])].join(', ')]] };
}

const unknown = (path: string): WireResponse =>
  problem(404, 'no-route', `The control API has no ${path.slice(0, 100)}. It has ${routes.map((route) => `${route.method} /_sim${route.path}`).join(', ')}.`);
