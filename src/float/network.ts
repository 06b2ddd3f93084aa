import { UserError } from '../fx/error.js';
import { PURPOSE } from '../fx/random.js';
import { floatFactors } from './factor.js';
import { accumulate, append, columnProduct, descend, type FloatList, floatList, learn, multiply } from './kernels.js';
import { type FloatMatrix, heUniform, rowByRow, rowStrengths } from './matrix.js';
import type { FloatOptions } from './options.js';

/** A layer's weights and what a step computes of it. */
interface FloatLayer {
  readonly hidden: boolean;
  readonly weights: FloatMatrix;
  /** S_l, kept at every write online and recomputed after every mini-batch */
  readonly strength: Float64Array;
  readonly factor: Float32Array;
  readonly sums: Float32Array;
  readonly activation: FloatList;
  /** errors that update the layer */
  readonly error: FloatList;
  /** errors that the layer below sees; `error` itself but in mode local */
  readonly passed: FloatList;
  /** mini-batches only */
  readonly gradient: Float32Array | null;
  readonly velocity: Float32Array | null;
}

/** The same algorithm as the integers' in float32: the reference beside them. Features are `p / 255` of pixels `p`. */
export interface FloatNetwork {
  /**
   * One sample of training: predicts, then learns, online at once, else when the mini-batch is full.
   * @param rate learning rate
   * @returns the class predicted before the update
   */
  readonly step: (pixels: ArrayLike<number>, label: number, rate: number) => number;
  /** Updates with the samples of a mini-batch that is not full. */
  readonly flush: (rate: number) => void;
  /** The class of a sample, without learning. */
  readonly predict: (pixels: ArrayLike<number>) => number;
  /** Weights of layer `l`, 1..L, row by row; a copy. */
  readonly weights: (l: number) => Float32Array;
  /** Factors of hidden layer `l`, 1..L-1, in the last step; a copy. */
  readonly factors: (l: number) => Float32Array;
  /** Errors of layer `l`, 1..L, that updated it in the last step. */
  readonly errors: (l: number) => Float32Array;
}

const layersOf = ({ layers, mode, seed, batch = 1, momentum = 0 }: FloatOptions): FloatLayer[] =>
  layers.slice(1).map((rows, i) => {
    const columns = layers[i];
    const hidden = i < layers.length - 2;
    const weights = heUniform(rows, columns, seed, PURPOSE.initialWeights, i + 1);
    const strength = new Float64Array(rows);
    rowStrengths(weights, strength);
    const error = floatList(rows);
    const dense = batch > 1 || momentum > 0;
    return {
      hidden,
      weights,
      strength,
      factor: new Float32Array(rows).fill(1),
      sums: new Float32Array(rows),
      activation: floatList(rows),
      error,
      passed: hidden && mode === 'local' ? floatList(rows) : error,
      gradient: dense ? new Float32Array(rows * columns) : null,
      velocity: momentum > 0 ? new Float32Array(rows * columns) : null,
    };
  });

/** What carries the errors into each hidden layer. */
const carriersOf = ({ layers: sizes, feedback, seed }: FloatOptions, layers: readonly FloatLayer[]): FloatMatrix[] =>
  layers.slice(0, -1).map((_, i) => {
    if (feedback === 'fa') return heUniform(sizes[i + 2], sizes[i + 1], seed, PURPOSE.feedback, i + 2);
    if (feedback === 'dfa') return heUniform(sizes[sizes.length - 1], sizes[i + 1], seed, PURPOSE.feedback, i + 1);
    return layers[i + 1].weights;
  });

const largestAt = (values: Float32Array): number => {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
};

/**
 * A float32 network with He-uniform weights, ReLU, softmax and cross-entropy, no biases.
 * @throws UserError for a batch or a momentum out of range
 */
export const floatNetwork = (options: FloatOptions): FloatNetwork => {
  const { mode, clip = 'unit', batch = 1, momentum = 0 } = options;
  if (!Number.isInteger(batch) || batch < 1) throw new UserError(`batch: is ${batch}, must be an integer from 1 on`);
  if (!(momentum >= 0 && momentum < 1)) throw new UserError(`momentum: is ${momentum}, must be from 0 to below 1`);
  const low = clip === 'unit' ? 1 : 0;
  const layers = layersOf(options);
  const carriers = carriersOf(options, layers);
  const last = layers[layers.length - 1];
  const input = floatList(options.layers[0]);
  const dense = last.gradient !== null;
  let pending = 0;

  const inputOf = (i: number): FloatList => (i === 0 ? input : layers[i - 1].activation);

  const refreshFactors = (): void => {
    for (const layer of layers) if (layer.hidden) floatFactors(layer.strength, mode, low, layer.factor);
  };

  const predict = (pixels: ArrayLike<number>): number => {
    input.count = 0;
    for (let j = 0; j < pixels.length; j++) if (pixels[j] !== 0) append(input, j, pixels[j] / 255);
    for (let l = 0; l < layers.length; l++) {
      const { weights, sums, activation, hidden } = layers[l];
      multiply(weights, inputOf(l), sums);
      activation.count = 0;
      if (hidden) for (let i = 0; i < sums.length; i++) if (sums[i] > 0) append(activation, i, sums[i]);
    }
    return largestAt(last.sums);
  };

  const outputErrors = (label: number): void => {
    const { sums, error } = last;
    const most = sums[largestAt(sums)];
    let total = 0;
    for (let i = 0; i < sums.length; i++) total += Math.exp(sums[i] - most);
    error.count = 0;
    for (let i = 0; i < sums.length; i++) append(error, i, Math.exp(sums[i] - most) / total - (i === label ? 1 : 0));
  };

  const hiddenErrors = (i: number): void => {
    const { activation, factor, error, passed } = layers[i];
    const above = options.feedback === 'dfa' ? last : layers[i + 1];
    error.count = 0;
    passed.count = 0;
    for (let c = 0; c < activation.count; c++) {
      const j = activation.indices[c];
      const b = columnProduct(carriers[i], j, above.passed);
      append(error, j, b * factor[j]);
      if (passed !== error) append(passed, j, b);
    }
  };

  const flush = (rate: number): void => {
    if (pending === 0) return;
    for (const { weights, gradient, velocity, strength, hidden } of layers) {
      if (gradient === null) continue;
      descend(weights.values, gradient, velocity, rate / pending, momentum);
      if (hidden && mode !== 'off') rowStrengths(weights, strength);
    }
    pending = 0;
  };

  const step = (pixels: ArrayLike<number>, label: number, rate: number): number => {
    const prediction = predict(pixels);
    outputErrors(label);
    if (pending === 0) refreshFactors();
    for (let i = layers.length - 2; i >= 0; i--) hiddenErrors(i);
    layers.forEach(({ weights, error, gradient, strength }, i) => {
      if (gradient === null) learn(weights, -rate, error, inputOf(i), strength);
      else accumulate(gradient, weights.rows, error, inputOf(i));
    });
    if (dense && ++pending === batch) flush(rate);
    return prediction;
  };

  return {
    step,
    flush,
    predict,
    weights: (l) => rowByRow(layers[l - 1].weights),
    factors: (l) => layers[l - 1].factor.slice(),
    errors: (l) => {
      const { error, sums } = layers[l - 1];
      const out = new Float32Array(sums.length);
      for (let c = 0; c < error.count; c++) out[error.indices[c]] = error.values[c];
      return out;
    },
  };
};
