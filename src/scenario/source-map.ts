import { isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseAllDocuments, Scalar, visit, type Document, type Node } from 'yaml';
import type { Complaint } from './complaint.ts';

export type Path = readonly PropertyKey[];

/** A YAML text, its value, and where in the text each part of the value stands. */
export class SourceMap {
  /** What is wrong with the text as YAML, or is YAML that scenarios do without. */
  readonly complaints: readonly Complaint[];
  readonly #document: Document | undefined;
  readonly #lines: LineCounter;
  readonly #file: string;

  private constructor(document: Document | undefined, lines: LineCounter, file: string, complaints: readonly Complaint[]) {
    this.#document = document;
    this.#lines = lines;
    this.#file = file;
    this.complaints = complaints;
  }

  /** YAML 1.2, its core schema, without anchors, aliases, merge keys, tags and second documents. The text has passed `guard`. */
  static parse(text: string, file: string): SourceMap {
    const lines = new LineCounter();
    const documents = parseAllDocuments(text, { lineCounter: lines, version: '1.2', schema: 'core', uniqueKeys: true, prettyErrors: false });
    const [document, second] = Array.isArray(documents) ? documents : [];
    const at = (offset: number): { file: string; line: number; column: number } => {
      const { line, col } = lines.linePos(offset);
      return { file, line: Math.max(1, line), column: Math.max(1, col) };
    };
    const complaints: Complaint[] = [];
    if (document === undefined) complaints.push({ ...at(0), message: 'the file is empty. Begin with "konghao: 1"' });
    if (second !== undefined) complaints.push({ ...at(second.range[0]), message: 'a second document begins here. One file holds one scenario' });
    for (const error of document?.errors ?? []) complaints.push({ ...at(error.pos[0]), message: plain(error.message) });
    for (const warning of document?.warnings ?? []) complaints.push({ ...at(warning.pos[0]), message: plain(warning.message) });
    if (document !== undefined) {
      visit(document, {
        Node: (_key, node) => {
          const [start] = node.range ?? [0];
          if (isAlias(node)) complaints.push({ ...at(start), message: 'aliases (*name) are not allowed. Write the value out' });
          else if (node.anchor !== undefined) complaints.push({ ...at(start), message: 'anchors (&name) are not allowed. Remove it' });
          else if (node.tag?.startsWith('!') === true) complaints.push({ ...at(start), message: `tags (${node.tag}) are not allowed. Remove it` });
        },
        Pair: (_key, { key }) => {
          if (!isScalar(key)) return;
          const [start] = key.range ?? [0];
          if (key.value === '<<') complaints.push({ ...at(start), message: 'merge keys (<<) are not allowed. Write the values out' });
          else if (typeof key.value !== 'string') {
            complaints.push({ ...at(start), message: `the key ${String(key.source)} is read as a ${typeof key.value}; quote it: "${String(key.source)}"` });
          }
        },
      });
    }
    return new SourceMap(document, lines, file, complaints);
  }

  /** The text's value; `undefined` where it has none that could be looked at further. */
  value(): unknown {
    if (this.#document === undefined || this.#document.errors.length > 0) return undefined;
    // Aliases are complained of already, and what they stand for is not looked up.
    visit(this.#document, { Alias: () => new Scalar(null) });
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
      const next = childOf(node, key);
      if (!isNode(next)) break;
      node = next;
    }
    return isNode(node) ? node : undefined;
  }

  #keyOffset(path: Path): number {
    const parent = this.#node(path.slice(0, -1));
    const name = path.at(-1);
    const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(name)) : undefined;
    return (isPair(pair) && isNode(pair.key) ? pair.key.range?.[0] : parent?.range?.[0]) ?? 0;
  }
}

function childOf(node: unknown, key: PropertyKey): unknown {
  if (isSeq(node)) return node.items[Number(key)];
  if (!isMap(node)) return undefined;
  return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key))?.value;
}

const plain = (message: string): string => message.replace(/ at line \d+, column \d+:?[^]*$/, '').replace(/\.$/, '');
