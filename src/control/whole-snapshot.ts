import { readBundle, type Bundle } from '../engine/bundle.ts';
import { maskText } from '../engine/masking.ts';
import type { Provider } from '../providers/provider.ts';
import { isObject } from '../wire/json.ts';
import { hasPrototype } from './body.ts';

export type ReadSnapshot = { readonly kind: 'bundle'; readonly bundle: Bundle } | { readonly kind: 'refused'; readonly why: string };

/** Reads what `GET /_sim/snapshot?personal=true` gave, whole and sound, or says in a sentence why it is not. */
export async function readSnapshot(text: string, providers: readonly Provider[]): Promise<ReadSnapshot> {
  let value: unknown;
  let odd: boolean;
  try {
    value = readBundle(text);
    odd = hasPrototype(value);
  } catch {
    return refused('it is no JSON, or nests without end');
  }
  if (!isObject(value) || (value['konghao'] !== 'bundle' && value['konghao'] !== maskedSnapshot)) return refused('it is none');
  if (value['konghao'] === maskedSnapshot) return refused('it is a masked one, which has neither state nor requests');
  if (odd) return refused('it has a key __proto__');
  const { bundleSchema } = await import('./bundle-schema.ts');
  const parsed = (await bundleSchema(providers)).safeParse(value);
  if (parsed.success) return { kind: 'bundle', bundle: parsed.data };
  const [{ path, message } = { path: [], message: '' }] = parsed.error.issues;
  return refused(`${path.join('.')} is spoilt (${maskText(message)})`);
}

/** What a masked snapshot calls itself. */
export const maskedSnapshot = 'masked snapshot';

const refused = (what: string): ReadSnapshot => ({ kind: 'refused', why: `${what}. What GET /_sim/snapshot?personal=true gives is a whole one.` });
