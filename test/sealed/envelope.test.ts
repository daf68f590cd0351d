import { constants, createPrivateKey, createPublicKey, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, it, vi } from 'vitest';
import { open, type Envelope, type KeyRing, type OpeningStep } from '../../src/sealed/envelope.ts';
import { sandboxDataKey, sandboxKeys, sandboxPublicKeys } from '../../src/sealed/sandbox-keys.ts';
import { seal, sealWithDataKey } from '../../src/sealed/seal.ts';
import { loadSm, sm4GcmEncrypt, smLoaded } from '../../src/sealed/sm.ts';
import vectors from '../golden/sealed/vectors.json' with { type: 'json' };

beforeAll(loadSm);

const texts = ['13800138000', '爱新觉罗永琪', '11010519491231002X', ''];
const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

/** The same base64 but for one bit, of byte `at`, counted from the end where negative. */
function flipped(base64: string, at: number, bit = 1): string {
  const changed = bytes(base64);
  const index = at < 0 ? changed.length + at : at;
  changed[index] = (changed[index] ?? 0) ^ bit;
  return changed.toString('base64');
}

const first = ([value = '']: readonly string[]): string => value;

it.each(['aes', 'sm4'] as const)('reads what the vendor’s kit sealed: %s', (form) => {
  const { key, iv, fields, tags, texts: expected } = vectors.kit[form];
  const algorithm = form === 'aes' ? 'AES-256-CBC' : 'SM4-GCM';
  // The examples show no blob, so the key gets one that names it.
  const keys: KeyRing = { ...sandboxKeys, dataKeys: new Map([['the-k-kits', key]]) };
  expect(open({ algorithm, blob: 'the-k-kits', iv, tags, fields }, keys)).toEqual({ kind: 'opened', texts: expected });
});

it.each(['aes', 'sm4'] as const)('seals to the bytes of the vendor’s kit: %s', (form) => {
  const { key, iv, fields, tags, texts: plain } = vectors.kit[form];
  const algorithm = form === 'aes' ? 'AES-256-CBC' : 'SM4-GCM';
  expect(seal(algorithm, plain, sandboxPublicKeys, { key: bytes(key), iv: bytes(iv) })).toMatchObject({ algorithm, iv, fields, tags });
});

it('opens a whole RSA and AES request with its private key', () => {
  const { envelope, privateKey, texts: expected } = vectors.complete.aes;
  expect(open({ ...envelope, algorithm: 'AES-256-CBC' }, { ...sandboxKeys, rsa: privateKey })).toEqual({ kind: 'opened', texts: expected });
});

it('opens a whole SM2 and SM4 request with its private key', () => {
  const { envelope, privateKey, texts: expected } = vectors.complete.sm4;
  expect(open({ ...envelope, algorithm: 'SM4-GCM' }, { ...sandboxKeys, sm2: privateKey })).toEqual({ kind: 'opened', texts: expected });
});

it.each(['AES-256-CBC', 'SM4-GCM'] as const)('opens what it seals, several fields under one key and IV: %s', (algorithm) => {
  expect(open(seal(algorithm, texts, sandboxPublicKeys), sandboxKeys)).toEqual({ kind: 'opened', texts });
});

it('opens a KMS data key’s fields, whose IV is sixteen characters as they are', () => {
  // The IV of the vendor’s example is also base64, of twelve bytes (product/1007/95088).
  const envelope = sealWithDataKey(texts, sandboxDataKey, '+am/h1FrULT8Y39M');
  expect(envelope.iv).toBe('+am/h1FrULT8Y39M');
  expect(open(envelope, sandboxKeys)).toEqual({ kind: 'opened', texts });
});

it('takes an IV of sixteen characters with an RSA blob, and one in base64 with a data key', () => {
  const iv = 'sixteen-chars-iv';
  const key = bytes(sandboxDataKey.plaintext);
  const sealed = seal('AES-256-CBC', texts, sandboxPublicKeys, { key, iv: Buffer.from(iv) });
  expect(open({ ...sealed, iv }, sandboxKeys)).toEqual({ kind: 'opened', texts });
  expect(open({ ...sealed, blob: sandboxDataKey.blob }, sandboxKeys)).toEqual({ kind: 'opened', texts });
});

