import type { RawConfig } from './schema.js';

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
    frac: { weight: [8, 8, 8, 8, 8], activation: [7, 4, 4, 3, 3], error: [4, 5, 6, 8, 7] },
    lanes: 32,
  },
  tiny: { name: 'tiny', layers: [13, 21, 10, 4], bits: 8, data: 'synthetic', lanes: 4 },
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
