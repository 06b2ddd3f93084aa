import { mix } from '../fx/random.js';
import type { Matrix } from './matrix.js';
import type { Sparse } from './sparse.js';

/**
 * A layer's share of a sample's digest, after its update: every row of every column in `used`.
 * @param offset index of the layer's first weight among all weights, row by row
 */
export const digestOf = (matrix: Matrix, used: Sparse, offset: number, bits: number): number => {
  const { rows, columns, values } = matrix;
  const mask = 2 ** bits - 1;
  let sum = 0;
  for (let c = 0; c < used.count; c++) {
    const j = used.indices[c];
    for (let i = 0; i < rows; i++) {
      sum = (sum + mix((offset + i * columns + j) ^ mix(values[j * rows + i] & mask))) | 0;
    }
  }
  return sum >>> 0;
};

/** Every weight written in the step, after its update: columns in `used` ascending, rows ascending within. */
export const writesOf = (matrix: Matrix, used: Sparse): Int16Array => {
  const { rows, values } = matrix;
  const out = new Int16Array(used.count * rows);
  for (let c = 0; c < used.count; c++) {
    const start = used.indices[c] * rows;
    out.set(values.subarray(start, start + rows), c * rows);
  }
  return out;
};
