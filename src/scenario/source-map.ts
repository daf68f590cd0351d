import { Composer, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, Scalar, visit, type Document, type Node, type Pair, type YAMLError, type YAMLMap, type CST } from 'yaml';
import { excerpt, type Complaint } from './complaint.ts';
import { tokensOf, tooDeep } from './guard.ts';

export type Path = readonly PropertyKey[];

/** A YAML text, its value, and where in the text each part of the value stands. */
export class SourceMap {
  /** What is wrong with the text as YAML, or is YAML that scenarios do without. */
  readonly complaints: readonly Complaint[];
  readonly #document: Document | undefined;
  readonly #lines: LineCounter;
  readonly #file: string;
  readonly #pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  private constructor(document: Document | undefined, lines: LineCounter, file: string, complaints: readonly Complaint[]) {
    this.#document = document;
    this.#lines = lines;
    this.#file = file;
    this.complaints = complaints;
  }

  /** YAML 1.2, its core schema, without directives, anchors, aliases, merge keys, tags and second documents. The text has passed `guard`. */
  static parse(text: string, file: string): SourceMap {
    const lines = new LineCounter();
    const at = (offset: number): Omit<Complaint, 'message'> => {
      const { line, col } = lines.linePos(offset);
      return { file, line: Math.max(1, line), column: Math.max(1, col) };
    };
    const read = tokensOf(text, lines);
    if (read.kind === 'too-deep') return new SourceMap(undefined, lines, file, [{ ...at(read.offset), message: tooDeep }]);
    const [document, second] = documentsOf(read.tokens);
    const complaints: Complaint[] = [];
    if (document === undefined) complaints.push({ ...at(0), message: 'the file is empty. Begin with "konghao: 1"' });
    else {
      const odd = [...directives(read.tokens), ...oddities(document, text)];
      for (const [offset, message] of odd) complaints.push({ ...at(offset), message });
      for (const error of document.errors) if (odd.length === 0 || !told.has(error.code)) complaints.push({ ...at(error.pos[0]), message: explained(error) });
    }
    if (second !== undefined) complaints.push({ ...at(second.range[0]), message: 'a second document begins here. One file holds one scenario' });
    return new SourceMap(document, lines, file, firstOfEachPlace(complaints));
  }

  /** The text's value; `undefined` where it has none that could be looked at further. */
  value(): unknown {
    if (this.#document === undefined || this.#document.errors.length > 0) return undefined;
    // These are complained of already: what an alias stands for is not looked up, and what is under no proper key is not looked at.
    visit(this.#document, {
      Alias: (_key, { range = null }) => {
        const nothing = new Scalar(null);
        nothing.range = range;
        return nothing;
      },
      Map: (_key, map) => {
        map.items = map.items.filter(({ key }) => isScalar(key) && !forbiddenKeys.has(key.value));
      },
    });
    return this.#document.toJS();
  }

  /** How a scalar is written, where it is one. */
  sourceOf(path: Path): string | undefined {
    const node = this.#node(path);
    return isScalar(node) ? node.source : undefined;
  }

  complaint(path: Path, message: string, about: 'value' | 'key' = 'value'): Complaint {
    const offset = about === 'key' ? this.#keyOffset(path) : this.#node(path)?.range?.[0];
    const { line, col } = this.#lines.linePos(offset ?? this.#keyOffset(path));
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col), message };
  }

  /** `file:line:column` of a part. */
  place(path: Path): string {
    const { file, line, column } = this.complaint(path, '');
    return `${file}:${line}:${column}`;
  }

  /** The node at a path, or the nearest one above it that exists. */
  #node(path: Path): Node | undefined {
    let node: unknown = this.#document?.contents;
    for (const key of path) {
      const next = isSeq(node) ? node.items[Number(key)] : isMap(node) ? this.#pair(node, key)?.value : undefined;
      if (!isNode(next)) break;
      node = next;
    }
    return isNode(node) ? node : undefined;
  }

  #keyOffset(path: Path): number {
    const parent = this.#node(path.slice(0, -1));
    const key = isMap(parent) ? this.#pair(parent, path.at(-1) ?? '')?.key : undefined;
    return (isNode(key) ? key.range?.[0] : parent?.range?.[0]) ?? 0;
  }

  /** Of repeated keys the last one, whose value it is that the others have to look at. */
  #pair(map: YAMLMap, key: PropertyKey): Pair | undefined {
    let pairs = this.#pairs.get(map);
    if (pairs === undefined) {
      pairs = new Map(map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair] as const] : [])));
      this.#pairs.set(map, pairs);
    }
    return pairs.get(String(key));
  }
}

