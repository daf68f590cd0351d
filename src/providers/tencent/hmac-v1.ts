import { createHmac } from 'node:crypto';
import { sameText } from './tc3.ts';

export type V1Verdict =
  /** `host`: the form of the host that was signed. */
  | { readonly kind: 'valid'; readonly host: string }
  /** What should have been signed, with the first of the hosts and paths. */
  | { readonly kind: 'invalid'; readonly why: string; readonly stringToSign: string };

/**
 * Verifies HmacSHA1 or HmacSHA256 over the decoded parameters of a query or form. Of a repeated parameter the last
 * counts, as `new Map(parameters)` has it, and the caller must read them so too (assumed: the documents are silent).
 *
 * @param hosts what the client may have signed (`signedHosts`), likewise `paths` (`signedPaths`)
 */
export function verifyV1(
  method: string,
  hosts: readonly string[],
  paths: readonly string[],
  parameters: readonly (readonly [name: string, value: string])[],
  secretKey: string,
): V1Verdict {
  const values = new Map(parameters);
  const given = values.get('Signature') ?? '';
  const signatureMethod = values.get('SignatureMethod') ?? '';
  for (const sorted of parameterSpellings(values)) {
    for (const path of paths) {
      for (const host of hosts) {
        const expected = signatureV1(signatureMethod, secretKey, stringToSignV1(method, host, path, sorted));
        if (sameText(expected, given)) return { kind: 'valid', host };
      }
    }
  }
  return {
    kind: 'invalid',
    why: given === '' ? 'there is no Signature' : `it is not the signature of this request, with the host as any of: ${hosts.join(', ')}`,
    stringToSign: stringToSignV1(method, hosts[0] ?? '', paths[0] ?? '/', sortedParameters(values)),
  };
}

/** The Java and Python SDKs put `.` for `_` into the names that they sign, behind the sorting. */
function parameterSpellings(values: ReadonlyMap<string, string>): readonly string[] {
  const asSent = sortedParameters(values);
  const dotted = sortedParameters(values, (name) => name.replaceAll('_', '.'));
  return dotted === asSent ? [asSent] : [asSent, dotted];
}

/** `k=v&k=v` of all but Signature: names in ASCII order, so that `X.12` comes before `X.2`, values raw and not URL-encoded. */
export function sortedParameters(values: ReadonlyMap<string, string>, spell = (name: string): string => name): string {
  const names = [...values.keys()].filter((name) => name !== 'Signature').sort();
  return names.map((name) => `${spell(name)}=${values.get(name) ?? ''}`).join('&');
}

export const stringToSignV1 = (method: string, host: string, path: string, sorted: string): string => `${method}${host}${path}?${sorted}`;

/** Base64. Only the exact word `HmacSHA256` selects SHA-256; anything else, and nothing, is SHA-1 (documented). */
export const signatureV1 = (signatureMethod: string, secretKey: string, stringToSign: string): string =>
  createHmac(signatureMethod === 'HmacSHA256' ? 'sha256' : 'sha1', secretKey).update(stringToSign).digest('base64');
