import { describe, expect, it } from 'vitest';
import { EXP_TABLE, exponential, probability } from '../../src/fx/softmax.js';

describe('the table', () => {
  it('is one octave from 65535 down', () => {
    expect(EXP_TABLE).toHaveLength(64);
    expect([0, 1, 31, 32, 63].map((k) => EXP_TABLE[k])).toEqual([65535, 64829, 46845, 46340, 33124]);
  });

  it('has no entry that another rounding of the power could change', () => {
    for (let k = 1; k < 64; k++) {
      const exact = 65535 * 2 ** (-k / 64);
      expect(Math.abs(exact - Math.floor(exact) - 0.5)).toBeGreaterThan(1e-6);
    }
  });
});

describe('exponential', () => {
  it.each([
    { d: 0, e: 65535, why: 'the largest logit' },
    { d: 178, e: 32767, why: 'one octave: 256 / log2 e = 177.4 steps of 1/256' },
    { d: 3019, e: 33124 >> 16, why: 'the last step of octave 16' },
    { d: 3020, e: 0, why: 'beyond octave 16' },
    { d: 65535, e: 0, why: 'the largest distance' },
  ])('of distance $d is $e: $why', ({ d, e }) => expect(exponential(d)).toBe(e));

  it('falls with distance', () => {
    for (let d = 1; d < 4000; d++) expect(exponential(d)).toBeLessThanOrEqual(exponential(d - 1));
  });
});

describe('probability', () => {
  it.each([
    { e: 65535, sum: 65535, frac: 8, p: 256, why: 'certainty is 2^frac' },
    { e: 65535, sum: 131070, frac: 7, p: 64, why: 'a half' },
    { e: 1, sum: 2, frac: 0, p: 1, why: 'ties round up' },
    { e: 1, sum: 3, frac: 0, p: 0, why: 'less than a half rounds down' },
    { e: 65535, sum: 65535 * 65535, frac: 16, p: 1, why: 'the smallest share of the largest layer, 2^16 / 65535' },
  ])('$e of $sum with $frac bits is $p: $why', ({ e, sum, frac, p }) => expect(probability(e, sum, frac)).toBe(p));
});
