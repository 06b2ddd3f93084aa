import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTRACT } from '../datapath/version.js';
import { asUserError } from '../fx/error.js';
import { makeFolders } from '../fx/folder.js';
import type { Experiment } from './define.js';
import { toSvg } from './plot.js';
import type { Cell, Report, Row, Table } from './report.js';

/** An experiment's outcome as its JSON file has it. */
export interface Outcome {
  readonly format: 'grapes-experiment/1';
  readonly name: string;
  readonly title: string;
  readonly question: string;
  /** what makes the same files again */
  readonly command: string;
  /** version of the numeric contract that integers followed; version 1 if left out */
  readonly contract?: number;
  readonly setting: readonly string[];
  readonly findings: readonly string[];
  readonly tables: readonly Table[];
  /** a list of [k, accuracy on the validation digits] for each way to learn */
  readonly tuning: readonly {
    readonly name: string;
    readonly k: number;
    readonly trials: readonly (readonly number[])[];
  }[];
  readonly rows: readonly Row[];
}

export const outcomeOf = ({ name, title, question }: Experiment, report: Report, command: string): Outcome => ({
  format: 'grapes-experiment/1',
  name,
  title,
  question,
  command,
  contract: CONTRACT,
  setting: report.setting,
  findings: report.findings,
  tables: report.tables,
  tuning: report.tuning.map(({ arm, k, trials }) => ({
    name: arm.name,
    k,
    trials: trials.map((trial) => [trial.k, Math.round(trial.accuracy * 1e4) / 1e4]),
  })),
  rows: report.rows,
});

const isFlat = (value: object): boolean =>
  Object.values(value).every(
    (v) => typeof v !== 'object' || (Array.isArray(v) && v.every((w) => typeof w !== 'object')),
  );

/** JSON with two spaces, objects and lists of plain values on one line each. */
export const compactJson = (value: unknown, indent = ''): string => {
  if (typeof value !== 'object' || value === null || isFlat(value)) {
    const text = JSON.stringify(value, null, 1).replaceAll(/\n */g, ' ');
    if (typeof value !== 'object' || text.length + indent.length <= 160)
      return text.replaceAll(/\[ /g, '[').replaceAll(/ \]/g, ']');
  }
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const entries = Object.entries(value as object).map(([name, v]) =>
    Array.isArray(value) ? compactJson(v, inner) : `${JSON.stringify(name)}: ${compactJson(v, inner)}`,
  );
  return `${open}\n${entries.map((entry) => inner + entry).join(',\n')}\n${indent}${close}`;
};

const csvCell = (cell: Cell): string => {
  const text = String(cell);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Rows of one shape as CSV with a header line. */
export const csv = (rows: readonly Row[]): string =>
  [Object.keys(rows[0]), ...rows.map((row) => Object.values(row))]
    .map((cells) => `${cells.map(csvCell).join(',')}\n`)
    .join('');

/**
 * Writes an outcome as `<name>.json`, `.csv` and `.svg` (unless there is to be no plot) and gives the files' paths.
 * @throws UserError where the folder can't be written
 */
export const writeOutcome = async (
  outcome: Outcome,
  { plot, files: further = new Map() }: Pick<Report, 'plot' | 'files'>,
  folder: string,
  withPlot: boolean,
): Promise<string[]> => {
  const svg = withPlot ? await toSvg(plot) : null;
  const files = [
    { file: join(folder, `${outcome.name}.json`), text: `${compactJson(outcome)}\n` },
    { file: join(folder, `${outcome.name}.csv`), text: csv(outcome.rows) },
    ...(svg === null ? [] : [{ file: join(folder, `${outcome.name}.svg`), text: svg }]),
    ...[...further].map(([name, text]) => ({ file: join(folder, name), text })),
  ];
  try {
    makeFolders(folder);
    for (const { file, text } of files) writeFileSync(file, text);
  } catch (error) {
    throw asUserError(error, folder);
  }
  return files.map(({ file }) => file);
};