function documentsOf(tokens: readonly CST.Token[]): Document.Parsed[] {
  // The library compares each key of a map with all others: `oddities` needs no time for that.
  const composer = new Composer({ version: '1.2', schema: 'core', uniqueKeys: false, logLevel: 'silent' });
  const { stackTraceLimit } = Error;
  // A text can have a million errors. Nobody reads their stacks, and these take most of the time.
  Error.stackTraceLimit = 0;
  try {
    return [...composer.compose(tokens)];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

type Oddity = readonly [offset: number, message: string];

/** What is YAML and yet no part of a scenario, with its offset: what it would mean is easily another thing than it seems. */
function oddities(document: Document, text: string): Oddity[] {
  const found: Oddity[] = [];
  visit(document, {
    Node: (_key, node) => {
      const [start] = node.range ?? [0];
      if (isAlias(node)) found.push([start, `*${excerpt(node.source)} is read as an alias, and aliases are not allowed; quote a pattern: "*${excerpt(node.source.replace(/:$/, ''))}"`]);
      else if (node.anchor !== undefined) found.push([wordBefore(text, start), `anchors (&${excerpt(node.anchor)}) are not allowed. Remove it`]);
      else if (node.tag !== undefined) found.push([wordBefore(text, start), `tags (${excerpt(node.tag.replace(/^tag:yaml\.org,2002:/, '!!'))}) are not allowed. Remove it`]);
      if (isMap(node)) for (const oddity of oddKeys(node)) found.push(oddity);
    },
  });
  return found;
}

/** Where the anchor or tag of a value stands. */
function wordBefore(text: string, start: number): number {
  let at = start;
  while (at > 0 && /\s/.test(text.charAt(at - 1))) at -= 1;
  while (at > 0 && !/[\s[{,]/.test(text.charAt(at - 1))) at -= 1;
  return at;
}

function* oddKeys({ items }: YAMLMap): Generator<Oddity> {
  const seen = new Set<string>();
  for (const { key, value } of items) {
    if (isAlias(key)) continue;
    const [start] = (isNode(key) ? key.range : isNode(value) ? value.range : undefined) ?? [0];
    const message = keyFault(key, seen);
    if (message !== undefined) yield [start, message];
  }
}

const forbiddenKeys: ReadonlySet<unknown> = new Set([null, '<<', '__proto__']);

function keyFault(key: unknown, seen: Set<string>): string | undefined {
  if (!isScalar(key)) return isNode(key) ? 'a list or map is no key. Write a word' : 'a key is missing here. Write one';
  const { value, source = '' } = key;
  if (value === '<<') return 'merge keys (<<) are not allowed. Write the values out';
  if (value === '__proto__') return 'the key __proto__ is not allowed. Choose another';
  if (value === null) return source === '' ? 'a key is missing here. Write one' : `the key ${source} is read as empty; quote it: "${source}"`;
  const text = String(value);
  if (seen.has(text)) return `the key "${excerpt(text)}" stands in this map already. Keep one of them`;
  seen.add(text);
  return typeof value === 'string' ? undefined : `the key ${excerpt(source)} is read as a ${typeof value}; quote it: "${excerpt(source)}"`;
}

const directives = (tokens: readonly CST.Token[]): Oddity[] =>
  tokens.flatMap((token) => (token.type === 'directive' ? [[token.offset, `directives (${excerpt(token.source)}) are not allowed. Remove it`] as const] : []));

/** Errors about what `oddities` and `directives` complain of already. */
const told: ReadonlySet<YAMLError['code']> = new Set(['TAG_RESOLVE_FAILED', 'BAD_DIRECTIVE', 'ALIAS_PROPS']);

/** One mistake makes the library stumble more than once. */
function firstOfEachPlace(complaints: readonly Complaint[]): Complaint[] {
  const places = new Set<string>();
  return complaints.filter(({ line, column }) => places.size !== places.add(`${line}:${column}`).size);
}

/** The library's errors in sentences with a remedy; what is not among them is told in its own words. */
function explained({ code, message }: YAMLError): string {
  const own = message.replace(/\.$/, '');
  if (own.startsWith('Flow ')) return `a ${own.includes('map') ? '{' : '['} is not closed, or what is in it not indented. Close it`;
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'tabs cannot indent YAML. Use spaces';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'a colon stands inside this value. Quote the value, or give what follows a line of its own and the right indentation';
    case 'MULTILINE_IMPLICIT_KEY':
      return 'a key has to be on one line. Check the lines above for a missing colon, and how this one is indented';
    case 'MISSING_CHAR':
      if (own.includes('quote')) return `a quote (${own.includes('"') ? '"' : "'"}) is not closed. Close it`;
      return own.includes('followed by map values') ? 'this is no key with a value. Write "key: value"' : `${own}. Close or separate it`;
    case 'BAD_INDENT':
      return `${own}. Check how the lines are indented`;
    default:
      return `this is not YAML (${own}). Check quotes, colons and indentation`;
  }
}
