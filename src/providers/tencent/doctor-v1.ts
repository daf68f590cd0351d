import { createHmac } from 'node:crypto';
import type { Parameter } from '../../wire/form.ts';
import type { WireRequest } from '../../wire/wire-request.ts';
import type { SignedText } from '../provider.ts';
import type { KeysSeen } from './doctor-keys.ts';
import { signedHosts, signedPaths, type SignatureMode } from './tc3.ts';

/** All that goes into a v1 signature, each part as text, so that a mistake is another text in one of them. */
export interface V1Signing {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly questionMark: '?' | '';
  /** In the order signed, without Signature. */
  readonly parameters: readonly Parameter[];
  readonly hash: 'sha1' | 'sha256';
  readonly key: string;
  readonly encoding: V1Encoding;
}

/** How a digest is written: base64 where it is right, and else something that clients make of it. */
export type V1Encoding = keyof typeof written;

const written = {
  base64: (digest) => digest.toString('base64'),
  'blanks for +': (digest) => digest.toString('base64').replaceAll('+', ' '),
  'URL-encoded': (digest) => encodeURIComponent(digest.toString('base64')),
  'line break behind': (digest) => `${digest.toString('base64')}\n`,
  'CR and LF behind': (digest) => `${digest.toString('base64')}\r\n`,
  'without padding': (digest) => digest.toString('base64').replace(/=+$/, ''),
  base64url: (digest) => digest.toString('base64url'),
  'padded base64url': (digest) => digest.toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
  hex: (digest) => digest.toString('hex'),
  'hex in capitals': (digest) => digest.toString('hex').toUpperCase(),
  'base64 of hex': (digest) => Buffer.from(digest.toString('hex')).toString('base64'),
} satisfies Readonly<Record<string, (digest: Buffer) => string>>;

export interface V1Seen extends KeysSeen {
  readonly request: WireRequest;
  /** As sent, Signature among them. */
  readonly parameters: readonly Parameter[];
  readonly mode: SignatureMode;
}

/** A string to sign longer than this is compared in its documented form alone: each of the others is hashed some hundred times. */
const longestInAllForms = 8192;

/** What `verifyV1` takes, the documented form first. */
export function v1Rights(seen: V1Seen): readonly V1Signing[] {
  const { request, mode } = seen;
  const documented = documentedV1(seen);
  if (textOf(documented).length > longestInAllForms) return [documented];
  // The Java and Python SDKs put `.` for `_` into the names that they sign, behind the sorting.
  const dotted = documented.parameters.map(([name, value]) => [name.replaceAll('_', '.'), value] as const);
  const forms = new Map([[textOf(documented), documented]]);
  for (const parameters of [documented.parameters, dotted]) {
    for (const path of signedPaths(request.path, mode)) {
      for (const host of signedHosts(request.host, mode)) {
        const form = { ...documented, host, path, parameters };
        forms.set(textOf(form), form);
      }
    }
  }
  return [...forms.values()];
}

export function documentedV1({ request, parameters, account }: V1Seen): V1Signing {
  const values = new Map(parameters);
  return {
    method: request.method,
    host: request.host,
    path: '/',
    questionMark: '?',
    parameters: [...values].filter(([name]) => name !== 'Signature').sort(([a], [b]) => (a < b ? -1 : 1)),
    hash: values.get('SignatureMethod') === 'HmacSHA256' ? 'sha256' : 'sha1',
    key: account.terms.secret,
    encoding: 'base64',
  };
}

export const v1Texts = (signing: V1Signing): SignedText => ({ stringToSign: textOf(signing) });

export const v1Signature = (signing: V1Signing): string => written[signing.encoding](createHmac(signing.hash, signing.key).update(textOf(signing)).digest());

const textOf = ({ method, host, path, questionMark, parameters }: V1Signing): string =>
  method + host + path + questionMark + parameters.map(([name, value]) => `${name}=${value}`).join('&');
