import type { Reading } from '../provider.ts';

export const readings: readonly Reading[] = [
  { name: 'qxt.numberErrors', values: ['specific', 'general'], why: 'code 1 and the codes -2 and -3 all cover a wrong number' },
  { name: 'qxt.errorResult', values: ['null', 'omitted', 'empty-object', 'empty-string'], why: 'no document shows `result` beside an error' },
  { name: 'qxt.invalidNumber', values: ['error', 'status'], why: '错误号码 is named as a state, and there is a code for it as well' },
  { name: 'qxt.path', values: ['any-case', 'exact'], why: 'the document writes ssPhone_Status and ssphone_status' },
  { name: 'qxt.contentType', values: ['application/json', 'text/html'], why: 'no document names it' },
  { name: 'qxt.mvnoLabel', values: ['其它运营商', '其它', 'operator-name'], why: 'the wording of the document is a description, not a value' },
  { name: 'qxt.charged', values: ['code-0', 'every-query'], why: 'no document says which answers cost' },
];
