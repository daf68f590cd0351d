import { describeEvidence } from '../domain/evidence.ts';
import { reasons } from '../domain/outcome.ts';
import type { Provider } from '../providers/provider.ts';

/** Everything that is known of what the providers say, as plain data. */
export function catalogueOf(providers: readonly Provider[]) {
  return providers.map((provider) => ({
    id: provider.id,
    name: provider.name,
    hosts: provider.hosts,
    readings: provider.readings,
    endpoints: provider.endpoints.map((endpoint) => ({
      id: endpoint.id,
      title: endpoint.title,
      codes: Object.entries(endpoint.rows).map(([id, row]) => ({
        id,
        code: row.code,
        status: row.status,
        message: row.message,
        billed: row.billed,
        evidence: describeEvidence(row.evidence),
        cause: row.cause.kind === 'caused' ? row.cause.by : null,
        uncaused: row.cause.kind === 'uncaused' ? row.cause.why : null,
      })),
      reasons: Object.fromEntries(
        reasons.map((reason) => {
          const word = endpoint.words[reason];
          return [reason, typeof word === 'string' ? word : { noWord: word.noWord }];
        }),
      ),
      statuses: Object.fromEntries(
        Object.entries(endpoint.statuses ?? {}).map(([status, word]) => [
          status,
          { says: word.says, noWord: word.noWord ?? null, evidence: describeEvidence(word.evidence) },
        ]),
      ),
      fields: Object.fromEntries(Object.entries(endpoint.answerFields).map(([name, evidence]) => [name, describeEvidence(evidence)])),
    })),
  }));
}
