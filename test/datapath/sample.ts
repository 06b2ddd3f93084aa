import type { Config } from '../../src/config/types.js';

/** A 7-5-3 network on two lanes with three different widths: small enough to count every bit by hand. */
export const tinyConfig = (overrides: Partial<Config> = {}): Config => ({
  name: 'tiny',
  layers: [7, 5, 3],
  bits: { weight: 4, activation: 5, error: 6 },
  frac: { weight: [3, 3], activation: [4, 2], error: [5, 5] },
  grapes: { mode: 'propagating', clip: 'unit' },
  feedback: 'bp',
  learningRateShift: 7,
  rounding: 'stochastic',
  seed: 1,
  data: 'synthetic',
  lanes: 2,
  ...overrides,
});

/** 784-256-256-10 at 8 bits. */
export const mnistConfig = (lanes: number): Config =>
  tinyConfig({
    name: 'mnist',
    layers: [784, 256, 256, 10],
    bits: { weight: 8, activation: 8, error: 8 },
    frac: { weight: [8, 7, 7], activation: [7, 5, 5], error: [7, 7, 7] },
    lanes,
  });
