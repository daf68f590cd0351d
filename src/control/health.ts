import { maskText } from '../engine/masking.ts';
import { describeComplaint, type Complaint } from '../scenario/complaint.ts';
import { version } from '../version.ts';
import type { WireResponse } from '../wire/wire-response.ts';
import { json } from './problem.ts';
import type { Controlled } from './route.ts';

export function health(controlled: Controlled): WireResponse {
  const { generation, journal } = controlled.simulator.defaultTenant;
  return json({
    status: 'ok',
    version,
    scenario: generation.scenario.name,
    ...lastEdit(controlled),
    exchanges: journal.total,
    dropped: journal.dropped,
  });
}

/** What is wrong with the last edit, where it was refused. */
export function lastEdit({ complaints }: Controlled): { readonly lastEditRefused?: readonly string[] } {
  const refused = complaints().map(shownComplaint);
  return refused.length === 0 ? {} : { lastEditRefused: refused };
}

/** Complaints quote the scenario, and health is for everybody. */
const shownComplaint = (complaint: Complaint): string => describeComplaint({ ...complaint, message: maskText(complaint.message) });
