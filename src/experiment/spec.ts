import type { Config, GrapesMode } from '../config/index.js';

/** Which samples judge a run. `validation` lies in the training set, so that nothing is tuned on the test set. */
export type Judge = 'validation' | 'test';

/** Samples of a run. */
export interface Samples {
  /** learns from the first so many of the training set */
  readonly train: number;
  readonly judge: Judge;
  /** how many judge: the last of the training set, or the first of the test set */
  readonly judges: number;
  /** permuted tasks learnt one after the other, an equal number of epochs each; default 1, unpermuted */
  readonly tasks?: number;
}

/** How a network runs in time. */
export interface TimeSpec {
  readonly steps: number;
  readonly encoding: 'direct' | 'rate' | 'rows';
  /** of all hidden layers */
  readonly cell: 'tanh' | 'snu';
  readonly recurrent: boolean;
  /** snu only: a membrane that does not fire loses 2^-decayShift of itself a step; default 3 */
  readonly decayShift?: number;
}

/** Everything that a run's outcome depends on, as plain JSON. */
export interface RunSpec {
  readonly engine: 'integer' | 'float';
  readonly layers: readonly number[];
  /** integers only: one width, or one each */
  readonly bits?: number | Config['bits'];
  /** integers only; what is left out gets its default, `calibrated`: what calibration finds for this network and rate */
  readonly frac?: Partial<Config['frac']> | 'calibrated';
  /** a dense network if left out */
  readonly time?: TimeSpec;
  readonly mode: GrapesMode;
  readonly feedback?: 'bp' | 'fa' | 'dfa';
  /** the rate is 2^-k: k, or a schedule of it */
  readonly rate: number | readonly { readonly epoch: number; readonly shift: number }[];
  /** float only; default 1 */
  readonly batch?: number;
  /** float only; default 0 */
  readonly momentum?: number;
  readonly seed: number;
  /** epochs, of each task */
  readonly epochs: number;
  readonly samples: Samples;
  /** how often an epoch is judged; default 1, at its end */
  readonly judgements?: number;
}

/** How many values of a hidden layer are not 0, and how many neurons open, over all steps of a sample. */
export interface Activity {
  readonly active: readonly number[];
  readonly open: readonly number[];
}

/** What a run gave. Accuracies are shares, 0..1. */
export interface RunResult {
  /** one a judgement, the last at the end of the last epoch; with tasks the mean over those learnt so far */
  readonly accuracy: readonly number[];
  /** share of an epoch's samples predicted rightly before their update */
  readonly training: readonly number[];
  /** integers only: share of errors that saturated in the whole run, layer l at [l-1] */
  readonly saturated?: readonly number[];
  /** integers only: the fractions that the run had */
  readonly frac?: Config['frac'];
  /** in time only: what a sample has in the mean of the whole run, hidden layer l at [l-1] */
  readonly activity?: Activity;
  /** why calibration found no formats: the run did not take place */
  readonly refused?: string;
  /** with tasks: row t has the accuracies of all tasks after task t */
  readonly tasks?: readonly (readonly number[])[];
}

/** The accuracy of a run: the one at its fixed end. */
export const finalAccuracy = ({ accuracy }: RunResult): number => accuracy[accuracy.length - 1];

/** A spec as a name in the cache: equal specs, equal names. */
export const keyOf = (spec: RunSpec): string => JSON.stringify(sorted(spec));

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, v]) => [name, sorted(v)]),
  );
};
