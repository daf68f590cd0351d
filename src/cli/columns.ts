/** Terminal columns: Chinese characters take two. */
export const widthOf = (text: string): number => [...text].reduce((width, symbol) => width + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(symbol) ? 2 : 1), 0);

/** Blanks behind a text until it is so wide. */
export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
