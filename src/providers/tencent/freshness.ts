const toleratedSeconds = 300;

/**
 * Whether a `Timestamp` is within five minutes of the server's clock, either way, the 300th second included.
 *
 * @param timestamp seconds since 1970, as sent: digits and nothing else
 * @param now milliseconds since 1970
 */
export function freshness(timestamp: string, now: number): 'fresh' | 'expired' | 'not-a-number' {
  if (!/^\d+$/.test(timestamp)) return 'not-a-number';
  return Math.abs(Math.floor(now / 1000) - Number(timestamp)) <= toleratedSeconds ? 'fresh' : 'expired';
}
