// Records in linear memory, four bytes a field. The model makes them and relies on the order of their fields.

/** The non-zero entries of a vector, indices ascending. Four entries of index and value 0 follow. */
@unmanaged
export class List {
  count: i32;
  /** 4 bytes each */
  indices: usize;
  /** 2 bytes each */
  values: usize;
}

/** A matrix column by column, padded with rows of 0 to whole blocks of 32. */
@unmanaged
export class Matrix {
  /** bytes from one column to the next */
  stride: i32;
  values: usize;
}

/** Errors of a layer's rows, dense, padded with 0 like the columns of its matrix. */
@unmanaged
export class Errors {
  /** least and greatest, 0 included */
  least: i32;
  most: i32;
  /** 2 bytes each */
  values: usize;
}

/** `sat(rn(v, shift), bits)` as `((v << left) + (2^right >> 1)) >> right`, clamped. */
@unmanaged
export class Requantise {
  left: i32;
  right: i32;
  low: i32;
  high: i32;
}

/** What the update of a matrix needs beside errors and inputs. */
@unmanaged
export class Learning {
  /** range of a weight */
  low: i32;
  high: i32;
  /** state of the update stream */
  random: u32;
  /** sum of magnitudes of each row, 4 bytes each, padded with 0; 0: nobody needs them */
  strengths: usize;
  /** room for the errors as the update wants them: twice 1 byte each for a matrix of bytes, 4 otherwise */
  errors: usize;
  /** changes of the strengths not yet added, as wide as a weight; 0 between updates */
  changes: usize;
  /** no change that is not yet added is greater */
  pending: i32;
}
