import type { Endpoint, Provider } from '../providers/provider.ts';
import { whenOf } from './normalise.ts';
import type { RuleText } from './rule-schema.ts';
import type { When } from './scenario.ts';
import type { ScenarioSchema } from './schema.ts';

/** A rule that the schema lets pass, whatever it says of the others. */
export interface SoundRule {
  readonly index: number;
  readonly rule: RuleText;
  readonly when: When;
  /** The endpoints that it is about, and none where provider and endpoint contradict each other. */
  readonly endpoints: readonly Endpoint[];
}

export function soundRules(rules: unknown, schema: ScenarioSchema, providers: readonly Provider[]): SoundRule[] {
  if (!Array.isArray(rules)) return [];
  const one = schema.shape.rules.unwrap().element;
  return rules.flatMap((text, index) => {
    const parsed = one.safeParse(text);
    if (!parsed.success) return [];
    const when = whenOf(parsed.data.when);
    const endpoints = providers
      .filter((provider) => when.provider === undefined || when.provider === provider.id)
      .flatMap((provider) => provider.endpoints.filter((endpoint) => when.endpoint === undefined || when.endpoint === endpoint.id));
    return [{ index, rule: parsed.data, when, endpoints }];
  });
}

export const namesOf = (endpoints: readonly Endpoint[]): string => endpoints.map((endpoint) => endpoint.id).join(', ');
