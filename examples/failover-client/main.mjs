// node main.mjs check 13800138000 …    asks until one answers; --pay-again asks though the answer is lost and paid
// node main.mjs settle                 holds open calls against the bill
import { Books } from './books.mjs';
import { failoverClient } from './client.mjs';
import { providersFrom } from './providers.mjs';
import { billFrom, settle } from './settle.mjs';

const [command, ...words] = process.argv.slice(2);
const { env } = process;
const books = new Books(env.BOOKS ?? 'books.jsonl');
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

if (command === 'check') {
  const providers = providersFrom(env);
  if (providers.length === 0) throw new Error('Failed to check: there are no credentials. Set ACEDATA_TOKEN, TENCENT_SECRET_ID and TENCENT_SECRET_KEY, QXT_APIKEY or ALAPI_TOKEN.');
  const client = failoverClient({ providers, books, timeLimit: Number(env.TIME_LIMIT ?? 3000) });
  for (const number of words.filter((word) => !word.startsWith('--'))) {
    const checked = await client.check(number, { payAgain: words.includes('--pay-again') });
    print(checked);
    if (checked.outcome !== 'answered') process.exitCode = 1;
  }
} else if (command === 'settle') {
  // A bill from somewhere else would clear calls that were paid for: there is no address to fall back on.
  if (!env.BILL_URL) throw new Error('Failed to settle: there is no bill. Set BILL_URL, such as http://127.0.0.1:4086/_sim.');
  const { settled, unknownToUs } = await settle(books, billFrom(env.BILL_URL));
  for (const { provider, number, state, why } of settled) print({ number, provider, state, why });
  print({ settled: settled.length, paid: books.in('paid', 'lost').length, lost: books.in('lost').length, unknownToUs });
} else {
  process.stderr.write('Write "check NUMBER…" or "settle".\n');
  process.exitCode = 2;
}
