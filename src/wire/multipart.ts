import type { Parameter } from './form.ts';

export type ParsedMultipart =
  | { readonly kind: 'fields'; readonly fields: readonly Parameter[] }
  | { readonly kind: 'broken'; readonly why: string };

const mostParts = 1000;

/**
 * The text fields of a multipart body (RFC 7578; also `multipart/mixed`, which OkHttp sends when nobody names a
 * subtype). Files are read as text too: no provider here takes one. Never throws.
 */
export function parseMultipart(contentType: string, body: Buffer): ParsedMultipart {
  const boundary = /;\s*boundary=(?:"([^"]{1,200})"|([^;\s]{1,200}))/i.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) return { kind: 'broken', why: 'the Content-Type names no boundary' };
  const delimiter = Buffer.from(`--${mark}`);
  const fields: Parameter[] = [];
  let at = body.indexOf(delimiter);
  while (at !== -1) {
    const start = at + delimiter.length;
    if (body.toString('latin1', start, start + 2) === '--') return { kind: 'fields', fields };
    const next = body.indexOf(delimiter, start);
    const headEnd = body.indexOf('\r\n\r\n', start);
    if (next === -1 || headEnd === -1 || headEnd > next) break;
    if (fields.length === mostParts) return { kind: 'broken', why: `there are more than ${mostParts} parts` };
    const name = /;\s*name="([^"]*)"/i.exec(body.toString('utf8', start, headEnd))?.[1];
    // The line break before the next delimiter belongs to the delimiter.
    if (name !== undefined) fields.push([name, body.toString('utf8', headEnd + 4, Math.max(headEnd + 4, next - 2))]);
    at = next;
  }
  return { kind: 'broken', why: 'the body does not follow its boundary to the end' };
}
