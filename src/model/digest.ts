import { mix } from '../fx/random.js';
import type { Integers, Matrix } from './matrix.js';
import type { List } from './sparse.js';

/**
 * A layer's share of a sample's digest, after its update: every row of every column in `used`.
 * @param offset index of the layer's first weight among all weights, row by row
 */
export const digestOf = (matrix: Matrix<Integers>, used: List, offset: number, bits: number): number => {
  const { rows, columns, stride, values } = matrix;
  const mask = 2 ** bits - 1;
  let sum = 0;
  for (let c = 0; c < used.count; c++) {
    const j = used.indices[c];
    for (let i = 0; i < rows; i++) {
      sum = (sum + mix((offset + i * columns + j) ^ mix(values[j * stride + i] & mask))) | 0;
    }
  }
  return sum >>> 0;
};

/** Every weight written in the step, after its update: columns in `used` ascending, rows ascending within. */
export const writesOf = (matrix: Matrix<Integers>, used: List): Int16Array => {
  const { rows, stride, values } = matrix;
  const out = new Int16Array(used.count * rows);
  for (let c = 0; c < used.count; c++) {
    const start = used.indices[c] * stride;
    out.set(values.subarray(start, start + rows), c * rows);
  }
  return out;
};
