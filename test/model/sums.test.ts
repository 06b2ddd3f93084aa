/** The kernels' sums at the ends of their ranges, where 32 bits hold just so many products. */
import { describe, expect, it } from 'vitest';
import { createArena } from '../../src/model/arena.js';
import { loadKernels } from '../../src/model/wasm.js';

const BLOCK = 32;
const TAIL = 4;

/** A matrix, all of whose entries are `weight`, in memory with a full list and full errors. */
const setUp = (bytes: 1 | 2, rows: number, columns: number, weight: number, x: number, error: number) => {
  const stride = Math.ceil(rows / BLOCK) * BLOCK;
  const arena = createArena();
  const values = arena.take(stride * columns * bytes);
  const indices = arena.take(4 * (columns + TAIL));
  const inputs = arena.take(2 * (columns + TAIL));
  const errors = arena.take(2 * stride);
  const sums = arena.take(8 * (Math.max(stride, columns) + TAIL));
  const matrix = arena.record(stride * bytes, values);
  const list = arena.record(columns, indices, inputs);
  const errorRecord = arena.record(Math.min(0, error), Math.max(0, error), errors);
  const memory = arena.make();
  const { buffer } = memory;
  const weights =
    bytes === 1 ? new Int8Array(buffer, values, stride * columns) : new Int16Array(buffer, values, stride * columns);
  for (let j = 0; j < columns; j++) weights.fill(weight, j * stride, j * stride + rows);
  new Int32Array(buffer, indices, columns).set(Array.from({ length: columns }, (_, j) => j));
  new Int16Array(buffer, inputs, columns).fill(x);
  new Int16Array(buffer, errors, rows).fill(error);
  const kernels = loadKernels(memory);
  if (kernels === null) throw new Error('the kernels are missing');
  const wide = (count: number): bigint[] => [...new BigInt64Array(buffer, sums, count)];
  const narrow = (count: number): bigint[] => [...new Int32Array(buffer, sums, count)].map(BigInt);
  return { kernels, matrix, list, errors: errorRecord, sums, wide, narrow };
};

const all = (count: number, value: number): bigint[] => Array.from({ length: count }, () => BigInt(value));

describe('sums of bytes', () => {
  it.each([-128, 127])('forward, weights of %i', (weight) => {
    const { kernels, matrix, list, sums, narrow } = setUp(1, 33, 1001, weight, 127, 0);
    kernels.multiply8(matrix, list, sums, false);
    expect(narrow(33)).toEqual(all(33, 1001 * weight * 127));
  });

  it.each([-128, 127])('backward, errors of %i', (error) => {
    const { kernels, matrix, list, errors, sums, narrow } = setUp(1, 1000, 7, -128, 1, error);
    kernels.back8(matrix, list, errors, sums);
    expect(narrow(7)).toEqual(all(7, 1000 * -128 * error));
  });
});

describe('sums of two bytes', () => {
  it.each([
    { weight: -32768, x: 32767 },
    { weight: 32767, x: 32767 },
    { weight: -32768, x: 255 },
    { weight: 32767, x: 256 },
  ])('forward, weights of $weight, inputs of $x', ({ weight, x }) => {
    for (const columns of [1, 255, 256, 257, 1001]) {
      const { kernels, matrix, list, sums, wide } = setUp(2, 33, columns, weight, x, 0);
      kernels.multiply16(matrix, list, sums, false);
      expect(wide(33)).toEqual(all(33, columns * weight * x));
    }
  });

  it.each([
    { weight: -32768, error: -32768 },
    { weight: -32768, error: 32767 },
    { weight: 32767, error: -1 },
    { weight: -32768, error: 255 },
  ])('backward, weights of $weight, errors of $error', ({ weight, error }) => {
    for (const rows of [1, 255, 256, 257, 1001]) {
      const { kernels, matrix, list, errors, sums, wide } = setUp(2, rows, 7, weight, 1, error);
      kernels.back16(matrix, list, errors, sums);
      expect(wide(7)).toEqual(all(7, rows * weight * error));
    }
  });
});
