/** A JSON Schema of the keywords that scenario.schema.json is made of, and no others. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

const keywords: ReadonlySet<string> = new Set([
  '$schema', 'title', 'description', 'default', 'type', 'const', 'enum', 'anyOf', 'properties', 'propertyNames', 'additionalProperties', 'required',
  'items', 'minItems', 'maxItems', 'minLength', 'maxLength', 'minimum', 'maximum', 'pattern',
]);
const types: ReadonlySet<unknown> = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);

/** What draft 2020-12, cut down to these keywords, does not allow in a schema. */
export function defects(schema: JsonSchema, at = '#'): string[] {
  const found: string[] = [];
  const sound = (holds: boolean, what: string): void => {
    if (!holds) found.push(`${at}: ${what}`);
  };
  for (const keyword of Object.keys(schema)) sound(keywords.has(keyword), `the keyword ${keyword} is not known`);
  if (schema.type !== undefined) sound(types.has(schema.type), 'type is none of the seven');
  if (schema.enum !== undefined) sound(schema.enum.length > 0 && new Set(schema.enum).size === schema.enum.length, 'enum is empty or has a value twice');
  if (schema.anyOf !== undefined) sound(schema.anyOf.length > 0, 'anyOf is empty');
  for (const name of schema.required ?? []) sound(Object.hasOwn(schema.properties ?? {}, name), `${name} is required and no property`);
  if (schema.pattern !== undefined) sound(compiles(schema.pattern), 'pattern is no regular expression');
  sound((schema.minimum ?? -Infinity) <= (schema.maximum ?? Infinity), 'minimum is above maximum');
  for (const [part, path] of partsOf(schema)) found.push(...defects(part, `${at}/${path}`));
  return found;
}

/** Why a value is not valid; empty where it is. */
export function violations(schema: JsonSchema, value: unknown, at = ''): string[] {
  const found: string[] = [];
  const holds = (condition: boolean, what: string): void => {
    if (!condition) found.push(`${at || '/'}: ${what}`);
  };
  if (schema.type !== undefined && !hasType(schema.type, value)) return [`${at || '/'}: no ${schema.type}`];
  if ('const' in schema) holds(value === schema.const, `not ${JSON.stringify(schema.const)}`);
  if (schema.enum !== undefined) holds(schema.enum.includes(value), 'none of the enumerated values');
  if (schema.anyOf !== undefined) holds(schema.anyOf.some((branch) => violations(branch, value, at).length === 0), 'no branch of anyOf holds');
  if (typeof value === 'string') {
    const length = [...value].length;
    holds(length >= (schema.minLength ?? 0) && length <= (schema.maxLength ?? Infinity), 'too short or too long');
    if (schema.pattern !== undefined) holds(new RegExp(schema.pattern, 'u').test(value), 'does not match the pattern');
  }
  if (typeof value === 'number') holds(value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity), 'too small or too large');
  if (Array.isArray(value)) {
    holds(value.length >= (schema.minItems ?? 0) && value.length <= (schema.maxItems ?? Infinity), 'too few or too many');
    if (schema.items !== undefined) for (const [index, item] of value.entries()) found.push(...violations(schema.items, item, `${at}/${index}`));
  } else if (typeof value === 'object' && value !== null) {
    const { properties = {}, additionalProperties = true } = schema;
    for (const name of schema.required ?? []) holds(Object.hasOwn(value, name), `${name} is missing`);
    for (const [name, each] of Object.entries(value)) {
      if (schema.propertyNames !== undefined) found.push(...violations(schema.propertyNames, name, `${at}/${name}`));
      const own = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      if (own === false) found.push(`${at}/${name}: not known`);
      else if (typeof own === 'object') found.push(...violations(own, each, `${at}/${name}`));
    }
  }
  return found;
}

/** The schemas inside a schema, with the way to each. */
export function partsOf(schema: JsonSchema): [part: JsonSchema, path: string][] {
  return [
    ...Object.entries(schema.properties ?? {}).map(([name, part]): [JsonSchema, string] => [part, `properties/${name}`]),
    ...(schema.anyOf ?? []).map((part, index): [JsonSchema, string] => [part, `anyOf/${index}`]),
    ...[schema.items, schema.propertyNames, schema.additionalProperties].flatMap((part): [JsonSchema, string][] => (typeof part === 'object' ? [[part, 'of']] : [])),
  ];
}

function hasType(type: NonNullable<JsonSchema['type']>, value: unknown): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    default:
      return type satisfies never;
  }
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').source !== '';
  } catch {
    return false;
  }
}
