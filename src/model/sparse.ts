/** The non-zero entries of a vector, indices ascending; entries from `count` on are stale. */
export interface List {
  readonly count: number;
  readonly indices: Int32Array;
  readonly values: Int16Array | Int32Array;
}

/** A list to be filled. */
export interface Sparse extends List {
  count: number;
  readonly values: Int32Array;
}

/** An empty list with room for a vector of `size` entries. */
export const sparse = (size: number): Sparse => ({
  count: 0,
  indices: new Int32Array(size),
  values: new Int32Array(size),
});

/** Appends an entry; `value` must not be 0 and `index` above the last one's. */
export const push = (list: Sparse, index: number, value: number): void => {
  list.indices[list.count] = index;
  list.values[list.count] = value;
  list.count++;
};

/** Refills `list` with the non-zero entries of `vector`. */
export const refill = (list: Sparse, vector: ArrayLike<number>): void => {
  list.count = 0;
  for (let i = 0; i < vector.length; i++) if (vector[i] !== 0) push(list, i, vector[i]);
};

/** The vector of `size` entries that `list` stands for. */
export const dense = (list: List, size: number): Int16Array => {
  const vector = new Int16Array(size);
  for (let c = 0; c < list.count; c++) vector[list.indices[c]] = list.values[c];
  return vector;
};
