import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { exchange, lastEntry } from '../support/exchange.ts';
import { alapi, answerOf, check1e, check3e, qxt, said, shipped, shippedFiles as files, story, tencent } from '../support/shipped.ts';

story('default', 'serves the sandbox accounts, the samples of the documents and a magic number for a trouble', async (served) => {
  expect(await said(served, check1e, '13800138000')).toBe('0 1');
  expect(await said(served, tencent, '13800138000')).toBe('0 1');
  expect(await said(served, alapi, '13800138000')).toBe('2 停机');
  expect(await said(served, qxt, '13800138000')).toBe('停机');
  expect(await said(served, check3e, '13912345678', { name: '李雷', idCard: '11010519491231002X' })).toBe('0');
  expect((await served.ask('qxt.balance')).body).toMatchObject({ result: { feeType: '预付费' } });
  expect(await said(served, check1e, '19900000402')).toBe('used_up');
  expect(await said(served, tencent, '19900000402')).toBe('UnauthorizedOperation.Arrears');
  expect(await said(served, alapi, '19900000402')).toBe('102');
  expect(await said(served, qxt, '19900000402')).toBe('-5');
});

story('number-states', 'says each state in the words of all four providers', async (served) => {
  const states = [
    // number, AceData, Tencent, ALAPI, QXT
    ['13900000000', '0 0', '0 0', '1 实号', '正常'],
    ['13900000001', '0 1', '0 1', '2 停机', '停机'],
    ['13900000002', '0 2', '0 2', '0 空号', '空号'],
    ['13900000003', '0 3', '0 2', '0 空号', '空号'],
    ['13900000004', '0 4', '0 4', '0 空号', '空号'],
    ['13900000005', '0 0', '0 0', '4 沉默号', '正常'],
    ['13900000006', '0 0', '0 0', '5 风险', '正常'],
    ['13900000007', '0 99', '0 99', '3 库无', '-4'],
    ['13900000008', '-1 99', '-1 99', '3 库无', '-4'],
  ] as const;
  for (const [number, ...words] of states) {
    const heard = await Promise.all([check1e, tencent, alapi, qxt].map((endpoint) => said(served, endpoint, number)));
    expect([number, ...heard]).toEqual([number, ...words]);
  }
});

story('number-states', 'charges nobody for a number without a record but at ALAPI', async ({ ask, port }) => {
  for (const [endpoint, units] of [[check1e, 0], [tencent, 0], [alapi, 1], [qxt, 0]] as const) {
    await ask(endpoint, '13900000008');
    expect(await lastEntry(port)).toMatchObject({ endpoint, units });
  }
});

story('ported-and-virtual', 'has QXT tell both networks, ALAPI the first and AceData the present one', async ({ ask }) => {
  const numbers = [
    ['13900000010', { Is_MNP: '0', Init_isp: '中国移动', Now_isp: '中国移动' }, '中国移动', 'Mobile'],
    ['13900000011', { Is_MNP: '1', Init_isp: '中国移动', Now_isp: '中国联通' }, '中国移动', 'China Unicom'],
    ['13900000012', { Is_MNP: '1', Init_isp: '中国移动', Now_isp: '中国电信' }, '中国移动', 'Telecom'],
    ['17000000013', { Is_MNP: '0', Init_isp: '蜗牛移动', Now_isp: '蜗牛移动', Area: '江苏-苏州' }, '中国联通', 'China Unicom'],
  ] as const;
  for (const [number, both, first, present] of numbers) {
    expect((await ask(qxt, number)).body).toMatchObject({ result: { Mobile: number, ...both } });
    expect((await ask(alapi, number)).body).toMatchObject({ data: [{ mobile: number, number_type: first }] });
    expect((await ask(check3e, number)).body).toMatchObject({ result: '0', isp: present });
  }
});

