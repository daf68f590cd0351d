import { Simulator } from '../engine/simulator.ts';
import { createApp } from '../http/app.ts';
import { close, listen } from '../http/listen.ts';
import { mount } from '../http/mount.ts';
import { providers } from '../providers/index.ts';

export async function serve(_words: readonly string[]): Promise<number> {
  const { defaultScenario } = await import('../scenario/default-scenario.ts');
  const simulator = new Simulator(await defaultScenario(providers), providers);
  const server = createApp(mount({ simulator, control: { bodyLimit: 65536, answer: () => ({ status: 404, headers: [], body: '' }) } }));
  const port = await listen(server, Number(process.env['PORT'] ?? 4086), '127.0.0.1');
  process.stdout.write(`konghao is ready on http://127.0.0.1:${port}\n`);
  await new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await close(server, 5000);
  return 0;
}
