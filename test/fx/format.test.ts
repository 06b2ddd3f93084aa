import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitLength, maxOf, minOf, rn, sat } from '../../src/fx/format.js';

describe('rn rounds to nearest, ties upward', () => {
  it.each([
    { v: 5, s: 1, expected: 3 },
    { v: -5, s: 1, expected: -2 },
    { v: 6, s: 2, expected: 2 },
    { v: -6, s: 2, expected: -1 },
    { v: -7, s: 2, expected: -2 },
    { v: 1, s: 40, expected: 0 },
    { v: 2 ** 39, s: 40, expected: 1 },
    { v: 2 ** 39 - 1, s: 40, expected: 0 },
  ])('rn($v, $s) = $expected', ({ v, s, expected }) => expect(rn(v, s)).toBe(expected));

  it('shifts left where s <= 0', () => {
    expect(rn(-3, 0)).toBe(-3);
    expect(rn(-3, -8)).toBe(-768);
  });

  it('equals (v + 2^(s-1)) >> s in big integers', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 51), max: 2 ** 51 }), fc.integer({ min: 1, max: 40 }), (v, s) => {
        const exact = (BigInt(v) + (1n << BigInt(s - 1))) >> BigInt(s);
        expect(BigInt(rn(v, s))).toBe(exact);
      }),
    );
  });
});

describe('sat clamps to the signed range', () => {
  it.each([
    { v: 8, bits: 4, expected: 7 },
    { v: -9, bits: 4, expected: -8 },
    { v: -8, bits: 4, expected: -8 },
    { v: 40000, bits: 16, expected: 32767 },
  ])('sat($v, $bits) = $expected', ({ v, bits, expected }) => expect(sat(v, bits)).toBe(expected));

  it('of 4 bits is -8..7', () => expect([minOf(4), maxOf(4)]).toEqual([-8, 7]));
});

describe('bitLength', () => {
  it.each([
    [0, 0],
    [1, 1],
    [9, 4],
    [16, 5],
    [2 ** 40, 41],
  ])('of %i is %i', (v, bits) => expect(bitLength(v)).toBe(bits));
});