it('opens with an RSA key of 2048 bits', () => {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const envelope = seal('AES-256-CBC', texts, { ...sandboxPublicKeys, rsa: pair.publicKey });
  expect(bytes(envelope.blob)).toHaveLength(256);
  expect(open(envelope, { ...sandboxKeys, rsa: pair.privateKey })).toEqual({ kind: 'opened', texts });
});

it('keeps a byte order mark, which is part of the text', () => {
  expect(open(seal('AES-256-CBC', ['\uFEFF1'], sandboxPublicKeys), sandboxKeys)).toEqual({ kind: 'opened', texts: ['\uFEFF1'] });
});

it('looks at no tags with AES, and opens no fields where none are listed', () => {
  const envelope = seal('AES-256-CBC', texts, sandboxPublicKeys);
  expect(open({ ...envelope, tags: ['left over'] }, sandboxKeys)).toEqual({ kind: 'opened', texts });
  expect(open({ ...envelope, fields: [] }, sandboxKeys)).toEqual({ kind: 'opened', texts: [] });
});

type Change = readonly [what: string, step: OpeningStep, change: (envelope: Envelope) => Envelope];

const key = (length: number): Buffer => Buffer.alloc(length, 'k');
const aesSecrets = { key: key(32), iv: Buffer.alloc(16, 'i') };
const sm4Secrets = { key: key(16), iv: Buffer.alloc(12, 'i') };

/** A blob of exactly this block, filled up with `k` to 128 bytes. */
function rsaOf(start: readonly number[]): string {
  const block = Buffer.concat([Buffer.from(start), key(128 - start.length)]);
  return publicEncrypt({ key: sandboxPublicKeys.rsa, padding: constants.RSA_NO_PADDING }, block).toString('base64');
}

