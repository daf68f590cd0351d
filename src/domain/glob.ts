/** Whether a glob (`*` any run of symbols, `?` one) covers a text. Linear: on a mismatch it goes back to the last `*` only. */
export function matchesGlob(glob: string, text: string): boolean {
  let g = 0, t = 0, star = -1, resume = 0;
  while (t < text.length) {
    const symbol = glob[g];
    if (symbol === '*') {
      star = g;
      resume = t;
      g += 1;
    } else if (symbol === '?' || symbol === text[t]) {
      g += 1;
      t += 1;
    } else if (star !== -1) {
      g = star + 1;
      resume += 1;
      t = resume;
    } else return false;
  }
  while (glob[g] === '*') g += 1;
  return g === glob.length;
}

/** Whether one glob surely covers all that another covers: a text that it matches, or a longer text behind its prefix. */
export function globCovers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (!/[*?]/.test(narrow)) return matchesGlob(wide, narrow);
  return /^\d*\*$/.test(wide) && narrow.startsWith(wide.slice(0, -1));
}
