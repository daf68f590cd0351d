import { header } from '../../wire/wire-request.ts';
import { gate, own, recognise, refuse, type Check, type Refusal } from '../provider.ts';
import { sessionTokenOf } from './account.ts';
import { statesOfKey, statesOfPermission } from './account-states.ts';
import { freshness } from './freshness.ts';
import { verifyV1 } from './hmac-v1.ts';
import { languageOf, mostOfV1, type TencentDraft } from './request.ts';
import { sameText, scopeFault, signedHosts, signedPaths, SigningKeys, verifyTc3, type SignatureMode } from './tc3.ts';

const mostOfGet = 32 * 1024;

/** A memo of derived keys: it changes how fast an answer is, never which. */
const signingKeys = new SigningKeys();

/**
 * What Tencent's gateway checks before a product sees the call. Documented: sizes and methods, that expiry comes
 * before anything about the SecretId, and that a bare GET misses Timestamp first. The rest of the order is inferred.
 */
export const gatewayChecks: readonly Check<TencentDraft>[] = [
  own('accept', 'method', ({ request: { method } }) =>
    method === 'GET' || method === 'POST' ? undefined : refuse('UnsupportedProtocol', `the method is ${method}`),
  ),
  own('accept', 'size', sizeFault),
  own('accept', 'parameters can be split', (draft) => {
    const text = draft.request.method === 'GET' ? draft.request.query : draft.scheme === 'v1' ? draft.request.body.toString('latin1') : '';
    return text.split('&').some((item) => item !== '' && !item.includes('='))
      ? refuse('InvalidParameter', 'a parameter has no "="', { text: 'Url key and value should be splited by `=`.' })
      : undefined;
  }),
  own('accept', 'product', ({ request: { host } }) => {
    const product = /^([^.:]+)\.(?:[^:]+\.)?tencentcloudapi\.com(?::\d+)?$/i.exec(host)?.[1]?.toLowerCase();
    return product === undefined || product === 'faceid' ? undefined : refuse('NoSuchProduct', 'the Host names another product', { product });
  }),
  own('validate', 'common parameters', commonFault),
  own('authenticate', 'timestamp fresh', (draft) => {
    const { common, desk } = draft;
    // No SecretId has been checked yet, but whose the request claims to be decides by whose clock it is judged, and whose journal has it.
    const now = desk.signatureTime(recognise(draft, 'tencent', secretIdOf(draft)));
    return freshness(common.timestamp, now) === 'fresh'
      ? undefined
      : refuse('AuthFailure.SignatureExpire', `Timestamp ${common.timestamp} is more than 300 s from ${Math.floor(now / 1000)}`);
  }),
  own('authenticate', 'Authorization readable', ({ authorization }) =>
    authorization?.kind === 'malformed' ? invalidAuthorization(authorization.part, authorization.why) : undefined,
  ),
  own('authenticate', 'SecretId known', (draft) => {
    if (recognise(draft, 'tencent', secretIdOf(draft)) === undefined) return refuse('AuthFailure.SecretIdNotFound', 'no account has this SecretId');
    draft.language = languageOf(draft.common.language, draft.readings['tencent.language']);
    return undefined;
  }),
  own('authenticate', 'state of the key', (draft) => stateFault(draft, statesOfKey)),
  gate('authenticate', 'allow-list', 'IpNotInWhitelist'),
  gate('authenticate', 'deny-list', 'IpInBlacklist'),
  own('authenticate', 'credential scope', (draft) => {
    if (draft.authorization?.kind !== 'tc3') return undefined;
    const { credential } = draft.authorization;
    const part = scopeFault(credential, draft.common.timestamp, draft.request.host, modeOf(draft));
    return part === undefined ? undefined : invalidAuthorization(`${part}\` in Credential`, `the scope is ${credential.date}/${credential.service}/${credential.terminator}`);
  }),
  own('authenticate', 'signature', signatureFault),
  own('authenticate', 'token', ({ account, common }) => {
    if (account === undefined || sameText(sessionTokenOf(account.terms), common.token)) return undefined;
    return refuse('AuthFailure.TokenFailure', common.token === '' ? 'the key is a temporary one and its token is missing' : 'the token is not that of the key');
  }),
  own('validate', 'version', ({ common }) =>
    common.version === '2018-03-01' ? undefined : refuse('NoSuchVersion', `the version is ${common.version}`, { version: common.version }),
  ),
  own('validate', 'action', ({ common }) =>
    common.action === 'MobileStatus' ? undefined : refuse('InvalidAction', `faceid's action here is MobileStatus, not ${common.action}`, { action: common.action }),
  ),
  gate('accept', 'switched-off', 'ActionOffline'),
  own('authenticate', 'permission', (draft) => stateFault(draft, statesOfPermission)),
  gate('admit', 'rate', 'RequestLimitExceeded'),
];

