import type { WireResponse } from '../wire/wire-response.ts';

/** Headers of every control answer: browsers are not to guess, share or keep it. */
const guarded = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Cache-Control', 'no-store'],
] as const;

/** An answer of ours, which nobody can take for a provider's: RFC 9457, and a header that says so. */
export function problem(status: number, title: string, detail: string): WireResponse {
  return {
    status,
    headers: [
      ['Content-Type', 'application/problem+json'],
      ['X-Simulator-Error', title],
      ...guarded,
    ],
    body: JSON.stringify({ type: 'about:blank', title, status, detail }),
  };
}

/** What is text already. */
export const text = (type: string, body: string): WireResponse => ({ status: 200, headers: [['Content-Type', type], ...guarded], body });

export const json = (value: unknown): WireResponse => ({
  status: 200,
  headers: [['Content-Type', 'application/json'], ...guarded],
  // People read it with curl.
  body: `${JSON.stringify(value, null, 2)}\n`,
});
