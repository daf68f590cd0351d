/** @typedef {import('./books.mjs').Call} Call */

/**
 * Holds the books against the bill: open calls become `lost` where they are on it, and `cleared` where they are not.
 *
 * @param {import('./books.mjs').Books} books
 * @param {Bill} bill
 */
export async function settle(books, bill) {
  const calls = books.in('paid', 'lost', 'unknown');
  const { notOnIt, unknownToUs } = await bill(calls);
  // Of several calls for the same it is the open one that was not charged: the others are known to be.
  const left = new Map();
  for (const call of notOnIt) left.set(keyOf(call), (left.get(keyOf(call)) ?? 0) + 1);
  for (const call of books.in('unknown')) {
    const missing = left.get(keyOf(call)) ?? 0;
    books.settle(call.call, missing === 0);
    if (missing > 0) left.set(keyOf(call), missing - 1);
  }
  return { settled: calls.filter(({ state }) => state === 'unknown').map(({ call }) => books.calls[call]), unknownToUs };
}

const keyOf = ({ endpoint, number }) => `${endpoint} ${number}`;

/**
 * Which of our calls are not on the bill, and how many charges on it we know nothing of.
 *
 * @typedef {(calls: Call[]) => Promise<{ notOnIt: Call[], unknownToUs: number }>} Bill
 */

/**
 * The bill of konghao. Real providers send theirs by the month, or have a table in their console: read that here.
 *
 * @param {string} url of konghao, or of one of its tenants: http://127.0.0.1:4086/_sim
 * @returns {Bill}
 */
export const billFrom = (url) => async (calls) => {
  const records = calls.map(({ id, endpoint, number, at, units }) => ({ ...(id === '' ? {} : { id }), endpoint, number, at, units }));
  const response = await fetch(`${url}/ledger/reconcile`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ records }) });
  if (!response.ok) throw new Error(`Failed to read the bill: ${await response.text()}`);
  const { unknown, missing } = await response.json();
  return { notOnIt: unknown.map(({ record }) => calls[record - 1]), unknownToUs: missing.length };
};
