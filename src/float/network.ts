import { UserError } from '../fx/error.js';
import type { Features } from '../fx/features.js';
import { floatFactors } from './factor.js';
import { kernelsOn } from './kernels.js';
import { bytesOf, carriersOf, type FloatLayer, layersOf } from './layer.js';
import { arena, type FloatList, floatList, refill, rowByRow } from './memory.js';
import type { FloatOptions } from './options.js';

/** The same algorithm as the integers' in float32: the reference beside them. Bytes `p` stand for features `p / 255`. */
export interface FloatNetwork {
  /**
   * One sample of training: predicts, then learns, online at once, else when the mini-batch is full.
   * @param rate learning rate
   * @returns the class predicted before the update
   */
  readonly step: (features: Features, label: number, rate: number) => number;
  /** Updates with the samples of a mini-batch that is not full. */
  readonly flush: (rate: number) => void;
  /** The class of a sample, without learning. */
  readonly predict: (features: Features) => number;
  /** Weights of layer `l`, 1..L, row by row; a copy. */
  readonly weights: (l: number) => Float32Array;
  /** Strengths of layer `l`, 1..L; a copy. */
  readonly strengths: (l: number) => Float64Array;
  /** Factors of hidden layer `l`, 1..L-1, in the last step; a copy. */
  readonly factors: (l: number) => Float32Array;
  /** Errors of layer `l`, 1..L, that updated it in the last step; a copy. */
  readonly errors: (l: number) => Float32Array;
}

const check = ({ batch = 1, momentum = 0 }: FloatOptions): void => {
  if (!Number.isInteger(batch) || batch < 1) throw new UserError(`batch: is ${batch}, must be an integer from 1 on`);
  if (!(momentum >= 0 && momentum < 1)) throw new UserError(`momentum: is ${momentum}, must be from 0 to below 1`);
};

const largestAt = (values: Float32Array): number => {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
};

/** `error = softmax(sums) - one-hot(label)` */
const outputErrors = ({ sums: { values: z }, error: { values: e } }: FloatLayer, label: number): void => {
  const most = z[largestAt(z)];
  let total = 0;
  for (let i = 0; i < z.length; i++) total += Math.exp(z[i] - most);
  for (let i = 0; i < z.length; i++) e[i] = Math.exp(z[i] - most) / total - (i === label ? 1 : 0);
};

/**
 * A float32 network with He-uniform weights, ReLU, softmax and cross-entropy, no biases.
 * @throws UserError for a batch or a momentum out of range
 */
export const floatNetwork = (options: FloatOptions): FloatNetwork => {
  check(options);
  const { mode, clip = 'unit', batch = 1, momentum = 0 } = options;
  const low = clip === 'unit' ? 1 : 0;
  const inputs = options.layers[0];
  const room = arena(bytesOf(options));
  const kernels = kernelsOn(room.memory);
  const pixelsAt = room.take(inputs);
  const bytes = new Uint8Array(room.memory.buffer, pixelsAt, inputs);
  const input = floatList(room, inputs);
  const layers = layersOf(room, options);
  const carriers = carriersOf(room, options, layers);
  const last = layers[layers.length - 1];
  let pending = 0;

  const inputOf = (i: number): FloatList => (i === 0 ? input : layers[i - 1].activation);

  const recompute = ({ weights: w, strength, changes }: FloatLayer): void => {
    kernels.strengths(w.at, w.bytes, w.columns, changes.at);
    strength.set(changes.values);
    changes.values.fill(0);
  };
  layers.forEach(recompute);

  const predict = (features: Features): number => {
    if (features instanceof Uint8Array) {
      bytes.set(features);
      input.count = kernels.features(pixelsAt, inputs, input.indicesAt, input.valuesAt);
    } else refill(input, features);
    layers.forEach(({ weights: w, sums, activation, hidden }, i) => {
      const { indicesAt, valuesAt, count } = inputOf(i);
      kernels.multiply(w.at, w.bytes, indicesAt, valuesAt, count, sums.at);
      if (hidden) activation.count = kernels.rectify(sums.at, w.rows, activation.indicesAt, activation.valuesAt);
    });
    return largestAt(last.sums.values);
  };

  const hiddenErrors = (i: number): void => {
    const { activation, factor, back, error, passed } = layers[i];
    const above = options.feedback === 'dfa' ? last : layers[i + 1];
    const { at, bytes: size } = carriers[i];
    kernels.back(at, size, activation.indicesAt, activation.count, above.passed.at, back.at);
    error.values.fill(0);
    if (passed !== error) passed.values.fill(0);
    for (let c = 0; c < activation.count; c++) {
      const j = activation.indices[c];
      if (passed !== error) passed.values[j] = back.values[j];
      error.values[j] = back.values[j] * factor[j];
    }
  };

  /** Updates a layer at once and keeps its strengths. */
  const learn = ({ weights: w, error, strength, changes }: FloatLayer, list: FloatList, rate: number): void => {
    kernels.learn(w.at, w.bytes, list.indicesAt, list.valuesAt, list.count, error.at, -rate, changes.at);
    for (let i = 0; i < strength.length; i++) strength[i] += changes.values[i];
    changes.values.fill(0);
  };

  const flush = (rate: number): void => {
    if (pending === 0) return;
    for (const layer of layers) {
      const { weights: w, gradient, velocity } = layer;
      if (gradient === null) continue;
      const size = w.bytes * w.columns;
      if (velocity === null) kernels.descendPlain(w.at, gradient.at, size, rate / pending);
      else kernels.descend(w.at, gradient.at, velocity.at, size, rate / pending, momentum);
      recompute(layer);
    }
    pending = 0;
  };

  const step = (features: Features, label: number, rate: number): number => {
    const prediction = predict(features);
    outputErrors(last, label);
    if (pending === 0)
      for (const { hidden, strength, factor } of layers) if (hidden) floatFactors(strength, mode, low, factor);
    for (let i = layers.length - 2; i >= 0; i--) hiddenErrors(i);
    layers.forEach((layer, i) => {
      const { gradient, error } = layer;
      const { indicesAt, valuesAt, count } = inputOf(i);
      if (gradient === null) learn(layer, inputOf(i), rate);
      else kernels.accumulate(gradient.at, gradient.bytes, indicesAt, valuesAt, count, error.at);
    });
    if (last.gradient !== null && ++pending === batch) flush(rate);
    return prediction;
  };

  return {
    step,
    flush,
    predict,
    weights: (l) => rowByRow(layers[l - 1].weights),
    strengths: (l) => layers[l - 1].strength.slice(),
    factors: (l) => layers[l - 1].factor.slice(),
    errors: (l) => layers[l - 1].error.values.slice(),
  };
};
