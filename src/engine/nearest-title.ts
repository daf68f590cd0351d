import { nearest } from '../domain/nearest.ts';

/** Of titles such as `POST|GET /api/phonecheck` the one whose path was probably meant: the path is what people mistype. */
export function nearestTitle(path: string, titles: readonly string[]): string | undefined {
  const guess = nearest(path, titles.map(pathOf));
  return titles.find((title) => pathOf(title) === guess);
}

const pathOf = (title: string): string => title.split(' ', 2)[1] ?? '';
