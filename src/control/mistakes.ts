import type { core } from 'zod';
import { describeComplaint } from '../scenario/complaint.ts';
import { complaintsOf } from '../scenario/explain.ts';
import { SourceMap } from '../scenario/source-map.ts';

const mostTold = 20;
/** Of a longer body the places are not looked up: that would take longer than anybody waits. */
const longest = 1024 * 1024;

/**
 * What is wrong with a JSON body, a line for each mistake. JSON is YAML, so it is told in the words and with the places
 * in which a scenario's mistakes are.
 *
 * @param value of the text, or with more in it than the text has
 */
export function mistakesIn(text: string, value: unknown, issues: readonly core.$ZodIssue[], schema: core.$ZodType): string {
  // Tabs cannot indent YAML. In JSON they stand between words only, where a blank does as well.
  const source = SourceMap.parse(text.length > longest ? '{}' : text.replaceAll('\t', ' '), 'body');
  const told: string[] = [];
  for (const complaint of complaintsOf(issues, value, source, schema)) {
    told.push(describeComplaint({ ...complaint, message: complaint.message.replace(/^the file /, 'the body ') }));
    if (told.length === mostTold) break;
  }
  return told.join('\n');
}
