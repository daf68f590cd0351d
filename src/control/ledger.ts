import { billCsv, billJson, type BilledAccount } from '../engine/bill.ts';
import { readRecords } from '../engine/app-records.ts';
import { reconcile } from '../engine/reconcile.ts';
import type { Tenant } from '../engine/tenant.ts';
import { last } from '../wire/form.ts';
import type { WireResponse } from '../wire/wire-response.ts';
import { json, problem, text } from './problem.ts';
import type { Call, Controlled } from './route.ts';

/** The bill: as JSON, or with `format=csv` as a table. */
export function ledger(_controlled: Controlled, { tenant, parameters }: Call): WireResponse {
  return last(parameters, 'format') === 'csv' ? text('text/csv; charset=utf-8', billCsv(tenant.ledger, billed(tenant))) : json(billJson(tenant.ledger, billed(tenant)));
}

function* billed(tenant: Tenant): Generator<BilledAccount> {
  for (const account of tenant.accounts) yield { provider: account.provider, credential: account.terms.credential, balance: tenant.books(account)?.credit };
}

/** The application's own records, as `{ "records": […] }`, against the charges. */
export function reconcileLedger(_controlled: Controlled, { tenant, body }: Call): WireResponse {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return problem(422, 'invalid-body', 'The body is no JSON. Send {"records": […]}.');
  }
  const read = readRecords(typeof value === 'object' && value !== null && 'records' in value ? value.records : value);
  if (read.kind === 'faults') return problem(422, 'invalid-body', read.faults.join(' '));
  const { journal, ledger: own } = tenant;
  let ids: Set<string> | undefined;
  const known = (): Set<string> => (ids ??= new Set([...journal.newestFirst()].flatMap(({ id, sequence }) => [id, `${sequence}`])));
  return json(
    reconcile(own.entries(), read.records, {
      isExchange: (id) => known().has(id),
      forward: own.chargesForward,
    }),
  );
}