const aesChanges: readonly Change[] = [
  ['a blob in the URL alphabet', 'blob', (e) => ({ ...e, blob: `_${e.blob.slice(1)}` })],
  ['a blob without its padding', 'blob', (e) => ({ ...e, blob: e.blob.replace(/=+$/, '') })],
  ['a blob broken into lines', 'blob', (e) => ({ ...e, blob: `${e.blob.slice(0, 76)}\n${e.blob.slice(76)}` })],
  ['no blob', 'blob', (e) => ({ ...e, blob: '' })],
  ['a blob one byte short', 'blob', (e) => ({ ...e, blob: bytes(e.blob).subarray(1).toString('base64') })],
  ['a blob of endless length', 'blob', (e) => ({ ...e, blob: 'A'.repeat(100_000) })],
  ['a blob for a key of 2048 bits', 'blob', (e) => ({ ...e, blob: Buffer.concat([bytes(e.blob), bytes(e.blob)]).toString('base64') })],
  ['an SM2 blob', 'blob', (e) => ({ ...e, blob: vectors.complete.sm4.envelope.blob })],
  // Fixed bytes: one random blob in 65,536 begins like padding under any key.
  ['a blob that nobody encrypted', 'unwrap', (e) => ({ ...e, blob: key(128).toString('base64') })],
  ['a blob made with another public key', 'unwrap', (e) => ({ ...e, blob: vectors.complete.aes.envelope.blob })],
  ['a blob above the modulus', 'unwrap', (e) => ({ ...e, blob: Buffer.alloc(128, 255).toString('base64') })],
  ['a padding of seven bytes', 'unwrap', (e) => ({ ...e, blob: rsaOf([0, 2, ...Array<number>(7).fill(1), 0]) })],
  ['a padding of eight bytes, and so a long key', 'key', (e) => ({ ...e, blob: rsaOf([0, 2, ...Array<number>(8).fill(1), 0]) })],
  ['the padding of a signature', 'unwrap', (e) => ({ ...e, blob: rsaOf([0, 1, ...Array<number>(93).fill(255), 0]) })],
  ['a padding that begins with 01', 'unwrap', (e) => ({ ...e, blob: rsaOf([1, 2, ...Array<number>(93).fill(255), 0]) })],
  ['a padding without an end', 'unwrap', (e) => ({ ...e, blob: rsaOf([0, 2]) })],
  ['a KMS blob of another account', 'data-key', (e) => ({ ...e, blob: `${sandboxDataKey.blob}=` })],
  ['a key of 16 bytes', 'key', (e) => ({ ...e, blob: seal('AES-256-CBC', [], sandboxPublicKeys, { ...aesSecrets, key: key(16) }).blob })],
  ['a key of 33 bytes', 'key', (e) => ({ ...e, blob: seal('AES-256-CBC', [], sandboxPublicKeys, { ...aesSecrets, key: key(33) }).blob })],
  ['an empty key', 'key', (e) => ({ ...e, blob: seal('AES-256-CBC', [], sandboxPublicKeys, { ...aesSecrets, key: key(0) }).blob })],
  ['an IV of 15 characters', 'iv', (e) => ({ ...e, iv: 'i'.repeat(15) })],
  ['an IV of 17 bytes in base64', 'iv', (e) => ({ ...e, iv: key(17).toString('base64') })],
  ['an IV of 32 hex digits', 'iv', (e) => ({ ...e, iv: key(16).toString('hex') })],
  ['no IV', 'iv', (e) => ({ ...e, iv: '' })],
  ['a plain number in place of a ciphertext', 'field', (e) => ({ ...e, fields: ['13800138000'] })],
  ['a ciphertext in hex', 'field', (e) => ({ ...e, fields: [bytes(first(e.fields)).toString('hex')] })],
  ['half a block', 'field', (e) => ({ ...e, fields: [key(8).toString('base64')] })],
  ['an empty ciphertext', 'field', (e) => ({ ...e, fields: [''] })],
  ['a field of endless length', 'field', (e) => ({ ...e, fields: [key(96_000).toString('base64')] })],
  ['more fields than any request has', 'field', (e) => ({ ...e, fields: Array.from({ length: 33 }, () => first(e.fields)) })],
  // Eleven characters leave five bytes of padding, and CBC puts a changed IV’s bit into the same place of the text.
  ['a changed last byte of the IV', 'padding', (e) => ({ ...e, iv: flipped(e.iv, -1) })],
  ['a changed first byte of the IV', 'text', (e) => ({ ...e, iv: flipped(e.iv, 0, 0x80) })],
];

