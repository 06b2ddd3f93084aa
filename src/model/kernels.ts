import type { Matrix } from './matrix.js';
import type { Sparse } from './sparse.js';

/** Sums of a pass: 32-bit integers where the plan says that they fit, doubles (exact to 2^53) elsewhere. */
export type Sums = Int32Array | Float64Array;

/** `sums = matrix * vector` in 32-bit integers, four columns at a time. */
export const multiply32 = ({ rows, values: w }: Matrix, { count, indices, values }: Sparse, sums: Int32Array): void => {
  sums.fill(0);
  let c = 0;
  for (; c + 3 < count; c += 4) {
    const a = indices[c] * rows;
    const b = indices[c + 1] * rows;
    const d = indices[c + 2] * rows;
    const e = indices[c + 3] * rows;
    const xa = values[c];
    const xb = values[c + 1];
    const xd = values[c + 2];
    const xe = values[c + 3];
    for (let i = 0; i < rows; i++) {
      const first = (Math.imul(w[a + i], xa) + Math.imul(w[b + i], xb)) | 0;
      const second = (Math.imul(w[d + i], xd) + Math.imul(w[e + i], xe)) | 0;
      sums[i] = (sums[i] + ((first + second) | 0)) | 0;
    }
  }
  for (; c < count; c++) {
    const a = indices[c] * rows;
    const x = values[c];
    for (let i = 0; i < rows; i++) sums[i] = (sums[i] + Math.imul(w[a + i], x)) | 0;
  }
};

/** `sums = matrix * vector` in doubles. */
export const multiplyWide = (
  { rows, values: w }: Matrix,
  { count, indices, values }: Sparse,
  sums: Float64Array,
): void => {
  sums.fill(0);
  for (let c = 0; c < count; c++) {
    const a = indices[c] * rows;
    const x = values[c];
    for (let i = 0; i < rows; i++) sums[i] += w[a + i] * x;
  }
};

/** The inner product of one column of the matrix with `errors`, in 32-bit integers. */
export const back32 = ({ rows, values: w }: Matrix, column: number, errors: Sparse): number => {
  const { count, indices, values } = errors;
  const a = column * rows;
  let sum = 0;
  for (let c = 0; c < count; c++) sum = (sum + Math.imul(w[a + indices[c]], values[c])) | 0;
  return sum;
};

/** The inner product of one column of the matrix with `errors`, in doubles. */
export const backWide = ({ rows, values: w }: Matrix, column: number, errors: Sparse): number => {
  const { count, indices, values } = errors;
  const a = column * rows;
  let sum = 0;
  for (let c = 0; c < count; c++) sum += w[a + indices[c]] * values[c];
  return sum;
};

/** What an update of one column needs: `w' = sat(w + ((random - error * x) >> shift))`. */
export interface ColumnUpdate {
  readonly column: number;
  readonly x: number;
  readonly random: number;
  readonly shift: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Updates the rows of one column whose error is not 0 (the others stay: `random >> shift` is 0) and keeps the strengths
 * of the rows. 32-bit, for shifts up to 30: `random - error * x` then stays
 * within 2^31.
 */
export const update32 = (matrix: Matrix, u: ColumnUpdate, errors: Sparse, strength: Int32Array): void => {
  const { rows, values: w } = matrix;
  const { count, indices, values } = errors;
  const { x, random, shift, min, max } = u;
  const a = u.column * rows;
  for (let c = 0; c < count; c++) {
    const i = indices[c];
    const old = w[a + i];
    let v = (old + ((random - Math.imul(values[c], x)) >> shift)) | 0;
    if (v > max) v = max;
    else if (v < min) v = min;
    w[a + i] = v;
    strength[i] += Math.abs(v) - Math.abs(old);
  }
};

/** The same in doubles, for any legal shift and width. */
export const updateWide = (matrix: Matrix, u: ColumnUpdate, errors: Sparse, strength: Int32Array): void => {
  const { rows, values: w } = matrix;
  const { count, indices, values } = errors;
  const scale = 2 ** -u.shift;
  const a = u.column * rows;
  for (let c = 0; c < count; c++) {
    const i = indices[c];
    const old = w[a + i];
    const v = Math.min(u.max, Math.max(u.min, old + Math.floor((u.random - values[c] * u.x) * scale)));
    w[a + i] = v;
    strength[i] += Math.abs(v) - Math.abs(old);
  }
};
