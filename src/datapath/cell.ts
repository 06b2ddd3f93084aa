import { forwardShift } from '../config/shifts.js';
import { membraneFormat, type Timing } from '../config/time.js';
import type { Config } from '../config/types.js';
import type { Format } from '../fx/format.js';

/** ReLU: `x = max(0, sat(rn(z, shift)))`, open where `x > 0`. */
export interface ReluCell {
  readonly kind: 'relu';
  readonly shift: number;
}

/** Hard tanh: `x = sat(rn(z, shift))`, open where it did not saturate. */
export interface TanhCell {
  readonly kind: 'tanh';
  readonly shift: number;
}

/** Spiking neural unit: a membrane that leaks, and a spike that resets it. */
export interface SnuCell {
  readonly kind: 'snu';
  /** from the sum to the membrane's fraction */
  readonly shift: number;
  readonly membrane: Format;
  /** a membrane loses `rn(s, decayShift)` a step */
  readonly decayShift: number;
  /** a spike where the membrane reaches it */
  readonly threshold: number;
  /** open where the membrane is less than this away from the threshold */
  readonly window: number;
}

/** The output: `q = sat(rn(z, shift))` of the sum over all steps. */
export interface LogitCell {
  readonly kind: 'logits';
  readonly shift: number;
}

export type HiddenCell = ReluCell | TanhCell | SnuCell;
export type Cell = HiddenCell | LogitCell;

/** The cell of hidden layer `l`, 1..L-1. Source: the numeric contract, Forward. */
export const cellOf = (config: Config, { cell, decayShift }: Timing, l: number): HiddenCell => {
  const kind = cell[l - 1];
  const shift = forwardShift(config, l);
  if (kind !== 'snu') return { kind, shift };
  const membrane = membraneFormat(config.bits.activation);
  const threshold = 2 ** membrane.frac;
  return { kind, shift, membrane, decayShift, threshold, window: threshold / 2 };
};
