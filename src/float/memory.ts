import { type StreamPurpose, stream } from '../fx/random.js';

const PAGE = 65536;
const BLOCK = 16;

/** Rows as they lie in memory: whole blocks. */
export const padded = (rows: number): number => BLOCK * Math.ceil(rows / BLOCK);

/** Hands out pieces of a memory, one after the other, each zero and on a 16-byte boundary. */
export interface Arena {
  readonly memory: WebAssembly.Memory;
  readonly take: (bytes: number) => number;
}

/** An arena of `bytes` bytes. */
export const arena = (bytes: number): Arena => {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  let next = 0;
  return {
    memory,
    take: (size) => {
      const at = next;
      next += BLOCK * Math.ceil(size / BLOCK);
      if (next > memory.buffer.byteLength) throw new RangeError(`an arena of ${bytes} bytes is too small`);
      return at;
    },
  };
};

/** float32 weights column by column: entry (row, column) at `column * padded(rows) + row`; what is padded is 0. */
export interface FloatMatrix {
  readonly rows: number;
  readonly columns: number;
  /** address in the memory */
  readonly at: number;
  /** from one column to the next */
  readonly bytes: number;
  readonly values: Float32Array;
}

/** Bytes that a matrix takes. */
export const matrixBytes = (rows: number, columns: number): number => 4 * padded(rows) * columns;

/** A matrix of zeros. */
export const zeros = ({ take, memory }: Arena, rows: number, columns: number): FloatMatrix => {
  const at = take(matrixBytes(rows, columns));
  const values = new Float32Array(memory.buffer, at, padded(rows) * columns);
  return { rows, columns, at, bytes: 4 * padded(rows), values };
};

/** A matrix drawn uniformly, He-uniformly unless a limit is given, row by row from the stream that the integers draw theirs from. */
export const heUniform = (
  from: Arena,
  [rows, columns]: readonly [number, number],
  seed: number,
  purpose: StreamPurpose,
  layer: number,
  limit = Math.sqrt(6 / columns),
): FloatMatrix => {
  const matrix = zeros(from, rows, columns);
  const next = stream(seed, purpose, layer);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) matrix.values[j * padded(rows) + i] = ((2 * next()) / 2 ** 32 - 1) * limit;
  }
  return matrix;
};

/** The same weights row by row; a copy. */
export const rowByRow = ({ rows, columns, values }: FloatMatrix): Float32Array => {
  const out = new Float32Array(rows * columns);
  for (let j = 0; j < columns; j++) for (let i = 0; i < rows; i++) out[i * columns + j] = values[j * padded(rows) + i];
  return out;
};

/** A float32 vector in the memory. */
export interface FloatVector {
  readonly at: number;
  readonly values: Float32Array;
}

/** A vector of `size` zeros, padded to whole blocks. */
export const vector = ({ take, memory }: Arena, size: number): FloatVector => {
  const at = take(4 * padded(size));
  return { at, values: new Float32Array(memory.buffer, at, size) };
};

/** The entries of a vector that are not 0, indices ascending; what lies beyond `count` is stale. */
export interface FloatList {
  count: number;
  readonly indicesAt: number;
  readonly valuesAt: number;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/** An empty list with room for `size` entries and the one that a scan writes beyond its end. */
export const floatList = ({ take, memory }: Arena, size: number): FloatList => {
  const indicesAt = take(4 * (size + 1));
  const valuesAt = take(4 * (size + 1));
  return {
    count: 0,
    indicesAt,
    valuesAt,
    indices: new Int32Array(memory.buffer, indicesAt, size),
    values: new Float32Array(memory.buffer, valuesAt, size),
  };
};

/** Refills a list with the entries of a vector that are not 0. */
export const refill = (list: FloatList, vector: Float64Array): void => {
  list.count = 0;
  for (let i = 0; i < vector.length; i++) {
    if (vector[i] === 0) continue;
    list.indices[list.count] = i;
    list.values[list.count++] = vector[i];
  }
};
