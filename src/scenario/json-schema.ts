import { z } from 'zod';
import type { Provider } from '../providers/provider.ts';
import { scenarioSchema } from './schema.ts';

/**
 * The format of scenario files as JSON Schema (draft 2020-12), for editors: they complete, explain and check by it.
 * What only `konghao check` finds (codes of another endpoint, rules that can never fire) is not in it.
 */
export async function scenarioJsonSchema(providers: readonly Provider[]): Promise<Readonly<Record<string, unknown>>> {
  const { $schema, ...schema } = z.toJSONSchema(await scenarioSchema(providers), { target: 'draft-2020-12', io: 'input' });
  return { $schema, title: 'konghao scenario', ...schema };
}
