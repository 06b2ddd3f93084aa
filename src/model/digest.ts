import { mix } from '../fx/random.js';
import type { Integers, Matrix } from './matrix.js';
import type { List } from './sparse.js';

/** Positions of the values that are not 0, ascending. */
export const nonZero = (values: ArrayLike<number>): number[] => {
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) found.push(i);
  return found;
};

/**
 * A layer's share of a sample's digest, after its update: the written `rows` of every column in `used`.
 * @param offset index of the layer's first weight among all weights, row by row
 */
export const digestOf = (
  matrix: Matrix<Integers>,
  used: List,
  rows: readonly number[],
  offset: number,
  bits: number,
): number => {
  const { columns, stride, values } = matrix;
  const mask = 2 ** bits - 1;
  let sum = 0;
  for (let c = 0; c < used.count; c++) {
    const j = used.indices[c];
    for (const i of rows) {
      sum = (sum + mix((offset + i * columns + j) ^ mix(values[j * stride + i] & mask))) | 0;
    }
  }
  return sum >>> 0;
};

/** Every weight written in the step, after its update: columns in `used` ascending, the written `rows` ascending within. */
export const writesOf = ({ stride, values }: Matrix<Integers>, used: List, rows: readonly number[]): Int16Array => {
  const out = new Int16Array(used.count * rows.length);
  let at = 0;
  for (let c = 0; c < used.count; c++) {
    const start = used.indices[c] * stride;
    for (const i of rows) out[at++] = values[start + i];
  }
  return out;
};
