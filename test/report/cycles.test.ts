import { describe, expect, it } from 'vitest';
import { parseConfig, presets } from '../../src/config/index.js';
import { loadDataset } from '../../src/data/index.js';
import { stepEnds } from '../../src/datapath/cycles.js';
import { plan } from '../../src/datapath/plan.js';
import { cyclesReport, cyclesText, listLengthsOf } from '../../src/report/cycles.js';

const design = plan(parseConfig(presets.tiny));
const data = loadDataset('synthetic', 'train', { inputs: 13, classes: 4, seed: 1, count: 30 });

describe('list lengths', () => {
  it('count every non-zero feature once, and activations by group', async () => {
    const [first] = await listLengthsOf(design, data, 1);
    const nonZero = data.features.subarray(0, 13).filter((pixel) => pixel > 0).length;
    expect(first.beats).toHaveLength(4);
    expect(first.beats.reduce((a, b) => a + b, 0)).toBe(nonZero);
    // 21 and 10 rows in groups of 8
    expect(first.groups.map((lengths) => lengths.length)).toEqual([3, 2]);
  });

  it('after some samples are those of a run from the start', async () => {
    expect(await listLengthsOf(design, data, 5, 20)).toEqual((await listLengthsOf(design, data, 25)).slice(20));
  });
});

describe('cyclesReport', async () => {
  const report = await cyclesReport(design, data, { samples: 30 });

  it('accounts for every cycle', () => {
    const add = (of: 'issues' | 'waits'): number => report.phases.reduce((sum, phase) => sum + phase[of], 0);
    expect(add('issues')).toBeCloseTo(report.bound, 9);
    expect(add('issues') + add('waits')).toBeCloseTo(report.cycles, 9);
    expect(report.ratio).toBeCloseTo(report.cycles / report.bound, 9);
  });

  it('uses less of the multipliers than all of them: products with zeros among inputs, activations and errors do not count', async () => {
    const steps = (await listLengthsOf(design, data, 30)).slice(1);
    const count = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
    const useful = steps.map(({ beats, groups, erringRows: [e1, e2, e3] }) => {
      const [x0, x1, x2] = [beats, ...groups].map(count);
      return x0 * (21 + e1) + x1 * (10 + 2 * e2) + x2 * (4 + 2 * e3);
    });
    expect(report.utilisationPercent).toBeCloseTo((100 * count(useful)) / 29 / (8 * report.cycles), 9);
    expect(report.utilisationPercent).toBeLessThan(100);
    expect(report.denseEquivalentPercent).toBeCloseTo((100 * (13 * 42 + 21 * 30 + 10 * 12)) / (8 * report.cycles), 9);
  });

  it('names each phase in the text', () => {
    const text = cyclesText(report);
    expect(text.match(/forward|backward and update|softmax|update/g)?.length).toBeGreaterThan(5);
    expect(text).toContain(`${report.ratio.toFixed(3)} x B`);
  });

  it('refuses what it can not measure', async () => {
    await expect(cyclesReport(design, data, { samples: 1 })).rejects.toThrow(RangeError);
    await expect(cyclesReport(design, data, { samples: 20, after: 11 })).rejects.toThrow(RangeError);
  });
});

describe('the mnist preset on real digits', () => {
  const COUNT = 60;
  const digits = loadDataset('mnist', 'train', { inputs: 784, classes: 10, seed: 1, count: COUNT });

  it.each([
    [16, 1.05],
    [32, 1.05],
    [64, 1.05],
    [128, 1.12],
  ])(
    'at %i lanes takes at most %f x B, exposes at most 46 cycles of softmax, and GRAPES adds none',
    async (lanes, most) => {
      const modes = (['propagating', 'local', 'off'] as const).map((mode) =>
        plan(parseConfig({ ...presets.mnist, lanes, grapes: { mode } })),
      );
      const [grapes] = modes;
      const report = await cyclesReport(grapes, digits, { samples: COUNT });
      expect(report.ratio).toBeLessThanOrEqual(most);
      expect(report.phases.find(({ phase }) => phase === 'softmax')?.waits).toBeLessThanOrEqual(46);
      const lists = await listLengthsOf(grapes, digits, COUNT);
      const [first, ...others] = modes.map((mode) => stepEnds(mode, lists));
      for (const other of others) expect(other).toEqual(first);
    },
  );
});
