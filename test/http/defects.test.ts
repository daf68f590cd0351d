import { expect, it } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import { own, type Endpoint, type Provider } from '../../src/providers/provider.ts';
import { qxt as question } from '../support/ask.ts';
import { exchange, headerOf, lastEntry } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';
import { codeIn } from '../support/shapes.ts';

const asked = question('13912345678');

const broken = (): never => {
  throw new Error('a fault of ours');
};

/** QXT with something in it that throws, beside the others as they are. */
function withBroken(provider: Partial<Provider>, endpoint: Partial<Endpoint> = {}): readonly Provider[] {
  return providers.map((each): Provider => {
    if (each.id !== 'qxt') return each;
    const [status, ...others] = each.endpoints;
    if (status === undefined) return each;
    const changed: Endpoint = { ...status, ...endpoint };
    return { ...each, endpoints: [changed, ...others], route: () => changed, ...provider };
  });
}

it.each<[title: string, all: readonly Provider[]]>([
  ['its routing', withBroken({ route: broken })],
  ['opening a request', withBroken({}, { open: broken })],
  ['what it prepares', withBroken({}, { prepare: broken })],
  ['what it prepares, a moment later', withBroken({}, { prepare: () => Promise.reject(new Error('a fault of ours')) })],
  ['every answer', withBroken({}, { reply: broken })],
  ['its stray words', withBroken({ route: () => undefined, stray: broken })],
])('answers a provider that throws at %s as a defect of ours, and goes on', async (_title, all) => {
  const { port } = await serve(undefined, { providers: all });
  for (let i = 0; i < 3; i += 1) {
    const answer = await exchange(port, asked);
    expect(answer.status).toBe(500);
    expect(headerOf(answer, 'x-simulator-error')).toBe('defect');
    expect(JSON.parse(answer.body)).toMatchObject({ title: 'defect', status: 500, detail: expect.stringContaining('a fault of ours') });
    expect(answer.body).not.toMatch(/\.ts|\n\s+at /);
  }
  expect((await exchange(port, { method: 'GET', target: '/_sim/health' })).status).toBe(200);
  expect((await exchange(port, { method: 'POST', target: '/identity/phone/check-1e' })).status).toBe(401);
});

it('answers a check that throws with the code that the provider has for it, charges nothing, and tells the journal', async () => {
  const { port } = await serve(undefined, { providers: withBroken({}, { checks: [own('validate', 'broken', broken)] }) });
  expect(codeIn('qxt', await exchange(port, asked))).toBe('-8');
  const entry = await lastEntry(port);
  expect(entry).toMatchObject({ row: '-8', units: 0, because: 'The simulator failed, which is a defect of ours: Error: a fault of ours.' });
  expect(JSON.stringify(entry)).not.toContain('.ts');
});

it('gives a client his answer though a listener of the exchanges throws', async () => {
  const served = await serve();
  served.simulator.onExchange = broken;
  for (let i = 0; i < 2; i += 1) expect(codeIn('qxt', await exchange(served.port, asked))).toBe('0');
});
