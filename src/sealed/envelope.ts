import { constants, createDecipheriv, createPrivateKey, privateDecrypt, type KeyObject } from 'node:crypto';
import { sm2Decrypt, sm4GcmDecrypt } from './sm.ts';

export type Algorithm = 'AES-256-CBC' | 'SM4-GCM';

/** Request fields under one symmetric key and one IV, and that key under an asymmetric one. */
export interface Envelope {
  readonly algorithm: Algorithm;
  /** The wrapped key: base64 of RSA PKCS#1 v1.5 for AES, of SM2 C1C3C2 for SM4; or the opaque blob of a KMS data key. */
  readonly blob: string;
  /** AES: base64 of 16 bytes, or 16 characters as they are. SM4: base64 of 12 bytes. */
  readonly iv: string;
  /** SM4: base64 of 16 bytes for each field, in the same order. Not looked at with AES, which has none. */
  readonly tags: readonly string[];
  /** Ciphertexts in base64, in the order of the request's EncryptList. */
  readonly fields: readonly string[];
}

export interface KeyRing {
  /** PEM, of any size of key. */
  readonly rsa: string;
  /** 64 hex digits. */
  readonly sm2: string;
  /** The older KMS form, by the blob that names the key: base64 of 32 bytes. */
  readonly dataKeys: ReadonlyMap<string, string>;
}

/**
 * Where opening stopped. `blob`: not the shape of a wrapped key. `data-key`: a KMS blob that names no key of ours.
 * `unwrap`: wrapped for another key, or in another way. `key`: the key inside is of the wrong length. `field`: not the
 * shape of a ciphertext. `text`: deciphered, but to no UTF-8.
 */
export type OpeningStep = 'blob' | 'data-key' | 'unwrap' | 'key' | 'iv' | 'tag-count' | 'field' | 'tag' | 'padding' | 'text';

export type Opened =
  | { readonly kind: 'opened'; readonly texts: readonly string[] }
  | { readonly kind: 'sealed'; readonly step: OpeningStep; readonly why: string };

/**
 * The texts of an envelope's fields, or the first step that failed and one sentence why, for the journal and never for
 * the wire: the vendor has one code for all of them. No envelope makes it throw, and its work is bounded.
 * @throws Error for two mistakes of our own: `loadSm` was not awaited before SM4-GCM, or `keys.rsa` is no private key.
 *   Neither may be told to a client as an envelope of its own that is wrong.
 */
export function open(envelope: Envelope, keys: KeyRing): Opened {
  const key = symmetricKey(envelope, keys);
  if (isSealed(key)) return key;
  const iv = initialVector(envelope);
  if (isSealed(iv)) return iv;
  const { algorithm, fields, tags } = envelope;
  if (algorithm === 'SM4-GCM' && tags.length !== fields.length) {
    return sealed('tag-count', `${tags.length} tags come with ${fields.length} encrypted fields; SM4-GCM wants one for each, in the same order.`);
  }
  if (fields.length > mostFields) return sealed('field', `${fields.length} encrypted fields are more than konghao opens, ${mostFields}.`);
  const texts: string[] = [];
  for (const [index, field] of fields.entries()) {
    const name = `Encrypted field ${index + 1} of ${fields.length}`;
    const bytes = algorithm === 'SM4-GCM' ? fromSm4(name, field, key, iv, tags[index] ?? '') : fromAes(name, field, key, iv);
    if (isSealed(bytes)) return bytes;
    const text = utf8(bytes);
    if (text === undefined) return sealed('text', `${name} deciphers to bytes that are not UTF-8: another key or IV, or a text in another encoding.`);
    texts.push(text);
  }
  return { kind: 'opened', texts };
}

type Sealed = Extract<Opened, { kind: 'sealed' }>;

const sealed = (step: OpeningStep, why: string): Sealed => ({ kind: 'sealed', step, why });
const isSealed = (value: Uint8Array | Sealed): value is Sealed => 'kind' in value;

// A name, a phone number and an ID card come to well under a hundred characters each; an RSA-4096 blob to 684.
const longestPart = 8192;
const mostFields = 32;

const keyLengths = { 'AES-256-CBC': 32, 'SM4-GCM': 16 } as const satisfies Record<Algorithm, number>;

function symmetricKey({ algorithm, blob }: Envelope, keys: KeyRing): Uint8Array | Sealed {
  const key = wrappedKey(algorithm, blob, keys);
  const wanted = keyLengths[algorithm];
  if (isSealed(key) || key.length === wanted) return key;
  return sealed('key', `The key inside the blob has ${key.length} bytes; ${algorithm} takes ${wanted}.`);
}

function wrappedKey(algorithm: Algorithm, blob: string, keys: KeyRing): Uint8Array | Sealed {
  if (blob.length > longestPart) return sealed('blob', `The blob has ${blob.length} characters, more than any wrapped key.`);
  const dataKey = keys.dataKeys.get(blob);
  if (dataKey !== undefined) return Buffer.from(dataKey, 'base64');
  // No base64 holds a hyphen, so this cannot be a wrapped key (cloud.tencent.com/document/product/1007/95088).
  if (blob.includes('-k-')) return sealed('data-key', 'The blob looks like that of a KMS data key, and none of that name is known here.');
  const bytes = base64(blob);
  if (bytes === undefined) return sealed('blob', `The blob is not base64 ${strictly}.`);
  switch (algorithm) {
    case 'AES-256-CBC': return fromRsa(bytes, keys);
    case 'SM4-GCM': return fromSm2(bytes, keys.sm2);
    default: return algorithm satisfies never;
  }
}

