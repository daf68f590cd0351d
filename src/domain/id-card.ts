const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;

/** The 18th character that GB 11643-1999 (ISO 7064 MOD 11-2) gives to these 17 digits. */
export function checkCharacter(digits: string): string {
  let sum = 0;
  for (let i = 0; i < 17; i += 1) sum += (digits.charCodeAt(i) - 48) * (weights[i] ?? 0);
  return '10X98765432'.charAt(sum % 11);
}

export type IdCardFault = 'not-18-characters' | 'no-such-date' | 'check-character';

/** What is wrong with a resident ID number, or nothing. A lower-case `x` is taken for `X`. */
export function idCardFault(idCard: string): IdCardFault | undefined {
  if (!/^\d{17}[\dXx]$/.test(idCard)) return 'not-18-characters';
  const year = Number(idCard.slice(6, 10));
  const month = Number(idCard.slice(10, 12));
  const day = Number(idCard.slice(12, 14));
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1800 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return 'no-such-date';
  return idCard.charAt(17).toUpperCase() === checkCharacter(idCard) ? undefined : 'check-character';
}
