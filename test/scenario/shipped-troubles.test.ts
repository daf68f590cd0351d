import { expect, it } from 'vitest';
import { faultKinds } from '../../src/domain/fault.ts';
import type { Bill } from '../../src/engine/bill.ts';
import type { Reconciliation } from '../../src/engine/reconcile.ts';
import { lastEntry } from '../support/exchange.ts';
import { bytesOfRequest, speak } from '../support/raw.ts';
import { alapi, check1e, check3e, qxt, said, shipped, story, tencent, wordOf, type ServedScenario } from '../support/shipped.ts';

/** The shipped scenarios whose stories are of time, money and broken answers. */

const number = '13900000000';

interface Clock {
  readonly now: string;
  readonly china: string;
}
const advance = ({ control }: ServedScenario, by: string): Promise<Clock> => control('PATCH', '/clock', { advance: by });

interface Expectations {
  readonly met: boolean;
  readonly verdicts: readonly { readonly of: string; readonly found: number; readonly to: number | null; readonly met: boolean }[];
}
const verdicts = async ({ control }: ServedScenario): Promise<Record<string, [found: number, met: boolean]>> =>
  Object.fromEntries((await control<Expectations>('GET', '/expectations')).verdicts.map(({ of, found, met }) => [of, [found, met]]));

const total = async ({ control }: ServedScenario): Promise<string> => (await control<Bill>('GET', '/ledger')).total.amount;

const owner = { name: '王小明', idCard: '110101199003070011' };
const somebodyElse = { name: '陈美丽', idCard: '310101198512240026' };

story('billing-surprise', 'charges a duplicate, a query without a find and a mismatch', async (served) => {
  const { ask } = served;
  expect((await ask(alapi, '13900000100,13900000101,13900000100')).body).toMatchObject({ usage: 3, data: [{}, {}, {}] });
  expect(await said(served, qxt, '13900000102')).toBe('-4');
  expect(await said(served, qxt, '13900000101')).toBe('正常');
  expect(await said(served, check3e, '13900000100', somebodyElse)).toBe('1');
  expect(await said(served, check3e, '13900000100', owner)).toBe('0');
  expect(await verdicts(served)).toEqual({ [alapi]: [3, false], [qxt]: [2, false], [check3e]: [2, false] });
  expect(await total(served)).toBe('1.7250');
});

story('billing-surprise', 'has a careful client pay what it expects', async (served) => {
  await served.ask(alapi, '13900000100,13900000101');
  await served.ask(qxt, '13900000101');
  await served.ask(check3e, '13900000100', owner);
  expect(await served.control('GET', '/expectations')).toMatchObject({ met: true });
  expect(await total(served)).toBe('0.8800');
});

story('midnight', 'refuses the second attempt of a day, and takes another a second later, on the same day of UTC', async (served) => {
  for (const [endpoint, refused] of [[check3e, '-6'], [tencent, '-4 99']] as const) {
    expect(await said(served, endpoint, number)).not.toBe(refused);
    expect(await said(served, endpoint, number)).toBe(refused);
  }
  expect(await served.control('GET', '/clock')).toMatchObject({ now: '2026-01-31T15:59:59.000Z', china: '2026-01-31T23:59:59.000+08:00' });
  expect(await advance(served, '1s')).toMatchObject({ now: '2026-01-31T16:00:00.000Z', china: '2026-02-01T00:00:00.000+08:00' });
  for (const [endpoint, refused] of [[check3e, '-6'], [tencent, '-4 99']] as const) {
    expect(await said(served, endpoint, number)).not.toBe(refused);
    expect(await said(served, endpoint, number)).toBe(refused);
  }
});

story('midnight', 'does not take another a millisecond earlier', async (served) => {
  await said(served, tencent, number);
  await advance(served, '999ms');
  expect(await said(served, tencent, number)).toBe('-4 99');
  await advance(served, '1ms');
  expect(await said(served, tencent, number)).toBe('0 0');
});

story('arrears', 'refuses the third call, and after a top-up takes as many as it pays for', async (served) => {
  for (const [provider, endpoint, answered, refused] of [['tencent', tencent, '0 0', 'UnauthorizedOperation.Arrears'], ['qxt', qxt, '正常', '-5']] as const) {
    const heard: string[] = [];
    for (let call = 0; call < 3; call += 1) heard.push(await said(served, endpoint, number));
    expect(heard).toEqual([answered, answered, refused]);
    expect(await served.control('PATCH', `/accounts/${provider}`, { topUp: 1, why: 'paid by bank transfer' })).toMatchObject({ balance: 1 });
    expect([await said(served, endpoint, number), await said(served, endpoint, number)]).toEqual([answered, refused]);
  }
  const { accounts, lines } = await served.control<Bill>('GET', '/ledger');
  expect(accounts.filter(({ charged }) => charged > 0).map(({ provider, start, topUps, charged, balance }) => [provider, start, topUps, charged, balance])).toEqual([
    ['tencent', 2, 1, 3, 0],
    ['qxt', 2, 1, 3, 0],
  ]);
  expect(lines.filter(({ kind }) => kind === 'top-up').map(({ why }) => why)).toEqual(['paid by bank transfer', 'paid by bank transfer']);
});

