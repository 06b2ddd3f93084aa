import { describe, expect, it } from 'vitest';
import { layerTable, stepTable } from '../../src/cli/trainingText.js';
import type { EpochMetrics, StepMetrics } from '../../src/training/index.js';

const step = (t: number): StepMetrics => ({
  active: t / 100,
  open: t / 50,
  saturated: { activation: 0.01, error: 0.02 },
});

const layer = { saturated: { weight: 0, activation: 0, error: 0 }, swallowed: 0, strength: null, factor: null };

const epoch = (steps?: number): EpochMetrics => ({
  epoch: 0,
  k: 7,
  trainAccuracy: 0,
  trainLoss: 0,
  testAccuracy: 0,
  testLoss: 0,
  layers: [
    { layer: 1, ...layer, ...(steps && { steps: Array.from({ length: steps }, (_, t) => step(t + 1)) }) },
    { layer: 2, ...layer },
  ],
});

const shown = (steps: number): number[] =>
  stepTable(epoch(steps))
    .split('\n')
    .slice(1)
    .map((line) => Number(line.trim().split(/\s+/)[1]));

describe('the tables of an epoch', () => {
  it.each([
    [1, [1]],
    [2, [1, 2]],
    [8, [1, 2, 3, 4, 5, 6, 7, 8]],
    [28, [1, 5, 9, 13, 16, 20, 24, 28]],
    [64, [1, 10, 19, 28, 37, 46, 55, 64]],
  ])('of %i steps show %j', (steps, expected) => {
    expect(shown(steps)).toEqual(expected);
  });

  it('show how active and open a layer was over its steps, and `-` for the output', () => {
    const [header, first, last] = layerTable(epoch(3)).split('\n');
    expect(header).toMatch(/active +open$/);
    expect(first).toMatch(/2.00 % +4.00 %$/);
    expect(last).toMatch(/- +-$/);
  });

  it('of a dense network have no steps', () => {
    expect(stepTable(epoch())).toBe('');
    expect(layerTable(epoch())).not.toContain('active');
  });
});
