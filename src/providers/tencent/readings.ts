import type { Reading } from '../provider.ts';

export const readings: readonly Reading[] = [
  { name: 'tencent.scopeService', values: ['lenient', 'strict'], why: 'official clients sign the service 127 when their endpoint is 127.0.0.1' },
  { name: 'tencent.vacantStatus', values: ['2', '4'], why: 'the list of states has no vacant number' },
  { name: 'tencent.language', values: ['en-US', 'zh-CN'], why: 'gateways answer in English unless asked, and one domestic backend in Chinese' },
];
