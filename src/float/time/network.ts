import { UserError } from '../../fx/error.js';
import type { Features } from '../../fx/features.js';
import { floatFactors } from '../factor.js';
import { kernelsOn } from '../kernels.js';
import { arena, type FloatList, type FloatVector, floatList, rowByRow } from '../memory.js';
import { FIRE } from './cell.js';
import { encoderOf } from './encode.js';
import { bytesOf, layersOf, type TimeLayer, type Weights } from './layer.js';
import type { FloatTimeOptions } from './options.js';

/** Networks in time in float32: the reference beside the integers. */
export interface FloatTimeNetwork {
  /** One sample of training, as in `FloatNetwork`. @returns the class predicted before the update */
  readonly step: (features: Features, label: number, rate: number) => number;
  /** Updates with the samples of a mini-batch that is not full. */
  readonly flush: (rate: number) => void;
  /** The class of a sample, without learning. */
  readonly predict: (features: Features) => number;
  /** What softmax saw of the last sample; a copy. */
  readonly logits: () => Float32Array;
  /** W_l, l = 1..L, row by row; a copy. */
  readonly weights: (l: number) => Float32Array;
  /** H_l, row by row; a copy, empty where there is none. */
  readonly recurrent: (l: number) => Float32Array;
  /** Factors of hidden layer `l`, 1..L-1, in the last step; a copy. */
  readonly factors: (l: number) => Float32Array;
  /** Does predictions that start from the encoder's first state and leave the one of now alone. */
  readonly apart: <T>(work: () => T) => T;
  /** Values that are not 0 and open neurons of a sample, over its steps: means over all so far, hidden layer l at [l-1]. */
  readonly activity: () => { active: number[]; open: number[] };
}

const check = ({ steps, batch = 1, momentum = 0 }: FloatTimeOptions): void => {
  if (!Number.isInteger(steps) || steps < 1) throw new UserError(`steps: is ${steps}, must be an integer from 1 on`);
  if (!Number.isInteger(batch) || batch < 1) throw new UserError(`batch: is ${batch}, must be an integer from 1 on`);
  if (!(momentum >= 0 && momentum < 1)) throw new UserError(`momentum: is ${momentum}, must be from 0 to below 1`);
};

const largestAt = (values: Float32Array): number => {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
};

/**
 * A float32 network in time: uniform initial weights, backpropagation through time with a rectangular window as surrogate
 * gradient, softmax and cross-entropy, no biases. As in the integers the output's sum over time is halved ceil(log2 T) times
 * before softmax and its error is the same at every step, so a rate means the same here and there; the factor multiplies what
 * updates a layer and what the layer below sees, never the path through time.
 * @throws UserError for steps, a batch or a momentum out of range
 */
