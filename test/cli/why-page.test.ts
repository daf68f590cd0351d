import { expect, it } from 'vitest';
import { sideBySide } from '../../src/cli/side-by-side.ts';
import { whyPage, type Explained } from '../../src/cli/why-page.ts';

const explained: Explained = {
  id: 7,
  at: '2026-02-01T04:00:00.000Z',
  tenant: 'default',
  provider: 'tencent',
  endpoint: 'tencent.MobileStatus',
  credential: null,
  request: { method: 'POST', target: '/', headers: {}, body: '' },
  answer: { status: 200, body: '' },
  row: 'AuthFailure.SignatureFailure',
  clientId: 'c1b41afd-e1c1-4611-a993-e90c382fa76e',
  units: 0,
  milliseconds: 1,
  delay: 0,
  fault: null,
  evidence: 'documented: the table',
  because: 'The check "signature" (authenticate) refused it: it is another.',
  nearMiss: null,
  phases: [
    { phase: 'accept', what: 'method', verdict: 'passed' },
    { phase: 'accept', what: 'size', verdict: 'passed' },
    { phase: 'authenticate', what: 'SecretId known', verdict: 'passed' },
    { phase: 'authenticate', what: 'signature', verdict: 'refused', why: 'it is another' },
    { phase: 'authenticate', what: 'token', verdict: 'not reached' },
    { phase: 'admit', what: 'rate', verdict: 'struck', why: 'timeout before admit' },
  ],
  diagnosis: null,
};
const signed = { expected: { canonicalRequest: 'POST\n/\nhost:a', stringToSign: 'TC3\n1' }, signed: { canonicalRequest: 'POST\n/\nhost:b', stringToSign: 'TC3\n2' } };
const diagnosis = { cause: 'wrong-host', explanation: 'Another host was signed.', ...signed };

it('says in words what came of each phase, those alike on one line', () => {
  expect(whyPage(explained, { width: 100, signs: false })).toBe(`tencent.MobileStatus → HTTP 200, code AuthFailure.SignatureFailure · nothing charged · 2026-02-01T04:00:00.000Z · no. 7 · c1b41afd-e1c1-4611-a993-e90c382fa76e
The check "signature" (authenticate) refused it: it is another.
How this code is known: documented: the table.

  passed      accept        method, size
  passed      authenticate  SecretId known
  refused     authenticate  signature: it is another
  not reached authenticate  token
  struck      admit         rate: timeout before admit
`);
});

it('draws verdicts where somebody sees them', () => {
  const [, , , , ...lines] = whyPage(explained, { width: 100, signs: true }).split('\n');
  expect(lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, ''))).toEqual([
    '  ✓  accept        method, size',
    '  ✓  authenticate  SecretId known',
    '  ✗  authenticate  signature: it is another',
    '  ·  authenticate  token',
    '  ⚡ admit         rate: timeout before admit',
    '',
  ]);
  expect(lines.join('\n')).toContain('\u001b[31m✗\u001b[0m');
});

it('breaks a long list at the width, below its beginning', () => {
  const phases = [{ phase: 'validate', what: Array.from({ length: 20 }, (_, at) => `word-${at}`).join(' '), verdict: 'passed' }] as const;
  const lines = whyPage({ ...explained, phases }, { width: 60, signs: false }).split('\n').slice(4, -1);
  expect(lines.length).toBeGreaterThan(3);
  for (const [at, line] of lines.entries()) {
    expect(line.length).toBeLessThanOrEqual(60);
    expect(line.startsWith(at === 0 ? '  passed      validate      word-0 ' : `${' '.repeat(28)}word-`)).toBe(true);
  }
});

it('says once what the sentence says already, and adds delay, fault and near miss', () => {
  const page = whyPage({ ...explained, fault: 'timeout before send', delay: 250, units: 2, nearMiss: 'The rule "a" did not hold.', clientId: null, phases: [{ phase: 'look-up', what: 'rules and world', verdict: 'passed', why: explained.because }] }, { width: 100, signs: false });
  expect(page).toBe(`tencent.MobileStatus → timeout before send · 2 charged · 250 ms late · 2026-02-01T04:00:00.000Z · no. 7
${explained.because}
The rule "a" did not hold.
How this code is known: documented: the table.

  passed      look-up       rules and world
`);
});

it('names what nobody answered by its method and path', () => {
  expect(whyPage({ ...explained, provider: null, endpoint: null, request: { ...explained.request, method: 'GET', target: '/nothing' } }, { width: 100, signs: false })).toMatch(/^nobody \(GET \/nothing\) → /);
  expect(whyPage({ ...explained, endpoint: null, request: { ...explained.request, target: '/other' } }, { width: 100, signs: false })).toMatch(/^tencent \(POST \/other\) → /);
});

it('puts both signed texts side by side where there is room, and marks the lines that differ', () => {
  const page = whyPage({ ...explained, diagnosis }, { width: 80, signs: false });
  expect(page.slice(page.indexOf('\nCause'))).toBe(`
Cause: wrong-host
Another host was signed.

  what was to be signed   what was signed
  POST                    POST
  /                       /
  host:a                ≠ host:b

  TC3                     TC3
  1                     ≠ 2
`);
});

it('puts them one under the other where there is not', () => {
  const page = whyPage({ ...explained, diagnosis }, { width: 30, signs: false });
  expect(page.slice(page.indexOf('\nwhat'))).toBe(`
what was to be signed:
    POST
    /
  ≠ host:a

    TC3
  ≠ 1

what was signed:
    POST
    /
  ≠ host:b

    TC3
  ≠ 2
`);
});

it('shows the one text that is known', () => {
  const page = whyPage({ ...explained, diagnosis: { ...diagnosis, signed: undefined } as unknown as Explained['diagnosis'] }, { width: 80, signs: false });
  expect(page.slice(page.indexOf('\nwhat'))).toBe('\nwhat was to be signed:\n  POST\n  /\n  host:a\n\n  TC3\n  1\n');
});

it('lets nothing that a client sent move the cursor', () => {
  const evil = 'a\u001b[2Jb\rc\u202ed';
  const page = whyPage({ ...explained, endpoint: null, request: { ...explained.request, target: evil }, phases: [{ phase: 'accept', what: 'path', verdict: 'refused', why: evil }], diagnosis: { ...diagnosis, explanation: evil, expected: { stringToSign: evil } } }, { width: 80, signs: false });
  expect(page).not.toMatch(/[\u001b\r\u202e]/);
  expect(page).toContain('a\\u{1b}[2Jb\\u{d}c\\u{202e}d');
});

it('counts Chinese characters as two columns', () => {
  expect(sideBySide({ title: 'a', text: '空号\nab' }, { title: 'b', text: '空号\nac' }, 80)).toEqual(['  a      b', '  空号   空号', '  ab   ≠ ac']);
});

it('shows what one text has more than the other', () => {
  expect(sideBySide({ title: 'left', text: '1\n2' }, { title: 'right', text: '1' }, 80)).toEqual(['  left   right', '  1      1', '  2    ≠']);
  expect(sideBySide({ title: 'left', text: '1' }, { title: 'right', text: '1\n2' }, 80)).toEqual(['  left   right', '  1      1', '       ≠ 2']);
});
