import { type Purpose, stream } from '../fx/random.js';

/** float32 weights column by column: entry (row, column) at `column * rows + row`. */
export interface FloatMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** A matrix drawn He-uniformly, +-sqrt(6 / columns), row by row from the stream that the integers draw theirs from. */
export const heUniform = (
  rows: number,
  columns: number,
  seed: number,
  purpose: Purpose,
  layer: number,
): FloatMatrix => {
  const next = stream(seed, purpose, layer);
  const limit = Math.sqrt(6 / columns);
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) values[j * rows + i] = ((2 * next()) / 2 ** 32 - 1) * limit;
  }
  return { rows, columns, values };
};

/** Sets `sums` to the sum of the absolute weights of each row. */
export const rowStrengths = ({ rows, values }: FloatMatrix, sums: Float64Array): void => {
  sums.fill(0);
  for (let at = 0, i = 0; at < values.length; at++) {
    sums[i] += Math.abs(values[at]);
    if (++i === rows) i = 0;
  }
};

/** The same weights row by row; a copy. */
export const rowByRow = ({ rows, columns, values }: FloatMatrix): Float32Array => {
  const out = new Float32Array(values.length);
  for (let j = 0; j < columns; j++) for (let i = 0; i < rows; i++) out[i * columns + j] = values[j * rows + i];
  return out;
};
