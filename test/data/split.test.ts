import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absentClasses } from '../../src/data/labels.js';
import { stratified } from '../../src/data/split.js';

const labelsOf = (sizes: readonly number[]): Uint16Array =>
  Uint16Array.from(sizes.flatMap((size, c) => Array.from({ length: size }, () => c)));

const countOf = (labels: Uint16Array, samples: Uint32Array, c: number): number =>
  samples.filter((n) => labels[n] === c).length;

describe('a split', () => {
  it.each([
    [[50, 50, 50], 0.2, [10, 10, 10]],
    [[50, 50, 50], 0.1, [5, 5, 5]],
    [[7, 7, 6], 0.1, [1, 1, 0]],
    [[100, 10, 1], 0.1, [10, 1, 0]],
    [[2, 2], 0.5, [1, 1]],
    [[3], 0.01, [1]],
    [[1, 1, 1], 0.5, [0, 0, 0]],
    [[4, 4], 0.99, [3, 3]],
  ])('of classes of %j samples keeps a share of %d: %j', (sizes, test, kept) => {
    const labels = labelsOf(sizes);
    const parts = stratified(labels, { test, seed: 1 });
    expect(sizes.map((_, c) => countOf(labels, parts.test, c))).toEqual(kept);
  });

  it('has every sample in one of its parts, in file order, and leaves every class some to train on', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });
    const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(sizes, share, fc.nat(), (many, test, seed) => {
        const labels = labelsOf(many);
        const parts = stratified(labels, { test, seed });
        const both = [...parts.train, ...parts.test];
        expect(both.toSorted((a, b) => a - b)).toEqual([...labels.keys()]);
        expect(parts.train).toEqual(parts.train.toSorted((a, b) => a - b));
        for (const [c, size] of many.entries()) {
          const kept = countOf(labels, parts.test, c);
          expect(kept).toBeLessThan(size);
          expect(Math.abs(kept - test * size)).toBeLessThanOrEqual(1 + test);
        }
      }),
    );
  });

  it('of classes that take turns has every class in both parts', () => {
    const turns = Uint16Array.from({ length: 100 }, (_, n) => n % 10);
    const parts = stratified(turns, { test: 0.1, seed: 1 });
    for (let c = 0; c < 10; c++) expect(countOf(turns, parts.test, c)).toBe(1);
  });
});

it('classes without a training sample are named', () => {
  expect(absentClasses(Uint16Array.of(0, 2), 3)).toEqual([
    'no training sample of class 1: the network learns that it never occurs',
  ]);
  expect(absentClasses(Uint16Array.of(0), 3, ['ant', 'bee'])).toEqual([
    'no training sample of classes 1 (bee), 2: the network learns that they never occur',
  ]);
  expect(absentClasses(Uint16Array.of(0, 1), 2)).toEqual([]);
});