const sm4Changes: readonly Change[] = [
  ['a blob without its leading 04', 'blob', (e) => ({ ...e, blob: bytes(e.blob).subarray(1).toString('base64') })],
  ['a blob in DER', 'blob', (e) => ({ ...e, blob: flipped(e.blob, 0, 0x30 ^ 4) })],
  ['a blob shorter than its point and digest', 'blob', (e) => ({ ...e, blob: bytes(e.blob).subarray(0, 96).toString('base64') })],
  ['an RSA blob', 'blob', (e) => ({ ...e, blob: key(128).toString('base64') })],
  ['a point off the curve', 'unwrap', (e) => ({ ...e, blob: flipped(e.blob, 1) })],
  ['a changed digest', 'unwrap', (e) => ({ ...e, blob: flipped(e.blob, 65) })],
  ['a changed wrapped key', 'unwrap', (e) => ({ ...e, blob: flipped(e.blob, -1) })],
  ['a blob made with another public key', 'unwrap', (e) => ({ ...e, blob: vectors.complete.sm4.envelope.blob })],
  ['a blob in the order C1C2C3', 'unwrap', (e) => {
    const blob = bytes(e.blob);
    return { ...e, blob: Buffer.concat([blob.subarray(0, 65), blob.subarray(97), blob.subarray(65, 97)]).toString('base64') };
  }],
  ['a key of 32 bytes', 'key', (e) => ({ ...e, blob: seal('SM4-GCM', [], sandboxPublicKeys, { ...sm4Secrets, key: key(32) }).blob })],
  ['a blob of endless length', 'blob', (e) => ({ ...e, blob: seal('SM4-GCM', [], sandboxPublicKeys, { ...sm4Secrets, key: key(96_000) }).blob })],
  ['a data key, which is for AES', 'key', (e) => ({ ...e, blob: sandboxDataKey.blob })],
  ['an IV of 16 bytes', 'iv', (e) => ({ ...e, iv: key(16).toString('base64') })],
  ['an IV of 12 characters as they are', 'iv', (e) => ({ ...e, iv: 'i'.repeat(12) })],
  ['no tag', 'tag-count', (e) => ({ ...e, tags: [] })],
  ['a tag too many', 'tag-count', (e) => ({ ...e, tags: [...e.tags, ...e.tags] })],
  ['a field too many', 'tag-count', (e) => ({ ...e, fields: [...e.fields, ...e.fields] })],
  ['a tag of 12 bytes', 'tag', (e) => ({ ...e, tags: [key(12).toString('base64')] })],
  ['a tag of 17 bytes, the first 16 of them right', 'tag', (e) => ({ ...e, tags: [Buffer.concat([bytes(first(e.tags)), key(1)]).toString('base64')] })],
  ['a tag in hex', 'tag', (e) => ({ ...e, tags: [bytes(first(e.tags)).toString('hex')] })],
  ['a changed tag', 'tag', (e) => ({ ...e, tags: [flipped(first(e.tags), -1)] })],
  ['a changed IV', 'tag', (e) => ({ ...e, iv: flipped(e.iv, 0) })],
  ['a changed ciphertext', 'tag', (e) => ({ ...e, fields: [flipped(first(e.fields), 0)] })],
  ['a ciphertext that still ends in its tag', 'tag', (e) => ({ ...e, fields: [Buffer.concat([bytes(first(e.fields)), bytes(first(e.tags))]).toString('base64')] })],
  ['a plain name in place of a ciphertext', 'field', (e) => ({ ...e, fields: ['李雷'] })],
];

it.each(aesChanges)('stops an AES envelope with %s at the step %s', (_, step, change) => {
  const result = open(change(seal('AES-256-CBC', ['13800138000'], sandboxPublicKeys, aesSecrets)), sandboxKeys);
  expect(result).toEqual({ kind: 'sealed', step, why: expect.stringMatching(/^[A-Z0-9].*\.$/) });
});

it.each(sm4Changes)('stops an SM4 envelope with %s at the step %s', (_, step, change) => {
  const result = open(change(seal('SM4-GCM', ['13800138000'], sandboxPublicKeys, sm4Secrets)), sandboxKeys);
  expect(result).toEqual({ kind: 'sealed', step, why: expect.stringMatching(/^[A-Z0-9].*\.$/) });
});

it('stops where two tags are in each other’s place, and names the first field', () => {
  const envelope = seal('SM4-GCM', ['13800138000', '李雷'], sandboxPublicKeys);
  const result = open({ ...envelope, tags: envelope.tags.toReversed() }, sandboxKeys);
  expect(result).toMatchObject({ kind: 'sealed', step: 'tag', why: expect.stringContaining('field 1 of 2') });
});

it('stops SM4 at a text that is not UTF-8', () => {
  const { ciphertext, tag } = sm4GcmEncrypt(Buffer.from('李雷', 'utf16le'), sm4Secrets.key, sm4Secrets.iv);
  const envelope = {
    ...seal('SM4-GCM', [], sandboxPublicKeys, sm4Secrets),
    fields: [Buffer.from(ciphertext).toString('base64')],
    tags: [Buffer.from(tag).toString('base64')],
  };
  expect(open(envelope, sandboxKeys)).toMatchObject({ kind: 'sealed', step: 'text' });
});