export const floatTimeNetwork = (options: FloatTimeOptions): FloatTimeNetwork => {
  check(options);
  const { layers: sizes, mode, clip = 'unit', batch = 1, momentum = 0, steps, encoding, cell } = options;
  const low = clip === 'unit' ? 1 : 0;
  const decay = 1 - 2 ** -(options.decayShift ?? 3);
  const share = 2 ** -Math.ceil(Math.log2(steps));
  const direct = encoding === 'direct';
  const room = arena(bytesOf(options));
  const kernels = kernelsOn(room.memory);
  const encode = encoderOf(options);
  const input = Array.from({ length: direct ? 1 : steps }, () => floatList(room, sizes[0]));
  const layers = layersOf(room, options);
  const hidden = layers.slice(0, -1);
  const last = layers[layers.length - 1];
  /** what the output layer sees: sums over time */
  const total = floatList(room, sizes[sizes.length - 2]);
  const totals = new Float32Array(sizes[sizes.length - 2]);
  const logits = new Float32Array(last.size);
  let pending = 0;
  let samples = 0;

  const below = (i: number, t: number): FloatList => (i > 0 ? layers[i - 1].values[t] : input[direct ? 0 : t]);

  const multiply = ({ matrix }: Weights, list: FloatList, sums: FloatVector): void =>
    kernels.multiply(matrix.at, matrix.bytes, list.indicesAt, list.valuesAt, list.count, sums.at);

  const recompute = ({ strength, changes, forward, recurrent }: TimeLayer): void => {
    strength.fill(0);
    for (const { matrix } of recurrent === null ? [forward] : [forward, recurrent]) {
      kernels.strengths(matrix.at, matrix.bytes, matrix.columns, changes.at);
      for (let i = 0; i < strength.length; i++) strength[i] += changes.values[i];
    }
    changes.values.fill(0);
  };
  layers.forEach(recompute);

  const hiddenForward = (layer: TimeLayer, i: number): void => {
    const { forward, recurrent, sums, ownSums, values, open } = layer;
    const constant = i === 0 && direct;
    const first = constant ? layer.scratch.values : null;
    for (let t = 0; t < steps; t++) {
      values[t].count = 0;
      open[t].count = 0;
      if (t === 0 || !constant) multiply(forward, below(i, t), sums);
      if (first !== null && t === 0) first.set(sums.values);
      if (first !== null && t > 0) sums.values.set(first);
      if (recurrent !== null && t > 0) {
        multiply(recurrent, values[t - 1], ownSums);
        for (let n = 0; n < layer.size; n++) sums.values[n] += ownSums.values[n];
      }
      FIRE[cell](layer, t, decay);
      layer.seen.active += values[t].count;
      layer.seen.open += open[t].count;
    }
  };

  const sumUp = (): void => {
    totals.fill(0);
    for (let t = 0; t < steps; t++) {
      const list = below(layers.length - 1, t);
      for (let c = 0; c < list.count; c++) totals[list.indices[c]] += list.values[c];
    }
    total.count = 0;
    for (let j = 0; j < totals.length; j++) {
      if (totals[j] === 0) continue;
      total.indices[total.count] = j;
      total.values[total.count++] = totals[j];
    }
  };

  const predict = (features: Features): number => {
    encode.spread(features, input);
    samples++;
    hidden.forEach(hiddenForward);
    sumUp();
    multiply(last.forward, total, last.sums);
    for (let i = 0; i < logits.length; i++) logits[i] = last.sums.values[i] * share;
    return largestAt(logits);
  };

  /** `error = softmax(logits) - one-hot(label)` */
  const outputErrors = (label: number): void => {
    const most = logits[largestAt(logits)];
    const e = last.error[0].values;
    let sum = 0;
    for (let i = 0; i < e.length; i++) sum += Math.exp(logits[i] - most);
    for (let i = 0; i < e.length; i++) e[i] = Math.exp(logits[i] - most) / sum - (i === label ? 1 : 0);
  };

  /** What `matrix` carries back to the open neurons. */
  const carry = ({ matrix }: Weights, { indicesAt, count }: FloatList, error: FloatVector, out: FloatVector): void =>
    kernels.back(matrix.at, matrix.bytes, indicesAt, count, error.at, out.at);

  /** Starts a step's errors with what the step after hands on through the membranes. */
  const throughMembranes = ({ spiked, size }: TimeLayer, errors: readonly FloatVector[], t: number): void => {
    const now = errors[t].values;
    now.fill(0);
    if (cell !== 'snu' || t === steps - 1) return;
    const later = errors[t + 1].values;
    for (let j = 0; j < size; j++) if (spiked[t][j] === 0) now[j] = decay * later[j];
  };

  const hiddenErrors = (i: number): void => {
    const layer = layers[i];
    const { error, through, open, back, ownBack, recurrent, factor } = layer;
    const above = layers[i + 1];
    const passed = mode === 'local' ? above.through : above.error;
    for (let t = steps - 1; t >= 0; t--) {
      const own = recurrent !== null && t < steps - 1;
      carry(above.forward, open[t], passed[above === last ? 0 : t], back);
      if (own) carry(recurrent, open[t], through[t + 1], ownBack);
      throughMembranes(layer, error, t);
      if (through !== error) throughMembranes(layer, through, t);
      for (let c = 0; c < open[t].count; c++) {
        const j = open[t].indices[c];
        const b = back.values[j] + (own ? ownBack.values[j] : 0);
        error[t].values[j] += b * factor[j];
        if (through !== error) through[t].values[j] += b;
      }
    }
  };

  /** Updates weights at once and keeps strengths, or adds to the gradient. */
  const learn = (
    { matrix, gradient }: Weights,
    layer: TimeLayer,
    list: FloatList,
    error: FloatVector,
    rate: number,
  ) => {
    const { indicesAt, valuesAt, count } = list;
    const into = gradient ?? matrix;
    if (gradient === null)
      kernels.learn(into.at, into.bytes, indicesAt, valuesAt, count, error.at, -rate, layer.changes.at);
    else kernels.accumulate(into.at, into.bytes, indicesAt, valuesAt, count, error.at);
  };

  const learnLayer = (layer: TimeLayer, i: number, rate: number): void => {
    const { forward, recurrent, error, scratch, strength, changes, values } = layer;
    if (layer === last) learn(forward, layer, total, error[0], rate);
    else if (i === 0 && direct) {
      scratch.values.fill(0);
      for (const { values: e } of error) for (let n = 0; n < e.length; n++) scratch.values[n] += e[n];
      learn(forward, layer, input[0], scratch, rate);
    } else for (const [t, e] of error.entries()) learn(forward, layer, below(i, t), e, rate);
    if (recurrent !== null) for (let t = 1; t < steps; t++) learn(recurrent, layer, values[t - 1], error[t], rate);
    for (let n = 0; n < strength.length; n++) strength[n] += changes.values[n];
    changes.values.fill(0);
  };

  const descend = ({ matrix, gradient, velocity }: Weights, rate: number): void => {
    if (gradient === null) return;
    const size = matrix.bytes * matrix.columns;
    if (velocity === null) kernels.descendPlain(matrix.at, gradient.at, size, rate);
    else kernels.descend(matrix.at, gradient.at, velocity.at, size, rate, momentum);
  };

  const flush = (rate: number): void => {
    if (pending === 0) return;
    for (const layer of layers) {
      descend(layer.forward, rate / pending);
      if (layer.recurrent !== null) descend(layer.recurrent, rate / pending);
      recompute(layer);
    }
    pending = 0;
  };

  const step = (features: Features, label: number, rate: number): number => {
    const prediction = predict(features);
    outputErrors(label);
    if (pending === 0) for (const { strength, factor } of hidden) floatFactors(strength, mode, low, factor);
    for (let i = hidden.length - 1; i >= 0; i--) hiddenErrors(i);
    for (const [i, layer] of layers.entries()) learnLayer(layer, i, rate);
    if (last.forward.gradient !== null && ++pending === batch) flush(rate);
    return prediction;
  };

  return {
    step,
    flush,
    predict,
    logits: () => logits.slice(),
    weights: (l) => rowByRow(layers[l - 1].forward.matrix),
    recurrent: (l) => {
      const { recurrent } = layers[l - 1];
      return recurrent === null ? new Float32Array() : rowByRow(recurrent.matrix);
    },
    factors: (l) => layers[l - 1].factor.slice(),
    apart: encode.apart,
    activity: () => ({
      active: hidden.map(({ seen }) => seen.active / Math.max(1, samples)),
      open: hidden.map(({ seen }) => seen.open / Math.max(1, samples)),
    }),
  };
};
