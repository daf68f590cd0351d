/** Text in GBK, which the platform reads but does not write. What GBK has no character for becomes a question mark. */
export function encodeGbk(text: string): Buffer {
  codes ??= codesOfGbk();
  const bytes = Buffer.alloc(2 * text.length);
  let length = 0;
  for (const character of text) {
    const unit = character.length === 1 ? character.charCodeAt(0) : 0xffff;
    const code = unit < 0x80 ? unit : (codes[unit] ?? 0) || 0x3f;
    length = code < 0x80 ? bytes.writeUInt8(code, length) : bytes.writeUInt16BE(code, length);
  }
  return bytes.subarray(0, length);
}

/** By UTF-16 unit; 0 for none. Made with the first need. */
let codes: Uint16Array | undefined;

/** Turns the platform's decoder round: reads each pair of bytes that GBK could have, a line each. */
function codesOfGbk(): Uint16Array {
  const pairs: number[] = [];
  for (let lead = 0x81; lead <= 0xfe; lead += 1) for (let trail = 0x40; trail <= 0xfe; trail += 1) pairs.push(lead * 0x100 + trail);
  const lines = new TextDecoder('gbk').decode(Uint8Array.from(pairs.flatMap((pair) => [pair >> 8, pair & 0xff, 0x0a]))).split('\n');
  const found = new Uint16Array(0x10000);
  pairs.forEach((pair, index) => {
    const character = lines[index] ?? '';
    // A pair that is no character becomes one replacement, or one and the second byte by itself.
    if (character.length === 1 && character !== '\ufffd') found[character.charCodeAt(0)] ||= pair;
  });
  return found;
}
