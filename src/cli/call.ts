import { request, type ClientRequest, type RequestOptions } from 'node:http';
import type { SampleRequest } from '../providers/provider.ts';
import { UsageError } from './usage-error.ts';

/** Where konghao serves unless it is told otherwise. */
export const usualUrl = 'http://127.0.0.1:4086';

/** `host:port` of what `--url` names, or a sentence why it names nothing. */
export function addressOf(command: string, url: string): string {
  const address = /^http:\/\/([^/?#\s]+)\/?$/.exec(url)?.[1];
  if (address === undefined || !URL.canParse(url)) throw new UsageError(`Failed to ${command}: "${url}" is no address such as ${usualUrl}.`);
  return address;
}

export interface CallAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

const timeout = 30_000;

/** Sends a request as it is; rejects with a sentence where there is no answer. */
export function call(address: string, { method, target, headers, body }: Omit<SampleRequest, 'curl'>): Promise<CallAnswer> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new UsageError(`Failed to ask http://${address}: ${why}. Is konghao running there? Start it with "konghao".`));
    const asked = open(address, { method, path: target, headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) }, timeout });
    asked.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }));
      response.on('error', (error) => fail(error.message));
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer within 30 seconds')));
    asked.on('error', (error: NodeJS.ErrnoException) => fail(error.code === 'ECONNREFUSED' ? 'nothing listens there' : error.message));
    asked.end(body);
  });
}

function open(address: string, options: RequestOptions): ClientRequest {
  try {
    return request(`http://${address}`, options);
  } catch (error) {
    // Such as a credential with letters that no header can hold.
    throw new UsageError(`Failed to ask http://${address}: no request can be made of this (${(error as Error).message}). Check the number and the credential.`);
  }
}