story('arrears', 'leaves the others alone', async (served) => {
  for (let call = 0; call < 3; call += 1) for (const [endpoint, answered] of [[check1e, '0 0'], [alapi, '1 实号']] as const) expect(await said(served, endpoint, number)).toBe(answered);
});

const busy: Readonly<Record<string, string>> = { [check1e]: '-3 99', [tencent]: '-3 99', [alapi]: '400', [qxt]: '-8' };
const fine: Readonly<Record<string, string>> = { [check1e]: '0 0', [tencent]: '0 0', [alapi]: '1 实号', [qxt]: '正常' };
const fourStatuses = [check1e, tencent, alapi, qxt] as const;

story('brownout', 'is slow and partly busy for half a minute, before and behind which all is well, and nobody waits', async (served) => {
  const began = performance.now();
  const round = async (): Promise<{ readonly refused: number; readonly delays: readonly number[] }> => {
    const delays: number[] = [];
    let refused = 0;
    for (let call = 0; call < 6; call += 1) {
      for (const endpoint of fourStatuses) {
        const heard = await said(served, endpoint, `1390000000${call}`);
        expect([busy[endpoint], fine[endpoint]]).toContain(heard);
        if (heard === busy[endpoint]) refused += 1;
        delays.push((await lastEntry(served.port)).delay);
      }
    }
    return { refused, delays };
  };
  const none = { refused: 0, delays: Array.from({ length: 24 }, () => 0) };

  expect(await round()).toEqual(none);
  expect(await advance(served, '10s')).toMatchObject({ china: '2026-01-31T20:00:10.000+08:00' });
  const { refused, delays } = await round();
  expect(refused).toBeGreaterThan(24 / 5);
  expect(refused).toBeLessThan(24 / 2);
  const sorted = [...delays].sort((a, b) => a - b);
  expect(sorted[12]).toBeGreaterThan(600);
  expect(sorted[12]).toBeLessThan(1050);
  expect(sorted[0]).toBeGreaterThan(200);
  expect(sorted[23]).toBeGreaterThan(1400);
  // The clock has moved by what nobody waited for.
  const waited = delays.reduce((sum, each) => sum + each, 0);
  expect(waited).toBeGreaterThan(15_000);
  expect(await served.control('GET', '/clock')).toMatchObject({ sinceApplied: 10_000 + waited });
  await served.control('PATCH', '/clock', { at: '2026-01-31T20:00:40+08:00' });
  expect(await round()).toEqual(none);
  expect(performance.now() - began).toBeLessThan(waited);
});

story('brownout', 'goes the same way each time', async (served) => {
  const heard = async (): Promise<string[]> => {
    await advance(served, '10s');
    const all: string[] = [];
    for (const endpoint of fourStatuses) for (let call = 0; call < 4; call += 1) all.push(await said(served, endpoint, number));
    return all;
  };
  const once = await heard();
  await served.control('POST', '/reset');
  expect(await heard()).toEqual(once);
});

/**
 * What a client sees: the answer's word, another HTTP status, or why there is none.
 *
 * @param hangsUp as soon as the call is written down: what comes without end is not waited for
 */
async function seen({ port, request, control }: ServedScenario, endpoint: string, about: string, hangsUp = false): Promise<string> {
  const { method, target, headers = [], body = '' } = request(endpoint, about);
  const leaves = new AbortController();
  const { total: before } = await control<{ readonly total: number }>('GET', '/journal?limit=1');
  const heard = fetch(`http://127.0.0.1:${port}${target}`, { method, headers: Object.fromEntries(headers), ...(method === 'GET' ? {} : { body }), signal: leaves.signal })
    .then(async (answer) => {
      const text = await answer.text();
      return answer.status === 200 ? wordOf(JSON.parse(text)) : `HTTP ${answer.status}`;
    })
    .catch(({ name, cause }: { readonly name: string; readonly cause?: { readonly code?: string } }) => cause?.code ?? name);
  if (hangsUp) {
    await control('GET', `/journal/wait?after=${before}`);
    leaves.abort();
  }
  return heard;
}

story('failover-drill', 'lets AceData, Tencent, QXT and ALAPI fail one after the other, and all come back', async (served) => {
  const minutes: [heard: readonly string[], charges: number][] = [];
  for (let minute = 0; minute < 6; minute += 1) {
    const heard: string[] = [];
    for (const endpoint of [check1e, tencent, qxt, alapi]) {
      const word = await seen(served, endpoint, number);
      heard.push(word);
      if (word === fine[endpoint]) break;
    }
    minutes.push([heard, (await served.control<Bill>('GET', '/ledger')).total.charges]);
    await advance(served, '1m');
  }
  expect(minutes).toEqual([
    [['0 0'], 1],
    [['HTTP 503', '0 0'], 2],
    [['HTTP 503', '-3 99', '正常'], 3],
    [['HTTP 503', '-3 99', '-8', '1 实号'], 4],
    [['HTTP 503', '-3 99', '-8', '102'], 4],
    [['0 0'], 5],
  ]);
});

