// Records of networks in time in linear memory, four bytes a field. The model makes them and relies on the order of their fields.
import { Errors, Learning, List, Matrix } from './records';

/** Values of neurons over the steps of a sample, 2 bytes each. */
@unmanaged
export class Sequence {
  /** padded */
  rows: i32;
  /** 1: the values are the same at every step, and only `total` has them */
  constant: i32;
  /** 1: all values are 0 or 1 */
  spikes: i32;
  values: usize;
  /** columns in use over all steps with the sum of their values; where the values stay the same, with the values */
  total: List;
  /** the same without the last step: what a recurrent matrix sees */
  earlier: List;
  /** room for two lists, and for two numbers of 2 bytes a row */
  now: List;
  changes: List;
  any: usize;
  sum: usize;
  /** spikes of four steps as the bits of one number, 2 bytes each: all rows of the first four steps, of the next four, .. */
  groups: usize;
  /** room: the steps of each row one behind the other, 2 bytes each, in whole blocks of eight */
  turned: usize;
}

/** How often values were not 0 and derivatives were not 0 at a step, and how many saturated; 8 bytes each. */
@unmanaged
export class Count {
  active: f64;
  open: f64;
  saturated: f64;
}

/** What a hidden layer's cell makes of its sums. */
@unmanaged
export class Cell {
  kind: i32;
  /** range of a value, or of a membrane */
  low: i32;
  high: i32;
  threshold: i32;
  window: i32;
  /** shift of a membrane's leak; 1 where there is none */
  decay: i32;
  /** `rn((sums << up) + (own << across), right)` of the sums of both matrices; a negative `right` shifts to the left */
  up: i32;
  across: i32;
  right: i32;
  /** 1: what is aligned, with half a unit, fits 31 bits and is shifted to the right */
  short: i32;
}

/** How errors come back to a hidden layer: `rn((above << up) + (own << across)) * factor, right)`. */
@unmanaged
export class Back {
  up: i32;
  across: i32;
  /** to the left where it is negative */
  right: i32;
  low: i32;
  high: i32;
  /** 1: the aligned sum fits 31 bits; 2: times any factor as well */
  short: i32;
}

/** A hidden layer over the steps of a sample. */
@unmanaged
export class Hidden {
  /** neurons, and padded */
  size: i32;
  rows: i32;
  steps: i32;
  /** BYTES, SHORT or WIDE */
  width: i32;
  source: Sequence;
  x: Sequence;
  forward: Matrix;
  /** 0: none */
  recurrent: usize;
  cell: Cell;
  /** a count for each step */
  counts: usize;
  /** 2 bytes each, step after step: membranes of snu, and masks of what is open */
  membrane: usize;
  open: usize;
  /** columns that carry the errors from above */
  carrier: Matrix;
  back: Back;
  /** records of errors for each step, without and with factors; the same where there are none */
  errors: usize;
  through: usize;
  /** errors that saturated and errors that were computed, 8 bytes each */
  errorCount: usize;
  /** room: sums of four steps; own sums; what is aligned, factors, and errors from above of each neuron, 4 bytes each */
  sums: usize;
  own: usize;
  aligned: usize;
  factors: usize;
  dense: usize;
  /** room for two lists of columns */
  list: List;
  opened: List;
  learning: Learning;
  /** of the recurrent matrix; 0: none */
  recurrentLearning: usize;
  /** room for one record of errors: sums over steps */
  summed: Errors;
  /** room for the errors of pairs of steps, and for a record of 20 bytes for each column and one more */
  pairs: usize;
  moving: usize;
  /** 1: errors of all steps add up within 2 bytes */
  adds: i32;
  /** room for the least and the greatest error of each step, 2 bytes each, and 16 more of each that are 0 */
  least: usize;
  most: usize;
  /** room for sums of errors over sets of four steps: records of 16 bytes, sums of 2 bytes a row, and those narrowed */
  sets: usize;
  setSums: usize;
  setBytes: usize;
}

export const BYTES = 0;
export const SHORT = 1;
export const WIDE = 2;

export const RELU = 0;
export const TANH = 1;
export const SNU = 2;

/** Bytes from one record of errors, or count, to the next. */
export const ERRORS_BYTES: usize = 64;
export const COUNT_BYTES: usize = 64;
