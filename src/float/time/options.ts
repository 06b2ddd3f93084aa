import type { FloatOptions } from '../options.js';

export type FloatCell = 'tanh' | 'snu';

/** A float32 network in time and how it learns; backpropagation only. */
export interface FloatTimeOptions extends Omit<FloatOptions, 'feedback'> {
  /** T */
  readonly steps: number;
  /** as in the integers: the same features at every step, spikes at the rate of the features, or n_0 features a step */
  readonly encoding: 'direct' | 'rate' | 'rows';
  /** of all hidden layers */
  readonly cell: FloatCell;
  readonly recurrent?: boolean;
  /** a membrane loses 2^-decayShift of itself a step; default 3 */
  readonly decayShift?: number;
}
