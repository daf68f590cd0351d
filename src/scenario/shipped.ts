import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../scenarios/', import.meta.url);

/** The text of a scenario that comes with konghao; `undefined` where none is called so. */
export const shippedScenario = (name: string): string | undefined =>
  shippedNames().includes(name) ? readFileSync(new URL(`${name}.yaml`, folder), 'utf8') : undefined;

export const shippedNames = (): readonly string[] =>
  readdirSync(folder).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length)).sort();
