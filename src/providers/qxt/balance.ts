import { shown, documented } from '../../domain/evidence.ts';
import { own, rowOf, type Endpoint } from '../provider.ts';
import { isPrepaid } from './account.ts';
import { credentialChecks, openDraft, type QxtDraft } from './request.ts';
import { refusalReply, respond } from './render.ts';
import { balanceRows } from './rows.ts';

type Row = keyof typeof balanceRows;
const noNumber = { noWord: 'a balance query asks about no number' };

const words = {
  unauthenticated: '-1',
  forbidden: '-9',
  expired: '-1',
  'out-of-credit': { noWord: 'an empty account is told its balance' },
  'rate-limited': { noWord: 'the code table has no rate limit' },
  'daily-limit': { noWord: 'the code table has no daily limit' },
  'invalid-number': noNumber,
  'no-record': noNumber,
  busy: '-8',
  internal: '-8',
} satisfies Endpoint['words'];

/** How many queries the account has left (document, section 2). */
export const balance: Endpoint<QxtDraft> = {
  id: 'qxt.balance',
  provider: 'qxt',
  title: 'GET|POST /balance',
  asks: 'balance',
  rows: balanceRows,
  words,
  answerFields: {
    feeType: documented('section 2.3: 预付费 or 后付费'),
    balance: shown('section 2.3: a string, and negative where postpaid'),
  },
  checks: [
    ...credentialChecks,
    own('validate', 'question', (draft) => {
      draft.queries = [{ kind: 'balance' }];
      return undefined;
    }),
  ],
  open: openDraft,
  reply(draft, outcome, refusal) {
    const id = outcome.kind === 'answered' ? '0' : (rowOf(words, outcome, '-8') as Row);
    if (id !== '0') return refusalReply(draft, id, balanceRows[id], refusal);
    const answer = outcome.kind === 'declined' ? undefined : outcome.answers[0];
    const units = answer?.kind === 'balance' ? answer.units : 0;
    const feeType = draft.account !== undefined && isPrepaid(draft.account.terms) ? '预付费' : '后付费';
    const body = `{"code":0,"reason":"Succ","result":{"feeType":"${feeType}","balance":"${units}"}}`;
    return { row: '0', units: 0, wire: respond(draft, body) };
  },
  sample: ({ account, host }) => {
    const target = `/balance?apikey=${encodeURIComponent(account.terms.credential)}`;
    return { method: 'GET', target, headers: {}, body: '', curl: `curl 'http://${host}${target}'` };
  },
};
