import type { Server } from 'node:http';
import type { Clock } from '../domain/clock.ts';
import { controlPlane } from '../control/control.ts';
import type { Gatekeeper } from '../control/gatekeeper.ts';
import { Simulator } from '../engine/simulator.ts';
import type { TenantLimits } from '../engine/tenants.ts';
import type { Provider } from '../providers/provider.ts';
import type { Complaint } from '../scenario/complaint.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { createApp, type Patience } from './app.ts';
import { close, listen } from './listen.ts';
import { mount } from './mount.ts';

export interface ServerOptions {
  readonly providers: readonly Provider[];
  readonly scenario: Scenario;
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  readonly gatekeeper: Gatekeeper;
  /** The time by which signatures are judged; the machine's where left out. */
  readonly realTime?: Clock;
  /** How long a client may take over its request. */
  readonly patience?: Patience;
  /** How many tenants may be minted, and how long one stays that nobody calls. */
  readonly tenants?: TenantLimits;
}

export interface RunningServer {
  readonly simulator: Simulator;
  readonly server: Server;
  readonly port: number;
  /** What health and journal say of the last edit; empty when it is in force. */
  complaints: readonly Complaint[];
  /** Requests under way may finish, for at most `grace` milliseconds. */
  close(grace?: number): Promise<void>;
}

/** Everything from scenario to socket. Rejects with the system's own error where it cannot listen. */
export async function start({ providers, scenario, port, host, gatekeeper, realTime, patience, tenants }: ServerOptions): Promise<RunningServer> {
  const simulator = new Simulator(scenario, providers, realTime, tenants);
  const running = { complaints: [] as readonly Complaint[] };
  const control = controlPlane({ simulator, complaints: () => running.complaints }, gatekeeper);
  const server = createApp(mount({ simulator, control }), patience);
  const listening = await listen(server, port, host);
  return Object.assign(running, { simulator, server, port: listening, close: (grace = 5_000) => close(server, grace).finally(() => simulator.tenants.close()) });
}
