import type { Diagnosis, SignedText } from '../provider.ts';

/** One thing that clients get wrong when they sign. `Signing` is all that goes into a signature, `Seen` what is known of the request. */
export interface Mistake<Signing, Seen> {
  readonly cause: string;
  /** @param what the variant that fits, in words */
  explain(what: string, seen: Seen): string;
  /** What such a client changes in the right signing. Few, and their number bounded whatever the request is. */
  variants(right: Signing, seen: Seen): readonly Variant<Signing>[];
}

export type Variant<Signing> = readonly [what: string, change: Partial<Signing>];

/** How a family of signatures turns what is signed into a signature. */
export interface Family<Signing> {
  texts(signing: Signing): SignedText;
  signature(signing: Signing): string;
}

/**
 * The first mistake that leads to the very signature that was sent. One mistake at a time: two together would be
 * found among thousands of pairs, each a guess that nobody could trust.
 *
 * @param rights what the server would have accepted, the documented form first
 * @param given the signature as sent
 */
export function findMistake<Signing, Seen>(
  mistakes: readonly Mistake<Signing, Seen>[],
  { texts, signature }: Family<Signing>,
  rights: readonly Signing[],
  seen: Seen,
  given: string,
): Diagnosis | undefined {
  for (const { cause, explain, variants } of mistakes) {
    for (const right of rights) {
      for (const [what, change] of variants(right, seen)) {
        const wrong = { ...right, ...change };
        if (signature(wrong) === given) return { cause, explanation: explain(what, seen), expected: texts(right), signed: texts(wrong) };
      }
    }
  }
  return undefined;
}

/** A few words from a request, fit for a sentence. */
export const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
