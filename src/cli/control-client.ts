import { addressOf, call, usualUrl } from './call.ts';
import { UsageError } from './usage-error.ts';

/** What every command takes that asks the control API. */
export const controlOptions = {
  url: { type: 'string', default: usualUrl },
  token: { type: 'string' },
  tenant: { type: 'string', default: 'default' },
} as const;

export interface Control {
  readonly url: string;
  /** Needed where konghao listens beyond loopback; the environment's where none is given. */
  readonly token?: string | undefined;
  readonly tenant: string;
}

export type Told<T> =
  | { readonly kind: 'value'; readonly value: T }
  /** The control API has no such thing. */
  | { readonly kind: 'nothing'; readonly title: string; readonly detail: string };

/**
 * Asks the control API about a tenant.
 *
 * @param doing what fails where there is no answer, such as `say why`
 * @param path behind `/_sim/tenants/{id}`
 * @throws UsageError where nobody answers, or not as konghao does, or it turns the question away
 */
export async function askControl<T>(doing: string, { url, token = process.env['KONGHAO_CONTROL_TOKEN'], tenant }: Control, path: string): Promise<Told<T>> {
  const address = addressOf(doing, url);
  const headers: Record<string, string> = token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` };
  const { status, headers: answered, body } = await call(address, { method: 'GET', target: `/_sim/tenants/${inPath(tenant)}${path}`, headers, body: '' });
  const title = answered['x-simulator-error'];
  const value = read(body);
  if (value === undefined || (title === undefined && status !== 200)) throw new UsageError(`Failed to ask http://${address}: what answers there is not konghao (HTTP ${status}). Name its address with --url.`);
  // Both shapes are the control API's own.
  if (title === undefined) return { kind: 'value', value: value as T };
  const { detail } = value as { readonly detail: string };
  if (status !== 404) throw new UsageError(`Failed to ${doing}: konghao says: ${detail}${status === 401 ? ' Give it with --token.' : ''}`);
  return { kind: 'nothing', title: String(title), detail };
}

/** A word of the command line as a part of a path. Ids are compared as they stand there, so that what they are made of stays. */
export const inPath = (word: string): string => word.replace(/[^\w.~:-]/gu, encodeURIComponent);

function read(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
