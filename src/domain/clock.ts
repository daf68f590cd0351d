/** The time a tenant lives in. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export const realClock: Clock = { now: () => Date.now() };

/** Another clock that can be held at one instant, so that all who ask during one call are told the same. */
export class CallClock implements Clock {
  readonly #clock: Clock;
  #held: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#held ?? this.#clock.now();
  }

  /** Until `release`; returns the instant. */
  hold(): number {
    this.#held = this.#clock.now();
    return this.#held;
  }

  release(): void {
    this.#held = undefined;
  }
}

/** How a tenant's clock begins. */
export interface ClockSetting {
  /** Where it begins, in milliseconds since 1970; `undefined` for the real time. */
  readonly at: number | undefined;
  /** Seconds that pass in a real second: 0 stands still, 1 follows real time. */
  readonly speed: number;
}

/**
 * A clock that can be stopped, moved on and hurried. It never goes back by itself.
 *
 * @param real what it follows
 */
export class TenantClock implements Clock {
  readonly #real: Clock;
  #speed: number;
  /** The tenant's time at the real time `#since`. */
  #base: number;
  #since: number;

  constructor({ at, speed }: ClockSetting, real: Clock = realClock) {
    this.#real = real;
    this.#speed = speed;
    this.#since = real.now();
    this.#base = at ?? this.#since;
  }

  /** As if it were new. */
  begin({ at, speed }: ClockSetting): void {
    this.#speed = speed;
    this.set(at ?? this.#real.now());
  }

  now(): number {
    return this.#speed === 0 ? this.#base : timeOf({ base: this.#base, since: this.#since, speed: this.#speed }, this.#real.now());
  }

  get speed(): number {
    return this.#speed;
  }

  /** Puts it to an instant, from which it goes on at its speed. */
  set(instant: number): void {
    this.#base = instant;
    this.#since = this.#real.now();
  }

  /** @param milliseconds not below 0 */
  advance(milliseconds: number): void {
    this.set(this.now() + milliseconds);
  }

  /** From now on, at this speed; 0 stops it. */
  run(speed: number): void {
    this.set(this.now());
    this.#speed = speed;
  }

  /** All that it goes by. */
  snapshot(): ClockState {
    return { base: this.#base, since: this.#since, speed: this.#speed };
  }

  restore({ base, since, speed }: ClockState): void {
    this.#base = base;
    this.#since = since;
    this.#speed = speed;
  }

  /** Back to real time. */
  follow(): void {
    this.set(this.#real.now());
    this.#speed = 1;
  }
}

export interface ClockState {
  /** The tenant's time at the real time `since`, both in milliseconds since 1970. */
  readonly base: number;
  readonly since: number;
  readonly speed: number;
}

/** What a clock in this state says at a real time. */
export const timeOf = ({ base, since, speed }: ClockState, real: number): number => base + Math.floor((real - since) * speed);

/** Calls back once so many milliseconds of real time are over; returns what calls it off. Does not keep the process alive. */
export function afterwards(milliseconds: number, then: () => void): () => void {
  const timer = setTimeout(then, milliseconds).unref();
  return () => clearTimeout(timer);
}

const shanghaiOffset = 8 * 3600_000;

/** The day in China that an instant belongs to, as days since 1970: daily limits end at midnight in Asia/Shanghai, which has had no summer time since 1991. */
export const chinaDay = (instant: number): number => Math.floor((instant + shanghaiOffset) / 86_400_000);

/** Milliseconds that only ever grow, for measuring how long something took. */
export const elapsed = (): number => performance.now();
