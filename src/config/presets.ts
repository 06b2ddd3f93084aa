import type { RawConfig } from './schema.js';

/** Halves the rate after every third epoch, three times. */
const everyThreeEpochs = (shift: number): { epoch: number; shift: number }[] =>
  [0, 1, 2, 3].map((n) => ({ epoch: 3 * n, shift: shift + n }));

/** Starting points by name. Their fractions are what `grapes-hw calibrate` finds; what they leave out, the defaults give. */
export const presets = {
  mnist: {
    name: 'mnist',
    layers: [784, 256, 256, 10],
    bits: 8,
    frac: { weight: [8, 8, 7], activation: [7, 4, 4], error: [6, 8, 7] },
    lanes: 32,
  },
  'mnist-small': {
    name: 'mnist_small',
    layers: [784, 64, 10],
    bits: 8,
    frac: { weight: [7, 7], activation: [7, 3], error: [7, 7] },
    lanes: 16,
  },
  deep: {
    name: 'deep',
    layers: [784, 256, 256, 256, 256, 10],
    bits: 8,
    frac: { weight: [8, 8, 8, 8, 8], activation: [7, 4, 3, 3, 3], error: [4, 5, 6, 8, 7] },
    lanes: 32,
  },
  tiny: { name: 'tiny', layers: [13, 21, 10, 4], bits: 8, data: 'synthetic', lanes: 4 },
  // Networks in time: weights' ranges half the default ones, rates that a prototype was tuned at.
  snu: {
    name: 'snu',
    layers: [784, 256, 256, 10],
    bits: 8,
    frac: { weight: [9, 8, 8], activation: [7, 0, 0], error: [7, 7, 7] },
    learningRateShift: everyThreeEpochs(10),
    lanes: 32,
    steps: 4,
    cell: 'snu',
  },
  'snu-rate': {
    name: 'snu_rate',
    layers: [784, 256, 256, 10],
    bits: 8,
    frac: { weight: [9, 8, 8], activation: [0, 0, 0], error: [7, 7, 7] },
    learningRateShift: everyThreeEpochs(10),
    lanes: 32,
    steps: 8,
    encoding: 'rate',
    cell: 'snu',
  },
  // Factors make a long recurrence overshoot at this rate: mode off.
  rnn: {
    name: 'rnn',
    layers: [28, 128, 10],
    bits: { weight: 12, activation: 8, error: 8 },
    grapes: { mode: 'off' },
    learningRateShift: everyThreeEpochs(12),
    lanes: 32,
    steps: 28,
    encoding: 'rows',
    cell: 'tanh',
    recurrent: true,
  },
  'snu-rows': {
    name: 'snu_rows',
    layers: [28, 128, 10],
    bits: { weight: 16, activation: 8, error: 8 },
    grapes: { mode: 'off' },
    learningRateShift: everyThreeEpochs(12),
    lanes: 32,
    steps: 28,
    encoding: 'rows',
    cell: 'snu',
    recurrent: true,
  },
  // Fits an iCE40 UP5K: with 6-bit activations a list entry has 16 bits, the width of its block RAMs.
  up5k: {
    name: 'up5k',
    layers: [784, 10, 10],
    bits: { weight: 8, activation: 6, error: 8 },
    frac: { weight: [8, 7], activation: [5, 2] },
    lanes: 1,
  },
} as const satisfies Readonly<Record<string, RawConfig>>;

export type PresetName = keyof typeof presets;
