/**
 * How a behaviour is known. `documented`: a provider's document states it. `shown`: only its sample shows it.
 * `observed`: our own suite recorded it from the real endpoint. `inferred`: from client code, third parties or
 * sibling documents. `assumed`: our own judgement.
 */
export type Evidence =
  | { readonly kind: 'documented'; readonly source: string }
  | { readonly kind: 'shown'; readonly sample: string }
  | { readonly kind: 'observed'; readonly date: string }
  | { readonly kind: 'inferred'; readonly from: string }
  | { readonly kind: 'assumed'; readonly why: string };

export const documented = (source: string): Evidence => ({ kind: 'documented', source });
export const shown = (sample: string): Evidence => ({ kind: 'shown', sample });
export const inferred = (from: string): Evidence => ({ kind: 'inferred', from });
export const assumed = (why: string): Evidence => ({ kind: 'assumed', why });

/** One line for tables and the journal: `inferred: the official client reads it so`. */
export function describeEvidence(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'documented': return `documented: ${evidence.source}`;
    case 'shown': return `shown: ${evidence.sample}`;
    case 'observed': return `observed: ${evidence.date}`;
    case 'inferred': return `inferred: ${evidence.from}`;
    case 'assumed': return `assumed: ${evidence.why}`;
    default: return evidence satisfies never;
  }
}
