import { describe, expect, it } from 'vitest';
import { plan } from '../../src/datapath/plan.js';
import { mnistConfig, tinyConfig } from './sample.js';

describe('plan of 7-5-3 on two lanes', () => {
  const p = plan(tinyConfig());
  const [first, last] = p.layers;

  it('has the shifts of the numeric contract', () => {
    // fw 3 + fa_0 4 - fa_1 2; fw_2 3 + fe_2 5 + 7 - fe_1 5; fe 5 + fa_0 4 - fw 3
    expect(first).toMatchObject({
      values: { cell: { kind: 'relu', shift: 5 }, back: { shift: 10 } },
      matrix: { updateShift: 6 },
    });
    // fw 3 + fa_1 2 - 8 logit bits; no way further back; fe 5 + fa_1 2 - fw 3
    expect(last).toMatchObject({ values: { cell: { kind: 'logits', shift: -3 } }, matrix: { updateShift: 4 } });
  });

  it('has accumulators for the largest sums', () => {
    // 7 * 8 * 16 = 896: 10 bits and a sign; 3 * 8 * 32 = 768: the same; 7 * 8 = 56: 6 bits
    expect(first.values).toMatchObject({ sumBits: 11, back: { bits: 11 }, strengthBits: 6 });
    // 5 * 8 * 16 = 640
    expect(last.values).toMatchObject({ sumBits: 11 });
  });

  it('places rows in lanes', () => {
    expect(first.lanes).toEqual({ groups: 2, slot: 0, lastRows: 1, spread: true, list: 0 });
    expect(last.lanes).toEqual({ groups: 1, slot: 2, lastRows: 3, spread: false, list: 0 });
    expect(p.matrices.map(({ base }) => base)).toEqual([0, 14]);
    expect(p.hardware).toMatchObject({ depth: 19, slots: 3, hiddenSlots: 2, hiddenList: 5, featuresPerBeat: 6 });
  });

  it('numbers weights through the layers', () => {
    expect(p.layers.map((layer) => layer.matrix.offset)).toEqual([0, 35]);
  });
});

describe('plan', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [10, 4],
    [256, 8],
    [257, 9],
  ])('%i classes need labels of %i bits', (classes, bits) => {
    const config = tinyConfig({ layers: [7, 5, classes] });
    expect(plan(config).labelBits).toBe(bits);
  });

  it.each([
    ['unit', 128],
    ['full', 0],
  ] as const)('clips factors %s from below at %i', (clip, low) => {
    expect(plan(tinyConfig({ grapes: { mode: 'local', clip } })).factor).toEqual({
      frac: 7,
      one: 128,
      low,
      high: 256,
      bits: 9,
    });
  });

  it('covers every rate of a schedule', () => {
    const learningRateShift = [
      { epoch: 0, shift: 7 },
      { epoch: 2, shift: 9 },
      { epoch: 3, shift: 8 },
    ];
    expect(plan(tinyConfig({ learningRateShift })).rate).toEqual({ min: 7, max: 9 });
  });

  it('takes the error of the output layer in the way back of dfa', () => {
    const config = tinyConfig({
      layers: [7, 5, 6, 3],
      frac: { weight: [3, 2, 1], activation: [4, 2, 2], error: [5, 4, 3] },
      feedback: 'dfa',
    });
    // fw_3 1 + fe_3 3 + 7 - fe_1 5
    expect(plan(config).hidden[0].values.back.shift).toBe(6);
  });

  it('does not depend on lanes in anything the model reads', () => {
    const model = (lanes: number) => {
      const { layers, matrices } = plan(mnistConfig(lanes));
      return [layers.map(({ values }) => values), matrices.map(({ base: _, ...matrix }) => matrix)];
    };
    expect(model(1)).toEqual(model(128));
  });
});
