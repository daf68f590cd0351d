import { smLoaded } from '../../sealed/sm.ts';
import { header, type WireRequest } from '../../wire/wire-request.ts';
import type { Account, Circumstances, Desk, Diagnosis, SignedText } from '../provider.ts';
import { sessionTokenOf } from './account.ts';
import { openEnvelope } from './decryption.ts';
import { isSpelt } from './doctor-body.ts';
import { malformedAuthorization, missingAuthorization, scopeMistake, secretIdMistake, signedHeadersMistake, timestampMistake } from './doctor-credential.ts';
import { encodings } from './doctor-encoding.ts';
import { documentedTc3, tc3Seen, tc3Texts } from './doctor-tc3.ts';
import { tc3Mistake } from './doctor-tc3-mistakes.ts';
import { documentedV1, v1Texts } from './doctor-v1.ts';
import { v1Mistake } from './doctor-v1-mistakes.ts';
import { verifyV1 } from './hmac-v1.ts';
import { encryptionOf, readBusiness, schemaFault } from './parameters.ts';
import { mostOfV1, openDraft, type TencentDraft } from './request.ts';
import { parseAuthorization, scopeFault, signedHosts, signedPaths, SigningKeys, verifyTc3, type SignatureMode } from './tc3.ts';

/**
 * The single mistake behind a refused signature, or behind an Encryption that stays closed. It is looked for in the
 * gateway's order, so that it is the one which the answer is about. `undefined` where the signature is good, where
 * what is missing is named by the answer itself, and where a request was too long to be read.
 */
export function diagnose(request: WireRequest, circumstances: Circumstances): Diagnosis | undefined {
  if (request.oversize || (request.method !== 'GET' && request.method !== 'POST')) return undefined;
  // A draft is opened from the request and the readings; the rest of a desk is for checks and answers.
  const draft = openDraft(request, { readings: circumstances.readings } as Desk);
  if (draft.scheme === 'v1' && request.body.length > mostOfV1) return undefined;
  const diagnosis = mistake(draft, circumstances);
  return diagnosis === undefined ? undefined : withoutSecrets(diagnosis, draft, circumstances.accounts);
}

function mistake(draft: TencentDraft, circumstances: Circumstances): Diagnosis | undefined {
  const { request, scheme, common } = draft;
  const authorization = header(request, 'authorization');
  if (authorization === '' && (scheme === 'tc3' || header(request, 'x-tc-timestamp') !== '')) return missingAuthorization;
  if (common.timestamp === '' || (scheme === 'v1' && (common.secretId === '' || common.signature === ''))) return undefined;
  return timestampMistake(common.timestamp, circumstances.judgedAt) ?? (scheme === 'tc3' ? ofTc3(draft, authorization, circumstances) : ofV1(draft, circumstances));
}

function ofTc3(draft: TencentDraft, text: string, { accounts, readings }: Circumstances): Diagnosis | undefined {
  const { request, common: { timestamp } } = draft;
  const authorization = parseAuthorization(text);
  if (authorization.kind === 'malformed') return malformedAuthorization(authorization);
  const { credential } = authorization;
  const account = accounts.find(({ terms }) => terms.credential === credential.secretId);
  if (account === undefined) return secretIdMistake(credential.secretId, accounts);
  const mode = modeOf(readings);
  const part = scopeFault(credential, timestamp, request.host, mode);
  if (part !== undefined) return scopeMistake(part, credential, timestamp, request.host);
  if (verifyTc3(request, authorization, timestamp, account.terms.secret, mode, new SigningKeys()).kind === 'valid') return ofEncryption(draft, account);
  const seen = tc3Seen({ request, authorization, account, accounts, timestamp, mode });
  const expected = tc3Texts(documentedTc3(seen));
  const list = signedHeadersMistake(authorization, (name) => (name === 'host' ? request.host !== '' : Object.hasOwn(request.headers, name)));
  return list === undefined ? (tc3Mistake(seen) ?? wrongKey(request, expected)) : { ...list, expected };
}

function ofV1(draft: TencentDraft, { accounts, readings }: Circumstances): Diagnosis | undefined {
  const { request, parameters, common } = draft;
  const account = accounts.find(({ terms }) => terms.credential === common.secretId);
  if (account === undefined) return secretIdMistake(common.secretId, accounts);
  const mode = modeOf(readings);
  const verdict = verifyV1(request.method, signedHosts(request.host, mode), signedPaths(request.path, mode), parameters, account.terms.secret);
  if (verdict.kind === 'valid') return ofEncryption(draft, account);
  const seen = { request, parameters, account, accounts, mode };
  return v1Mistake(seen) ?? wrongKey(request, v1Texts(documentedV1(seen)));
}

const modeOf = (readings: Circumstances['readings']): SignatureMode => (readings['tencent.scopeService'] === 'strict' ? 'strict' : 'lenient');

const wrongKey = ({ body }: WireRequest, expected: SignedText): Diagnosis => ({
  cause: 'wrong-key',
  explanation: `None of the known mistakes explains it: most likely the SecretKey is another than this SecretId's. If it is the right one, compare what you sign with what is expected here${
    isSpelt(body) ? '' : '; the body is too long for its other spellings to have been tried'}.`,
  expected,
});

function ofEncryption(draft: TencentDraft, account: Account): Diagnosis | undefined {
  if (readBusiness(draft) !== undefined || schemaFault(draft.business) !== undefined) return undefined;
  // Whoever answered the request had loaded SM2; before that there is nothing to be said.
  if (encryptionOf(draft.business)?.algorithm === 'SM4-GCM' && !smLoaded()) return undefined;
  const opened = openEnvelope({ business: draft.business, account });
  if (!('kind' in opened) || opened.kind === 'opened') return undefined;
  return { cause: `decryption-${opened.step}`, explanation: `The signature is good, and Encryption stays closed: ${opened.why.charAt(0).toLowerCase()}${opened.why.slice(1)}` };
}

/** A shorter secret stands in many a text by chance, and is none. */
const shortestSecret = 8;

/** A client may have put a secret into anything that it signs, in small letters or URL-encoded too; and a token is signed as it is. */
function withoutSecrets(diagnosis: Diagnosis, { common }: TencentDraft, accounts: readonly Account[]): Diagnosis {
  const secrets = [common.token, ...accounts.flatMap(({ terms }) => [terms.secret, sessionTokenOf(terms)])]
    .filter((secret) => secret.length >= shortestSecret)
    .flatMap((secret) => [secret, secret.toLowerCase(), ...encodings.map(([, encode]) => encode(secret))]);
  const clean = (text: string): string => secrets.reduce((cleaner, secret) => cleaner.replaceAll(secret, '…'), text);
  const cleanText = ({ canonicalRequest, stringToSign }: SignedText): SignedText =>
    canonicalRequest === undefined ? { stringToSign: clean(stringToSign) } : { canonicalRequest: clean(canonicalRequest), stringToSign: clean(stringToSign) };
  const { cause, explanation, expected, signed } = diagnosis;
  return { cause, explanation: clean(explanation), ...(expected && { expected: cleanText(expected) }), ...(signed && { signed: cleanText(signed) }) };
}
