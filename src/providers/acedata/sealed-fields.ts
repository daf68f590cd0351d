import { open, type Algorithm } from '../../sealed/envelope.ts';
import { sandboxKeys } from '../../sealed/sandbox-keys.ts';
import { fieldOf, type JsonObject } from '../../wire/json.ts';
import type { Refusal } from '../provider.ts';
import { invalidField, type AceDataDraft } from './request.ts';

/**
 * Decrypts the listed fields in place. The parameters are upstream's in snake case; no document of this provider
 * has a code for what goes wrong here, so it is an invalid parameter.
 *
 * @param parameters where `encrypt_list`, `ciphertext_blob` and `iv` stand: the body (3e) or its `encryption` (1e)
 * @param fields the body's fields that may be encrypted
 */
export function openSealedFields(draft: AceDataDraft, parameters: JsonObject, fields: Record<string, string>): Refusal | undefined {
  const wrong = (why: string) => invalidField(draft, why, 'encryption is invalid.');
  const list = fieldOf(parameters, 'encrypt_list');
  const blob = fieldOf(parameters, 'ciphertext_blob');
  const iv = fieldOf(parameters, 'iv');
  const algorithm = fieldOf(parameters, 'algorithm') ?? 'AES-256-CBC';
  const tags = fieldOf(parameters, 'tag_list') ?? [];
  if (!isTexts(list) || list.length === 0) return wrong('encrypt_list is no list of field names');
  // The OpenAPI file says number, which no blob can be.
  if (typeof blob !== 'string') return wrong('ciphertext_blob is no string');
  if (typeof iv !== 'string') return wrong('iv is no string');
  if (!isTexts(tags)) return wrong('tag_list is no list of strings');
  if (algorithm !== 'AES-256-CBC' && algorithm !== 'SM4-GCM') return wrong('algorithm is neither AES-256-CBC nor SM4-GCM');
  const names = list.map((name) => Object.keys(fields).find((field) => bare(field) === bare(name)) ?? '');
  if (names.includes('') || new Set(names).size < names.length) return wrong('encrypt_list names a field twice or one that cannot be encrypted');
  const opened = open({ algorithm: algorithm satisfies Algorithm, blob, iv, tags, fields: names.map((name) => fields[name] ?? '') }, sandboxKeys);
  if (opened.kind === 'sealed') return wrong(`decryption fails at ${opened.step}: ${opened.why}`);
  for (const [index, name] of names.entries()) fields[name] = opened.texts[index] ?? '';
  return undefined;
}

const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((each) => typeof each === 'string');

/** Upstream writes `IdCard` where this provider writes `id_card`: either may stand in the list. */
const bare = (name: string): string => name.replaceAll('_', '').toLowerCase();
