export type Align = 'left' | 'right';

/** Lays rows of equally many cells out in columns, indented and two spaces apart, without trailing blanks. */
export const table = (align: readonly Align[], rows: readonly (readonly string[])[]): string => {
  const widths = align.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const cell = (text: string, column: number): string =>
    align[column] === 'left' ? text.padEnd(widths[column]) : text.padStart(widths[column]);
  return rows.map((row) => `  ${row.map(cell).join('  ')}`.trimEnd()).join('\n');
};
