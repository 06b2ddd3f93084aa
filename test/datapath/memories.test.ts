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
      exponential: '3x16x1',
      exp_table: '64x16x1',
      stream: '2x32x1',
      strength: '2x6x4', // 2 hidden slots; 7 * 8 = 56 needs 6 bits
      factor: '5x9x1', // beside the hidden list
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

describe('memories of a network in time', () => {
  const inTime = (overrides: Parameters<typeof tinyConfig>[0] = {}) =>
    shapes({
      frac: { weight: [3, 3], activation: [4, 0], error: [5, 5] },
      steps: 4,
      encoding: 'direct',
      cell: ['snu'],
      recurrent: [false],
      decayShift: 3,
      ...overrides,
    });
  const recurrent = {
    cell: ['tanh'],
    recurrent: [true],
    encoding: 'rows',
    frac: { weight: [3, 3], activation: [4, 4], error: [5, 5], recurrent: [3] },
  } as const;

  it('of spiking 7-5-3 on two lanes, four steps, counted by hand', () => {
    expect(inTime()).toEqual({
      weight: '19x8x2',
      input_list: '14x8x1', // the same at every step
      hidden_list: '20x3x1', // 4 steps of 5 rows: a spike's row is all there is to say
      total: '5x6x1', // row 3, spikes in 4 steps 3
      membrane: '2x5x4', // 2 groups, two rows a lane
      hidden_mask: '5x4x1',
      open: '5x4x1',
      logit: '3x16x1',
      result: '3x16x1',
      error: '8x6x4', // 4 steps of 2 groups
      output_error: '1x6x4',
      active_list: '3x8x1', // 3 slots: group 1, halves 2, offset 5
      error_sum: '2x8x4', // 4 errors of 6 bits
      back_sum: '5x11x1', // 3 * 8 * 32 = 768: 10 bits and a sign
      exponential: '3x16x1',
      exp_table: '64x16x1',
      stream: '2x32x1',
      strength: '2x6x4',
      factor: '5x9x1', // beside the hidden list
    });
  });

  it.each([
    ['direct', { input_list: '14x8x1' }],
    ['rate', { input_list: '14x11x1', input_spikes: '28x3x1', input_mask: '7x4x1', stream: '3x32x1' }],
    ['rows', { input_list: '56x3x1', input_value: '56x5x1', input_mask: '14x4x1' }],
    ['events', { input_list: '56x3x1', input_mask: '14x4x1' }],
  ] as const)('hold the input of encoding %s', (encoding, held) => {
    const input = Object.entries(inTime({ encoding })).filter(([name]) => /^input/.test(name));
    const { stream, ...lists } = { stream: '2x32x1', ...held };
    expect(Object.fromEntries(input)).toEqual(lists);
    expect(inTime({ encoding }).stream).toBe(stream);
  });

  it('hold the values of cells that do not spike, and recurrent weights with a stream of their own', () => {
    const of = inTime(recurrent);
    expect(of).toMatchObject({ weight: '29x8x2', hidden_value: '20x5x1', total: '5x10x1', stream: '3x32x1' });
    expect(of).not.toHaveProperty('membrane');
  });

  it('hold the first sum of a constant input where each step waits for the one before', () => {
    expect(inTime({ ...recurrent, encoding: 'direct' })).toHaveProperty('input_sum');
    expect(inTime()).not.toHaveProperty('input_sum');
  });

  it.each([
    ['propagating', false, undefined],
    ['propagating', true, '4x6x4'], // this step's and the next one's
    ['local', false, undefined], // no layer below
    ['off', true, undefined],
  ] as const)('keep unmodulated errors in mode %s, recurrent %s: %s', (mode, own, shape) => {
    const grapes = { mode, clip: 'unit' } as const;
    expect(inTime({ grapes, ...(own && recurrent) }).plain_error).toBe(shape);
  });

  it('keep unmodulated errors of all steps where a layer below sees them', () => {
    const deep = inTime({
      layers: [7, 5, 5, 3],
      frac: { weight: [3, 3, 3], activation: [4, 0, 0], error: [5, 5, 5] },
      cell: ['snu', 'snu'],
      recurrent: [false, false],
      grapes: { mode: 'local', clip: 'unit' },
    });
    expect(deep.plain_error).toBe('8x6x4');
  });

  it('need no sums over a single step', () => {
    const once = inTime({ steps: 1 });
    for (const name of ['total', 'back_sum', 'error_sum']) expect(once).not.toHaveProperty(name);
  });

  it('sum the input of a network without hidden layers', () => {
    const single = { layers: [7, 3], cell: [], recurrent: [], frac: { weight: [3], activation: [4], error: [5] } };
    expect(inTime({ ...single, encoding: 'rows' }).total).toBe('7x10x1'); // index 3, value 5, steps 2
    expect(inTime(single)).not.toHaveProperty('total');
  });

  it('weigh a gradient by what the cells can give', () => {
    const bits = (overrides: Parameters<typeof tinyConfig>[0], at: number): number => {
      const design = plan(tinyConfig({ steps: 4, decayShift: 3, encoding: 'direct', ...overrides }));
      return gradientBits(design, design.matrices[at], 1);
    };
    const spiking = {
      cell: ['snu'],
      recurrent: [false],
      frac: { weight: [3, 3], activation: [4, 0], error: [5, 5] },
    } as const;
    expect(bits(spiking, 0)).toBe(13); // 4 * 32 * 16 = 2,048
    expect(bits(spiking, 1)).toBe(9); // 4 * 32 = 128
    expect(bits({ ...recurrent }, 1)).toBe(13); // H of tanh, as wide as features
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
    const design = plan(tinyConfig());
    expect(gradientBits(design, design.matrices[layer - 1], batch)).toBe(bits);
  });
});
