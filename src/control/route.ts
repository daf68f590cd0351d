import type { Simulator } from '../engine/simulator.ts';
import type { Tenant } from '../engine/tenant.ts';
import type { Complaint } from '../scenario/complaint.ts';
import type { Parameter } from '../wire/form.ts';
import type { WireResponse } from '../wire/wire-response.ts';

/** What the control plane speaks about. */
export interface Controlled {
  readonly simulator: Simulator;
  /** Mistakes of the last edit that was refused; empty when what is on disk is what serves. */
  readonly complaints: () => readonly Complaint[];
}

export interface Call {
  readonly tenant: Tenant;
  readonly parameters: readonly Parameter[];
  /** What stands for the last `{…}` in the path. */
  readonly name: string;
  readonly body: Buffer;
  /** The Host header, for addresses in answers. */
  readonly host: string;
  /** Calls back when the client leaves before it is answered. */
  onLeave(left: () => void): void;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Behind `/_sim`; of a tenant's routes also behind `/_sim/tenants/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** Whether it is about one tenant: without one in the path, the default one. */
  readonly of: 'process' | 'tenant';
  /** Needs no token, even beyond loopback. */
  readonly open?: boolean;
  run(controlled: Controlled, call: Call): WireResponse | Promise<WireResponse>;
}
