import { describeEvidence } from '../domain/evidence.ts';
import { maskIdCard, maskName } from '../engine/masking.ts';
import { loadPeople } from '../engine/people.ts';
import { areaFor } from '../numbering/areas.ts';
import { planFor } from '../numbering/plan.ts';
import { last } from '../wire/form.ts';
import { bytesOf, type WireResponse } from '../wire/wire-response.ts';
import { json, problem } from './problem.ts';
import type { Call, Controlled } from './route.ts';

export async function world({ simulator }: Controlled, { tenant, name, parameters }: Call): Promise<WireResponse> {
  const subscriber = /^\d{1,32}$/.test(name) ? tenant.generation.world.subscriber(name) : undefined;
  if (subscriber === undefined) return problem(404, 'no-number', 'That cannot be a mobile number, and the scenario does not name it either.');
  await loadPeople();
  const owner = tenant.generation.world.owner(name);
  const reveal = last(parameters, 'reveal') === 'true';
  const accounts = [...tenant.accounts];
  const wordings = simulator.providers.flatMap((provider) =>
    provider.endpoints.flatMap((endpoint) => {
      const word = endpoint.statuses?.[subscriber.status];
      const account = accounts.find((each) => each.provider === provider.id);
      if (word === undefined || account === undefined) return [];
      const answer: unknown = JSON.parse(bytesOf(simulator.preview(endpoint, account, name)).toString());
      return [[endpoint.id, { says: word.says, ...(word.noWord === undefined ? {} : { noWord: word.noWord }), evidence: describeEvidence(word.evidence), answer }] as const];
    }),
  );
  return json({
    ...subscriber,
    virtualOperator: subscriber.virtualOperator ?? null,
    owner: reveal ? owner : { name: maskName(owner.name), idCard: maskIdCard(owner.idCard) },
    wordings: Object.fromEntries(wordings),
  });
}

export function numbering(_controlled: Controlled, { name }: Call): WireResponse {
  const plan = planFor(name);
  return plan === undefined ? problem(404, 'no-number', 'The public number plan has no such mobile number.') : json({ number: name, ...plan, area: areaFor(name) ?? null });
}
