/** The time a tenant lives in. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export const realClock: Clock = { now: () => Date.now() };

/** A clock that stands still at `instant` (milliseconds since 1970). */
export const frozenClock = (instant: number): Clock => ({ now: () => instant });

const shanghaiOffset = 8 * 3600_000;

/** The day in China that an instant belongs to, as days since 1970: daily limits end at midnight in Asia/Shanghai, which has had no summer time since 1991. */
export const chinaDay = (instant: number): number => Math.floor((instant + shanghaiOffset) / 86_400_000);

/** Milliseconds that only ever grow, for measuring how long something took. */
export const elapsed = (): number => performance.now();
