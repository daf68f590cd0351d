import { expect, it } from 'vitest';
import { konghao } from '../support/command.ts';
import { clientsOf } from '../support/clients.ts';
import { serve } from '../support/serve.ts';

it('finds the newest call between two instants, and refuses what is none', async () => {
  const { port, address } = await serve('clock: 2026-01-31T23:59:50+08:00');
  await clientsOf(port).balance();
  const why = (...words: string[]) => konghao(['why', '--url', `http://${address}`, ...words]);
  expect((await why('--from', '2026-01-31T23:59:50+08:00', '--to', '2026-01-31T23:59:51+08:00')).code).toBe(0);
  expect((await why('--from', '2026-01-31T23:59:51+08:00')).code).toBe(1);
  expect(await why('--to', 'yesterday')).toMatchObject({ code: 2, stderr: expect.stringMatching(/"yesterday" is no instant/) });
});
