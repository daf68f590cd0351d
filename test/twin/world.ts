/**
 * What a twin knows: numbers, accounts and the time. A twin has no memory of its own except the QXT balances and
 * Tencent's per-second counts, so a world is the whole input of a run.
 */
export interface World {
  /** Milliseconds since the epoch; judges Tencent's timestamps and stamps ALAPI's answers. */
  readonly clock: () => number;
  /** By national number, 11 digits. A well-formed number that is absent here is a number nobody has a record of. */
  readonly numbers: Readonly<Record<string, PhoneNumber>>;
  readonly acedata: readonly AceDataAccount[];
  readonly tencent: readonly TencentAccount[];
  readonly alapi: readonly AlapiAccount[];
  readonly qxt: readonly QxtAccount[];
}

export interface PhoneNumber {
  readonly status: Status;
  /** The network that serves the number today. */
  readonly carrier: Carrier;
  /** The network that first issued the number, where it has moved since. */
  readonly portedFrom?: Carrier;
  readonly area: { readonly province: string; readonly city: string };
  readonly owner?: { readonly name: string; readonly idCard: string };
  /** What the look-up of this number fails with, whatever its status. */
  readonly trouble?: Trouble;
}

export type Status = 'normal' | 'suspended' | 'cancelled' | 'vacant' | 'offline' | 'unknown' | 'silent' | 'risk';
export type Carrier = 'mobile' | 'unicom' | 'telecom' | 'broadcast' | 'virtual';
export type Trouble = 'busy' | 'daily-limit' | 'engine-unknown' | 'engine-exception' | 'name-check';

export interface AceDataAccount {
  readonly token: string;
  readonly condition: 'good' | 'rate-limited' | 'other-service' | 'failing';
}

export interface TencentAccount {
  readonly secretId: string;
  readonly secretKey: string;
  /** Present on temporary keys: the session token that has to come with each request. */
  readonly sessionToken?: string;
  /** Requests that one second of the clock admits; absent means that nothing is counted. */
  readonly requestsPerSecond?: number;
  readonly condition:
    | 'good'
    | 'arrears'
    | 'charge-status'
    | 'not-authorized'
    | 'not-activated'
    | 'sts-unauthorized'
    | 'failing';
}

export interface AlapiAccount {
  readonly token: string;
  readonly condition: 'good' | 'expired' | 'exhausted' | 'foreign-address' | 'no-data' | 'rate-limited' | 'failing';
}

export interface QxtAccount {
  /** 32 characters. */
  readonly apikey: string;
  readonly billing: 'prepaid' | 'postpaid';
  /** Queries left; a postpaid account may go below zero. */
  readonly balance: number;
  readonly condition: 'good' | 'foreign-address' | 'failing';
}
