import type { Provider, Readings } from '../providers/provider.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { Rules } from './rules.ts';
import { World } from './world.ts';

/** A scenario made ready to serve. Never changed: a reload makes another and swaps them in one assignment. */
export interface Generation {
  readonly scenario: Scenario;
  readonly world: World;
  readonly rules: Rules;
  readonly readings: Readings;
  readonly switchedOff: ReadonlySet<string>;
}

export function prepareGeneration(scenario: Scenario, providers: readonly Provider[]): Generation {
  const readings: Record<string, string> = {};
  for (const provider of providers) for (const reading of provider.readings) readings[reading.name] = reading.values[0];
  return {
    scenario,
    world: new World(scenario),
    rules: new Rules(scenario.rules, providers),
    readings: { ...readings, ...scenario.readings },
    switchedOff: new Set(scenario.switchedOff),
  };
}
