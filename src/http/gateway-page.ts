import { STATUS_CODES } from 'node:http';
import type { WireResponse } from '../wire/wire-response.ts';

/** What a front server says of the one behind it. */
const words = {
  502: 'The server behind this gateway gave no valid answer.',
  503: 'The server behind this gateway takes no requests at the moment.',
  504: 'The server behind this gateway did not answer in time.',
} as const;

/** The page of a gateway that has nothing better: its headers are those of nginx, which stands before most Chinese services, and its words are our own. */
export function gatewayPage(status: keyof typeof words): WireResponse {
  const title = `${status} ${STATUS_CODES[status]}`;
  return {
    status,
    headers: [['Server', 'nginx'], ['Content-Type', 'text/html']],
    body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<h1>${title}</h1>\r\n<p>${words[status]}</p>\r\n</body>\r\n</html>\r\n`,
  };
}
