import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { back32, backWide, multiply32, multiplyWide, update32, updateWide } from '../../src/model/kernels.js';
import type { Matrix } from '../../src/model/matrix.js';
import { strengths } from '../../src/model/matrix.js';
import { dense, refill, type Sparse, sparse } from '../../src/model/sparse.js';

const listOf = (vector: readonly number[]): Sparse => {
  const list = sparse(vector.length);
  refill(list, vector);
  return list;
};

const matrixOf = (rows: number, columns: number, values: readonly number[]): Matrix => ({
  rows,
  columns,
  stride: rows,
  values: Int16Array.from(values),
});

/** Vectors with zeros in them, as layers have them. */
const vector = (size: number, bits: number): fc.Arbitrary<number[]> => {
  const value = fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
  return fc.array(fc.oneof(fc.constant(0), value), { minLength: size, maxLength: size });
};

const problem = (bits: number) =>
  fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 13 })).chain(([rows, columns]) =>
    fc.record({
      matrix: vector(rows * columns, bits).map((values) => matrixOf(rows, columns, values)),
      x: vector(columns, bits),
      delta: vector(rows, bits),
      column: fc.integer({ min: 0, max: columns - 1 }),
    }),
  );

describe('lists of non-zero entries', () => {
  it('stand for their vector', () => {
    const list = listOf([0, 3, 0, -2]);
    expect([list.count, ...list.indices.subarray(0, 2), ...list.values.subarray(0, 2)]).toEqual([2, 1, 3, 3, -2]);
    expect([...dense(list, 4)]).toEqual([0, 3, 0, -2]);
  });
});

describe('forward and backward', () => {
  it('are the sums of products, in 32 bits and in doubles', () => {
    fc.assert(
      fc.property(problem(11), ({ matrix, x, delta, column }) => {
        const { rows, values } = matrix;
        const z = delta.map((_, i) => x.reduce((sum, xj, j) => sum + values[j * rows + i] * xj, 0));
        const narrow = new Int32Array(rows).fill(99);
        const wide = new Float64Array(rows).fill(99);
        multiply32(matrix, listOf(x), narrow);
        multiplyWide(matrix, listOf(x), wide);
        expect([...narrow].map((v) => v + 0)).toEqual(z.map((v) => v + 0));
        expect([...wide].map((v) => v + 0)).toEqual(z.map((v) => v + 0));
        const b = delta.reduce((sum, d, i) => sum + values[column * rows + i] * d, 0);
        expect(back32(matrix, column, listOf(delta)) === b).toBe(true);
        expect(backWide(matrix, column, listOf(delta)) === b).toBe(true);
      }),
    );
  });

  it('stay exact beyond 32 bits', () => {
    const sums = new Float64Array(1);
    const worst = Array.from({ length: 3000 }, () => -32768);
    multiplyWide(matrixOf(1, 3000, worst), listOf(worst), sums);
    expect(sums[0]).toBe(3000 * 2 ** 30);
  });
});

describe('update', () => {
  const copy = (m: Matrix): Matrix => ({ ...m, values: m.values.slice() });

  it('is sat(w + ((r - delta * x) >> s)) in both kernels and keeps the strengths', () => {
    const shift = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(problem(16), shift, fc.double({ min: 0, max: 0.999, noNaN: true }), (p, s, part) => {
        const { matrix, delta, column, x } = p;
        const random = Math.floor(part * 2 ** s);
        const rule = { column, x: x[column], random, shift: s, min: -32768, max: 32767 };
        const [narrow, wide] = [copy(matrix), copy(matrix)];
        const [narrowStrength, wideStrength] = [strengths(matrix), strengths(matrix)];
        update32(narrow, rule, listOf(delta), narrowStrength);
        updateWide(wide, rule, listOf(delta), wideStrength);
        const expected = copy(matrix);
        delta.forEach((d, i) => {
          const at = column * matrix.rows + i;
          const change = (BigInt(random) - BigInt(d) * BigInt(x[column])) >> BigInt(s);
          const w = BigInt(expected.values[at]) + change;
          expected.values[at] = Number(w > 32767n ? 32767n : w < -32768n ? -32768n : w);
        });
        expect(narrow.values).toEqual(expected.values);
        expect(wide.values).toEqual(expected.values);
        expect(narrowStrength).toEqual(strengths(expected));
        expect(wideStrength).toEqual(strengths(expected));
      }),
    );
  });

  it.each([31, 32])('takes a shift of %i, where r passes 31 bits', (shift) => {
    const matrix = matrixOf(1, 1, [5]);
    const rule = { column: 0, x: 32767, random: 2 ** shift - 1, shift, min: -128, max: 127 };
    updateWide(matrix, rule, listOf([-32768]), strengths(matrix));
    expect(matrix.values[0]).toBe(6);
  });
});
