import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../src/index.ts';

const asked = '/ssPhone_Status?apikey=7c11272au708345c834b8ue81ac78972&mobile=13972565391';

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'konghao-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'mine.yaml');
  writeFileSync(file, text);
  return file;
}

it('serves the default scenario on a free port, and stops', async () => {
  const simulator = await startSimulator();
  expect(await (await fetch(simulator.url + asked)).json()).toMatchObject({ result: { Area: '湖北-宜昌', Now_isp: '中国电信' } });
  await simulator.close();
  await expect(fetch(simulator.url + asked)).rejects.toThrow();
});

it('serves a scenario file', async () => {
  const simulator = await startSimulator({ scenario: fileOf('konghao: 1\nname: mine\nnumbers: { "13972565391": { status: suspended } }\n') });
  onTestFinished(() => simulator.close());
  expect(await (await fetch(simulator.url + asked)).json()).toMatchObject({ result: { Status: '停机' } });
});

it('throws every mistake of a broken scenario, with its place', async () => {
  const file = fileOf('konghao: 1\nname: mine\nseed: -1\nrules: [{ id: a, then: bussy }]\n');
  await expect(startSimulator({ scenario: file })).rejects.toThrow(`${file}:3:7: seed is too small; 0 is the least.\n${file}:4:24: "bussy" is none of the words for then; did you mean "busy"?`);
});
