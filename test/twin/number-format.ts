import type { World } from './world.ts';

/**
 * Says whether a text is a mainland mobile number.
 *
 * A number that the world states is one whatever its first digits are, so that a world may use invented segments.
 */
export function isPhoneNumber(text: string, world: World): boolean {
  if (!/^\d{11}$/.test(text)) return false;
  return Object.hasOwn(world.numbers, text) || SEGMENTS.test(text);
}

// reading: the form is judged by number segment and not only by length, because 16137688175 has 11 digits, starts with
// 1 and is still called badly formed (Tencent document, first example).
const SEGMENTS = /^1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])/;
