import type { core } from 'zod';
import type { Complaint } from './complaint.ts';
import { suggestion } from '../domain/nearest.ts';
import type { Path, SourceMap } from './source-map.ts';

type Issue = core.$ZodIssue;

/** What the schema found, each at its place, in words for the person who wrote the file. */
export function complaintsOf(issues: readonly Issue[], value: unknown, source: SourceMap, schema: core.$ZodType): Complaint[] {
  return issues.flatMap((issue) => explain(issue, [], { value, source, schema }));
}

interface Subject {
  readonly value: unknown;
  readonly source: SourceMap;
  readonly schema: core.$ZodType;
}

function explain(issue: Issue, above: Path, subject: Subject): Complaint[] {
  const { value, source, schema } = subject;
  const path = [...above, ...issue.path];
  const name = path.length === 0 ? 'the file' : String(path.at(-1));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        source.complaint([...path, key], `"${key}" is not known here${suggestion(key, keysAllowed(schema, path))}`, 'key'),
      );
    case 'invalid_type':
      return [source.complaint(path, wrongType(issue.expected, name, path, value, source))];
    case 'invalid_value': {
      const found = at(value, path);
      if (found === undefined) return [source.complaint(path, `${name} is missing. ${oneOf(issue.values)}`)];
      const text = typeof found === 'string' ? found : JSON.stringify(found);
      if (typeof found === 'number' && issue.values.includes(String(found))) return [source.complaint(path, quoteIt(path, source))];
      const guess = suggestion(text, issue.values.map(String));
      return [source.complaint(path, `"${text}" is none of the words for ${name}${guess === '' ? `. ${oneOf(issue.values)}` : guess}`)];
    }
    case 'invalid_union':
      return explainUnion(issue, path, subject);
    case 'invalid_key':
      return issue.issues.map((inner) => source.complaint(path, `"${name}" ${ours(inner.message)}`, 'key'));
    case 'too_big':
      return [source.complaint(path, `${name} is too large: ${String(issue.maximum)} is the most`)];
    case 'too_small':
      return [source.complaint(path, `${name} is too small: ${String(issue.minimum)} is the least`)];
    default:
      return [source.complaint(path, `${name} ${ours(issue.message)}`)];
  }
}

/** Of a union's branches, the one that the value was meant for: the first whose complaint is not about its kind. */
function explainUnion(issue: core.$ZodIssueInvalidUnion, path: Path, subject: Subject): Complaint[] {
  const found = at(subject.value, path);
  const meant =
    issue.errors.find((errors) => errors.every((error) => error.path.length > 0 || !(error.code === 'invalid_type' || error.code === 'invalid_value'))) ??
    issue.errors.find((errors) => errors.some((error) => error.code === 'invalid_value') && typeof found !== 'object') ??
    issue.errors[0] ??
    [];
  return meant.flatMap((error) => explain(error, path, subject));
}

function wrongType(expected: string, name: string, path: Path, value: unknown, source: SourceMap): string {
  const found = at(value, path);
  if (found === undefined) return `${name} is missing`;
  if (expected === 'string' && typeof found !== 'object') return quoteIt(path, source);
  return `${name} is ${kindOf(found)}, and ${expected === 'object' || expected === 'record' ? 'a map of keys and values' : article(expected)} is wanted`;
}

const quoteIt = (path: Path, source: SourceMap): string => {
  const text = source.sourceOf(path) ?? '';
  return `${String(path.at(-1))} is text, and ${text} without quotes is none; quote it: "${text}"`;
};

const oneOf = (values: readonly unknown[]): string =>
  values.length === 1 ? `It has to be ${String(values[0])}` : `It is one of ${values.slice(0, 24).join(', ')}${values.length > 24 ? ' …' : ''}`;

const kindOf = (value: unknown): string => (value === null ? 'empty' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : `the ${typeof value} ${String(value)}`);

const article = (expected: string): string => (expected === 'array' ? 'a list' : expected === 'int' ? 'a whole number' : `a ${expected}`);

/** Our schemas phrase their own complaints to follow a name; zod's begin with a capital. */
const ours = (message: string): string => (/^[A-Z]/.test(message) ? `is not accepted (${message})` : message);

/** The keys that the schema has at a path, through whatever wraps it. */
function keysAllowed(schema: core.$ZodType, path: Path): readonly string[] {
  let here: readonly core.$ZodType[] = [schema];
  for (const key of path) here = here.flatMap((each) => below(each, key));
  return here.flatMap((each) => parts(each)).flatMap((each) => (each._zod.def.type === 'object' ? Object.keys((each as core.$ZodObject)._zod.def.shape) : []));
}

function below(schema: core.$ZodType, key: PropertyKey): core.$ZodType[] {
  return parts(schema).flatMap((part) => {
    switch (part._zod.def.type) {
      case 'object':
        return (part as core.$ZodObject)._zod.def.shape[String(key)] ?? [];
      case 'array':
        return [(part as core.$ZodArray)._zod.def.element];
      case 'record':
        return [(part as core.$ZodRecord)._zod.def.valueType];
      default:
        return [];
    }
  });
}

/** A schema without its wrappers: defaults, optionals, pipes, and every branch of a union. */
function parts(schema: core.$ZodType): core.$ZodType[] {
  switch (schema._zod.def.type) {
    case 'union':
      return (schema as core.$ZodUnion)._zod.def.options.flatMap(parts);
    case 'pipe':
      return parts((schema as core.$ZodPipe)._zod.def.in);
    case 'optional':
    case 'default':
    case 'prefault':
      return parts((schema as core.$ZodOptional)._zod.def.innerType);
    default:
      return [schema];
  }
}

function at(value: unknown, path: Path): unknown {
  let here: unknown = value;
  for (const key of path) here = typeof here === 'object' && here !== null ? (here as Record<PropertyKey, unknown>)[key] : undefined;
  return here;
}
