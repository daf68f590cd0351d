/** The records of a table by RFC 4180, as strict as the RFC: CRLF behind each, quotes only around a whole cell and doubled within. */
export function recordsOf(csv: string): string[][] {
  const records: string[][] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  let record: string[] = [];
  for (let at = 0; at < csv.length; at = cell.lastIndex) {
    const match = cell.exec(csv);
    if (match === null) throw new Error(`no cell begins with ${JSON.stringify(csv.slice(at, at + 40))}`);
    const [, quoted, bare = '', end] = match;
    record.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === ',') continue;
    records.push(record);
    record = [];
  }
  if (record.length > 0) throw new Error('the last record has no end');
  return records;
}