/** What a client sees that hung up itself. */
const hungUp = 'AbortError';

const losses: Readonly<Record<string, string>> = { [check1e]: 'ECONNRESET', [tencent]: hungUp, [qxt]: 'UND_ERR_SOCKET', [alapi]: 'HTTP 504' };

story('lost-after-charge', 'charges the first call about a number and loses its answer, so that a blind retry pays twice', async (served) => {
  for (const endpoint of fourStatuses) {
    expect([endpoint, await seen(served, endpoint, number, losses[endpoint] === hungUp)]).toEqual([endpoint, losses[endpoint]]);
    expect((await lastEntry(served.port)).units).toBe(1);
  }
  expect(await verdicts(served)).toEqual({ acedata: [1, true], tencent: [1, true], qxt: [1, true], alapi: [1, true] });

  for (const endpoint of fourStatuses) expect(await seen(served, endpoint, number)).toBe(fine[endpoint]);
  expect(await verdicts(served)).toEqual({ acedata: [2, false], tencent: [2, false], qxt: [2, false], alapi: [2, false] });
  expect(await total(served)).toBe('1.2900');

  // Who has answers for records only does not know of the other half.
  const records = fourStatuses.map((endpoint) => ({ endpoint, number }));
  const { matched, missing, repeated } = await served.control<Reconciliation>('POST', '/ledger/reconcile', { records });
  expect([matched, missing.map(({ endpoint, delivered }) => [endpoint, delivered])]).toEqual([
    4,
    [[check1e, 'connection-reset'], [tencent, 'timeout'], [alapi, 'gateway-504'], [qxt, 'limit-data']],
  ]);
  expect(repeated.map(({ endpoint, charges }) => [endpoint, charges.map(({ exchange }) => exchange)])).toEqual([[check1e, [1, 5]], [tencent, [2, 6]], [alapi, [3, 7]], [qxt, [4, 8]]]);
});

story('lost-after-charge', 'loses the first answer about each number', async (served) => {
  expect([await seen(served, check1e, '13900000001'), await seen(served, check1e, '13900000002')]).toEqual(['ECONNRESET', 'ECONNRESET']);
  expect([await seen(served, check1e, '13900000001'), await seen(served, check1e, '13900000002')]).toEqual(['0 0', '0 0']);
});

const faulty = async (): Promise<readonly (readonly [number: string, fault: string])[]> => {
  const { rules } = await shipped('every-fault');
  return rules.flatMap(({ when, then: [step] }) => (step?.fault === undefined ? [] : [[when.number ?? '', step.fault.kind] as const]));
};

it('every-fault has a number for each fault', async () => {
  expect((await faulty()).map(([, fault]) => fault).sort()).toEqual([...faultKinds].sort());
});

/** What a client sees of each that has an end; of the others it hangs up by itself. */
// HPE: an error of the parser.
const sights: Readonly<Record<string, string>> = {
  timeout: hungUp,
  'connection-reset': 'ECONNRESET',
  'empty-response': 'UND_ERR_SOCKET',
  'limit-data': 'UND_ERR_SOCKET',
  'wrong-length': hungUp,
  'broken-chunk': 'HPE',
  'slow-drip': hungUp,
  'malformed-body': 'SyntaxError',
  garbage: 'HPE',
  'gateway-502': 'HTTP 502',
  'gateway-503': 'HTTP 503',
  'gateway-504': 'HTTP 504',
  'wrong-charset': 'mojibake',
};

story('every-fault', 'breaks an answer in each way, and charges for it where no gateway stood in front', async (served) => {
  for (const [about, fault] of await faulty()) {
    const heard = await seen(served, qxt, about, sights[fault] === hungUp);
    const { fault: noted, units } = await lastEntry(served.port);
    expect([about, /\uFFFD/.test(heard) ? 'mojibake' : heard.replace(/^HPE_.*/, 'HPE'), noted?.split(' ')[0], units]).toEqual([about, sights[fault], fault, fault.startsWith('gateway-') ? 0 : 1]);
  }
});

story('every-fault', 'answers late', async (served) => {
  expect(await seen(served, qxt, '19900000700', true)).toBe(hungUp);
  expect(await lastEntry(served.port)).toMatchObject({ delay: 2000, fault: null, units: 1 });
});

story('every-fault', 'answers in full what it drips', async (served) => {
  const { bytes } = await speak(served.port, bytesOfRequest({ ...served.request(qxt, '19900000707'), headers: [['Host', '127.0.0.1'], ['Connection', 'close']] }));
  expect(bytes.toString()).toContain('"Status":"正常"');
});
