import { judge } from '../engine/tally.ts';
import type { WireResponse } from '../wire/wire-response.ts';
import { json } from './problem.ts';
import type { Call, Controlled } from './route.ts';

/** What the scenario expects, each with what was found. */
export function expectations(_controlled: Controlled, { tenant }: Call): WireResponse {
  const verdicts = judge(tenant.generation.scenario.expect, tenant.tally).map(({ what, of, from, to, found, met }) => ({ what, of, from, to: to === Infinity ? null : to, found, met }));
  return json({ met: verdicts.every(({ met }) => met), verdicts });
}
