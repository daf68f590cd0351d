import { assumed, type Evidence } from '../domain/evidence.ts';
import type { Outcome, Phase, Reason } from '../domain/outcome.ts';
import type { Query } from '../domain/query.ts';
import type { LineStatus } from '../domain/subscriber.ts';
import type { WireRequest } from '../wire/wire-request.ts';
import type { WireResponse } from '../wire/wire-response.ts';

/** One emulated vendor. Everything the rest of the house knows of it stands here; nothing branches on its id. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  /** What is between `https://` and the path at the real one. */
  readonly hosts: readonly string[];
  /** Whether a Host header (lower case, no port) means this provider, beyond `hosts`. */
  ownsHost?(host: string): boolean;
  /** Whether a path means this provider when the host does not tell. The four providers' paths do not collide. */
  ownsPath(path: string): boolean;
  readonly endpoints: readonly Endpoint[];
  /** The endpoint that answers this request, or none at that path. */
  route(request: WireRequest, readings: Readings): Endpoint | undefined;
  /** The provider's own words for what `route` does not find; left out where it finds an endpoint for everything. */
  stray?(request: WireRequest, desk: Desk): Reply;
  /** The longest body that it reads, in bytes. */
  readonly bodyLimit: number;
  readonly readings: readonly Reading[];
  readonly accounts: AccountKind;
  /** Which parameters and headers may be shown as they are, and what the others are, so that nothing personal is printed. */
  readonly fields: FieldKinds;
  /** How long an answer typically takes, in milliseconds, where a document says so. */
  readonly typicalDelay?: { readonly milliseconds: number; readonly evidence: Evidence };
}

/** One operation of a provider. */
export interface Endpoint<D extends Draft = Draft> {
  /** `provider.operation`, as scenarios and journal name it. */
  readonly id: string;
  readonly provider: string;
  /** How the documents write it: `POST /identity/phone/check-1e`. */
  readonly title: string;
  /** The kind of question that it answers. */
  readonly asks: Query['kind'];
  readonly rows: Catalogue;
  /** The endpoint's row for each neutral reason, or why it has no word for it. */
  readonly words: Readonly<Record<Reason, Word>>;
  /** How the endpoint spells each state of a line; absent where it is not asked for one. */
  readonly statuses?: Readonly<Record<LineStatus | 'no-record', StatusWord>>;
  /** Evidence for the fields and headers of an answer. */
  readonly answerFields: Readonly<Record<string, Evidence>>;
  /** The vendor's own order, with its source beside it. */
  readonly checks: readonly Check<D>[];
  open(request: WireRequest, desk: Desk): D;
  /** What this request needs and is not loaded yet, such as SM2: the edge awaits it before the call. */
  prepare?(request: WireRequest): Promise<void> | undefined;
  reply(draft: D, outcome: Outcome, refusal?: Refusal): Reply;
  /** The mistake in how a request is signed or sealed, for providers that verify either; `undefined` where there is none to explain. Never throws. */
  diagnose?(request: WireRequest, circumstances: Circumstances): Diagnosis | undefined;
  /** A request as the provider's documents show it, credential put in: for `ask`, the start-up lines and tests. */
  sample(subject: Sample): SampleRequest;
}

export interface Sample {
  readonly number: string;
  readonly name: string;
  readonly idCard: string;
  readonly account: Account;
  /** `host:port` of the server that is asked. */
  readonly host: string;
  /** Unix time in seconds, for signatures. */
  readonly timestamp: number;
}

export interface SampleRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** One line for a POSIX shell that does the same, also later (a signature is computed in the line). */
  readonly curl: string;
}

/** All documented codes of an endpoint, keyed by row id: the code, with a prefix where one code means two things. */
export type Catalogue = Readonly<Record<string, Row>>;

export interface Row {
  /** As on the wire. */
  readonly code: string;
  readonly status: number;
  /** The provider's text in both languages; `{name:default}` is filled from the refusal. */
  readonly message: Message;
  readonly billed: boolean;
  readonly evidence: Evidence;
  readonly cause: Cause;
}

export interface Message {
  readonly en: string;
  readonly zh: string;
}

