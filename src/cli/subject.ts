import { loadPeople } from '../engine/people.ts';
import type { World } from '../engine/world.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Somebody to ask about in examples: the first number whose owner the scenario names. */
export async function subjectOf(scenario: Scenario, world: World): Promise<{ number: string; name: string; idCard: string }> {
  const declared = scenario.numbers.find(({ number, owner }) => owner !== undefined && /^\d{11}$/.test(number));
  const number = declared?.number ?? '13912345678';
  if (declared === undefined) await loadPeople();
  return { number, ...world.owner(number) };
}
