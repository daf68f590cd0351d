import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/**
 * A call that may cost something.
 *
 * @typedef {object} Call
 * @property {number} call its place in the books
 * @property {string} provider
 * @property {string} endpoint
 * @property {string} number
 * @property {number} at
 * @property {'unknown' | 'paid' | 'free' | 'lost' | 'cleared'} state `unknown` until it is known; then `paid` with an
 *   answer or `free` without one; or, by the bill, `lost`, which is paid without one, or `cleared`, which is free
 * @property {number} units
 * @property {string} id what the provider's bill calls it
 * @property {string} why
 */

/**
 * What was asked and what is known of its price. A line is added for each change, so that nothing is lost with the
 * process.
 */
export class Books {
  /** @type {Call[]} */
  calls = [];
  #file;

  /** @param {string} file is read if it is there */
  constructor(file) {
    this.#file = file;
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const { call, ...change } = JSON.parse(line);
      this.calls[call] = { ...this.calls[call], call, ...change };
    }
  }

  /** @returns {number} the call's place */
  open({ provider, endpoint, number, at }) {
    const call = this.calls.length;
    this.#write(call, { provider, endpoint, number, at, state: 'unknown', units: 1, id: '', why: 'under way' });
    return call;
  }

  /** @param {number} call @param {import('./client.mjs').Ending} ending */
  close(call, ending) {
    if (ending.kind === 'unknown') this.#write(call, { why: ending.why });
    else if (ending.kind === 'declined') this.#write(call, { state: 'free', why: ending.why });
    else this.#write(call, { state: ending.units > 0 ? 'paid' : 'free', units: ending.units, id: ending.id, why: '' });
  }

  /** @param {number} call @param {boolean} onTheBill */
  settle(call, onTheBill) {
    this.#write(call, { state: onTheBill ? 'lost' : 'cleared' });
  }

  /** @param {string} number */
  lastOf(number) {
    return this.calls.findLast((call) => call.number === number);
  }

  /** @param {Call['state'][]} states */
  in(...states) {
    return this.calls.filter(({ state }) => states.includes(state));
  }

  #write(call, change) {
    this.calls[call] = { ...this.calls[call], call, ...change };
    appendFileSync(this.#file, `${JSON.stringify({ call, ...change })}\n`);
  }
}
