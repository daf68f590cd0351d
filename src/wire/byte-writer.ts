/**
 * Bytes put together from many short texts. A batch has two thousand items: joined to one string and encoded then,
 * with Chinese in it, they cost ten times as much.
 */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  /** @param size how many bytes it will be, about */
  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size);
  }

  /** Adds a text whose characters are bytes: ASCII, or what `byteText` has made. */
  add(text: string): void {
    const end = this.#length + text.length;
    if (end > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(end * 2);
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    this.#length += this.#bytes.write(text, this.#length, 'latin1');
  }

  /** What has been added so far, not copied. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** The bytes of a text in UTF-8, each as one character. */
export const byteText = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
