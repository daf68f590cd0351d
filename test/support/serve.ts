import { onTestFinished } from 'vitest';
import { start, type RunningServer, type ServerOptions } from '../../src/http/start.ts';
import { providers } from '../../src/providers/index.ts';
import { describeComplaint } from '../../src/scenario/complaint.ts';
import { defaultScenario } from '../../src/scenario/default-scenario.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { scenarioSchema } from '../../src/scenario/schema.ts';

export interface Served extends RunningServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** `127.0.0.1:<port>` */
  readonly address: string;
}

/** What a test may want otherwise: a time by which signatures are judged, other providers, a control token, shorter timeouts, fewer tenants. */
export type Options = Partial<Pick<ServerOptions, 'realTime' | 'providers' | 'gatekeeper' | 'patience' | 'tenants'>>;

/** Made once: a file of tests reads hundreds of scenarios. */
const schema = scenarioSchema(providers);

/** A scenario from YAML text; `konghao: 1` and a name are put before it. */
export async function scenarioOf(text: string): Promise<Scenario> {
  const loaded = loadScenario(`konghao: 1\nname: test\n${text}`, 'test.yaml', await schema, providers);
  if (loaded.kind === 'complaints') throw new Error(loaded.complaints.map(describeComplaint).join('\n'));
  return loaded.scenario;
}

/** A server on a free port, the default scenario or this one's text, closed when the test ends. */
export async function serve(text?: string, options: Options = {}): Promise<Served> {
  const served = await serveForFile(text, options);
  onTestFinished(() => served.close(0));
  return served;
}

/** The same for a whole file: the caller closes it in `afterAll`. */
export async function serveForFile(text?: string, options: Options = {}): Promise<Served> {
  const scenario = text === undefined ? await defaultScenario(providers) : await scenarioOf(text);
  const running = await start({ providers, scenario, port: 0, host: '127.0.0.1', gatekeeper: { token: undefined }, ...options });
  const address = `127.0.0.1:${running.port}`;
  return Object.assign(running, { address, url: `http://${address}` });
}
