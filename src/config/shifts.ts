import type { Config } from './types.js';

/** Fraction bits of a GRAPES factor (F). */
export const FACTOR_FRAC = 7;

/** Fraction bits of a logit. */
export const LOGIT_FRAC = 8;

/** The shift that takes `z_l` to the activations of layer `l`, or to logits for the last layer. `l` is 1..L. */
export const forwardShift = (c: Config, l: number): number => {
  const sum = c.frac.weight[l - 1] + c.frac.activation[l - 1];
  return sum - (l === c.layers.length - 1 ? LOGIT_FRAC : c.frac.activation[l]);
};

/** The shift that takes `b_l * f_l` to the errors of hidden layer `l`, 1..L-1. */
export const backwardShift = (c: Config, l: number): number => {
  const from = c.feedback === 'dfa' ? c.layers.length - 1 : l + 1;
  return c.frac.weight[from - 1] + c.frac.error[from - 1] + FACTOR_FRAC - c.frac.error[l - 1];
};

/** The update shift `s_l` of layer `l`, 1..L, at learning rate `2^-k`. */
export const updateShift = (c: Config, l: number, k: number): number =>
  c.frac.error[l - 1] + c.frac.activation[l - 1] + k - c.frac.weight[l - 1];

/** Every learning-rate shift of the configuration, with the epoch it starts at. */
export const rateSteps = (c: Pick<Config, 'learningRateShift'>): readonly { epoch: number; shift: number }[] =>
  typeof c.learningRateShift === 'number' ? [{ epoch: 0, shift: c.learningRateShift }] : c.learningRateShift;

/** The learning-rate shift `k` in force in epoch `epoch` (from 0). */
export const rateAt = (c: Pick<Config, 'learningRateShift'>, epoch: number): number => {
  const steps = rateSteps(c).filter((s) => s.epoch <= epoch);
  return steps[steps.length - 1].shift;
};
