import { dense, push, type Sparse, sparse } from '../sparse.js';

/** The values of a layer over the steps of a sample. */
export interface Sequence {
  readonly size: number;
  /** non-zero values of each step; one list for all where they are the same at every step */
  readonly lists: readonly Sparse[];
  /** the values are the same at every step */
  readonly constant: boolean;
  /** each value at [t * size + j] */
  readonly values: Int32Array;
  /** columns that are not 0 at some step, with the sum over all steps, which may be 0; valid after `summarise` */
  readonly total: Sparse;
  /** the same without the last step: what a recurrent matrix sees */
  readonly earlier: Sparse;
}

export const sequence = (size: number, steps: number, constant: boolean): Sequence => {
  const one = sparse(size);
  return {
    size,
    lists: Array.from({ length: steps }, () => (constant ? one : sparse(size))),
    constant,
    values: new Int32Array(size * (constant ? 1 : steps)),
    total: sparse(size),
    earlier: sparse(size),
  };
};

/** Lists the columns in use of the first `steps` steps, with the sums of their values. */
const sumUp = ({ size, values }: Sequence, steps: number, out: Sparse): void => {
  out.count = 0;
  for (let j = 0; j < size; j++) {
    let sum = 0;
    let used = false;
    for (let at = j, end = steps * size; at < end; at += size) {
      const v = values[at];
      if (v === 0) continue;
      used = true;
      sum += v;
    }
    if (used) push(out, j, sum);
  }
};

/** Fills `total` and, where a recurrent matrix needs it, `earlier`, from the values of all steps. */
export const summarise = (sequence: Sequence, recurrent: boolean): void => {
  const { constant, lists, total } = sequence;
  const steps = lists.length;
  if (constant) {
    const { count, indices, values } = lists[0];
    total.count = count;
    for (let c = 0; c < count; c++) {
      total.indices[c] = indices[c];
      total.values[c] = steps * values[c];
    }
    return;
  }
  sumUp(sequence, steps, total);
  if (recurrent) sumUp(sequence, steps - 1, sequence.earlier);
};

/** All values of a sequence, step after step; a copy. */
export const sequenceOf = ({ size, lists, constant, values }: Sequence): Int16Array => {
  if (!constant) return Int16Array.from(values);
  const out = new Int16Array(size * lists.length);
  for (const [t, list] of lists.entries()) out.set(dense(list, size), t * size);
  return out;
};
