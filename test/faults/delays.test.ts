import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { acedata, alapi, balance, formOf, formType, qxt, tc3, unlimited } from '../support/ask.ts';
import { told } from '../support/control.ts';
import { exchange, type Outgoing } from '../support/exchange.ts';
import { serve } from '../support/serve.ts';
import { dial, handled, hear } from './dial.ts';
import { billOf, whyOf } from './look-inside.ts';

const number = '13800138000';

/** A call of each endpoint about this number. */
const callsOf = (host: string, about: string): readonly Outgoing[] => [
  acedata('check-1e', { mobile: about }),
  acedata('check-3e', { name: '李雷', phone: about, id_card: '11010519491231002X' }),
  tc3(host, { Mobile: about }),
  alapi(formType, formOf([['mobiles', about]])),
  qxt(about),
];

const open = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap' || kind === 'Timeout').length;
const closed = (socket: Socket): Promise<unknown> => new Promise((resolve) => (socket.closed ? resolve(undefined) : socket.once('close', resolve)));

it('answers everybody else while calls wait for minutes, and keeps nothing of those that leave', async () => {
  const { port, address, server } = await serve(`${unlimited}rules: [{ id: slow, when: { number: "${number}" }, then: { delay: 600s } }]\n`);
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket));
  const before = open();
  const slow = Array.from({ length: 10 }, () => callsOf(address, number)).flat().map((request) => dial(port, request));
  for (let place = 0; place < slow.length; place += 1) await handled(port, place);
  for (const request of [...callsOf(address, '13912345678'), balance]) expect((await exchange(port, request)).status).toBe(200);
  expect(slow.filter((client) => client.isOpen() && client.heard().length === 0)).toHaveLength(50);
  await Promise.all(slow.map((client) => client.leave()));
  await Promise.all(sockets.map(closed));
  expect(open()).toBeLessThanOrEqual(before);
  // They were charged when they were answered, and not when the answer would have been sent.
  expect((await billOf(port)).total.charges).toBe(55);
});

it.each(['timeout', 'reset', 'limit-data', 'wrong-charset', 'gateway-504'])('charges a call at once whose %s comes minutes later', async (fault) => {
  const { port, address } = await serve(`${unlimited}rules: [{ id: slow, then: { fault: ${fault}, before: send, delay: 300s } }]\n`);
  for (const [index, request] of callsOf(address, number).entries()) {
    const client = dial(port, request);
    await handled(port, index);
    const { lines } = await billOf(port);
    expect(lines.map(({ exchange: place, units, delivered }) => [place, units, delivered]).at(-1)).toEqual([index + 1, 1, fault === 'reset' ? 'connection-reset' : fault]);
    expect([client.heard().length, client.isOpen()]).toEqual([0, true]);
    await client.leave();
  }
});

it('has a fault strike after its delay, and says both', async () => {
  const { port } = await serve(`${unlimited}rules: [{ id: slow, then: { fault: reset, delay: 60ms } }]\n`);
  const started = performance.now();
  const client = dial(port, qxt(number));
  expect(await client.ended).toBe('ECONNRESET');
  expect(performance.now() - started).toBeGreaterThanOrEqual(59);
  expect(await whyOf(port, 1)).toMatchObject({
    delay: 60,
    fault: 'connection-reset before send',
    because: expect.stringMatching(/ has it end in connection-reset before send, 60 ms late: 1 charged\.$/),
    phases: expect.arrayContaining([expect.objectContaining({ phase: 'send', what: 'after 60 ms', verdict: 'struck' })]),
  });
});

it('has a fault strike at once where the delay is charged to the clock', async () => {
  const { port } = await serve(`clock: { at: "2026-01-31T23:30:00+08:00", delays: charged }\nrules: [{ id: slow, then: { fault: gateway-504, delay: 3600s } }]\n`);
  expect(await hear(port, qxt(number), 0)).toEqual({ came: 'a page of HTML under 504' });
  expect(await told(port, 'GET', '/clock')).toMatchObject({ china: '2026-02-01T00:30:00.000+08:00' });
  expect(await whyOf(port, 1)).toMatchObject({ delay: 3_600_000, at: '2026-01-31T15:30:00.000Z' });
});
