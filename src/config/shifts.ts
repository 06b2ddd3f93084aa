import { membraneFormat, timingOf } from './time.js';
import type { Config } from './types.js';

/** Fraction bits of a GRAPES factor (F). */
export const FACTOR_FRAC = 7;

/** Fraction bits of a logit. */
export const LOGIT_FRAC = 8;

/** Bits of a logit. */
export const LOGIT_BITS = 16;

const last = (c: Config): number => c.layers.length - 1;

/** Layer `l` has a recurrent matrix; the last one never has. */
export const isRecurrent = (c: Config, l: number): boolean => c.recurrent?.[l - 1] ?? false;

/** Fraction of `H_l`; that of `W_l` where there is no `H_l`. */
export const recurrentFrac = (c: Config, l: number): number => c.frac.recurrent?.[l - 1] ?? c.frac.weight[l - 1];

/** Fraction `fz` of the sums of layer `l`, 1..L: the larger one of what `W_l` and `H_l` add. */
export const sumFrac = (c: Config, l: number): number => {
  const forward = c.frac.weight[l - 1] + c.frac.activation[l - 1];
  return isRecurrent(c, l) ? Math.max(forward, recurrentFrac(c, l) + c.frac.activation[l]) : forward;
};

/** Fraction of what cell `l`, 1..L-1, requantises its sums to: its activations', or its membrane's. */
const cellFrac = (c: Config, l: number): number =>
  timingOf(c).cell[l - 1] === 'snu' ? membraneFormat(c.bits.activation).frac : c.frac.activation[l];

/** The shift that takes `z_l` to the cells of layer `l`, or to logits for the last layer. `l` is 1..L. */
export const forwardShift = (c: Config, l: number): number =>
  l === last(c) ? sumFrac(c, l) - LOGIT_FRAC + Math.ceil(Math.log2(timingOf(c).steps)) : sumFrac(c, l) - cellFrac(c, l);

/** The layer whose errors reach hidden layer `l`, 1..L-1. */
export const errorSource = (c: Config, l: number): number => (c.feedback === 'dfa' ? last(c) : l + 1);

/** Fraction `fb` of the sums of errors of hidden layer `l`, 1..L-1: the larger one of the two ways back. */
export const backFrac = (c: Config, l: number): number => {
  const from = errorSource(c, l);
  const above = c.frac.weight[from - 1] + c.frac.error[from - 1];
  return isRecurrent(c, l) ? Math.max(above, recurrentFrac(c, l) + c.frac.error[l - 1]) : above;
};

/** The shift that takes `b_l * f_l` to the errors of hidden layer `l`, 1..L-1. */
export const backwardShift = (c: Config, l: number): number => backFrac(c, l) + FACTOR_FRAC - c.frac.error[l - 1];

/** Fraction `fS` of the strengths of layer `l`. */
export const strengthFrac = (c: Config, l: number): number => Math.max(c.frac.weight[l - 1], recurrentFrac(c, l));

/** The update shift `s_l` of `W_l`, l = 1..L, at learning rate `2^-k`. */
export const updateShift = (c: Config, l: number, k: number): number =>
  c.frac.error[l - 1] + c.frac.activation[l - 1] + k - c.frac.weight[l - 1];

/** The update shift of `H_l`, at learning rate `2^-k`. */
export const recurrentUpdateShift = (c: Config, l: number, k: number): number =>
  c.frac.error[l - 1] + c.frac.activation[l] + k - recurrentFrac(c, l);

/** Every learning-rate shift of the configuration, with the epoch it starts at. */
export const rateSteps = (c: Pick<Config, 'learningRateShift'>): readonly { epoch: number; shift: number }[] =>
  typeof c.learningRateShift === 'number' ? [{ epoch: 0, shift: c.learningRateShift }] : c.learningRateShift;

/** The learning-rate shift `k` in force in epoch `epoch` (from 0). */
export const rateAt = (c: Pick<Config, 'learningRateShift'>, epoch: number): number => {
  const steps = rateSteps(c).filter((s) => s.epoch <= epoch);
  return steps[steps.length - 1].shift;
};