story('accounts-in-trouble', 'refuses each account for the trouble that it is in, and answers the good ones', async (served) => {
  const secret = 'tencent-secret';
  const accounts: readonly (readonly [endpoint: string, credential: string, says: string])[] = [
    [check1e, 'acedata-good', '0 0'],
    [check1e, 'acedata-expired', 'token_expired'],
    [check1e, 'acedata-disabled', 'disabled'],
    [check1e, 'acedata-empty', 'used_up'],
    [check1e, 'acedata-elsewhere', 'forbidden'],
    [check1e, 'acedata-check-1e-only', '0 0'],
    [check3e, 'acedata-check-1e-only', 'token_mismatched'],
    [tencent, 'AKIDgood', '0 0'],
    [tencent, 'AKIDarrears', 'UnauthorizedOperation.Arrears'],
    [tencent, 'AKIDempty', 'UnauthorizedOperation.Arrears'],
    [tencent, 'AKIDnotActivated', 'UnauthorizedOperation.Nonactivated'],
    [tencent, 'AKIDnotVerified', 'UnauthorizedOperation.NonAuthorize'],
    [tencent, 'AKIDnotPermitted', 'AuthFailure.UnauthorizedOperation'],
    [tencent, 'AKIDelsewhere', 'IpNotInWhitelist'],
    [tencent, 'AKIDdenied', 'IpInBlacklist'],
    [alapi, 'alapi-good', '1 实号'],
    [alapi, 'alapi-expired', '101'],
    [alapi, 'alapi-empty', '102'],
    [alapi, 'alapi-elsewhere', '104'],
    [alapi, 'alapi-other-site', '104'],
    [qxt, 'konghaoGood000000000000000000000', '正常'],
    [qxt, 'konghaoEmpty00000000000000000000', '-5'],
    [qxt, 'konghaoOwing00000000000000000000', '正常'],
    [qxt, 'konghaoElsewhere0000000000000000', '-9'],
  ];
  for (const [endpoint, credential, says] of accounts) {
    expect([credential, await said(served, endpoint, '13900000000', { credential, secret })]).toEqual([credential, says]);
  }
  expect((await served.ask('qxt.balance', '', { credential: 'konghaoOwing00000000000000000000' })).body).toMatchObject({ result: { feeType: '后付费', balance: '-2048' } });
});

story('accounts-in-trouble', 'has all of its accounts tried', async () => {
  const { accounts } = await shipped('accounts-in-trouble');
  expect(Object.fromEntries(Object.entries(accounts).map(([provider, list]) => [provider, list.length]))).toEqual({ acedata: 6, tencent: 8, alapi: 5, qxt: 4 });
});

story('credit-runs-out', 'answers two numbers and refuses the third', async (served) => {
  for (const [endpoint, answered, refused] of [[check1e, '0 0', 'used_up'], [tencent, '0 0', 'UnauthorizedOperation.Arrears'], [alapi, '1 实号', '102'], [qxt, '正常', '-5']] as const) {
    const heard: string[] = [];
    for (const number of ['13900000000', '13900000001', '13900000002']) heard.push(await said(served, endpoint, number));
    expect(heard).toEqual([answered, answered, refused]);
  }
  expect((await served.ask('qxt.balance')).body).toMatchObject({ result: { balance: '0' } });
});

story('credit-runs-out', 'uses up nothing for a wrong number', async (served) => {
  for (const [endpoint, wrong, answered] of [[check1e, '-2 99', '0 0'], [tencent, '-2 99', '0 0'], [alapi, '422', '1 实号'], [qxt, '-3', '正常']] as const) {
    const heard: string[] = [];
    for (const number of ['12000000000', '12000000000', '12000000000', '13900000000']) heard.push(await said(served, endpoint, number));
    expect(heard).toEqual([wrong, wrong, wrong, answered]);
  }
});

story('rate-limits', 'refuses the third call of a second, for each endpoint by itself, until a reset', async (served) => {
  const limited = [[check1e, 'too_many_requests'], [check3e, 'too_many_requests'], [tencent, 'RequestLimitExceeded'], [alapi, '429']] as const;
  const refusals = async (): Promise<string[][]> => {
    const rounds: string[][] = [];
    for (const [endpoint] of limited) {
      const heard: string[] = [];
      for (const number of ['13900000000', '13900000001', '13900000002']) heard.push(await said(served, endpoint, number));
      rounds.push(heard);
    }
    return rounds;
  };
  const expected = limited.map(([, refused]) => [expect.not.stringContaining(refused), expect.not.stringContaining(refused), refused]);
  expect(await refusals()).toEqual(expected);
  expect((await exchange(served.port, { method: 'POST', target: '/_sim/reset', headers: [['Content-Type', 'application/json']] })).status).toBe(200);
  expect(await refusals()).toEqual(expected);
});

story('rate-limits', 'stays in one second', async ({ ask }) => {
  expect((await ask(alapi, '13900000000')).body).toMatchObject({ time: Date.parse('2026-01-31T12:00:00+08:00') / 1000 });
});

