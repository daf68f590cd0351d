/** The word that was probably meant, or none that is near enough to be offered. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase().slice(0, 64);
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.ceil(wanted.length / 3)) + 1;
  for (const candidate of words) {
    const known = candidate.toLowerCase().slice(0, 64);
    const distance = editDistance(wanted, known);
    // Of short words a few changes leave nothing: what shares no letter is not meant.
    if (distance < bestDistance && distance < Math.max(wanted.length, known.length)) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best;
}

/** `; did you mean "…"?`, or nothing. A number is not one that somebody mistyped. */
export function suggestion(word: string, words: Iterable<string>): string {
  if (/^-?\d+$/.test(word)) return '';
  const guess = nearest(word, words);
  return guess === undefined ? '' : `; did you mean "${guess}"?`;
}

/** Insertions, deletions, replacements and swaps of neighbours between two words. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
