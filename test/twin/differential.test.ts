import { expect, it, onTestFinished } from 'vitest';
import { serve } from '../support/serve.ts';
import { compare, type Difference } from './compare.ts';
import { type Disagreement, DISAGREEMENTS } from './disagreements.ts';
import type { NamedRequest } from './raw-request.ts';
import { REQUESTS } from './requests.ts';
import { CREDENTIALS, sampleWorld } from './sample-world.ts';
import { scenarioOfWorld } from './scenario-of-world.ts';
import { type RawAnswer, send } from './send.ts';
import { startTwin } from './server.ts';

// Two servers whose authors read the documents and not each other. Where they answer alike, the documents are likely to mean
// it; where they do not, one of them is wrong or the documents are silent, and then the list says at which sentence.

/** Any second: both servers stand still at it. */
const NOW = 1_795_321_350;

interface Found extends Difference {
  /** `endpoint: name` */
  readonly request: string;
}

/** Asks both servers in the table's order, because QXT's balance goes down along it. */
async function differencesOf(requests: readonly NamedRequest[], readings: Readonly<Record<string, string>> = {}): Promise<readonly Found[]> {
  const world = sampleWorld(() => NOW * 1000);
  const [ours, twin] = await Promise.all([serve(scenarioOfWorld(world, readings)), startTwin(world)]);
  onTestFinished(() => twin.close());
  const found: Found[] = [];
  for (const { endpoint, name, build } of requests) {
    // Each server is asked under its own address, which Tencent's signatures cover.
    const ask = (port: number): Promise<RawAnswer> => send(port, build({ host: `127.0.0.1:${port}`, now: NOW, credentials: CREDENTIALS }));
    const [our, its] = await Promise.all([ask(ours.port), ask(twin.port)]);
    found.push(...compare(our, its).map((difference) => ({ request: `${endpoint}: ${name}`, ...difference })));
  }
  return found;
}

const told = ({ request, field, ours, twin }: Found): string => `${request} | ${field} | ours ${ours} | twin ${twin}`;

/** A row's `*` stands for any run of characters within one part. */
function explains(row: string): (difference: string) => boolean {
  const parts = row.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  const pattern = new RegExp(`^${parts.join('[^|]*')}$`, 'u');
  return (difference) => pattern.test(difference);
}

interface Judgement {
  /** What is found and stands in no row. */
  readonly unlisted: readonly string[];
  /** What stands in a row and is not found: the row has to go, or loses this request. */
  readonly gone: readonly string[];
}

/** Every name and glob of a row has to be found by itself, and of two rows that fit only the first counts. */
function judge(found: readonly Found[], rows: readonly Disagreement[]): Judgement {
  const listed = rows.flatMap(({ requests, field, ours, twin }) => requests.map((request) => told({ request, field, ours, twin })));
  const tests = listed.map((row) => ({ row, fits: explains(row) }));
  const used = new Set<string>();
  const unlisted: string[] = [];
  for (const difference of found.map(told)) {
    const row = tests.find(({ fits }) => fits(difference))?.row;
    if (row === undefined) unlisted.push(difference);
    else used.add(row);
  }
  return { unlisted, gone: listed.filter((row) => !used.has(row)) };
}

it('disagrees with the twin where the list says so, and nowhere else', async () => {
  expect(judge(await differencesOf(REQUESTS), DISAGREEMENTS)).toEqual({ unlisted: [], gone: [] });
});

it("agrees with the twin on what a reading settles, once it is the twin's", async () => {
  const settled = DISAGREEMENTS.flatMap(({ settledBy }) => settledBy ?? []);
  const readings = Object.fromEntries(settled.map(({ reading, value }) => [reading, value]));
  // A reading changes its own provider: the others have nothing new to say.
  const providers = new Set(settled.map(({ reading }) => reading.split('.')[0]));
  const concerned = (place: string): boolean => providers.has(place.split('/')[0]);
  const rest = DISAGREEMENTS.filter(({ requests, settledBy }) => settledBy === undefined && requests.every(concerned));
  const asked = REQUESTS.filter(({ endpoint }) => concerned(endpoint));
  expect(judge(await differencesOf(asked, readings), rest)).toEqual({ unlisted: [], gone: [] });
});

it('reports a difference in no row, and each name or glob of a row that nothing fits', () => {
  const found = { request: 'qxt/balance: PUT', field: 'outcome', ours: '200 0', twin: '405 1' };
  const row = { ...found, why: 'It is for this test.' };
  expect(judge([found], [{ ...row, requests: ['qxt/*: PUT'] }])).toEqual({ unlisted: [], gone: [] });
  expect(judge([found], [{ ...row, requests: ['qxt/*: PUT', 'qxt/*: GET'] }]).gone).toEqual(['qxt/*: GET | outcome | ours 200 0 | twin 405 1']);
  expect(judge([found], [{ ...row, requests: ['qxt/*: PUT'], twin: '405' }]).unlisted).toEqual(['qxt/balance: PUT | outcome | ours 200 0 | twin 405 1']);
});

const answer = (text: string, status = 200): RawAnswer => ({ status, contentType: 'application/json', text });

it.each([
  ['the HTTP status', answer('{"code":1}'), answer('{"code":1}', 405), [{ field: 'outcome', ours: '200 1', twin: '405 1' }]],
  ['the code, and nothing that follows from it', answer('{"code":0,"result":{"a":1}}'), answer('{"code":1,"result":null}'), [{ field: 'outcome', ours: '200 0', twin: '200 1' }]],
  ['a code that is a number here and a text there', answer('{"code":0}'), answer('{"code":"0"}'), [{ field: 'code', ours: '0', twin: '"0"' }]],
  ['the order of keys', answer('{"code":0,"usage":1}'), answer('{"usage":1,"code":0}'), [{ field: 'keys of the body', ours: 'code usage', twin: 'usage code' }]],
  ['a value', answer('{"data":[{"status":1}]}'), answer('{"data":[{"status":2}]}'), [{ field: 'data.0.status', ours: '1', twin: '2' }]],
  ['the length of a list', answer('{"data":[]}'), answer('{"data":null}'), [
    { field: 'keys of data', ours: '0 entries', twin: 'absent' },
    { field: 'data', ours: 'absent', twin: 'null' },
  ]],
  ['the type of a message', answer('{"msg":"a"}'), answer('{"msg":1}'), [{ field: 'msg', ours: 'string', twin: 'number' }]],
  ['no message', answer('{"msg":"a"}'), answer('{"msg":"b"}'), []],
  ['a body that is no JSON', answer('<html>'), answer('null'), [{ field: '', ours: '"<html>"', twin: 'null' }]],
])('compares %s', (_what, ours, twin, differences) => {
  expect(compare(ours, twin)).toEqual(differences);
});
