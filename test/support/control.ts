import { expect } from 'vitest';
import { exchange, headerOf, type Incoming } from './exchange.ts';

/** An answer of the control API, its JSON read. */
export interface Told<T> extends Incoming {
  readonly value: T;
}

/** A call of the control API: `path` is behind `/_sim`, a body is sent as JSON. */
export async function tell<T = unknown>(port: number, method: string, path: string, body?: unknown): Promise<Told<T>> {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await exchange(port, { method, target: `/_sim${path}`, headers: [['Content-Type', 'application/json']], body: text });
  const isJson = /json/.test(headerOf(answer, 'content-type') ?? '');
  // Who asks says what he expects, and the test would fail on anything else.
  return { ...answer, value: (isJson ? JSON.parse(answer.body) : undefined) as T };
}

/** What was asked for, or the failure that came instead. */
export async function told<T>(port: number, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await tell<T>(port, method, path, body);
  expect(answer.status, answer.body.slice(0, 500)).toBeLessThan(300);
  return answer.value;
}

/** Holds an answer against a problem of ours, and gives its sentence. */
export function problemIn(answer: Told<unknown>, status: number, title: string): string {
  expect({ status: answer.status, type: headerOf(answer, 'content-type'), error: headerOf(answer, 'x-simulator-error') }, answer.body.slice(0, 500)).toEqual({ status, type: 'application/problem+json', error: title });
  const { detail } = answer.value as { detail: string };
  return detail;
}

export interface Credentials {
  readonly acedata: { readonly token: string };
  readonly tencent: { readonly secretId: string; readonly secretKey: string };
  readonly alapi: { readonly token: string };
  readonly qxt: { readonly apikey: string };
}

export interface Minted {
  readonly id: string;
  readonly scenario: string;
  readonly seed: number;
  readonly url: string;
  readonly expires: string;
  readonly credentials: Credentials;
  readonly accounts: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/** A tenant of its own. */
export const mint = (port: number, body?: unknown): Promise<Minted> => told<Minted>(port, 'POST', '/tenants', body);
