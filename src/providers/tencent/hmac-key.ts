import { createHmac, hash } from 'node:crypto';

const block = 64;
const longest = 768;

/**
 * A key for HMAC-SHA256 (RFC 2104), its two pads laid out once. What it signs is two hashes in one call each: an
 * object of `createHmac` costs more than all the rest of a verification.
 */
export class HmacKey {
  /** At most a block long, as every digest is. */
  readonly bytes: Buffer;
  /** The inner pad, and room behind it for a text. */
  readonly #inner = Buffer.alloc(block + longest);
  /** The outer pad, and room behind it for the inner digest. */
  readonly #outer = Buffer.alloc(block + 32);

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    for (let i = 0; i < block; i += 1) {
      this.#inner[i] = (bytes[i] ?? 0) ^ 0x36;
      this.#outer[i] = (bytes[i] ?? 0) ^ 0x5c;
    }
  }

  /** The signature of a text in lower-case hexadecimal. */
  sign(text: string): string {
    // UTF-8 has at most three bytes for each unit of a string.
    if (text.length * 3 > longest) return createHmac('sha256', this.bytes).update(text).digest('hex');
    const end = block + this.#inner.write(text, block);
    this.#outer.write(hash('sha256', this.#inner.subarray(0, end), 'binary'), block, 'latin1');
    return hash('sha256', this.#outer, 'hex');
  }
}


