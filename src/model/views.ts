import type { Integers, Matrix } from './matrix.js';
import type { PlacedList, PlacedMatrix } from './place.js';
import type { List } from './sparse.js';

/** Puts a matrix in its place in linear memory. */
export const fill = (to: Integers, stride: number, { rows, columns, values }: Matrix): void => {
  for (let j = 0; j < columns; j++) to.set(values.subarray(j * rows, (j + 1) * rows), j * stride);
};

/** The entries of a placed matrix. */
export const integers = (
  buffer: ArrayBuffer,
  { values, stride }: PlacedMatrix,
  columns: number,
  bytes: 1 | 2,
): Integers =>
  bytes === 1 ? new Int8Array(buffer, values, stride * columns) : new Int16Array(buffer, values, stride * columns);

/** A placed list, live. */
export const listView = (buffer: ArrayBuffer, { record, indices, values, size }: PlacedList): List => {
  const count = new Int32Array(buffer, record, 1);
  return {
    get count() {
      return count[0];
    },
    indices: new Int32Array(buffer, indices, size),
    values: new Int16Array(buffer, values, size),
  };
};
