import { fieldOf, isObject, parseJsonObject, type JsonObject } from '../../wire/json.ts';
import { parseMultipart } from '../../wire/multipart.ts';
import { header } from '../../wire/wire-request.ts';
import { refuse, type Refusal } from '../provider.ts';
import { commonNames, type TencentDraft } from './request.ts';

/** Puts the action's own parameters together: from JSON, or from flat names such as `Encryption.EncryptList.0`. */
export function readBusiness(draft: TencentDraft): Refusal | undefined {
  const { request, scheme, parameters } = draft;
  if (scheme === 'v1' || request.method === 'GET') {
    draft.business = unflatten(parameters.filter(([name]) => scheme === 'tc3' || !commonNames.has(name)));
    return undefined;
  }
  const type = header(request, 'content-type');
  if (/^multipart\//i.test(type)) {
    const parsed = parseMultipart(type, request.body);
    if (parsed.kind === 'broken') return refuse('InvalidRequest', parsed.why);
  }
  if (!/^application\/json\b/i.test(type)) {
    const name = type.split(';', 1)[0] ?? '';
    return refuse('UnsupportedOperation', `the Content-Type is ${name}, and the action takes JSON`, { text: `The action does not support Content-Type=\`${name}\`.` });
  }
  if (request.body.length === 0) return undefined;
  const parsed = parseJsonObject(request.body);
  // No real text for this is known: the code is the nearest that is documented.
  if (parsed.kind === 'broken') return refuse('InvalidParameter', parsed.why, { text: 'The request body is not a valid JSON object.' });
  draft.business = parsed.object;
  return undefined;
}

/** Dot paths into objects and lists, as all official clients flatten them. */
function unflatten(parameters: readonly (readonly [name: string, value: string])[]): JsonObject {
  const root: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of parameters) {
    const [first = '', second, third, ...deeper] = name.split('.');
    if (second === undefined) root[first] = value;
    else if (deeper.length > 0) root[name] = value;
    else {
      const child = isObject(root[first]) ? (root[first] as Record<string, unknown>) : (Object.create(null) as Record<string, unknown>);
      root[first] = child;
      if (third === undefined) child[second] = value;
      else {
        const list = Array.isArray(child[second]) ? (child[second] as unknown[]) : [];
        child[second] = list;
        // The index orders the list and cannot make it longer than it is.
        if (/^\d{1,3}$/.test(third) && Number(third) <= list.length) list[Number(third)] = value;
        else list.push(value);
      }
    }
  }
  return root;
}

export interface EncryptionParameters {
  readonly fields: readonly string[];
  readonly blob: string;
  readonly iv: string;
  readonly algorithm: string;
  readonly tags: readonly string[];
}

type Kind = 'string' | 'strings';

const encryptionFields: Readonly<Record<string, Kind>> = { EncryptList: 'strings', CiphertextBlob: 'string', Iv: 'string', Algorithm: 'string', TagList: 'strings' };

/** The action's schema: unknown, then missing, then of another type (order inferred). */
export function schemaFault(business: JsonObject): Refusal | undefined {
  for (const name of Object.keys(business)) if (name !== 'Mobile' && name !== 'Encryption') return unknown(name);
  const mobile = fieldOf(business, 'Mobile');
  if (mobile === undefined || mobile === null) return missing('Mobile');
  if (typeof mobile !== 'string') return wrongType('Mobile');
  const encryption = fieldOf(business, 'Encryption');
  if (encryption === undefined || encryption === null) return undefined;
  if (!isObject(encryption)) return wrongType('Encryption');
  for (const name of Object.keys(encryption)) if (!Object.hasOwn(encryptionFields, name)) return unknown(`Encryption.${name}`);
  for (const name of ['EncryptList', 'CiphertextBlob', 'Iv']) if ((fieldOf(encryption, name) ?? null) === null) return missing(`Encryption.${name}`);
  for (const [name, kind] of Object.entries(encryptionFields)) {
    const value = fieldOf(encryption, name);
    if (value !== undefined && value !== null && !isOf(kind, value)) return wrongType(`Encryption.${name}`);
  }
  return undefined;
}

/** The parts of `Encryption`, once `schemaFault` has found nothing. */
export function encryptionOf(business: JsonObject): EncryptionParameters | undefined {
  const encryption = fieldOf(business, 'Encryption');
  if (!isObject(encryption)) return undefined;
  const text = (name: string, otherwise: string): string => (fieldOf(encryption, name) as string | null | undefined) ?? otherwise;
  const texts = (name: string): readonly string[] => (fieldOf(encryption, name) as readonly string[] | null | undefined) ?? [];
  return { fields: texts('EncryptList'), blob: text('CiphertextBlob', ''), iv: text('Iv', ''), algorithm: text('Algorithm', '') || 'AES-256-CBC', tags: texts('TagList') };
}

const isOf = (kind: Kind, value: unknown): boolean =>
  kind === 'string' ? typeof value === 'string' : Array.isArray(value) && value.every((each) => typeof each === 'string');

const unknown = (name: string): Refusal => refuse('UnknownParameter', `the action has no parameter ${name.slice(0, 64)}`, { name: name.slice(0, 64) });
const missing = (name: string): Refusal => refuse('MissingParameter', `${name} is missing`, { name });
const wrongType = (name: string): Refusal => refuse('InvalidParameter', `${name} is of another type`, { text: `The value type of parameter \`${name}\` is not valid.` });