const pieces = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.base64String(),
  fc.uint8Array({ minLength: 12, maxLength: 16 }).map((some) => Buffer.from(some).toString('base64')),
  fc.uint8Array({ minLength: 97, maxLength: 129 }).map((some) => Buffer.from(some).toString('base64')),
  fc.constantFrom('', '-k-', sandboxDataKey.blob, vectors.complete.aes.envelope.iv, vectors.complete.sm4.envelope.iv, vectors.kit.aes.fields[0] ?? ''),
);

it('answers and never throws, whatever the strings of an envelope are', () => {
  const good = { 'AES-256-CBC': seal('AES-256-CBC', [], sandboxPublicKeys).blob, 'SM4-GCM': seal('SM4-GCM', [], sandboxPublicKeys).blob };
  fc.assert(fc.property(
    fc.constantFrom('AES-256-CBC', 'SM4-GCM'), fc.option(pieces, { nil: undefined }), pieces, fc.array(pieces, { maxLength: 3 }), fc.array(pieces, { maxLength: 3 }),
    (algorithm, blob, iv, tags, fields) => {
      const result = open({ algorithm, blob: blob ?? good[algorithm], iv, tags, fields }, sandboxKeys);
      expect(['opened', 'sealed']).toContain(result.kind);
    },
  ), { numRuns: 500 });
});

it('opens whatever text it seals', () => {
  const wellFormed = fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 });
  fc.assert(fc.property(fc.constantFrom('AES-256-CBC', 'SM4-GCM'), wellFormed, (algorithm, any) => {
    expect(open(seal(algorithm, any, sandboxPublicKeys), sandboxKeys)).toEqual({ kind: 'opened', texts: any });
  }), { numRuns: 60 });
});

it('throws where SM4 is asked for before the library is loaded, for no client is to blame', async () => {
  const envelope = seal('SM4-GCM', texts, sandboxPublicKeys);
  vi.resetModules();
  const unloaded = await import('../../src/sealed/envelope.ts');
  expect(() => unloaded.open(envelope, sandboxKeys)).toThrow('Failed to use SM2 or SM4: sm-crypto-v2 is not loaded. Await loadSm() first.');
  expect(unloaded.open(seal('AES-256-CBC', texts, sandboxPublicKeys), sandboxKeys).kind).toBe('opened');
  expect(smLoaded()).toBe(true);
});

it('throws where a key ring holds no RSA key', () => {
  expect(() => open(seal('AES-256-CBC', texts, sandboxPublicKeys), { ...sandboxKeys, rsa: 'none' })).toThrow();
});

it('publishes public halves that belong to the private ones, in every form', () => {
  const fromPrivate = createPublicKey(createPrivateKey(sandboxKeys.rsa));
  expect(fromPrivate.export({ type: 'pkcs1', format: 'pem' })).toBe(sandboxPublicKeys.rsa);
  expect(fromPrivate.export({ type: 'spki', format: 'pem' })).toBe(sandboxPublicKeys.rsaSpki);
  expect(createPublicKey(sandboxPublicKeys.sm2Spki).export({ type: 'spki', format: 'der' }).toString('base64')).toBe(sandboxPublicKeys.sm2SpkiBase64);
  // The point is the last 65 bytes of an SPKI.
  expect(bytes(sandboxPublicKeys.sm2SpkiBase64).subarray(-65).toString('hex')).toBe(sandboxPublicKeys.sm2);
  expect(`${bytes(sandboxPublicKeys.kit.rsa).toString()}\n`).toBe(sandboxPublicKeys.rsa);
  expect(`${bytes(sandboxPublicKeys.kit.sm2).toString()}\n`).toBe(sandboxPublicKeys.sm2Spki);
});

it('publishes a pair whose blobs are as long as the vendor’s', () => {
  expect(bytes(seal('AES-256-CBC', [], sandboxPublicKeys).blob)).toHaveLength(128);
  expect(bytes(seal('SM4-GCM', [], sandboxPublicKeys).blob)).toHaveLength(113);
  expect(sandboxDataKey.blob).toContain('-k-');
  expect(bytes(sandboxDataKey.plaintext)).toHaveLength(32);
});
