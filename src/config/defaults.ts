import type { Config, GrapesMode } from './types.js';

/** Defaults that depend on nothing else. */
export const DEFAULT = { bits: 8, mode: 'propagating', seed: 1, lanes: 32, rate: 7 } as const;

type Frac = Config['frac'];
type Shape = Pick<Config, 'layers' | 'bits'> & { readonly mode: GrapesMode };

/** How many standard ranges of the He-uniform limit a weight format spans, by its bits. */
const rangeFactor = (bits: number): number => (bits <= 8 ? 4 : bits <= 11 ? 8 : 16);

/** `bw - 1 - ceil(log2(R * sqrt(6 / n)))`, the logarithm taken on exact integers: 4^c * n >= 6 R^2. */
const weightFrac = (bits: number, inputs: number): number => {
  const square = 6 * rangeFactor(bits) ** 2;
  let c = -16;
  while (4 ** c * inputs < square) c++;
  return bits - 1 - c;
};

/** Hidden layers beyond the second, where factors multiply along the way back. */
const depthBeyondTwo = ({ layers, mode }: Shape): number =>
  mode === 'propagating' || mode === 'uniform' ? Math.max(0, layers.length - 2 - 2) : 0;

/** Fractions of a configuration that sets none. Source: the numeric contract, Default formats. */
export const defaultFrac = (shape: Shape): Frac => {
  const { layers, bits } = shape;
  const L = layers.length - 1;
  const hidden = bits.error - 1 - depthBeyondTwo(shape);
  return {
    weight: layers.slice(0, L).map((inputs) => weightFrac(bits.weight, inputs)),
    activation: layers.slice(0, L).map((_, l) => bits.activation - (l === 0 ? 1 : 3)),
    error: layers.slice(1).map((_, i) => (i === L - 1 ? bits.error - 1 : hidden)),
  };
};

/** Learning-rate shift of a configuration that sets none. */
export const defaultRate = (shape: Shape): number => DEFAULT.rate + depthBeyondTwo(shape);

/** The data set of a configuration that names none: MNIST where it fits. */
export const defaultData = (layers: readonly number[]): string =>
  layers[0] === 784 && layers[layers.length - 1] === 10 ? 'mnist' : 'synthetic';
