/** Calls per calendar second, from `20/s`. */
export const perSecond = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number.parseInt(text, 10));

/** Milliseconds since 1970, of anything that stands in a scenario unchecked; a date without a time begins at midnight in China. `NaN` where the text is neither. */
export function instantOf(text: string): number {
  // Date.parse takes 30 February for 2 March.
  const day = `${text}`.slice(0, 10);
  if (new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) !== day) return Number.NaN;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Date.parse(`${text}T00:00:00+08:00`);
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
}
