import type { RawConfig } from './schema.js';

/** A rate of 2^-shift that halves at each of these epochs. */
const halvedAt = (shift: number, ...epochs: number[]): { epoch: number; shift: number }[] =>
  [0, ...epochs].map((epoch, n) => ({ epoch, shift: shift + n }));

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
  // Networks in time: formats and rates for 20 epochs. Fine weights matter most, and recurrent errors that saturate do little
  // harm: it bounds what grows on the way back through time.
  snu: {
    name: 'snu',
    layers: [784, 256, 256, 10],
    bits: 8,
    frac: { weight: [9, 9, 9], activation: [7, 0, 0], error: [7, 7, 7] },
    grapes: { mode: 'off' },
    learningRateShift: halvedAt(9, 5, 10, 15),
    lanes: 32,
    steps: 4,
    cell: 'snu',
  },
  'snu-rate': {
    name: 'snu_rate',
    layers: [784, 256, 256, 10],
    bits: 8,
    frac: { weight: [9, 9, 9], activation: [0, 0, 0], error: [7, 7, 7] },
    grapes: { mode: 'off' },
    learningRateShift: halvedAt(9, 5, 10, 15),
    lanes: 32,
    steps: 8,
    encoding: 'rate',
    cell: 'snu',
  },
  rnn: {
    name: 'rnn',
    layers: [28, 128, 10],
    bits: { weight: 12, activation: 8, error: 8 },
    frac: { weight: [11, 11], activation: [7, 7], error: [5, 7], recurrent: [12] },
    grapes: { mode: 'off' },
    learningRateShift: halvedAt(12, 6, 11, 15),
    lanes: 32,
    steps: 28,
    encoding: 'rows',
    cell: 'tanh',
    recurrent: true,
  },
  // A membrane that forgets half of itself a step: slower ones end at their lowest value and stay there.
  'snu-rows': {
    name: 'snu_rows',
    layers: [28, 128, 10],
    bits: { weight: 12, activation: 8, error: 12 },
    frac: { weight: [10, 10], activation: [7, 0], error: [8, 11], recurrent: [11] },
    grapes: { mode: 'off' },
    learningRateShift: halvedAt(11, 6, 11, 15),
    lanes: 32,
    steps: 28,
    encoding: 'rows',
    cell: 'snu',
    recurrent: true,
    decayShift: 1,
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
