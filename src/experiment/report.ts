import type { Align } from '../report/table.js';
import type { VegaLite } from './plot.js';
import type { Spread } from './statistics.js';
import type { Tuned } from './tune.js';

/** A value of a result: one cell of the CSV. */
export type Cell = string | number;

/** One line of the CSV and one object of the JSON: every row of an experiment has the same names. */
export type Row = Readonly<Record<string, Cell>>;

/** A table for people. */
export interface Table {
  readonly title: string;
  readonly columns: readonly { readonly name: string; readonly align: Align }[];
  readonly rows: readonly (readonly string[])[];
}

/** What came out of an experiment. */
export interface Report {
  /** what was run, a sentence each */
  readonly setting: readonly string[];
  /** how each rate was chosen */
  readonly tuning: readonly Tuned[];
  readonly rows: readonly Row[];
  readonly tables: readonly Table[];
  readonly plot: VegaLite;
  /** further files by name, such as configurations to go on with */
  readonly files?: ReadonlyMap<string, string>;
  /** what the numbers say, a sentence each, computed from them */
  readonly findings: readonly string[];
}

/** 0.9731 as 97.31. */
export const percent = (share: number): string => (100 * share).toFixed(2);

/** A share to four digits, as files have it. */
export const round = (share: number): number => Math.round(share * 1e4) / 1e4;

/** `97.31 ± 0.12`, in per cent; a single value stands alone. */
export const plusMinus = ({ mean, deviation, count }: Spread): string =>
  count > 1 ? `${percent(mean)} ± ${percent(deviation)}` : percent(mean);

/** A difference with its 95 % interval, in percentage points: `+0.12 ± 0.05`. */
export const signed = ({ difference, half }: { readonly difference: number; readonly half: number }): string => {
  const value = `${difference < 0 ? '-' : '+'}${percent(Math.abs(difference))}`;
  return Number.isFinite(half) ? `${value} ± ${percent(half)}` : value;
};

/** A row's accuracy and deviation in per cent, for a plot. */
export const inPercent = <R extends Row>(row: R): R & Row => ({
  ...row,
  accuracy: 100 * Number(row.accuracy),
  deviation: 100 * Number(row.deviation),
});
