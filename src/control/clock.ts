import type { Tenant } from '../engine/tenant.ts';
import type { WireResponse } from '../wire/wire-response.ts';
import { instantOf } from '../providers/limits.ts';
import { readBody } from './body.ts';
import { json, problem } from './problem.ts';
import type { Call, Controlled } from './route.ts';

export const clock = (_controlled: Controlled, { tenant }: Call): WireResponse => json(clockOf(tenant));

/** Freezes it, sets it, moves it on, lets it follow real time, or gives it a speed. */
export async function moveClock(_controlled: Controlled, { tenant, body }: Call): Promise<WireResponse> {
  const [{ clockBody }, { millisecondsOf }] = await Promise.all([import('./bodies.ts'), import('../scenario/durations.ts')]);
  const read = await readBody(body, clockBody);
  if (read.kind === 'refused') return read.answer;
  const { freeze, at, advance, follow, speed } = read.value;
  const by = advance === undefined ? undefined : Math.round(millisecondsOf(advance));
  if (by !== undefined && tenant.now() + by > latest) return problem(422, 'invalid-body', 'advance leads beyond the year 9999, where instants can no longer be written. Advance it less, or set it with "at".');
  tenant.change({
    kind: 'clock',
    ...(follow === true ? { to: 'real' as const } : at === undefined ? {} : { to: instantOf(at) }),
    ...(by === undefined ? {} : { by }),
    ...(freeze === true ? { speed: 0 } : speed === undefined ? {} : { speed }),
  });
  return json(clockOf(tenant));
}

const latest = Date.UTC(9999, 11, 31);

/** The time in UTC and in China, where days begin; `sinceApplied` is what `during` counts, in milliseconds. */
export function clockOf(tenant: Tenant) {
  const now = tenant.now();
  const { delays, signatures } = tenant.generation.scenario.clock;
  return {
    now: new Date(now).toISOString(),
    china: new Date(now + 8 * 3600_000).toISOString().replace('Z', '+08:00'),
    speed: tenant.speed,
    sinceApplied: now - tenant.appliedAt,
    delays,
    signatures,
  };
}
