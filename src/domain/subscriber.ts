/** What a line can be, in words that belong to no provider. Each provider says how it spells them. */
export const lineStatuses = ['active', 'suspended', 'cancelled', 'vacant', 'off-net', 'silent', 'risk', 'unknown'] as const;
export type LineStatus = (typeof lineStatuses)[number];

/** The networks that hold number ranges, by the names that ALAPI and QXT put on the wire. */
export const carriers = ['中国移动', '中国联通', '中国电信', '中国广电'] as const;
export type Carrier = (typeof carriers)[number];

/** A holder of a number. */
export interface Person {
  readonly name: string;
  /** 18 characters, GB 11643-1999, with `X` in upper case. */
  readonly idCard: string;
}

/** Where a fact about a number comes from: the scenario's words, the public number plan, or the seed. */
export type Origin = 'scenario' | 'plan' | 'seed';

/** The ground truth of one number: what all four providers are asked about. */
export interface Subscriber {
  readonly number: string;
  /** `no-record`: the number is possible, and no operator knows anything of it. */
  readonly status: LineStatus | 'no-record';
  /** The network that serves the number now. */
  readonly carrier: Carrier;
  /** The network that the prefix was given to; equal to `carrier` unless the number was ported. */
  readonly originalCarrier: Carrier;
  /** A virtual operator's name, `''` where it is one of unknown name, `undefined` where it is none. */
  readonly virtualOperator: string | undefined;
  /** `省-市`, such as `湖北-宜昌`. */
  readonly area: string;
  readonly origin: { readonly status: Origin; readonly carrier: Origin; readonly area: Origin };
}
