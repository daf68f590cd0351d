import type { core } from 'zod';
import { excerpt, type Complaint } from './complaint.ts';
import { suggestion } from '../domain/nearest.ts';
import type { Path, SourceMap } from './source-map.ts';

type Issue = core.$ZodIssue;

/** What the schema found, each at its place, in words for the person who wrote the file. */
export function* complaintsOf(issues: readonly Issue[], value: unknown, source: SourceMap, schema: core.$ZodType): Generator<Complaint> {
  for (const issue of issues) yield* explain(issue, [], { value, source, schema });
}

interface Subject {
  readonly value: unknown;
  readonly source: SourceMap;
  readonly schema: core.$ZodType;
}

function* explain(issue: Issue, above: Path, subject: Subject): Generator<Complaint> {
  const { value, source, schema } = subject;
  const path = [...above, ...issue.path];
  const name = nameOf(path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const allowed = keysAllowed(schema, path).filter((key) => !key.startsWith('$'));
      for (const key of issue.keys) {
        const remedy = suggestion(key, allowed) || (allowed.length === 0 ? '. Remove it' : `. There are ${listOf(allowed)}`);
        yield source.complaint([...path, key], `"${excerpt(key)}" is not known here${remedy}`, 'key');
      }
      return;
    }
    case 'invalid_type':
      return void (yield source.complaint(path, wrongType(issue.expected, name, path, value, source)));
    case 'invalid_value':
      return void (yield source.complaint(path, wrongValue(issue.values, name, path, value, source)));
    case 'invalid_union':
      return yield* explainUnion(issue, path, subject);
    case 'invalid_key':
      for (const inner of issue.issues) yield source.complaint(path, `"${excerpt(name)}" ${ours(inner.message)}`, 'key');
      return;
    case 'too_big':
      return void (yield source.complaint(path, `${name} ${ownWords(issue.message) ?? tooMuch(issue.origin, String(issue.maximum))}`));
    case 'too_small':
      return void (yield source.complaint(path, `${name} ${ownWords(issue.message) ?? tooLittle(issue.origin, String(issue.minimum))}`));
    default:
      return void (yield source.complaint(path, `${name} ${ours(issue.message)}`));
  }
}

/** The last key of a path; of a list's entry its number and the list's name. */
function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  return typeof last === 'number' ? `entry ${last + 1} of ${nameOf(path.slice(0, -1))}` : String(last);
}

const isSized = (origin: string): boolean => origin === 'string' || origin === 'array';

const tooMuch = (origin: string, most: string): string =>
  isSized(origin) ? `has more than ${most} ${origin === 'string' ? 'characters' : 'entries'}. Shorten it` : `is too large; ${most} is the most`;

const tooLittle = (origin: string, least: string): string =>
  isSized(origin) ? (origin === 'string' ? 'is empty. Write something' : 'is an empty list. Write an entry, or leave it out') : `is too small; ${least} is the least`;

/** Of a union's branches, the one that the value was meant for: the first whose complaint is not about its kind. */
function* explainUnion(issue: core.$ZodIssueInvalidUnion, path: Path, subject: Subject): Generator<Complaint> {
  const found = at(subject.value, path);
  const meant = issue.errors.find((errors) => errors.every((error) => error.path.length > 0 || !(error.code === 'invalid_type' || error.code === 'invalid_value')));
  const words = issue.errors.find((errors) => errors.some((error) => error.code === 'invalid_value'));
  if (meant !== undefined) for (const error of meant) yield* explain(error, path, subject);
  else if (words !== undefined && typeof found !== 'object') for (const error of words) yield* explain(error, path, subject);
  else yield subject.source.complaint(path, wrongKind(issue.errors.flatMap(([error]) => error ?? []), found, path, subject.source));
}

/** That a value is of no kind that a union has a branch for. */
function wrongKind(errors: readonly Issue[], found: unknown, path: Path, source: SourceMap): string {
  const expected = errors.flatMap((error) => (error.code === 'invalid_type' ? error.expected : []));
  const words = errors.flatMap((error) => (error.code === 'invalid_value' ? `one of ${listOf(error.values)}` : []));
  // Where text is wanted and no number is, an unquoted one was meant as text.
  const unquoted = (typeof found === 'number' || typeof found === 'boolean') && expected.includes('string') && !expected.some((kind) => kind === 'number' || kind === 'int');
  if (unquoted) return quoteIt(path, source);
  // Beside words, text is nothing that one could write: it is a word in another form.
  const ways = [...words, ...expected.filter((kind) => kind !== 'string' || words.length === 0).map(wanted)];
  return `${nameOf(path)} is ${kindOf(found)}. Write ${ways.join(', or ')}`;
}

function wrongType(expected: string, name: string, path: Path, value: unknown, source: SourceMap): string {
  const found = at(value, path);
  if (found === undefined) return `${name} is missing. Add it`;
  if (expected === 'string' && found !== null && typeof found !== 'object') return quoteIt(path, source);
  return `${name} is ${kindOf(found)}. Write ${wanted(expected)}`;
}

function wrongValue(values: readonly unknown[], name: string, path: Path, value: unknown, source: SourceMap): string {
  const found = at(value, path);
  if (found === undefined) return `${name} is missing. ${oneOf(values)}`;
  if (found === null || typeof found === 'object') return `${name} is ${kindOf(found)}. ${oneOf(values)}`;
  const text = String(found);
  const isWord = typeof found === 'string';
  if (!isWord && values.includes(text)) return quoteIt(path, source);
  if (isWord && values.some((each) => typeof each !== 'string' && String(each) === text)) return `${name} is the text "${text}". Write it without quotes: ${text}`;
  if (values.length === 1) return `${name} is ${kindOf(found)}. ${oneOf(values)}`;
  const guess = isWord ? suggestion(text, values.map(String)) : '';
  return `"${excerpt(text)}" is none of the words for ${name}${guess === '' ? `. ${oneOf(values)}` : guess}`;
}

const quoteIt = (path: Path, source: SourceMap): string => {
  const text = excerpt(source.sourceOf(path) ?? '');
  return `${nameOf(path)} is text, and ${text} without quotes is none; quote it: "${text}"`;
};

const mostShown = 24;

const oneOf = (values: readonly unknown[]): string =>
  values.length === 1 ? `It has to be ${String(values[0])}` : `It is one of ${listOf(values)}`;

const listOf = (values: readonly unknown[]): string => `${values.slice(0, mostShown).join(', ')}${values.length > mostShown ? ' …' : ''}`;

const kindOf = (value: unknown): string =>
  value === undefined ? 'missing' : value === null ? 'empty' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : typeof value === 'string' ? `the text "${excerpt(value)}"` : `the ${typeof value} ${String(value)}`;

const kinds: Readonly<Record<string, string>> = {
  object: 'a map of keys and values', record: 'a map of keys and values', array: 'a list', int: 'a whole number', number: 'a number', string: 'text', boolean: 'true or false',
};

const wanted = (expected: string): string => kinds[expected] ?? `a ${expected}`;

/** Our schemas phrase their own complaints to follow a name; zod's begin with a capital. */
const ownWords = (message: string): string | undefined => (/^[A-Z]/.test(message) ? undefined : message);

const ours = (message: string): string => ownWords(message) ?? `is not accepted (${message})`;

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
        return ownOf((part as core.$ZodObject)._zod.def.shape, key) ?? [];
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
  for (const key of path) here = typeof here === 'object' && here !== null ? ownOf(here as Record<PropertyKey, unknown>, key) : undefined;
  return here;
}

const ownOf = <T>(record: Readonly<Record<PropertyKey, T>>, key: PropertyKey): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined);