/** Whether something a client or an account can do leads to this row by itself, without a rule. */
export type Cause =
  | { readonly kind: 'caused'; readonly by: string }
  | { readonly kind: 'uncaused'; readonly why: string };

export const caused = (by: string): Cause => ({ kind: 'caused', by });
export const uncaused = (why: string): Cause => ({ kind: 'uncaused', why });

/** A row id, or the statement that the endpoint has no word for this. */
export type Word = string | { readonly noWord: string };

export interface StatusWord {
  /** What the endpoint says, in its own terms. */
  readonly says: string;
  /** Set where the provider has no word of its own for this state and another must stand in. */
  readonly noWord?: string;
  readonly evidence: Evidence;
}

/**
 * How an endpoint spells a state.
 *
 * @param noWord why another word stands in, where it has none of its own: which one is nearest is our own judgement
 */
export const statusWord = (says: string, evidence: Evidence, noWord?: string): StatusWord =>
  noWord === undefined ? { says, evidence } : { says, noWord, evidence: standsIn };
const standsIn = assumed('the nearest of its words');

/** A named switch where the documents contradict each other or are silent. The first value is the default. */
export interface Reading {
  readonly name: string;
  readonly values: readonly [string, ...string[]];
  readonly why: string;
}

/** The value of each reading of the scenario in force. */
export type Readings = Readonly<Record<string, string>>;

/** What a request is read into, step by step, by the endpoint's checks. */
export interface Draft {
  readonly request: WireRequest;
  readonly desk: Desk;
  /** The default tenant's until the credential is known. */
  readings: Readings;
  account: Account | undefined;
  queries: readonly Query[];
}

/** What the engine lends an endpoint while it reads a request. */
export interface Desk {
  account(provider: string, credential: string): Account | undefined;
  readonly readings: Readings;
  /** The time by which signatures are fresh, in milliseconds: the real one even when a scenario's clock stands still, unless the scenario says otherwise. */
  signatureTime(account: Account | undefined): number;
  /** The tenant's time in milliseconds. */
  time(account: Account | undefined): number;
  /** An id that depends on nothing but the seed, the endpoint, the subject and how often they met. */
  id(endpoint: string, account: Account | undefined, subject: string): string;
  /** Counts up per tenant, from 1. */
  sequence(account: Account | undefined): number;
}

/** Looks the credential up and, where it is known, goes on under its tenant's readings. */
export function recognise(draft: Draft, provider: string, credential: string): Account | undefined {
  const account = draft.desk.account(provider, credential);
  if (account !== undefined) {
    draft.account = account;
    draft.readings = account.readings;
  }
  return account;
}

export type Check<D extends Draft = Draft> =
  | {
      readonly kind: 'own';
      readonly phase: Phase;
      readonly name: string;
      run(draft: D): Refusal | undefined;
    }
  | {
      /** A check that the engine makes from the account's state; the endpoint says what a refusal is called. */
      readonly kind: 'gate';
      readonly phase: Phase;
      readonly gate: Gate;
      readonly row: string;
    };

export const gates = ['switched-off', 'granted', 'allow-list', 'deny-list', 'state', 'expiry', 'rate', 'credit', 'daily'] as const;
export type Gate = (typeof gates)[number];

export const gate = (phase: Phase, name: Gate, row: string): Check<never> => ({ kind: 'gate', phase, gate: name, row });
export const own = <D extends Draft>(phase: Phase, name: string, run: (draft: D) => Refusal | undefined): Check<D> => ({
  kind: 'own',
  phase,
  name,
  run,
});

/** The row that an unanswered outcome is, and `otherwise` where the endpoint has no word for it. */
export function rowOf(words: Endpoint['words'], outcome: Exclude<Outcome, { kind: 'answered' }>, otherwise: string): string {
  if (outcome.kind === 'native') return outcome.row;
  const word = words[outcome.reason];
  return typeof word === 'string' ? word : otherwise;
}

/** Why a check did not let the call pass. */
export interface Refusal {
  readonly row: string;
  /** For the journal, never for the wire. */
  readonly why: string;
  /** Values for the `{name:default}` places of the row's message. */
  readonly fill?: Readonly<Record<string, string>>;
}

