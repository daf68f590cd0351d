import type { WireResponse } from '../wire/wire-response.ts';
import { json } from './problem.ts';
import type { Call, Controlled } from './route.ts';

export function readings({ simulator }: Controlled, { tenant }: Call): WireResponse {
  const inForce = tenant.generation.readings;
  return json(simulator.providers.flatMap((provider) => provider.readings.map((reading) => ({ ...reading, inForce: inForce[reading.name] }))));
}
