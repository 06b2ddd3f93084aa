import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitScaling, scaled } from '../../src/data/scaling.js';
import { RUN_SEED } from '../arbitrary/config.js';

const all = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, n) => n);

describe('a scaling', () => {
  // three samples of 0 2 4 and 5 5 5
  const values = Float64Array.of(0, 5, 2, 5, 4, 5);

  it.each([
    ['minmax', [0, 0, 0.5, 0, 1, 0]],
    ['minmax-signed', [-1, 0, 0, 0, 1, 0]],
    ['standard', [-2 / (3 * Math.sqrt(8 / 3)), 0, 0, 0, 2 / (3 * Math.sqrt(8 / 3)), 0]],
  ] as const)('%s of 0, 2, 4 and of a feature that never varies', (kind, expected) => {
    const found = scaled(values, fitScaling(kind, values, 2, all(3)));
    for (const [at, v] of expected.entries()) expect(found[at]).toBeCloseTo(v, 12);
  });

  it('is fitted to the samples named and clips the others', () => {
    const scaling = fitScaling('minmax', values, 2, Uint32Array.of(0, 1));
    expect([...scaled(Float64Array.of(-9, 5, 1, 5, 9, 7), scaling)]).toEqual([0, 0, 0.5, 0, 1, 0]);
  });

  it('of any numbers lies within its ends', () => {
    const number = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(number, { minLength: 2, maxLength: 40 }),
        fc.array(number, { minLength: 1, maxLength: 40 }),
        fc.constantFrom('minmax', 'minmax-signed', 'standard'),
        (fit, others, kind) => {
          const scaling = fitScaling(kind, Float64Array.from(fit), 1, all(fit.length));
          for (const v of scaled(Float64Array.from([...fit, ...others]), scaling)) {
            expect(v).toBeGreaterThanOrEqual(scaling.low);
            expect(v).toBeLessThanOrEqual(scaling.high);
          }
        },
      ),
      {
        seed: RUN_SEED,
        numRuns: 1000,
        // spans whose inverse no double holds
        examples: [
          [[0, 5e-324], [0], 'minmax'],
          [[0, 1e-308], [1], 'minmax-signed'],
          [[0, 1e-320], [0], 'standard'],
        ],
      },
    );
  });

  it('keeps the deviations of features far from 0', () => {
    const far = Float64Array.from({ length: 1000 }, (_, n) => 1e9 + (n % 2));
    const { offset, scale } = fitScaling('standard', far, 1, all(1000));
    expect(offset[0]).toBeCloseTo(1e9 + 0.5, 5);
    expect(scale[0]).toBeCloseTo(1 / 1.5, 5);
  });
});
