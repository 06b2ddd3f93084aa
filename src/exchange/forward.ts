import type { Features } from '../fx/features.js';
import type { Layer } from './layer.js';

/** Labelled samples: pixels 0..255, or features of [-1, 1]. */
interface Labelled {
  readonly inputs: number;
  readonly count: number;
  readonly features: Features;
  readonly labels: ArrayLike<number>;
}

/** Adds a matrix' product with `x`, whose zeros cost nothing. */
const addProduct = ({ rows, columns, values }: Layer['weight'], x: Float64Array, sums: Float64Array): void => {
  const used = new Int32Array(columns);
  let count = 0;
  for (let j = 0; j < columns; j++) if (x[j] !== 0) used[count++] = j;
  for (let i = 0, row = 0; i < rows; i++, row += columns) {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += values[row + used[k]] * x[used[k]];
    sums[i] += sum;
  }
};

/** The tanh of other people's networks, and the one that the core has in its place: cut off at -1 and 1. */
export type Tanh = 'smooth' | 'hard';

const TANH: Readonly<Record<Tanh, (v: number) => number>> = {
  smooth: Math.tanh,
  hard: (v) => Math.min(1, Math.max(-1, v)),
};

/** A hidden layer's function; what a file does not say is ReLU. */
const activate = ({ activation }: Layer, sums: Float64Array, tanh: Tanh): Float64Array =>
  sums.map(activation === 'tanh' ? TANH[tanh] : (v) => Math.max(0, v));

/**
 * Logits of a sample in floating point, summed over its steps: the network as it was trained elsewhere. The first layer's
 * size says how many features a step has.
 */
export const floatLogits = (layers: readonly Layer[], sample: Float64Array, tanh: Tanh = 'smooth'): Float64Array => {
  const size = layers[0].weight.columns;
  const last = layers[layers.length - 1];
  const logits = new Float64Array(last.weight.rows);
  const states: (Float64Array | undefined)[] = layers.map(() => undefined);
  for (let at = 0; at < sample.length; at += size) {
    let x: Float64Array = sample.subarray(at, at + size);
    layers.slice(0, -1).forEach((layer, l) => {
      const sums = new Float64Array(layer.weight.rows);
      addProduct(layer.weight, x, sums);
      const before = states[l];
      if (layer.recurrent && before) addProduct(layer.recurrent, before, sums);
      x = activate(layer, sums, tanh);
      states[l] = x;
    });
    addProduct(last.weight, x, logits);
  }
  return logits;
};

/** The features of sample `n` as real numbers. */
export const realFeatures = ({ features, inputs }: Pick<Labelled, 'features' | 'inputs'>, n: number): Float64Array => {
  const part = features.subarray(n * inputs, (n + 1) * inputs);
  return part instanceof Uint8Array ? Float64Array.from(part, (p) => p / 255) : part;
};

/** Share of samples that the network recognises in floating point. @param onSample called after each */
export const floatAccuracy = (
  layers: readonly Layer[],
  samples: Labelled,
  onSample: (done: number) => void = () => {},
  tanh: Tanh = 'smooth',
): number => {
  let right = 0;
  for (let n = 0; n < samples.count; n++) {
    const logits = floatLogits(layers, realFeatures(samples, n), tanh);
    if (logits.indexOf(Math.max(...logits)) === samples.labels[n]) right++;
    onSample(n + 1);
  }
  return right / samples.count;
};
