import type { Bill } from '../../src/engine/bill.ts';
import type { ExchangeReport } from '../../src/engine/report.ts';
import type { Station } from '../../src/engine/trace.ts';
import type { Diagnosis } from '../../src/providers/provider.ts';
import { told } from '../support/control.ts';

/** An exchange with all of its stations. */
export type Why = ExchangeReport & { readonly phases: readonly Station[]; readonly diagnosis: Diagnosis | null };

/** @param id its place in the journal, or the id that its client saw */
export const whyOf = (port: number, id: string | number): Promise<Why> => told(port, 'GET', `/journal/${id}`);

export const billOf = (port: number): Promise<Bill> => told(port, 'GET', '/ledger');