/** The gateway's and the backend's share of the states that an account can be in. */
export function stateFault({ account }: TencentDraft, states: ReadonlySet<string>): Refusal | undefined {
  const row = account?.terms.refusedAs;
  return row !== undefined && states.has(row) ? refuse(row, 'the scenario puts the account into this state') : undefined;
}

const secretIdOf = ({ authorization, common }: TencentDraft): string => (authorization?.kind === 'tc3' ? authorization.credential.secretId : common.secretId);

const modeOf = (draft: TencentDraft): SignatureMode => (draft.readings['tencent.scopeService'] === 'strict' ? 'strict' : 'lenient');

const invalidAuthorization = (part: string, why: string): Refusal =>
  refuse('AuthFailure.InvalidAuthorization', why, { part: part.includes('`') ? `\`${part} not valid.` : `\`${part}\` not valid.` });

function sizeFault({ request, scheme }: TencentDraft): Refusal | undefined {
  if (request.method === 'GET' && request.path.length + request.query.length > mostOfGet) return refuse('RequestSizeLimitExceeded', 'a GET has at most 32 kB');
  if (request.oversize) return refuse('RequestSizeLimitExceeded', 'a body has at most 10 MB');
  // Real answers call it a signature failure and say what it is in the text only.
  return scheme === 'v1' && request.body.length > mostOfV1
    ? refuse('AuthFailure.SignatureFailure', 'a form signed with v1 has at most 1 MB', { text: 'The provided credentials could not be validated because of exceeding request size limit, please use new signature method `TC3-HMAC-SHA256`.' })
    : undefined;
}

function commonFault({ scheme, common, request }: TencentDraft): Refusal | undefined {
  const required: readonly (readonly [name: string, value: string])[] =
    scheme === 'tc3'
      ? [['Timestamp', common.timestamp], ['Action', common.action], ['Version', common.version], ['Authorization', header(request, 'authorization')]]
      : [['Timestamp', common.timestamp], ['Nonce', common.nonce], ['SecretId', common.secretId], ['Signature', common.signature], ['Action', common.action], ['Version', common.version]];
  for (const [name, value] of required) if (value === '') return refuse('MissingParameter', `${name} is missing`, { name });
  for (const [name, value] of [['Timestamp', common.timestamp], ['Nonce', common.nonce || '0']] as const) {
    if (!/^\d+$/.test(value)) return refuse('InvalidParameter', `${name} is no number`, { text: `Parameter \`${name}\` type error.` });
  }
  return undefined;
}

function signatureFault(draft: TencentDraft): Refusal | undefined {
  const { account, request, authorization, common, parameters } = draft;
  const secretKey = account?.terms.secret ?? '';
  const mode = modeOf(draft);
  const verdict = authorization?.kind !== 'tc3'
    ? verifyV1(request.method, signedHosts(request.host, mode), signedPaths(request.path, mode), parameters, secretKey)
    : verifyTc3(request, authorization, common.timestamp, secretKey, mode, signingKeys);
  return verdict.kind === 'valid' ? undefined : refuse('AuthFailure.SignatureFailure', verdict.why);
}
