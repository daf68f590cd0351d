import type { Outgoing } from '../../support/exchange.ts';

/** Where and when a request goes: signatures need both. */
export interface At {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  /** Real time, seconds since 1970. */
  readonly now: number;
}

/** Something that a client or an account does, and that leads to a row without any rule. */
export interface Recipe {
  readonly by: string;
  /** Facts only, in YAML. Left out: the sandbox accounts and no facts. */
  readonly scenario?: string;
  /** The last one is answered with the row. */
  readonly requests: (at: At) => readonly Outgoing[];
  /** The message in full, where it is not the row's own text. */
  readonly says?: string | RegExp;
  /** Billed queries of the last request, where they are more than one. */
  readonly units?: number;
  /** The request is at none of the endpoint's addresses, so that the journal names the provider only. */
  readonly stray?: true;
}

/** By endpoint and row. */
export type Causes = Readonly<Record<string, Readonly<Record<string, readonly Recipe[]>>>>;

/** What an answer says, found where this provider puts it. */
export interface Spoken {
  readonly code: string;
  readonly message: string;
  /** What the answer tells of itself and may repeat in its message. */
  readonly repeats?: Readonly<Record<string, string>>;
}

/** How the tests read one provider, and all that makes it say a row by itself. */
export interface ProviderCauses {
  /** The language of its messages by default. */
  readonly language: 'en' | 'zh';
  read(body: string): Spoken;
  readonly causes: Causes;
}