story('rate-limits', 'has no limit at QXT', async (served) => {
  for (const number of ['13900000000', '13900000001', '13900000002', '13900000003']) expect(await said(served, qxt, number)).toBe('正常');
});

story('daily-limit', 'refuses the third attempt for a number at check-3e and at Tencent, and no other number', async (served) => {
  for (const [endpoint, refused] of [[check3e, '-6'], [tencent, '-4 99']] as const) {
    const heard: string[] = [];
    for (const number of ['13900000000', '13900000000', '13900000000', '13900000001']) heard.push(await said(served, endpoint, number));
    expect(heard.map((each) => each === refused)).toEqual([false, false, true, false]);
  }
  for (const endpoint of [check1e, alapi, qxt]) {
    for (let attempt = 0; attempt < 3; attempt += 1) expect(await said(served, endpoint, '13900000000')).toMatch(/^(0 0|1 实号|正常)$/);
  }
});

story('daily-limit', 'stays on one day', async ({ ask }) => {
  expect((await ask(alapi, '13900000000')).body).toMatchObject({ time: Date.parse('2026-01-31T23:59:50+08:00') / 1000 });
});

story('failover', 'leaves a client two providers that answer, and charges for those only', async (served) => {
  const tried: [string, string, number][] = [];
  for (const endpoint of [tencent, check1e, alapi, qxt]) {
    const heard = await said(served, endpoint, '13900000000');
    tried.push([endpoint, heard, (await lastEntry(served.port)).units]);
  }
  expect(tried).toEqual([
    [tencent, '-3 99', 0],
    [check1e, 'used_up', 0],
    [alapi, '1 实号', 1],
    [qxt, '正常', 1],
  ]);
});

story('typical-latency', 'lets every answer take its time', async ({ ask, port }) => {
  const delays = [[qxt, 100], ['qxt.balance', 100], [check1e, 300], [check3e, 300], [tencent, 200], [alapi, 150]] as const;
  await Promise.all(
    delays.map(async ([endpoint, delay]) => {
      const asked = performance.now();
      await ask(endpoint, '13900000000');
      // A timer of Node may fire a millisecond before its time.
      expect(performance.now() - asked).toBeGreaterThanOrEqual(delay - 2);
    }),
  );
  const { body } = await exchange(port, { method: 'GET', target: '/_sim/journal' });
  const { exchanges } = JSON.parse(body) as { exchanges: readonly { endpoint: string; delay: number }[] };
  expect(Object.fromEntries(exchanges.map(({ endpoint, delay }) => [endpoint, delay]))).toEqual(Object.fromEntries(delays));
});

story('chinese-answers', 'has AceData and Tencent answer in Chinese', async ({ ask, port }) => {
  expect((await ask(check1e, '13900000000')).body).toMatchObject({ result: '0', description: '成功' });
  expect((await ask(check1e, '12000000000')).body).toMatchObject({ result: '-2', description: '手机号格式不正确' });
  expect((await ask(check3e, '13900000000')).body).toMatchObject({ result: '1', description: '验证结果不一致', isp: '移动' });
  expect((await ask(tencent, '13900000000')).body).toMatchObject({ Response: { Description: '成功' } });
  expect((await ask(tencent, '13900000000', { secret: 'another' })).body).toMatchObject({ Response: { Error: { Message: expect.stringContaining('请求签名验证失败') as string } } });
  const asked = await exchange(port, { method: 'GET', target: '/?Action=MobileStatus', headers: [] });
  expect(asked.body).toContain('缺少参数');
  const inEnglish = await exchange(port, { method: 'GET', target: '/?Action=MobileStatus&Language=en-US', headers: [] });
  expect(inEnglish.body).toContain('missing a required parameter');
});

story('strict-clients', "refuses a signature for another service than faceid, and another spelling of QXT's path", async ({ ask, port }) => {
  expect((await ask(tencent, '13900000000')).body).toMatchObject({ Response: { Result: '0' } });
  const authorization = `TC3-HMAC-SHA256 Credential=AKIDkonghaoSandbox/${new Date().toISOString().slice(0, 10)}/127/tc3_request, SignedHeaders=content-type;host, Signature=00`;
  const headers = [['Authorization', authorization], ['Content-Type', 'application/json'], ['X-TC-Action', 'MobileStatus'], ['X-TC-Version', '2018-03-01'], ['X-TC-Timestamp', String(Math.floor(Date.now() / 1000))]] as const;
  const refused = await exchange(port, { method: 'POST', target: '/', headers, body: '{"Mobile":"13900000000"}' });
  expect(answerOf(refused).body).toMatchObject({ Response: { Error: { Code: 'AuthFailure.InvalidAuthorization', Message: expect.stringContaining('`Service` in Credential') as string } } });

  expect((await ask(qxt, '13900000000')).status).toBe(200);
  expect((await exchange(port, { method: 'GET', target: '/ssphone_status?apikey=7c11272au708345c834b8ue81ac78972&mobile=13900000000' })).status).toBe(404);
});

