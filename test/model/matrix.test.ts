import { describe, expect, it } from 'vitest';
import { PURPOSE, stream } from '../../src/fx/random.js';
import { initialLimit, initialMatrix, rowMajor, strengths } from '../../src/model/matrix.js';

describe('initialLimit: floor(sqrt(6 * 2^(2 frac) / columns))', () => {
  it.each([
    { frac: 8, columns: 784, b: 22 },
    { frac: 0, columns: 6, b: 1 },
    { frac: 0, columns: 7, b: 0 },
    { frac: -1, columns: 1, b: 1 },
    { frac: -16, columns: 1, b: 0 },
    { frac: 32, columns: 1, b: 10520478337 },
  ])('of $frac fraction bits and $columns columns is $b', ({ frac, columns, b }) =>
    expect(initialLimit(frac, columns)).toBe(b),
  );
});

describe('initialMatrix', () => {
  it('draws row by row from -b..b', () => {
    const matrix = initialMatrix(3, 2, { bits: 8, frac: 6 }, 1, PURPOSE.initialWeights, 2);
    const b = initialLimit(6, 2);
    const next = stream(1, PURPOSE.initialWeights, 2);
    const drawn = Array.from({ length: 6 }, () => Math.floor((next() * (2 * b + 1)) / 2 ** 32) - b);
    expect([...rowMajor(matrix)]).toEqual(drawn);
  });

  it('reaches both ends', () => {
    const values = initialMatrix(100, 100, { bits: 8, frac: 5 }, 1, PURPOSE.initialWeights, 1).values;
    const b = initialLimit(5, 100);
    expect([Math.min(...values), Math.max(...values)]).toEqual([-b, b]);
  });

  it('saturates to its format', () => {
    const { values } = initialMatrix(20, 20, { bits: 4, frac: 32 }, 1, PURPOSE.initialWeights, 1);
    expect(new Set(values)).toEqual(new Set([-8, 7]));
  });
});

describe('a matrix', () => {
  /** [[1, -2, 3], [-4, 5, -6]], column by column */
  const matrix = { rows: 2, columns: 3, stride: 2, values: Int16Array.of(1, -4, -2, 5, 3, -6) };

  it('comes back row by row', () => expect([...rowMajor(matrix)]).toEqual([1, -2, 3, -4, 5, -6]));
  it('has the sum of magnitudes of each row', () => expect([...strengths(matrix)]).toEqual([6, 15]));
});
