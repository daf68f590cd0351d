import { z } from 'zod';
import { faultKinds, usualStrike, type Fault, type Strike } from '../domain/fault.ts';
import { phases } from '../domain/outcome.ts';
import type { Complaint } from './complaint.ts';
import type { Path, SourceMap } from './source-map.ts';

/** The keys of a step that are about its fault. */
export const faultKeys = {
  fault: z.enum(['reset', ...faultKinds]).optional().describe('What becomes of the answer on its way; "reset" is short for connection-reset.'),
  before: z.enum(phases).optional().describe('The phase of the call before which the fault strikes: what comes from there on does not happen.'),
  after: z.enum(phases).optional().describe('The phase of the call after which the fault strikes: what comes up to there has happened, a charge too.'),
  bytes: z.int().min(0).max(1_000_000).optional().describe('How much of the body limit-data lets through, or how much slow-drip sends at a time.'),
};

type FaultText = z.output<z.ZodObject<typeof faultKeys>>;

export function faultOf({ fault, before, after, bytes }: FaultText): Fault | undefined {
  if (fault === undefined) return undefined;
  const kind = fault === 'reset' ? 'connection-reset' : fault;
  const strike: Strike = before !== undefined ? { at: 'before', phase: before } : after !== undefined ? { at: 'after', phase: after } : usualStrike(kind);
  return bytes === undefined ? { kind, strike } : { kind, strike, bytes };
}

/** Words about a fault that contradict each other, or say nothing. */
export function* faultMistakes(step: FaultText, path: Path, source: SourceMap): Generator<Complaint> {
  if (step.fault === undefined) {
    for (const key of ['before', 'after', 'bytes'] as const) {
      if (step[key] !== undefined) yield source.complaint([...path, key], `${key} is about a fault, and the step has none. Add the fault, or remove it`, 'key');
    }
    return;
  }
  if (step.before !== undefined && step.after !== undefined) yield source.complaint([...path, 'after'], 'before and after exclude each other. Keep one of them', 'key');
  if (step.after === 'send') yield source.complaint([...path, 'after'], 'after send there is nothing left to break. Write "before: send"', 'key');
  if (step.bytes === undefined) return;
  if (step.fault !== 'limit-data' && step.fault !== 'slow-drip') yield source.complaint([...path, 'bytes'], `${step.fault} takes no bytes, as limit-data and slow-drip do. Remove it`, 'key');
  else if (step.fault === 'slow-drip' && step.bytes === 0) yield source.complaint([...path, 'bytes'], 'slow-drip would never send anything, with 0 bytes at a time. Write 1 or more');
}
