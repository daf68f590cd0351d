/** @typedef {import('./providers.mjs').Provider} Provider */

/**
 * How a call ended: with an answer; without one, and surely free; or so that nobody here can tell whether it is paid.
 *
 * @typedef {import('./providers.mjs').Reading | { kind: 'unknown', why: string }} Ending
 */

/**
 * Asks one provider after the other until one answers, and pays once.
 *
 * @param {{ providers: Provider[], books: import('./books.mjs').Books, timeLimit: number, now?: () => number }} options
 *   `timeLimit` for one call, in milliseconds
 */
export function failoverClient({ providers, books, timeLimit, now = Date.now }) {
  return { check };

  /**
   * @param {string} number
   * @param {{ payAgain?: boolean }} [options] whether to ask though the number is paid for and its answer lost
   * @returns {Promise<{ number: string, outcome: 'answered' | 'unknown' | 'lost' | 'nobody', line?: string, provider?: string, why?: string }>}
   */
  async function check(number, { payAgain = false } = {}) {
    const last = books.lastOf(number);
    // To ask now, there or elsewhere, could be to pay twice.
    if (last?.state === 'unknown') return { number, outcome: 'unknown', provider: last.provider, why: last.why };
    if (last?.state === 'lost' && !payAgain) return { number, outcome: 'lost', provider: last.provider, why: last.why };
    // It went wrong there, and turned out to be free: on with the next one, and behind the last with the first.
    const from = last?.state === 'cleared' ? (providers.findIndex(({ name }) => name === last.provider) + 1) % providers.length : 0;

    for (const provider of providers.slice(from)) {
      const at = now();
      // In the books before it is on the wire: should this process die in between, it is an open call all the same.
      const call = books.open({ provider: provider.name, endpoint: provider.endpoint, number, at });
      const ending = await ask(provider, number, at);
      books.close(call, ending);
      if (ending.kind === 'answered') return { number, outcome: 'answered', provider: provider.name, line: ending.line };
      if (ending.kind === 'unknown') return { number, outcome: 'unknown', provider: provider.name, why: ending.why };
    }
    return { number, outcome: 'nobody', why: books.lastOf(number)?.why };
  }

  /** @returns {Promise<Ending>} */
  async function ask(provider, number, at) {
    const { url, ...request } = provider.request(number, at);
    try {
      const response = await fetch(url, { ...request, redirect: 'error', signal: AbortSignal.timeout(timeLimit) });
      const text = await response.text();
      const reading = readBody(provider, text);
      if (reading !== undefined) return reading;
      // By RFC 9110 a server says 503 instead of handling a request. 502 and 504 come from one that had passed it on.
      if (response.status === 503) return { kind: 'declined', why: 'HTTP 503' };
      return { kind: 'unknown', why: `HTTP ${response.status}, and no answer of ${provider.name}` };
    } catch (error) {
      const why = error.cause?.code ?? error.name;
      return neverSent.has(why) ? { kind: 'declined', why } : { kind: 'unknown', why };
    }
  }
}

/** Errors from before there is a connection. After any other the request may have arrived, and been paid for. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

function readBody(provider, text) {
  try {
    return provider.read(JSON.parse(text));
  } catch {
    return undefined;
  }
}