export const refuse = (row: string, why: string, fill?: Readonly<Record<string, string>>): Refusal =>
  fill === undefined ? { row, why } : { row, why, fill };

export interface Reply {
  readonly wire: WireResponse;
  readonly row: string;
  /** What of it is billed, in queries. */
  readonly units: number;
  /** The id by which the client may ask for it later, such as RequestId; `''` or left out where the answer carries none. */
  readonly id?: string;
}

/** What only the simulator knows, for explaining a refusal to its user and never to a client. */
export interface Circumstances {
  /** The accounts of the same tenant and provider. */
  readonly accounts: readonly Account[];
  readonly readings: Readings;
  /** The time by which its signature was judged, in milliseconds since 1970. */
  readonly judgedAt: number;
}

/** The one mistake that a client made when it signed or sealed its request. */
export interface Diagnosis {
  /** The mistake's name, such as `body-re-serialised`. */
  readonly cause: string;
  /** One or two sentences: what is wrong and what to do. No secrets in it. */
  readonly explanation: string;
  /** What should have been signed, where that is known. */
  readonly expected?: SignedText;
  /** What was signed, where a known mistake leads to the very signature that was sent. */
  readonly signed?: SignedText;
}

/** What a signature is made of, without secrets. It holds what the request holds, so it is shown masked as that is. */
export interface SignedText {
  /** TC3 only. */
  readonly canonicalRequest?: string;
  readonly stringToSign: string;
}

/** A credential with its limits, as the scenario states them. */
export interface Account {
  readonly provider: string;
  readonly tenant: string;
  readonly terms: Terms;
  readonly readings: Readings;
}

/** What a provider's account record means in neutral words. */
export interface Terms {
  /** What a request shows to be recognised. */
  readonly credential: string;
  /** What only the two sides know; `''` where the credential is all there is. */
  readonly secret: string;
  /** Row that every call gets, from a state such as arrears; `undefined` in good standing. */
  readonly refusedAs: string | undefined;
  /** Queries left at the start; `undefined` where nothing is counted. Below `floor` the account is out of credit. */
  readonly credit: { readonly start: number; readonly floor: number } | undefined;
  readonly perSecond: number | undefined;
  readonly perNumberPerDay: number | undefined;
  /** Milliseconds since 1970. */
  readonly expires: number | undefined;
  /** Exact addresses or CIDR blocks; empty lets everybody in. */
  readonly allowedAddresses: readonly string[];
  readonly deniedAddresses: readonly string[];
  /** Endpoint ids this credential may call; `undefined` for all of its provider. */
  readonly grants: readonly string[] | undefined;
  /** The record as it stands in the scenario, for what only this provider knows. */
  readonly record: Readonly<Record<string, unknown>>;
}

/** How a provider's accounts are written in a scenario. */
export interface AccountKind {
  /** The zod schema of one record, loaded when a scenario has to be validated. */
  schema(): Promise<unknown>;
  /** The published sandbox accounts, in force where a scenario says nothing of this provider. */
  readonly sandbox: readonly Readonly<Record<string, unknown>>[];
  terms(record: Readonly<Record<string, unknown>>): Terms;
  /** The key of a record that says what is left at the start. */
  readonly balance: string;
  /** The keys of a record that a client puts into its own settings. */
  readonly credentials: readonly string[];
  /**
   * The same account under credentials of its own, as the provider would give them out.
   *
   * @param fresh so many random letters and digits
   */
  reissue(record: Readonly<Record<string, unknown>>, fresh: (length: number) => string): Readonly<Record<string, unknown>>;
}

/** What a parameter or header holds, for masking. Whatever is not named is masked whole. */
export type FieldKind = 'plain' | 'numbers' | 'name' | 'id-card' | 'secret';
export type FieldKinds = Readonly<Record<string, FieldKind>>;

/** Fills a message's `{name:default}` places, with the default where the refusal (or a forced row) says nothing. */
export function fillMessage(text: string, fill: Readonly<Record<string, string>> | undefined): string {
  return text.includes('{')
    ? text.replace(/\{(\w+):([^}]*)\}/g, (_whole, name: string, otherwise: string) => fill?.[name] ?? otherwise)
    : text;
}
