import { start } from './http/start.ts';
import { providers } from './providers/index.ts';
import type { Scenario } from './scenario/scenario.ts';

export interface SimulatorOptions {
  /** A scenario file; the default scenario where none is named. */
  readonly scenario?: string;
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
 * @throws the system's error where the file or the port cannot be had; for a broken scenario an error with all of
 *   its mistakes, a line each: `file:line:column: what is wrong`
 * @example
 * const simulator = await startSimulator();
 * await fetch(`${simulator.url}/balance?apikey=7c11272au708345c834b8ue81ac78972`);
 * await simulator.close();
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const scenario = options.scenario === undefined ? await shipped() : await fromFile(options.scenario);
  const running = await start({ providers, scenario, port: options.port ?? 0, host: '127.0.0.1', gatekeeper: { token: undefined } });
  return { url: `http://127.0.0.1:${running.port}`, close: () => running.close(0) };
}

async function shipped(): Promise<Scenario> {
  const { defaultScenario } = await import('./scenario/default-scenario.ts');
  return defaultScenario(providers);
}

async function fromFile(file: string): Promise<Scenario> {
  const { readScenarioFile } = await import('./scenario/load.ts');
  return readScenarioFile(file, file, providers);
}
