/**
 * Chance keyed by what it is about, never drawn in sequence: the same keys give the same bits whatever was asked
 * before. Not for secrets.
 */
export interface Random {
  /** An unsigned 32-bit integer. */
  next(): number;
  /** An integer from 0 up to, not including, `bound`. */
  below(bound: number): number;
}

/** A stream of its own for these keys, such as a seed, an endpoint, a number and the count of its calls. */
export function randomFor(...keys: readonly (string | number)[]): Random {
  const text = keys.join('\u0000');
  // cyrb128 spreads the key over four words; sfc32 draws from them. Both are in the public domain.
  let h1 = 1779033703, h2 = 3144134277, h3 = 1013904242, h4 = 2773480762;
  for (let i = 0; i < text.length; i += 1) {
    const k = text.charCodeAt(i);
    h1 = h2 ^ Math.imul(h1 ^ k, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ k, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ k, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ k, 2716044179);
  }
  let a = Math.imul(h3 ^ (h1 >>> 18), 597399067);
  let b = Math.imul(h4 ^ (h2 >>> 22), 2869860233);
  let c = Math.imul(h1 ^ (h3 >>> 17), 951274213);
  let d = Math.imul(h2 ^ (h4 >>> 19), 2716044179) | 1;
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  // The first words of sfc32 still show the key's shape.
  for (let i = 0; i < 12; i += 1) next();
  return { next, below: (bound) => Math.floor((next() / 4294967296) * bound) };
}

/** A UUID v4, lower case, as Tencent's RequestId and AceData's trace_id look. */
export function uuidFor(random: Random): string {
  for (let at = 0; at < 16; at += 4) uuid.writeUInt32BE(random.next(), at);
  // Version 4 and the variant of RFC 9562, section 5.4.
  uuid[6] = ((uuid[6] ?? 0) & 0x0f) | 0x40;
  uuid[8] = ((uuid[8] ?? 0) & 0x3f) | 0x80;
  const text = uuid.toString('hex');
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}

/** Written over by each. */
const uuid = Buffer.alloc(16);
