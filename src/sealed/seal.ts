import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import type { Algorithm, Envelope } from './envelope.ts';
import { sm2Encrypt, sm4GcmEncrypt } from './sm.ts';

export interface PublicKeys {
  /** PEM, PKCS#1 or SPKI. */
  readonly rsa: string;
  /** The uncompressed point in hex, 04‖x‖y. */
  readonly sm2: string;
}

/** The key that all fields of a request share, and their IV. */
export interface Secrets {
  /** 32 bytes for AES, 16 for SM4. */
  readonly key: Uint8Array;
  /** 16 bytes for AES, 12 for SM4. */
  readonly iv: Uint8Array;
}

/**
 * The client's side, as the vendor's kits do it. The fields depend on `random` alone; the blob never comes out the same
 * twice, for RSA's padding and SM2's point are drawn anew.
 * @param texts In the order of the request's EncryptList.
 * @throws Error for SM4-GCM where `loadSm` was not awaited, and for keys that are none.
 */
export function seal(algorithm: Algorithm, texts: readonly string[], publicKeys: PublicKeys, random: Secrets = fresh(algorithm)): Envelope {
  const { key, iv } = random;
  switch (algorithm) {
    case 'AES-256-CBC': {
      const blob = publicEncrypt({ key: publicKeys.rsa, padding: constants.RSA_PKCS1_PADDING }, key);
      return { algorithm, blob: base64(blob), iv: base64(iv), tags: [], fields: texts.map((text) => aes(text, key, iv)) };
    }
    case 'SM4-GCM': {
      const sealed = texts.map((text) => sm4GcmEncrypt(Buffer.from(text), key, iv));
      return {
        algorithm,
        blob: base64(sm2Encrypt(key, publicKeys.sm2)),
        iv: base64(iv),
        tags: sealed.map(({ tag }) => base64(tag)),
        fields: sealed.map(({ ciphertext }) => base64(ciphertext)),
      };
    }
    default: return algorithm satisfies never;
  }
}

/**
 * The older form: a KMS data key whose blob goes along as it is (cloud.tencent.com/document/product/1007/95088).
 * @param dataKey What KMS GenerateDataKey gave: `plaintext` is base64 of 32 bytes.
 * @param iv 16 characters, sent as they are.
 */
export function sealWithDataKey(texts: readonly string[], dataKey: { readonly blob: string; readonly plaintext: string }, iv: string): Envelope {
  const key = Buffer.from(dataKey.plaintext, 'base64');
  return { algorithm: 'AES-256-CBC', blob: dataKey.blob, iv, tags: [], fields: texts.map((text) => aes(text, key, Buffer.from(iv))) };
}

function fresh(algorithm: Algorithm): Secrets {
  switch (algorithm) {
    case 'AES-256-CBC': return { key: randomBytes(32), iv: randomBytes(16) };
    case 'SM4-GCM': return { key: randomBytes(16), iv: randomBytes(12) };
    default: return algorithm satisfies never;
  }
}

function aes(text: string, key: Uint8Array, iv: Uint8Array): string {
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return cipher.update(text, 'utf8', 'base64') + cipher.final('base64');
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
