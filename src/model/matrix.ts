import { UserError } from '../fx/error.js';
import { type Format, maxOf, minOf, sat } from '../fx/format.js';
import { PURPOSE, type StreamPurpose, scale, stream } from '../fx/random.js';

/** Integers as they are stored: a byte each at widths up to 8 bits. */
export type Integers = Int8Array | Int16Array;

/** Weights column by column: entry (row, column) at `column * stride + row`, since every phase of a step runs by column. */
export interface Matrix<V extends Integers = Int16Array> {
  readonly rows: number;
  readonly columns: number;
  /** entries from one column to the next, at least `rows` */
  readonly stride: number;
  readonly values: V;
}

/** Largest integer whose square is at most `v`. */
const squareRoot = (v: bigint): bigint => {
  let root = BigInt(Math.floor(Math.sqrt(Number(v))));
  while (root * root > v) root--;
  while ((root + 1n) * (root + 1n) <= v) root++;
  return root;
};

/** Squares of the limits of initial weights, times the columns: He-uniform, and half of its variance for `H`. */
const gainOf = (purpose: StreamPurpose): bigint => (purpose === PURPOSE.initialRecurrent ? 3n : 6n);

/** `b = floor(sqrt(gain * 2^(2 frac) / columns))`: the limit of initial weights as an integer. */
export const initialLimit = (frac: number, columns: number, gain = 6n): number => {
  const square =
    frac >= 0 ? (gain << BigInt(2 * frac)) / BigInt(columns) : gain / (BigInt(columns) << BigInt(-2 * frac));
  return Number(squareRoot(square));
};

/** A matrix drawn uniformly from -b..b row by row, saturated. Source: the numeric contract, initial weights. */
export const initialMatrix = (
  rows: number,
  columns: number,
  format: Format,
  seed: number,
  purpose: StreamPurpose,
  layer: number,
): Matrix => {
  const next = stream(seed, purpose, layer);
  const b = initialLimit(format.frac, columns, gainOf(purpose));
  const values = new Int16Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) values[j * rows + i] = sat(scale(next(), 2 * b + 1) - b, format.bits);
  }
  return { rows, columns, stride: rows, values };
};

/**
 * A matrix from its entries row by row.
 * @throws UserError for a wrong number of entries, or one that is no integer of `bits` bits
 */
export const givenMatrix = (
  rows: number,
  columns: number,
  bits: number,
  entries: ArrayLike<number>,
  what: string,
): Matrix => {
  if (entries.length !== rows * columns) {
    throw new UserError(`${what}: has ${entries.length} entries, must have ${rows * columns} (${rows} x ${columns})`);
  }
  const values = new Int16Array(rows * columns);
  for (let at = 0; at < entries.length; at++) {
    const v = entries[at];
    if (!Number.isInteger(v) || v < minOf(bits) || v > maxOf(bits)) {
      throw new UserError(`${what}: entry ${at} is ${v}, must be an integer ${minOf(bits)}..${maxOf(bits)}`);
    }
    values[(at % columns) * rows + Math.floor(at / columns)] = v;
  }
  return { rows, columns, stride: rows, values };
};

/** The matrix row by row, as files have it. */
export const rowMajor = ({ rows, columns, stride, values }: Matrix<Integers>): Int16Array => {
  const out = new Int16Array(rows * columns);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) out[i * columns + j] = values[j * stride + i];
  }
  return out;
};

/** Sum of magnitudes of every row. */
export const strengths = ({ rows, columns, stride, values }: Matrix<Integers>): Int32Array => {
  const out = new Int32Array(rows);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) out[i] += Math.abs(values[j * stride + i]);
  }
  return out;
};
