import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { providers } from '../src/providers/index.ts';

const root = resolve(import.meta.dirname, '../src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const imports: readonly Import[] = files.flatMap((from) =>
  [...textOf(from).matchAll(/(import|export)( type)?[^;'"]*?from '(\.[^']+)'|import\('(\.[^']+)'\)/g)].map((match) => ({
    from,
    to: relative(root, resolve(root, dirname(from), match[3] ?? match[4] ?? '')),
    typeOnly: match[2] !== undefined,
  })),
);

const roomOf = (file: string): string => file.split('/')[0] ?? '';

/** Which rooms a room may open the door to. `version.ts` belongs to all. */
const doors: Readonly<Record<string, readonly string[]>> = {
  'index.ts': ['http', 'providers', 'scenario'],
  cli: ['http', 'control', 'engine', 'scenario', 'providers', 'numbering', 'sealed', 'wire', 'domain'],
  http: ['control', 'engine', 'scenario', 'providers', 'wire', 'domain'],
  control: ['engine', 'scenario', 'providers', 'numbering', 'wire', 'domain'],
  engine: ['scenario', 'providers', 'numbering', 'wire', 'domain'],
  scenario: ['providers', 'wire', 'domain'],
  providers: ['sealed', 'wire', 'domain'],
  sealed: ['domain'],
  numbering: ['domain'],
  wire: ['domain'],
  domain: [],
};

describe('the house', () => {
  it('has imports that point down only', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [a, b] = [roomOf(from), roomOf(to)];
      return a !== b && b !== 'version.ts' && !(doors[a] ?? []).includes(b);
    });
    expect(wrong).toEqual([]);
  });

  it('keeps providers apart: none imports another, nor the registry', () => {
    const wrong = imports.filter(({ from, to }) => {
      const own = /^providers\/([^/]+)\//.exec(from)?.[1];
      const other = /^providers\/([^/]+)(\/|$)/.exec(to)?.[1];
      return own !== undefined && other !== undefined && other !== own && !['provider.ts', 'limits.ts', 'account-fields.ts'].includes(other);
    });
    expect(wrong).toEqual([]);
  });

  it('branches on a provider in its own folder only', () => {
    const names = providers.map(({ id }) => id).join('|');
    const wrong = files.filter((file) => !file.startsWith('providers/') && new RegExp(`['"\`](${names})(\\.[A-Za-z0-9_-]+)?['"\`]`).test(textOf(file)));
    expect(wrong).toEqual([]);
  });

  it('takes time, chance and identity as arguments', () => {
    const ambient = /\bDate\.now\(|new Date\(\)|Math\.random\(|randomUUID\(|\bsetTimeout\(|\bsetInterval\(|performance\.now\(/;
    const wrong = files.filter((file) => !/^(http\/|domain\/clock\.ts|domain\/random\.ts)/.test(file) && ambient.test(textOf(file)));
    expect(wrong).toEqual([]);
  });

  it('knows Express at the edge only, and no status code or header in domain and scenario', () => {
    expect(files.filter((file) => file !== 'http/app.ts' && /from 'express'/.test(textOf(file)))).toEqual([]);
    expect(files.filter((file) => /^(domain|scenario)\//.test(file) && /content-type|\b(200|404|429)\b/i.test(textOf(file)))).toEqual([]);
  });

  it('has no any, and no switch or lint rule turned off', () => {
    expect(files.filter((file) => /(?<!\* .*): any\b|<any\b|as any\b(?! of)|@ts-ignore|@ts-expect-error|oxlint-disable/.test(textOf(file)))).toEqual([]);
  });

  it('loads faker, zod, yaml and SM2 when they are first needed', () => {
    const reached = new Set<string>();
    const queue = ['cli/serve.ts', 'http/start.ts'];
    for (const file of queue) {
      if (reached.has(file)) continue;
      reached.add(file);
      const statics = [...textOf(file).matchAll(/^(?:import|export) (?!type\b)[^;]*?from '(\.[^']+)'/gm)].map((match) => relative(root, resolve(root, dirname(file), match[1] ?? '')));
      queue.push(...statics);
    }
    const heavy = [...reached].filter((file) => /^import (?!type\b)[^;]*from '(zod|yaml|@faker-js[^']*|sm-crypto-v2[^']*)'/m.test(textOf(file)));
    expect(heavy).toEqual([]);
    expect(reached.has('engine/simulator.ts')).toBe(true);
  });
});
