import { last, parseForm, type Parameter } from '../../wire/form.ts';
import { header, type WireRequest } from '../../wire/wire-request.ts';
import type { Desk, Draft } from '../provider.ts';
import { parseAuthorization, type MalformedAuthorization, type Tc3Authorization } from './tc3.ts';

/** The parameters that every action has, wherever they stood. */
export interface CommonParameters {
  readonly action: string;
  readonly version: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly secretId: string;
  readonly signature: string;
  readonly token: string;
  readonly language: string;
}

export interface TencentDraft extends Draft {
  /** TC3 signs headers and body and is known by its header; v1 signs parameters. */
  readonly scheme: 'tc3' | 'v1';
  /** Of the query or, in a v1 POST, of the form. */
  readonly parameters: readonly Parameter[];
  readonly common: CommonParameters;
  /** What the header says; `undefined` in v1. */
  readonly authorization: Tc3Authorization | MalformedAuthorization | undefined;
  /** The action's own parameters, put together from wherever they stood. */
  business: Readonly<Record<string, unknown>>;
  language: 'en' | 'zh';
}

/** A form that v1 signs has at most 1 MB (documented). */
export const mostOfV1 = 1024 * 1024;

const isForm = (request: WireRequest): boolean => /^application\/x-www-form-urlencoded\b/i.test(header(request, 'content-type'));

export function openDraft(request: WireRequest, desk: Desk): TencentDraft {
  const authorization = header(request, 'authorization');
  // A POST of a form is v1, a POST of JSON is TC3, and a GET is what its headers say.
  const scheme = authorization === '' && (request.method === 'GET' || isForm(request)) ? 'v1' : 'tc3';
  const posted = scheme === 'v1' && request.method === 'POST';
  // A longer form is refused for its length, so that nobody need take it apart.
  const form = posted && request.body.length <= mostOfV1 ? request.body.toString('utf8') : '';
  const parameters = request.method === 'GET' || scheme === 'v1' ? parseForm(posted ? form : request.query) : [];
  const common = scheme === 'tc3' ? fromHeaders(request) : fromParameters(parameters);
  return {
    request, desk, scheme, parameters, common,
    readings: desk.readings,
    account: undefined,
    queries: [],
    authorization: scheme === 'tc3' ? parseAuthorization(authorization) : undefined,
    business: {},
    language: languageOf(common.language, desk.readings['tencent.language']),
  };
}

function fromHeaders(request: WireRequest): CommonParameters {
  return {
    action: header(request, 'x-tc-action'),
    version: header(request, 'x-tc-version'),
    timestamp: header(request, 'x-tc-timestamp'),
    nonce: '',
    secretId: '',
    signature: '',
    token: header(request, 'x-tc-token'),
    language: header(request, 'x-tc-language'),
  };
}

function fromParameters(parameters: readonly Parameter[]): CommonParameters {
  const value = (name: string): string => last(parameters, name) ?? '';
  return {
    action: value('Action'),
    version: value('Version'),
    timestamp: value('Timestamp'),
    nonce: value('Nonce'),
    secretId: value('SecretId'),
    signature: value('Signature'),
    token: value('Token'),
    language: value('Language'),
  };
}

/** The request's own wish, else reading `tencent.language`. */
export function languageOf(asked: string, reading: string | undefined): 'en' | 'zh' {
  const language = asked === 'zh-CN' || asked === 'en-US' ? asked : reading;
  return language === 'zh-CN' ? 'zh' : 'en';
}

/** The names of v1's common parameters; whatever else stands beside them is the action's. */
export const commonNames: ReadonlySet<string> = new Set([
  'Action', 'Version', 'Region', 'Timestamp', 'Nonce', 'SecretId', 'Signature', 'SignatureMethod', 'Token', 'Language', 'RequestClient',
]);
