import type { Random } from '../domain/random.ts';
import type { Delay } from '../scenario/scenario.ts';

/** What may differ from call to call; the provider's typical time is a fixed one by then. */
export type TimedDelay = Exclude<Delay, { kind: 'typical' }>;

/** Ten days: longer than anybody waits, and below what a timer can count. */
const longest = 864_000_000;

/**
 * How long a call waits, in milliseconds.
 *
 * @param chance asked only where it is needed
 */
export function delayFor(delay: TimedDelay, chance: () => Random): number {
  return delay.kind === 'fixed' ? delay.milliseconds : Math.min(longest, Math.round(drawn(delay, chance())));
}

function drawn(delay: Exclude<TimedDelay, { kind: 'fixed' }>, random: Random): number {
  switch (delay.kind) {
    case 'uniform':
      return delay.from + unit(random) * (delay.to - delay.from);
    case 'lognormal':
      return delay.median * Math.exp(delay.sigma * normal(random));
    default:
      return delay satisfies never;
  }
}

/** From 0, not included, up to 1. */
const unit = (random: Random): number => (random.next() + 1) / 4294967296;

/** Mean 0 and deviation 1, after Box and Muller. */
const normal = (random: Random): number => Math.sqrt(-2 * Math.log(unit(random))) * Math.cos(2 * Math.PI * unit(random));
