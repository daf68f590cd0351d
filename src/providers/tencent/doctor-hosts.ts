import { header, type WireRequest } from '../../wire/wire-request.ts';

const publicHosts = ['faceid.tencentcloudapi.com', 'faceid.intl.tencentcloudapi.com'];

/** A Host without its port. */
export const bareHost = (host: string): string => host.replace(/:\d{1,5}$/, '');

/** What clients sign for a Host header that says something else: what they were pointed at before a proxy, an alias or a copied example came in between. */
export function otherHosts({ host, headers }: Pick<WireRequest, 'host' | 'headers'>): readonly string[] {
  const bare = bareHost(host);
  const port = host.slice(bare.length);
  const hosts = [
    ...publicHosts,
    'faceid.ap-guangzhou.tencentcloudapi.com', 'faceid.ap-singapore.tencentcloudapi.com', 'cvm.tencentcloudapi.com', 'tencentcloudapi.com',
    header({ headers }, 'x-forwarded-host'),
    ...['localhost', '127.0.0.1', '[::1]', '0.0.0.0', 'host.docker.internal'].flatMap((name) => [`${name}${port}`, name]),
    ...[':80', ':443'].map((usual) => `${bare}${usual}`),
    `http://${host}`, `https://${host}`, `${host}/`,
  ];
  return [...new Set(hosts)].filter((each) => each !== '' && each !== host && each !== bare);
}
