import { maxOf, minOf } from '../../fx/format.js';
import { xorshift } from '../../fx/random.js';
import type { UpdateRule } from '../engine.js';
import type { Sparse } from '../sparse.js';
import type { Errors, Weights } from './layer.js';
import type { Sequence } from './sequence.js';

/** The exact gradient of one column, `A_ij` of the rows that are written. */
export type Gradient = (column: number, at: number, sums: Float64Array) => void;

/**
 * Updates the listed columns of a matrix in the rows that have an error, and advances its stream once for each column.
 * @param gradient adds the gradient of the column that is entry `at` of the list to sums that are 0
 * @param sums room for one number a row
 */
export const update = (
  weights: Weights,
  used: Sparse,
  rows: readonly number[],
  gradient: Gradient,
  { rate, stochastic }: UpdateRule,
  sums: Float64Array,
): void => {
  const { plan, matrix, strength } = weights;
  const { stride, values: w } = matrix;
  const shift = plan.updateShift + rate;
  const scale = 2 ** -shift;
  const nearest = Math.floor(2 ** shift / 2);
  const [min, max] = [minOf(plan.format.bits), maxOf(plan.format.bits)];
  for (let c = 0; c < used.count; c++) {
    if (stochastic) weights.random = xorshift(weights.random);
    const random = stochastic ? Math.floor(weights.random / 2 ** (32 - shift)) : nearest;
    const column = used.indices[c];
    gradient(column, c, sums);
    const base = column * stride;
    for (const i of rows) {
      const step = Math.floor((random - sums[i]) * scale);
      sums[i] = 0;
      if (step === 0) continue;
      const old = w[base + i];
      const moved = old + step;
      const now = moved > max ? max : Math.max(moved, min);
      w[base + i] = now;
      strength[i] += Math.abs(now) - Math.abs(old);
    }
  }
};

const addScaled = ({ count, indices, values }: Sparse, x: number, sums: Float64Array): void => {
  for (let c = 0; c < count; c++) sums[indices[c]] += values[c] * x;
};

/** `A_ij = sum_t delta_(t,i) x_(t - delay,j)` */
export const pairGradient =
  ({ lists }: Errors, source: Sequence, delay: 0 | 1): Gradient =>
  (column, _, sums) => {
    for (let t = delay; t < lists.length; t++) {
      const x = source.values[(t - delay) * source.size + column];
      if (x !== 0) addScaled(lists[t], x, sums);
    }
  };

/** `A_ij = x_j sum_t delta_(t,i)`: the input is the same at every step. */
export const constantGradient = ({ lists }: Errors, input: Sparse): Gradient => {
  return (_, at, sums) => {
    for (const list of lists) addScaled(list, input.values[at], sums);
  };
};

/** `A_ij = delta_i X_j`: the output layer's error is the same at every step. */
export const outputGradient =
  (error: Sparse, total: Sparse): Gradient =>
  (_, at, sums) => {
    addScaled(error, total.values[at], sums);
  };

/** The rows with an error at some step, ascending. @param values at [t * size + i] */
export const rowsWithErrors = (values: Int32Array, size: number): number[] => {
  const rows: number[] = [];
  for (let i = 0; i < size; i++) {
    for (let at = i; at < values.length; at += size) {
      if (values[at] === 0) continue;
      rows.push(i);
      break;
    }
  }
  return rows;
};
