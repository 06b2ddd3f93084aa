import { describe, expect, it } from 'vitest';
import { gradientBits, memories, memoryBits, weightCount } from '../../src/datapath/memories.js';
import { plan } from '../../src/datapath/plan.js';
import { tinyConfig } from './sample.js';

const shapes = (overrides: Parameters<typeof tinyConfig>[0] = {}): Record<string, string> =>
  Object.fromEntries(memories(plan(tinyConfig(overrides))).map((m) => [m.name, `${m.depth}x${m.width}x${m.copies}`]));

describe('memories', () => {
  it('of 7-5-3 on two lanes, counted by hand', () => {
    expect(shapes()).toEqual({
      weight: '19x8x2', // 2 groups of 7 columns, 1 group of 5; two 4-bit weights
      input_list: '14x8x1', // 3-bit index, 5-bit value; two samples
      hidden_list: '5x12x1', // row 3, value 5, lane 1, half 1, slot 2
      logit: '3x16x1',
      result: '3x16x1',
      error: '3x6x4', // 3 slots, two rows a lane
      active_list: '3x8x1', // 3 slots: group 1, halves 2, offset 5
      exponential: '2x16x2', // 1 output slot, both halves
      exp_table: '64x16x1',
      stream: '2x32x1',
      strength: '2x6x4', // 2 hidden slots; 7 * 8 = 56 needs 6 bits
      factor: '4x9x2',
    });
  });

  it('keep the unmodulated errors beside the others in mode local', () => {
    expect(shapes({ grapes: { mode: 'local', clip: 'unit' } })).toMatchObject({ plain_error: '3x6x4' });
  });

  it('have no strengths and factors in mode off', () => {
    expect(Object.keys(shapes({ grapes: { mode: 'off', clip: 'unit' } }))).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/strength|factor|plain_error/)]),
    );
  });

  it('of a single layer have no hidden rows', () => {
    const single = shapes({ layers: [7, 3], frac: { weight: [3], activation: [4], error: [5] } });
    expect(single).not.toHaveProperty('hidden_list');
    expect(single).not.toHaveProperty('strength');
    expect(single).toMatchObject({ weight: '7x8x2', error: '1x6x4' });
  });

  it('multiply out to bits', () => {
    const weight = memories(plan(tinyConfig())).find((m) => m.name === 'weight');
    expect(weight && memoryBits(weight)).toBe(304);
  });
});

describe('weights and their gradients', () => {
  it('count without unused places', () => {
    expect(weightCount(plan(tinyConfig()))).toBe(7 * 5 + 5 * 3);
  });

  it.each([
    // features: |delta x| <= 32 * 16 = 512: 10 bits and a sign
    [1, 1, 11],
    [1, 2, 12],
    [1, 64, 17],
    // activations: |delta x| <= 32 * 15 = 480: 9 bits and a sign
    [2, 1, 10],
    [2, 2, 11],
    [2, 64, 16],
  ])('of layer %i sum over a batch of %i in %i bits', (layer, batch, bits) => {
    expect(gradientBits(plan(tinyConfig()).layers[layer - 1], batch)).toBe(bits);
  });
});
