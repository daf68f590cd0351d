import type * as SmCrypto from 'sm-crypto-v2/dist/index.mjs';

/**
 * SM2 and SM4-GCM, over sm-crypto-v2: Node 20 has no sm4-gcm, and not every build of OpenSSL has the SM family at all.
 * The library takes 6 ms to load from the bundle, 30 ms from node_modules, and few clients use SM, so it waits until one
 * does. The edge awaits `loadSm` before it hands on a request that may name SM4-GCM; all that follows is synchronous.
 */
let loaded: typeof SmCrypto | undefined;

export const smLoaded = (): boolean => loaded !== undefined;

/** The parameters' names alone, every value left empty, are longer. */
const shortestEncryption = 64;

/** Loads the library where a request may name SM4; JSON and queries can spell any letter as an escape. */
export function prepareSm({ body, query }: { readonly body: Buffer; readonly query: string }): Promise<void> | undefined {
  if (loaded !== undefined || body.length + query.length < shortestEncryption) return undefined;
  const mayName = ['SM4', '\\u', '%'].some((word) => body.includes(word) || query.includes(word));
  return mayName ? loadSm() : undefined;
}

/** Loads the library, once; cheap to call again. */
export async function loadSm(): Promise<void> {
  // Not the bare name: that is CommonJS, whose require('node:crypto') an ESM bundle of esbuild cannot answer.
  loaded ??= await import('sm-crypto-v2/dist/index.mjs');
}

/**
 * What the blob held, or undefined where it does not belong to this key.
 * @param blob C1C3C2 without DER: 04‖x‖y, then 32 bytes of C3, then C2.
 * @param privateKey 64 hex digits.
 * @throws Error where `loadSm` was not awaited.
 */
export function sm2Decrypt(blob: Uint8Array, privateKey: string): Uint8Array | undefined {
  const { sm2 } = library();
  try {
    // The library wants C1 without its 04.
    const text: unknown = sm2.doDecrypt(hex(blob.subarray(1)), privateKey, C1C3C2, { output: 'array' });
    // Where C3 does not match it answers [], a plain array, whatever its types say.
    return text instanceof Uint8Array ? text : undefined;
  } catch {
    // C1 is not a point on the curve.
    return undefined;
  }
}

/**
 * The blob that `sm2Decrypt` takes.
 * @param publicKey The uncompressed point in hex, 04‖x‖y.
 * @throws Error where `loadSm` was not awaited.
 */
export function sm2Encrypt(text: Uint8Array, publicKey: string): Uint8Array {
  return Buffer.from(`04${library().sm2.doEncrypt(text, publicKey, C1C3C2)}`, 'hex');
}

/**
 * The text, or undefined where the tag does not match. No associated data, as the vendor's kits have none.
 * @param key 16 bytes. @param iv 12 bytes. @param tag 16 bytes. The library checks none of these lengths.
 * @throws Error where `loadSm` was not awaited.
 */
export function sm4GcmDecrypt(ciphertext: Uint8Array, key: Uint8Array, iv: Uint8Array, tag: Uint8Array): Uint8Array | undefined {
  const { sm4 } = library();
  try {
    return sm4.decrypt(ciphertext, key, { mode: 'gcm', iv, tag, output: 'array' });
  } catch {
    return undefined;
  }
}

/**
 * The ciphertext without its tag, and the tag.
 * @param key 16 bytes. @param iv 12 bytes.
 * @throws Error where `loadSm` was not awaited.
 */
export function sm4GcmEncrypt(text: Uint8Array, key: Uint8Array, iv: Uint8Array): { readonly ciphertext: Uint8Array; readonly tag: Uint8Array } {
  const { output, tag } = library().sm4.encrypt(text, key, { mode: 'gcm', iv, output: 'array', outputTag: true });
  // Its types leave the tag open; with `outputTag` there always is one.
  if (tag === undefined) throw new Error('Failed to encrypt with SM4-GCM: sm-crypto-v2 gave no tag. Check its version.');
  return { ciphertext: output, tag };
}

const C1C3C2 = 1;

function library(): typeof SmCrypto {
  if (loaded === undefined) throw new Error('Failed to use SM2 or SM4: sm-crypto-v2 is not loaded. Await loadSm() first.');
  return loaded;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
