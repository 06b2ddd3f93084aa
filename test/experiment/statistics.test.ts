import { describe, expect, test } from 'vitest';
import { epochsTo } from '../../src/experiment/experiments/convergence.js';
import { forgettingOf } from '../../src/experiment/experiments/forgetting.js';
import { deviation, mean, pairedDifference, spread } from '../../src/experiment/statistics.js';

describe('statistics', () => {
  test('mean and sample standard deviation', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(deviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2.1381, 4);
    expect(spread([0.5])).toEqual({ mean: 0.5, deviation: 0, count: 1 });
  });

  test('a paired difference: t of n - 1 degrees of freedom', () => {
    const { difference, half } = pairedDifference([3, 4, 5], [2, 2, 2]);
    expect(difference).toBe(2);
    expect(half).toBeCloseTo((4.303 * 1) / Math.sqrt(3), 6);
    expect(pairedDifference([1], [0]).half).toBe(Number.POSITIVE_INFINITY);
  });

  test('epochs to a goal', () => {
    expect(epochsTo([0.9, 0.96, 0.97, 0.96], 0.97, 2)).toBe(1.5);
    expect(epochsTo([0.9, 0.96], 0.97, 1)).toBeNull();
  });

  test('forgetting: the mean drop from right after a task, the last one left out', () => {
    const tasks = [
      [0.9, 0.1, 0.1],
      [0.8, 0.9, 0.1],
      [0.6, 0.7, 0.9],
    ];
    expect(forgettingOf({ accuracy: [0.9, 0.85, 0.7], training: [], tasks })).toBeCloseTo((0.3 + 0.2) / 2, 10);
  });
});
