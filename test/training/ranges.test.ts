import { describe, expect, it } from 'vitest';
import {
  fewestLost,
  fractionFor,
  histogram,
  largest,
  leastNoise,
  qualityOf,
  record,
} from '../../src/training/ranges.js';

/** Values given as real numbers, in a wide format. */
const valuesOf = (...reals: number[]) => {
  const values = histogram({ bits: 16, frac: 10 });
  record(
    values,
    reals.map((v) => Math.round(v * 1024)),
  );
  return values;
};
const legal = { min: -16, max: 32 };

/** A bell of values with standard deviation `sigma`. */
const bell = (sigma: number) =>
  valuesOf(...Array.from({ length: 2001 }, (_, i) => sigma * Math.sqrt(-2 * Math.log((i + 0.5) / 2001)) * Math.cos(i)));

describe('a format holds values', () => {
  it('with the noise of its step: a bit more halves it', () => {
    const at = (frac: number): number => qualityOf(bell(0.5), { bits: 12, frac }).signalToNoise;
    expect(at(7) - at(6)).toBeCloseTo(20 * Math.log10(2), 6);
  });

  it('and says how many saturate and how many round to 0', () => {
    const quality = qualityOf(valuesOf(0.1, 0.3, 2, -5), { bits: 4, frac: 1 });
    expect(quality).toMatchObject({ saturated: 0.25, vanished: 0.25 });
  });

  it('perfectly where there are none', () =>
    expect(qualityOf(valuesOf(0, 0), { bits: 8, frac: 3 }).signalToNoise).toBe(Number.POSITIVE_INFINITY));
});

describe('the fraction with the least noise', () => {
  it('is no other: neighbours are noisier', () => {
    const values = bell(0.7);
    const best = leastNoise(values, 8, legal);
    const noise = (frac: number): number => -qualityOf(values, { bits: 8, frac }).signalToNoise;
    expect(noise(best)).toBeLessThan(noise(best - 1));
    expect(noise(best)).toBeLessThan(noise(best + 1));
  });

  it('moves with the values, bit by bit', () => {
    expect(leastNoise(bell(1.4), 8, legal)).toBe(leastNoise(bell(0.7), 8, legal) - 1);
  });

  it('lets a rare outlier saturate rather than coarsen all others', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => Math.sin(i) * 0.9);
    expect(leastNoise(valuesOf(...many, 1.2), 8, legal)).toBe(leastNoise(valuesOf(...many), 8, legal));
  });

  it('stays within what is legal', () => expect(leastNoise(bell(0.7), 8, { min: 0, max: 3 })).toBe(3));
});

describe('the fraction that loses fewest', () => {
  const lost = (values: ReturnType<typeof valuesOf>, frac: number): number => {
    const { saturated, vanished } = qualityOf(values, { bits: 8, frac });
    return saturated + vanished;
  };
  // most within 1, and some as large as 20: values that have grown
  const grown = valuesOf(
    ...Array.from({ length: 2000 }, (_, i) => 0.02 + 0.9 * Math.abs(Math.sin(i))),
    ...Array.from({ length: 20 }, (_, i) => 1 + i),
  );

  it('is no other: all others lose as many or more', () => {
    const best = fewestLost(grown, 8, legal);
    for (let frac = -4; frac <= 12; frac++) expect(lost(grown, frac)).toBeGreaterThanOrEqual(lost(grown, best));
  });

  it('cuts off what has grown, where the least noise gives up the small ones', () => {
    expect(fewestLost(grown, 8, legal)).toBeGreaterThan(leastNoise(grown, 8, legal));
    expect(lost(grown, leastNoise(grown, 8, legal))).toBeGreaterThan(2 * lost(grown, fewestLost(grown, 8, legal)));
  });

  it('stays within what is legal', () => expect(fewestLost(grown, 8, { min: 0, max: 2 })).toBe(2));
});

describe('the fraction for a magnitude', () => {
  it.each([
    [1, 6],
    [127 / 128, 7],
    [127 / 64, 6],
    [1.99, 5],
    [0.24, 9],
    [0, 32],
  ])('%d at 8 bits is %d', (magnitude, frac) => expect(fractionFor(magnitude, 8, legal)).toBe(frac));

  it('is the smallest legal one where none holds it', () => expect(fractionFor(1e9, 8, legal)).toBe(-16));
});

it('largest is the largest magnitude', () => {
  expect(largest(valuesOf(0.5, -3, 2))).toBe(3);
  expect(largest(valuesOf())).toBe(0);
});
