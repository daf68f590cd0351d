import type { Account, SampleRequest } from '../provider.ts';

/** A request as the guides show it, with the account's token. */
export function curlOf(host: string, target: string, account: Account, body: string): SampleRequest {
  const authorization = `Bearer ${account.terms.credential}`;
  return {
    method: 'POST',
    target,
    headers: { accept: 'application/json', authorization, 'content-type': 'application/json' },
    body,
    curl: `curl 'http://${host}${target}' -H 'authorization: ${authorization}' -H 'content-type: application/json' -d '${body.replaceAll("'", `'\\''`)}'`,
  };
}
