import type { FloatMatrix } from './matrix.js';

/** The entries of a vector that are not 0, indices ascending; what lies beyond `count` is stale. */
export interface FloatList {
  count: number;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/** An empty list with room for `size` entries. */
export const floatList = (size: number): FloatList => ({
  count: 0,
  indices: new Int32Array(size),
  values: new Float32Array(size),
});

/** Appends an entry. */
export const append = (list: FloatList, index: number, value: number): void => {
  list.indices[list.count] = index;
  list.values[list.count] = value;
  list.count++;
};

/** `sums = matrix * vector`, four columns at a time. */
export const multiply = ({ rows, values: w }: FloatMatrix, list: FloatList, sums: Float32Array): void => {
  const { count, indices, values } = list;
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
    for (let i = 0; i < rows; i++) sums[i] += w[a + i] * xa + w[b + i] * xb + (w[d + i] * xd + w[e + i] * xe);
  }
  for (; c < count; c++) {
    const a = indices[c] * rows;
    const x = values[c];
    for (let i = 0; i < rows; i++) sums[i] += w[a + i] * x;
  }
};

/** The inner product of a column and `errors`. */
export const columnProduct = ({ rows, values: w }: FloatMatrix, column: number, errors: FloatList): number => {
  const { count, indices, values } = errors;
  const a = column * rows;
  let sum = 0;
  for (let c = 0; c < count; c++) sum += w[a + indices[c]] * values[c];
  return sum;
};

/** `W += scale * errors x list`: rows with an error, columns with an input; `strength` follows. */
export const learn = (
  { rows, values: w }: FloatMatrix,
  scale: number,
  errors: FloatList,
  list: FloatList,
  strength: Float64Array,
): void => {
  for (let c = 0; c < list.count; c++) {
    const a = list.indices[c] * rows;
    const x = scale * list.values[c];
    for (let e = 0; e < errors.count; e++) {
      const i = errors.indices[e];
      const old = w[a + i];
      w[a + i] = old + errors.values[e] * x;
      strength[i] += Math.abs(w[a + i]) - Math.abs(old);
    }
  }
};

/** `G += errors x list`. */
export const accumulate = (gradient: Float32Array, rows: number, errors: FloatList, list: FloatList): void => {
  for (let c = 0; c < list.count; c++) {
    const a = list.indices[c] * rows;
    const x = list.values[c];
    for (let e = 0; e < errors.count; e++) gradient[a + errors.indices[e]] += errors.values[e] * x;
  }
};

/** `V = momentum * V - rate * G; W += V; G = 0`: one update of all weights. */
export const descend = (
  weights: Float32Array,
  gradient: Float32Array,
  velocity: Float32Array | null,
  rate: number,
  momentum: number,
): void => {
  if (velocity === null) for (let at = 0; at < weights.length; at++) weights[at] -= rate * gradient[at];
  else
    for (let at = 0; at < weights.length; at++) {
      velocity[at] = momentum * velocity[at] - rate * gradient[at];
      weights[at] += velocity[at];
    }
  gradient.fill(0);
};
