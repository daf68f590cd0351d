import { start } from './http/start.ts';
import { providers } from './providers/index.ts';
import type { Scenario } from './scenario/scenario.ts';

export type { Scenario } from './scenario/scenario.ts';

export interface SimulatorOptions {
  /** A loaded scenario; the default one where none is given. */
  readonly scenario?: Scenario;
  /** 0, the default, takes a free port. */
  readonly port?: number;
}

export interface RunningSimulator {
  /** `http://127.0.0.1:<port>`, the base URL for every provider. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts konghao in this process, on loopback.
 *
 * @throws the system's error where the port cannot be had
 * @example
 * const simulator = await startSimulator();
 * await fetch(`${simulator.url}/balance?apikey=7c11272au708345c834b8ue81ac78972`);
 * await simulator.close();
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const scenario = options.scenario ?? (await (await import('./scenario/default-scenario.ts')).defaultScenario(providers));
  const running = await start({ providers, scenario, port: options.port ?? 0, host: '127.0.0.1', gatekeeper: { token: undefined, hosts: [] } });
  return { url: `http://127.0.0.1:${running.port}`, close: () => running.close(0) };
}
