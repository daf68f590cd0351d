import { nearestTitle } from '../engine/nearest-title.ts';
import { parseForm } from '../wire/form.ts';
import type { WireRequest } from '../wire/wire-request.ts';
import type { WireResponse } from '../wire/wire-response.ts';
import { turnAway, type Gatekeeper } from './gatekeeper.ts';
import { problem } from './problem.ts';
import { routes, type Controlled, type Route } from './routes.ts';

/** What answers under `/_sim`, and for what no provider has. */
export function controlPlane(controlled: Controlled, gatekeeper: Gatekeeper) {
  return {
    bodyLimit: 1024 * 1024,
    async answer(request: WireRequest): Promise<WireResponse> {
      try {
        return await answer(request);
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

  function answer(request: WireRequest): WireResponse | Promise<WireResponse> {
    const path = request.path.replace(/^\/_sim/, '').replace(/^\/tenants\/default(?=\/)/, '') || '/';
    const matches = routes.flatMap((route) => {
      const name = nameIn(route, path);
      return name === undefined ? [] : [{ route, name }];
    });
    const match = matches.find(({ route }) => route.method === request.method || (route.method === 'GET' && request.method === 'HEAD'));
    const refused = turnAway(request, gatekeeper, match?.route.open === true);
    if (refused !== undefined) return refused;
    if (match === undefined) return matches.length > 0 ? wrongMethod(matches.map(({ route }) => route.method)) : unknown(path);
    return match.route.run(controlled, { parameters: parseForm(request.query), name: match.name });
  }
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

const wrongMethod = (methods: readonly string[]): WireResponse => problem(405, 'wrong-method', `This takes ${methods.join(' or ')}.`);

const unknown = (path: string): WireResponse =>
  problem(404, 'no-route', `The control API has no ${path.slice(0, 100)}. It has ${routes.map((route) => `${route.method} /_sim${route.path}`).join(', ')}.`);
