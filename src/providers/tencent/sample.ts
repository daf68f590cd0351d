import type { Sample, SampleRequest } from '../provider.ts';
import { signedRequest } from './sign.ts';

/** A TC3 call, and for the shell a v1 one: openssl can sign that in one line, with the time of the moment. */
export function sample({ account, host, number, timestamp }: Sample): SampleRequest {
  const { credential: secretId, secret: secretKey } = account.terms;
  const { method, target, headers, body } = signedRequest(
    { kind: 'tc3', method: 'POST' },
    { secretId, secretKey, host, timestamp, action: 'MobileStatus', version: '2018-03-01', common: {}, params: { Mobile: number } },
  );
  const curl =
    `T=$(date +%s); Q="Action=MobileStatus&Mobile=${number}&Nonce=$T&SecretId=${secretId}&Timestamp=$T&Version=2018-03-01"; ` +
    `curl -G 'http://${host}/' -d "$Q" --data-urlencode "Signature=$(printf 'GET${host}/?%s' "$Q" | openssl dgst -sha1 -hmac '${secretKey}' -binary | base64)"`;
  return { method, target, headers: Object.fromEntries(headers), body, curl };
}
