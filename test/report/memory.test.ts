import { describe, expect, it } from 'vitest';
import { plan } from '../../src/datapath/plan.js';
import { memoryReport, memoryText } from '../../src/report/memory.js';
import { mnistConfig, tinyConfig } from '../datapath/sample.js';

describe('memoryReport of 7-5-3 on two lanes', () => {
  const report = memoryReport(plan(tinyConfig()));

  it('adds up lanes and shared memories', () => {
    // a lane: 19*8 + 6*6 + 4*6 = 212; shared: 7*8*2 + 5*12 + 3*3*16 + 64*16 + 2*32 + 3*8 + 5*9 = 1,473
    expect(report.perLane).toEqual({ bits: 212, bytes: 26.5 });
    expect(report.shared).toEqual({ bits: 1473, bytes: 184.125 });
    expect(report.total.bits).toBe(2 * 212 + 1473);
  });

  it('splits the total by purpose', () => {
    // weights 304, lists 112 + 60, result 48
    expect(report.purposes.inference.bits).toBe(524);
    // errors 72, logits 48, exponentials 48, table 1,024, streams 64, groups with errors 24
    expect(report.purposes.training.bits).toBe(1280);
    // strengths 48, factors 45
    expect(report.purposes.grapes.bits).toBe(93);
  });

  it('says what GRAPES adds', () => {
    expect(report.grapes.bits).toBe(93);
    expect(report.grapes.percentOfWeights).toBeCloseTo((100 * 93) / 304, 10);
    expect(report.grapes.percentOfInference).toBeCloseTo((100 * 93) / 524, 10);
    expect(report.grapes.percentOfSgd).toBeCloseTo((100 * 93) / 1804, 10);
  });

  it('compares with other ways to train', () => {
    expect(Object.fromEntries(report.methods.map((m) => [m.method, m.bits]))).toEqual({
      'inference only': 524,
      SGD: 1804,
      GRAPES: 1804 + 93,
      'SGD, momentum': 1804 + 50 * 4,
      Adam: 1804 + 2 * 50 * 4,
      'SGD, mini-batch of 64': 1804 + 35 * 17 + 15 * 16,
    });
  });

  it('takes the batch of the accumulation row', () => {
    const single = memoryReport(plan(tinyConfig()), { batch: 1 });
    expect(single.methods.at(-1)).toMatchObject({ method: 'SGD, mini-batch of 1', extraBits: 35 * 11 + 15 * 10 });
    expect(() => memoryReport(plan(tinyConfig()), { batch: 0 })).toThrow(RangeError);
  });

  it('knows how full the weight RAM is', () => {
    expect(report.weights).toBe(50);
    expect(report.weightFillPercent).toBeCloseTo((100 * 200) / 304, 10);
  });

  it('is data: JSON gives it back', () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe('memoryReport', () => {
  it('counts nothing for GRAPES in mode off', () => {
    const off = memoryReport(plan(tinyConfig({ grapes: { mode: 'off', clip: 'unit' } })));
    expect(off.grapes.bits).toBe(0);
    expect(off.total.bits).toBe(1804);
  });

  it('is below 1 % of the weights for GRAPES on 784-256-256-10', () => {
    const { grapes } = memoryReport(plan(mnistConfig(32)));
    expect(grapes.percentOfWeights).toBeLessThan(1);
  });
});

describe('memoryReport of a network in time', () => {
  const report = memoryReport(
    plan(
      tinyConfig({
        frac: { weight: [3, 3], activation: [4, 0], error: [5, 5] },
        steps: 4,
        encoding: 'direct',
        cell: ['snu'],
        recurrent: [false],
        decayShift: 3,
      }),
    ),
  );

  it('says how it runs in time', () => {
    expect(report.time).toMatchObject({ steps: 4, encoding: 'direct', cell: ['snu'], recurrent: [false] });
    expect(memoryText(report)).toMatch(/^Memory of tiny: 7-5-3, snu, 4 steps, direct, 4-bit weights/);
  });

  it('compares with a gradient a weight in place of values for all steps', () => {
    const sgd = report.purposes.inference.bits + report.purposes.training.bits;
    // lists 60, masks and open flags 20 each, errors 192: a quarter of each stays
    const dropped = (3 * (60 + 2 * 20 + 192)) / 4;
    // 4 * 32 * 16 = 2,048: 12 bits and a sign; 4 * 32 = 128: 8 bits and a sign
    const gradients = 35 * 13 + 15 * 9;
    expect(report.methods.find(({ method }) => method === 'e-prop')?.bits).toBe(sgd - dropped + gradients);
  });

  it('has no such comparison without steps', () => {
    expect(memoryReport(plan(tinyConfig())).methods.map(({ method }) => method)).not.toContain('e-prop');
    expect(memoryReport(plan(tinyConfig())).time).toBeNull();
  });
});

describe('memoryText', () => {
  const text = memoryText(memoryReport(plan(tinyConfig())));

  it('has a line for every memory and every method, none with trailing blanks', () => {
    const { memories, methods } = memoryReport(plan(tinyConfig()));
    for (const name of [...memories.map((m) => m.name), ...methods.map((m) => m.method)])
      expect(text).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(text).not.toMatch(/ \n/);
  });

  it('names what GRAPES adds', () => {
    expect(text).toContain('GRAPES adds 93 bits (11.625 bytes): 30.6 % of the weight RAM');
  });
});
