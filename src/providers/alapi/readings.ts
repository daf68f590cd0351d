import type { Reading } from '../provider.ts';

export const readings: readonly Reading[] = [
  { name: 'alapi.errorStatus', values: ['always-200', 'mirrors-http-like', 'mirrors-4xx'], why: 'the document never names an HTTP status; the first-party clients read the body under 200 only' },
  { name: 'alapi.emptyToken', values: ['101', '100'], why: 'first-party tests get 101 for an empty token and 100 for a wrong one' },
  { name: 'alapi.invalidInBatch', values: ['omit', 'unknown', 'reject'], why: 'the document does not say what an invalid number in a batch does' },
  { name: 'alapi.duplicates', values: ['each-charged', 'merged'], why: '一个号码计费一次 can be read either way' },
  { name: 'alapi.errorData', values: ['null', 'empty-array'], why: 'no document shows the body of an error' },
  { name: 'alapi.logId', values: ['zero', 'sequence'], why: 'the sample shows "0", and first-party clients expect a number' },
  { name: 'alapi.riskName', values: ['风险', '风险号'], why: 'the document writes the one, and all siblings write the other' },
  { name: 'alapi.numberType', values: ['original', 'current'], why: 'the document does not speak of ported numbers' },
];