story('strict-clients', "puts ALAPI's codes from 400 on into the HTTP status", async ({ ask, port }) => {
  expect(await ask(alapi, '13900000000')).toMatchObject({ status: 200, body: { code: 200 } });
  expect(answerOf(await exchange(port, { method: 'GET', target: '/api/phonecheck?token=sandbox-alapi-token' }))).toMatchObject({ status: 422, body: { code: 422 } });
  expect(answerOf(await exchange(port, { method: 'GET', target: '/api/phonechek' }))).toMatchObject({ status: 404, body: { code: 404 } });
  expect(await ask(alapi, '13900000000', { credential: 'another' })).toMatchObject({ status: 200, body: { code: 100 } });
});

story('three-elements', 'tells what differs where verify_mode is long', async ({ port }) => {
  const ask = async (phone: string, name: string, id_card: string): Promise<unknown> => {
    const body = JSON.stringify({ name, phone, id_card, verify_mode: 'long' });
    return answerOf(await exchange(port, { method: 'POST', target: '/identity/phone/check-3e', headers: [['Authorization', 'Bearer sandbox-acedata-token'], ['Content-Type', 'application/json']], body })).body;
  };
  const wang = ['王小明', '110101199003070011'] as const;
  const chen = ['陈美丽', '310101198512240026'] as const;
  expect(await ask('13900000020', ...wang)).toMatchObject({ result: '0', result_detail: null, isp: 'Mobile' });
  expect(await ask('13900000021', ...chen)).toMatchObject({ result: '0', result_detail: null, isp: 'Telecom' });
  expect(await ask('13900000020', chen[0], wang[1])).toMatchObject({ result: '1', result_detail: 'PhoneNameMismatch' });
  expect(await ask('13900000020', wang[0], chen[1])).toMatchObject({ result: '1', result_detail: 'PhoneIdCardMismatch' });
  expect(await ask('13900000020', ...chen)).toMatchObject({ result: '1', result_detail: 'PhoneNameIdCardMismatch' });
  expect(await ask('13900000022', ...chen)).toMatchObject({ result: '-1' });
});

story('endpoint-switched-off', 'refuses two endpoints as out of service, and serves the others', async (served) => {
  expect(await said(served, check3e, '13900000000')).toBe('api_not_implemented');
  expect(await said(served, tencent, '13900000000')).toBe('ActionOffline');
  expect(await said(served, check1e, '13900000000')).toBe('0 0');
  expect(await said(served, alapi, '13900000000')).toBe('1 实号');
  expect(await said(served, qxt, '13900000000')).toBe('正常');
  expect((await served.ask('qxt.balance')).body).toMatchObject({ code: 0 });
});

story('batch', 'answers a number that is none with status 3, and one that stands twice once', async ({ ask }) => {
  const { body } = await ask(alapi, '13900000030,13900000031,12000000000,13900000030,13900000032');
  expect(body).toMatchObject({
    code: 200,
    usage: 4,
    data: [
      { mobile: '13900000030', status: 1, status_name: '实号' },
      { mobile: '13900000031', status: 2, status_name: '停机' },
      { mobile: '12000000000', status: 3, status_name: '库无' },
      { mobile: '13900000032', status: 5, status_name: '风险号' },
    ],
  });
});

it('tells a story of every shipped scenario', () => {
  const tests = readdirSync(import.meta.dirname).filter((file) => /^shipped.*\.test\.ts$/.test(file));
  const told = tests.flatMap((file) => [...readFileSync(`${import.meta.dirname}/${file}`, 'utf8').matchAll(/^story\('([a-z0-9-]+)'/gm)].map(([, name]) => `${name}.yaml`));
  expect([...new Set(told)].sort()).toEqual([...files].sort());
});

it.each(files)('names %s like its file, and says in its description what it shows', async (file) => {
  const { name, description } = await shipped(file.replace(/\.yaml$/, ''));
  expect(`${name}.yaml`).toBe(file);
  expect(description).toMatch(/^[A-Z].{30,}[.?]$/);
});
