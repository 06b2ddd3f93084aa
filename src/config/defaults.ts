import { FORWARD_GAIN, fixedFrac, RECURRENT_GAIN, SPIKE, spikingInput, type Timing } from './time.js';
import type { Config, GrapesMode } from './types.js';

/** Defaults that depend on nothing else. */
export const DEFAULT = { bits: 8, mode: 'propagating', seed: 1, lanes: 32, rate: 7, splitSeed: 1 } as const;

type Frac = Config['frac'];
type Shape = Pick<Config, 'layers' | 'bits'> &
  Pick<Timing, 'encoding' | 'cell' | 'recurrent'> & { readonly mode: GrapesMode };

/** How many standard ranges of the He-uniform limit a weight format spans, by its bits. */
const rangeFactor = (bits: number): number => (bits <= 8 ? 4 : bits <= 11 ? 8 : 16);

/** `bw - 1 - ceil(log2(R * sqrt(gain / n)))`, the logarithm taken on exact integers: 4^c * n >= gain R^2. */
const weightFrac = (bits: number, gain: number, inputs: number): number => {
  const square = gain * rangeFactor(bits) ** 2;
  let c = -16;
  while (4 ** c * inputs < square) c++;
  return bits - 1 - c;
};

/** Hidden layers beyond the second, where factors multiply along the way back. */
const depthBeyondTwo = ({ layers, mode }: Shape): number =>
  mode === 'propagating' || mode === 'uniform' ? Math.max(0, layers.length - 2 - 2) : 0;

/** Bits of range that the errors of a recurrent layer have on top: they add up over the steps. */
const RECURRENT_ERROR_RANGE = 2;

/** Fractions of a configuration that sets none. Source: the numeric contract, Default formats, and networks in time. */
export const defaultFrac = (shape: Shape): Required<Frac> => {
  const { layers, bits, encoding, cell, recurrent } = shape;
  const L = layers.length - 1;
  const hidden = bits.error - 1 - depthBeyondTwo(shape);
  return {
    weight: layers.slice(0, L).map((inputs) => weightFrac(bits.weight, FORWARD_GAIN, inputs)),
    activation: [
      spikingInput(encoding) ? SPIKE.frac : bits.activation - 1,
      ...layers.slice(1, L).map((_, i) => fixedFrac(cell[i], bits.activation) ?? bits.activation - 3),
    ],
    error: layers.slice(1).map((_, i) => {
      if (i === L - 1) return bits.error - 1;
      return recurrent[i] ? hidden - RECURRENT_ERROR_RANGE : hidden;
    }),
    recurrent: layers.slice(1, L).map((n, i) => (recurrent[i] ? weightFrac(bits.weight, RECURRENT_GAIN, n) : null)),
  };
};

/** Learning-rate shift of a configuration that sets none. */
export const defaultRate = (shape: Shape): number => DEFAULT.rate + depthBeyondTwo(shape);

/** The data set of a configuration that names none: MNIST where it fits. @param inputs features of a sample, constants not counted */
export const defaultData = (inputs: number, classes: number): string =>
  inputs === 784 && classes === 10 ? 'mnist' : 'synthetic';
