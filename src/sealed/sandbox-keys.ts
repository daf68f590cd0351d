import type { KeyRing } from './envelope.ts';

/**
 * The sandbox's own keys, PUBLISHED ON PURPOSE AND WORTHLESS: made for konghao alone, known to anyone who reads this
 * file, and nothing real may ever be sealed with them. Tencent's private halves are known to Tencent only, so a client
 * that wants konghao to read its fields puts one of the public halves below in the place of the vendor's.
 *
 * RSA of 1024 bits is too short for secrets. It is what the vendor's kits hard-code (faceid-api-crypto-java,
 * CryptoProvider.java, RAS_KEY), so blobs are 128 bytes long here as there.
 */
const rsaPrivate = `-----BEGIN RSA PRIVATE KEY-----
MIICXAIBAAKBgQDJ2yFd+uWfYTX0jRGXxIViP10Uwhckbr4wL1l4ktO7cFxxSEzl
rbSeNyQXULGq2JYecz97ONHwn5ZF10QiNuXQwY1P5QZmFTPpc4GcbsM323PQUWqh
R6vbG+S1SsBapigOXCdmZjtHdssdIO3MDHK/VMOcPV8XROqpMYIjVvzBjwIDAQAB
AoGAN7lSoMsekL0ZVAWNkcQivliXrZ9XHCumPU8U+AAwi1IdcvhuogkuD29Re04/
fdaEuqs+Hxo0eqTTqzweBwP4tQbqg+5rYcGdiRCG5OydjQXQZ/IXGmSxUxAYDueW
k4grGX/GsnadkGhy5ohDR9ua6wZix/7hBBkyT092RoI4osECQQDpyiy9Z8LYFulU
xwsT+yfkR/BpnaTtxCyIs+HT03EhM1b1g+1D34BFDzO+nP2tNrz5QJyz4OOCXbh5
nI/ovNWnAkEA3QhRfyHjv4deqzWmwZaDuH7TIp8FIIRaZCs8obGbtnF+tDvdPYaj
SBnEqal++oEi/zqS16SI2r241FgMi/oB2QJBALqmyi9xvvLM3/7qZuLN+xxbfwqj
bMDThYairuJyhniuR3f+mxg8QWlhaLt/FV0MPbV2K2XFX35+msClCZQT5zMCQE4e
0YcIeFFKTAhhFwYW54k+serrn0lF3hjHO0++0VUjOfADtIc5Xd5u1RZOBMYO/EqO
7jVvPrtpELlkQVL70skCQECL+Kt3UEm2xpVYfHtiBORjMPyc48JpbTqrmA+0UosH
hX5bo7yNIYMc4WlpRzqotCnKemKxjbAG7zoOrWZC28Q=
-----END RSA PRIVATE KEY-----
`;

const rsaPublic = `-----BEGIN RSA PUBLIC KEY-----
MIGJAoGBAMnbIV365Z9hNfSNEZfEhWI/XRTCFyRuvjAvWXiS07twXHFITOWttJ43
JBdQsarYlh5zP3s40fCflkXXRCI25dDBjU/lBmYVM+lzgZxuwzfbc9BRaqFHq9sb
5LVKwFqmKA5cJ2ZmO0d2yx0g7cwMcr9Uw5w9XxdE6qkxgiNW/MGPAgMBAAE=
-----END RSA PUBLIC KEY-----
`;

const rsaPublicSpki = `-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDJ2yFd+uWfYTX0jRGXxIViP10U
whckbr4wL1l4ktO7cFxxSEzlrbSeNyQXULGq2JYecz97ONHwn5ZF10QiNuXQwY1P
5QZmFTPpc4GcbsM323PQUWqhR6vbG+S1SsBapigOXCdmZjtHdssdIO3MDHK/VMOc
PV8XROqpMYIjVvzBjwIDAQAB
-----END PUBLIC KEY-----
`;

const sm2Private = '14362a972d78e88f5f62230d84ea1dcc710fcda7f56b7b38fb3bbd643da11aa1';

const sm2Public =
  '047ee28439a61492ab437d3df430adae19447ed3038a3a59925ded248cc34951de1584e2100f7f6dac73644e14c42164cfe3449a9a3852788376c40662ef1730a8';

const sm2PublicSpki = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEfuKEOaYUkqtDfT30MK2uGUR+0wOK
OlmSXe0kjMNJUd4VhOIQD39trHNkThTEIWTP40SamjhSeIN2xAZi7xcwqA==
-----END PUBLIC KEY-----
`;

/** A key pair as KMS GenerateDataKey gives it: the blob goes onto the wire as it is, `plaintext` is base64 of the key. */
export const sandboxDataKey = {
  // Opaque to clients. Real ones hold these separators too, which no base64 can (cloud.tencent.com/document/product/1007/95088).
  blob: 'sandbox-k-a29uZ2hhbw==-k-cHVibGlzaGVkIG9uIHB1cnBvc2UsIHdvcnRoIG5vdGhpbmc=',
  plaintext: 'a29uZ2hhby1zYW5kYm94LWttcy1kYXRhLWtleS0zMmI=',
} as const;

/** What opens envelopes in the sandbox. */
export const sandboxKeys: KeyRing = {
  rsa: rsaPrivate,
  sm2: sm2Private,
  dataKeys: new Map([[sandboxDataKey.blob, sandboxDataKey.plaintext]]),
};

/** The public halves, in each form that a client's library may ask for. */
export const sandboxPublicKeys = {
  /** PKCS#1 PEM, as the vendor's kits have it. */
  rsa: rsaPublic,
  /** SPKI PEM, for OpenSSL, Java and WebCrypto. */
  rsaSpki: rsaPublicSpki,
  /** Uncompressed point in hex, 04‖x‖y, for sm-crypto and its kin. */
  sm2: sm2Public,
  /** SPKI PEM; its body without line breaks is `sm2SpkiBase64`. */
  sm2Spki: sm2PublicSpki,
  /** SPKI DER in base64, for Java's X509EncodedKeySpec. */
  sm2SpkiBase64: body(sm2PublicSpki),
  /** Base64 of the whole PEM: what replaces the constants RAS_KEY and SM2_KEY in the vendor's kits. */
  kit: { rsa: kitConstant(rsaPublic), sm2: kitConstant(sm2PublicSpki) },
} as const;

function body(pem: string): string {
  return pem.split('\n').filter((line) => !line.startsWith('-----')).join('');
}

// The kits' own constants end without a line break.
function kitConstant(pem: string): string {
  return Buffer.from(pem.trimEnd()).toString('base64');
}
