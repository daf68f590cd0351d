import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { start, type RunningServer } from '../http/start.ts';
import { providers } from '../providers/index.ts';
import { describeComplaint } from '../scenario/complaint.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { maskText } from '../engine/masking.ts';
import { usualLimits, type TenantLimits } from '../engine/tenants.ts';
import { parseWords, UsageError } from './usage-error.ts';

export async function serve(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseWords('serve', words, {
    port: { type: 'string', default: '4086' },
    host: { type: 'string', default: '127.0.0.1' },
    json: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    'no-watch': { type: 'boolean', default: false },
    'tenant-idle': { type: 'string' },
  });
  const [file, second] = positionals;
  if (second !== undefined) throw new UsageError(`Failed to serve: "${second}" is one file too many. Name one scenario.`);
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65535) throw new UsageError(`Failed to serve: "${values.port}" is no port. Use a number from 0 to 65535.`);

  const tenants = await limitsOf(values['tenant-idle']);
  const { host } = values;
  const token = isLoopback(host) ? undefined : process.env['KONGHAO_CONTROL_TOKEN'] || randomBytes(18).toString('base64url');
  const read = file === undefined ? undefined : await fromFile(file);
  if (file !== undefined && read === undefined) return 1;
  const scenario = read?.scenario ?? (await shipped());
  const running = await listening({ providers, scenario, port: Number(values.port), host, gatekeeper: { token }, tenants });
  // From here on a signal is heard: who sees the ready line may end it at once.
  const stopped = stopSignal();

  const { announce, follow } = await import('./announce.ts');
  const said = announce(running, { host, token, json: values.json, file });
  process.stdout.write(said);
  if (!values.quiet) follow(running.simulator, values.json);
  const stopWatching = file === undefined || read === undefined || values['no-watch'] ? () => {} : await watch(file, read.text, running);
  await stopped;
  stopWatching();
  await running.close();
  return 0;
}

/** @param idle how long a minted tenant stays that nobody calls, such as `30m` */
async function limitsOf(idle: string | undefined): Promise<TenantLimits> {
  if (idle === undefined) return usualLimits;
  const { duration, millisecondsOf } = await import('../scenario/durations.ts');
  const milliseconds = new RegExp(`^${duration}$`).test(idle) ? millisecondsOf(idle) : 0;
  if (milliseconds < 1) throw new UsageError(`Failed to serve: "${idle}" is no time for --tenant-idle. Write one such as 90s, 30m or 1d.`);
  return { ...usualLimits, idle: milliseconds };
}

async function shipped(): Promise<Scenario> {
  const { defaultScenario } = await import('../scenario/default-scenario.ts');
  return defaultScenario(providers);
}

async function fromFile(file: string): Promise<{ readonly scenario: Scenario; readonly text: string } | undefined> {
  const [{ readScenario }, { loadScenario }, { scenarioSchema }] = await Promise.all([import('./check.ts'), import('../scenario/load.ts'), import('../scenario/schema.ts')]);
  const text = readScenario(file);
  const loaded = loadScenario(text, file, await scenarioSchema(providers), providers);
  if (loaded.kind === 'scenario') return { scenario: loaded.scenario, text };
  for (const complaint of loaded.complaints) process.stderr.write(`${describeComplaint(complaint)}\n`);
  return undefined;
}

async function listening(options: Parameters<typeof start>[0]): Promise<RunningServer> {
  try {
    return await start(options);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const { host, port } = options;
    const why: Readonly<Record<string, string>> = {
      EADDRINUSE: `port ${port} is in use. Stop what listens there, or choose another with --port (0 takes a free one)`,
      EACCES: `port ${port} may not be used by you. Choose one above 1023 with --port`,
      EADDRNOTAVAIL: `this machine has no address ${host}. Choose another with --host`,
      ENOTFOUND: `nothing is known of a host ${host}. Choose another with --host`,
    };
    throw new UsageError(`Failed to listen on ${host}: ${why[code] ?? code}.`);
  }
}

async function watch(file: string, text: string, running: RunningServer): Promise<() => void> {
  const { watchScenario } = await import('../scenario/watch.ts');
  return watchScenario(file, text, providers, {
    applied: (scenario) => {
      running.complaints = [];
      running.simulator.defaultTenant.apply(scenario);
      process.stderr.write(`The scenario "${scenario.name}" is in force; counters and balances start anew.\n`);
    },
    refused: (complaints) => {
      running.complaints = complaints;
      process.stderr.write(`The edit is refused, and the last good scenario stays in force:\n${complaints.map((complaint) => `  ${maskText(describeComplaint(complaint))}\n`).join('')}`);
    },
  });
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** The first signal stops in peace; a second one ends the process at once, as the system does by itself. */
const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    const stop = (): void => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
