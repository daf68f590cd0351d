import { randomBytes } from 'node:crypto';

/** So many letters and digits that nobody can guess, for credentials. */
export function freshText(length: number): string {
  let text = '';
  while (text.length < length) text += randomBytes(length * 2).toString('base64').replace(/[+/=]/g, '');
  return text.slice(0, length);
}

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
  let at = 0;
  for (let word = 0; word < 4; word += 1) {
    let bits = random.next();
    // Version 4 and the variant of RFC 9562, section 5.4.
    if (word === 1) bits = (bits & 0xffff0fff) | 0x4000;
    if (word === 2) bits = (bits & 0x3fffffff) | 0x80000000;
    for (let shift = 28; shift >= 0; shift -= 4) {
      if (at === 8 || at === 13 || at === 18 || at === 23) at += 1;
      uuid[at] = hexDigits.charCodeAt((bits >>> shift) & 15);
      at += 1;
    }
  }
  // In one piece: put together from slices, it would be a tree of them for as long as the journal keeps it.
  return uuid.toString('latin1');
}

const hexDigits = '0123456789abcdef';
/** Written over by each, but for its hyphens. */
const uuid = Buffer.from('00000000-0000-0000-0000-000000000000');
