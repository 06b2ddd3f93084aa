import type { HiddenValues, LayerPlan, Plan } from '../datapath/plan.js';
import { maxOf, minOf } from '../fx/format.js';
import { xorshift } from '../fx/random.js';
import type { Saturation, UpdateRule } from './engine.js';
import {
  back32,
  backWide,
  type ColumnUpdate,
  multiply32,
  multiplyWide,
  type Sums,
  update32,
  updateWide,
} from './kernels.js';
import { type Matrix, strengths } from './matrix.js';
import { clamp, type Requantise, requantise, rounded } from './requantise.js';
import { push, type Sparse, sparse } from './sparse.js';

/** A layer's weights and everything of a step that belongs to it. */
export interface LayerState {
  readonly plan: LayerPlan;
  readonly weights: Matrix;
  readonly strength: Int32Array;
  /** factors of hidden layers */
  readonly factor: Int32Array;
  readonly sums: Sums;
  /** non-zero activations of a hidden layer */
  readonly activation: Sparse;
  /** non-zero errors that update the layer */
  readonly error: Sparse;
  /** non-zero errors that the layer below sees: `error` itself, or the unmodulated ones in mode `local` */
  readonly passedError: Sparse;
  readonly activationSaturation: Saturation;
  readonly errorSaturation: Saturation;
  /** state of the layer's update stream */
  random: number;
  readonly forward: Requantise;
}

/** A layer before its first step. */
export const initialLayer = (plan: Plan, layer: LayerPlan, weights: Matrix, random: number): LayerState => {
  const { outputs } = layer;
  const hidden = layer.values.kind === 'hidden';
  const { feedback, grapes } = plan.config;
  // With `dfa` no error goes on to the layer below.
  const carries = hidden && grapes.mode === 'local' && feedback !== 'dfa';
  const error = sparse(outputs);
  return {
    plan: layer,
    weights,
    strength: strengths(weights),
    factor: new Int32Array(hidden ? outputs : 0),
    sums: layer.values.sumBits <= 32 ? new Int32Array(outputs) : new Float64Array(outputs),
    activation: sparse(hidden ? outputs : 0),
    error,
    passedError: carries ? sparse(outputs) : error,
    activationSaturation: { saturated: 0, total: 0 },
    errorSaturation: { saturated: 0, total: 0 },
    random,
    forward: requantise(layer.values.cell.shift, layer.values.format.bits),
  };
};

/** Computes `z_l` into the layer's sums. */
export const multiply = ({ weights, sums }: LayerState, input: Sparse): void => {
  if (sums instanceof Int32Array) multiply32(weights, input, sums);
  else multiplyWide(weights, input, sums);
};

/** ReLU: requantises the sums of a hidden layer into its list of activations. */
export const activate = ({ sums, activation, forward, activationSaturation: count }: LayerState): void => {
  activation.count = 0;
  count.total += sums.length;
  for (let i = 0; i < sums.length; i++) {
    const v = rounded(sums[i], forward);
    if (v <= 0) continue;
    if (v > forward.max) count.saturated++;
    push(activation, i, clamp(v, forward));
  }
};

/** Requantises the sums of the last layer into `logit`. */
export const toLogits = ({ sums, forward, activationSaturation: count }: LayerState, logit: Int16Array): void => {
  count.total += sums.length;
  for (let i = 0; i < sums.length; i++) {
    const v = rounded(sums[i], forward);
    const q = clamp(v, forward);
    if (q !== v) count.saturated++;
    logit[i] = q;
  }
};

/** Appends the saturated error `v` of neuron `i` unless it is 0. */
const pushError = (list: Sparse, i: number, v: number, q: Requantise, count: Saturation): void => {
  const e = clamp(v, q);
  if (e !== v) count.saturated++;
  count.total++;
  if (e !== 0) push(list, i, e);
};

/** Errors of the last layer: `delta = sat(p - t * 2^fe)`. */
export const outputErrors = (layer: LayerState, probability: Int32Array, label: number): void => {
  const { error, plan, errorSaturation } = layer;
  const q = requantise(0, plan.values.error.bits);
  error.count = 0;
  for (let i = 0; i < probability.length; i++) {
    const target = i === label ? 2 ** plan.values.error.frac : 0;
    pushError(error, i, probability[i] - target, q, errorSaturation);
  }
};

/**
 * Errors of a hidden layer, for its non-zero activations, from the `errors` of a layer above through `carrier`.
 * @param back how the sum of the errors becomes an error
 * @param one the factor 1.0, for the unmodulated errors of mode `local`
 */
export const hiddenErrors = (
  layer: LayerState,
  back: HiddenValues['back'],
  carrier: Matrix,
  errors: Sparse,
  one: number,
): void => {
  const { plan, activation, factor, error, passedError, errorSaturation } = layer;
  const q = requantise(back.shift, plan.values.error.bits);
  const narrow = back.bits <= 32;
  const ignored: Saturation = { saturated: 0, total: 0 };
  error.count = 0;
  passedError.count = 0;
  for (let c = 0; c < activation.count; c++) {
    const j = activation.indices[c];
    const b = narrow ? back32(carrier, j, errors) : backWide(carrier, j, errors);
    pushError(error, j, rounded(b * factor[j], q), q, errorSaturation);
    if (passedError !== error) pushError(passedError, j, rounded(b * one, q), q, ignored);
  }
};

/** Least and greatest of the listed values and 0. */
const rangeOf = ({ count, values }: Sparse): readonly [number, number] => {
  let [least, most] = [0, 0];
  for (let c = 0; c < count; c++) {
    least = Math.min(least, values[c]);
    most = Math.max(most, values[c]);
  }
  return [least, most];
};

/**
 * Updates the columns in `input` and advances the layer's stream once for each. Passes over columns in which no error moves
 * a weight.
 */
export const update = (layer: LayerState, input: Sparse, { rate, stochastic }: UpdateRule): void => {
  const { plan, weights, error, strength } = layer;
  if (error.count === 0) return;
  const shift = plan.matrix.updateShift + rate;
  const apply = shift <= 30 ? update32 : updateWide;
  const min = minOf(plan.matrix.format.bits);
  const max = maxOf(plan.matrix.format.bits);
  const unit = 2 ** shift;
  const scale = 2 ** (32 - shift);
  const nearest = Math.floor(unit / 2);
  const [least, most] = rangeOf(error);
  for (let c = 0; c < input.count; c++) {
    if (stochastic) layer.random = xorshift(layer.random);
    const random = stochastic ? Math.floor(layer.random / scale) : nearest;
    const x = input.values[c];
    const [greatest, smallest] = x > 0 ? [most, least] : [least, most];
    if (greatest * x <= random && random - smallest * x < unit) continue;
    const u: ColumnUpdate = { column: input.indices[c], x, random, shift, min, max };
    apply(weights, u, error, strength);
  }
};