function fromRsa(blob: Uint8Array, keys: KeyRing): Uint8Array | Sealed {
  const key = rsaKey(keys);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (blob.length !== Math.ceil(bits / 8)) {
    return sealed('blob', `The blob has ${blob.length} bytes where RSA of ${bits} bits gives ${Math.ceil(bits / 8)}: it was made with another public key, or not with RSA.`);
  }
  return withoutPadding(rawRsa(key, blob))
    ?? sealed('unwrap', 'RSA leaves no PKCS#1 v1.5 padding: the blob was made with another public key than the one published here, or with another padding such as OAEP.');
}

// Parsing the PEM costs several times the decryption. This only remembers what the ring itself determines.
const rsaKeys = new WeakMap<KeyRing, KeyObject>();

function rsaKey(keys: KeyRing): KeyObject {
  const known = rsaKeys.get(keys);
  if (known !== undefined) return known;
  const key = createPrivateKey(keys.rsa);
  rsaKeys.set(keys, key);
  return key;
}

function rawRsa(key: KeyObject, blob: Uint8Array): Uint8Array {
  try {
    // Node 20 refuses RSA_PKCS1_PADDING here (CVE-2023-46809, a timing oracle). These keys keep no secret, so the
    // padding is taken off by hand.
    return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, blob);
  } catch {
    // The number is not below the modulus: it was made for another key.
    return new Uint8Array();
  }
}

/** The message of `00 02 <eight or more bytes, none of them 00> 00 <message>`, RFC 8017 §7.2.2. */
function withoutPadding(block: Uint8Array): Uint8Array | undefined {
  const end = block.indexOf(0, 2);
  return block[0] === 0 && block[1] === 2 && end >= 10 ? block.subarray(end + 1) : undefined;
}

// 04‖x‖y, and C3.
const sm2Overhead = 65 + 32;

function fromSm2(blob: Uint8Array, privateKey: string): Uint8Array | Sealed {
  if (blob.length < sm2Overhead || blob[0] !== 4) {
    return sealed('blob', `The blob of ${blob.length} bytes is not SM2 as 04‖x‖y, C3, C2 (${sm2Overhead + keyLengths['SM4-GCM']} bytes, no DER).`);
  }
  return sm2Decrypt(blob, privateKey)
    ?? sealed('unwrap', 'SM2 finds another digest than C3: the blob was made with another public key than the one published here, or in the order C1C2C3.');
}

function initialVector({ algorithm, iv }: Envelope): Uint8Array | Sealed {
  const bytes = iv.length > longestPart ? undefined : base64(iv);
  switch (algorithm) {
    case 'AES-256-CBC':
      if (bytes?.length === 16) return bytes;
      // The KMS form has a string of 16 characters; many such are base64 too, of 12 bytes (product/1007/95088).
      return Buffer.byteLength(iv) === 16 ? Buffer.from(iv) : sealed('iv', 'The IV is neither base64 of 16 bytes nor 16 characters long itself.');
    case 'SM4-GCM':
      return bytes?.length === 12 ? bytes : sealed('iv', 'The IV is not base64 of 12 bytes.');
    default: return algorithm satisfies never;
  }
}

function fromAes(name: string, field: string, key: Uint8Array, iv: Uint8Array): Uint8Array | Sealed {
  const ciphertext = fieldBytes(name, field);
  if (isSealed(ciphertext)) return ciphertext;
  if (ciphertext.length === 0 || ciphertext.length % 16 !== 0) {
    return sealed('field', `${name} has ${ciphertext.length} bytes of ciphertext; AES-256-CBC gives whole blocks of 16.`);
  }
  const cipher = createDecipheriv('aes-256-cbc', key, iv);
  const head = cipher.update(ciphertext);
  try {
    return Buffer.concat([head, cipher.final()]);
  } catch {
    return sealed('padding', `${name} deciphers to a text without PKCS#7 padding: another key or IV, or another mode.`);
  }
}

function fromSm4(name: string, field: string, key: Uint8Array, iv: Uint8Array, tag: string): Uint8Array | Sealed {
  const ciphertext = fieldBytes(name, field);
  if (isSealed(ciphertext)) return ciphertext;
  const tagBytes = tag.length > longestPart ? undefined : base64(tag);
  if (tagBytes?.length !== 16) return sealed('tag', `${name} has a tag that is not base64 of 16 bytes.`);
  return sm4GcmDecrypt(ciphertext, key, iv, tagBytes)
    ?? sealed('tag', `${name} does not match its tag: another key, IV or order of tags, or the tag is still in the ciphertext too.`);
}

function fieldBytes(name: string, field: string): Uint8Array | Sealed {
  if (field.length > longestPart) return sealed('field', `${name} has ${field.length} characters, more than konghao opens, ${longestPart}.`);
  return base64(field) ?? sealed('field', `${name} is not base64 ${strictly}.`);
}

const strictly = 'in the standard alphabet with full padding and no line breaks';

/** Node's own decoder skips what it does not know, so the bytes have to give the same text again. */
function base64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
