export type Align = 'left' | 'right';

/** A text on one line, as JSON would escape it. */
const onOneLine = (text: string): string =>
  /[\p{Cc}]/u.test(text) ? JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"') : text;

/** Lays rows of equally many cells out in columns, indented and two spaces apart, without trailing blanks. */
export const table = (align: readonly Align[], cells: readonly (readonly string[])[]): string => {
  const rows = cells.map((row) => row.map(onOneLine));
  const widths = align.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const cell = (text: string, column: number): string =>
    align[column] === 'left' ? text.padEnd(widths[column]) : text.padStart(widths[column]);
  return rows.map((row) => `  ${row.map(cell).join('  ')}`.trimEnd()).join('\n');
};
