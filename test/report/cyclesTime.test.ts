import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { loadDataset } from '../../src/data/index.js';
import { boundInTime } from '../../src/datapath/boundTime.js';
import { plan } from '../../src/datapath/plan.js';
import { Network } from '../../src/model/index.js';
import { boundReport, boundText, countsOf } from '../../src/report/cyclesTime.js';
import { rawTimeConfig, timeSamples } from '../arbitrary/time.js';
import { resolveTime } from '../oracle/time/resolve.js';

describe('the bound of random networks in time', () => {
  it('is the formula, counted value by value', () => {
    const legal = rawTimeConfig({ size: 'small' }).filter((raw) => {
      const { grapes, feedback } = resolveTime(raw);
      return feedback === 'bp' && grapes.mode !== 'uniform';
    });
    const cases = legal.chain((raw) =>
      fc.record({
        raw: fc.constant(raw),
        lanes: fc.constantFrom(1, 2, 5, 32),
        samples: timeSamples(resolveTime(raw), 1, 3),
      }),
    );
    fc.assert(
      fc.property(cases, ({ raw, lanes, samples }) => {
        const design = plan(parseConfig({ ...raw, lanes }));
        const network = new Network(design);
        for (const { taken, label } of samples) {
          const { trace } = network.step(taken, label, { trace: 'values' });
          const values = trace?.values;
          if (values === undefined) throw new Error('no values');
          const passes = boundInTime(design, countsOf(design, network.input(), values));
          expect(passes.reduce((sum, { cycles }) => sum + cycles, 0)).toBe(
            formula(resolveTime(raw), lanes, network.input(), values),
          );
        }
      }),
      { numRuns: 150 },
    );
  });
});

interface Seen {
  readonly activation: readonly ArrayLike<number>[];
  readonly open: readonly ArrayLike<number>[];
  readonly error: readonly ArrayLike<number>[];
  readonly uerror: readonly ArrayLike<number>[];
}

/** `B_T`, value by value: a cycle for each word of 2P rows that an entry has to visit. */
const formula = (
  { layers, steps: T, encoding, recurrent, grapes }: ReturnType<typeof resolveTime>,
  P: number,
  input: ArrayLike<number>,
  { activation, open, error, uerror }: Seen,
): number => {
  const L = layers.length - 1;
  const x = (l: number, t: number, j: number): number => (l === 0 ? input : activation[l - 1])[t * layers[l] + j];
  const some = (has: (t: number) => boolean): boolean => Array.from({ length: T }, (_, t) => t).some(has);
  const groups = (l: number, errors: ArrayLike<number>): number => {
    const holding = new Set<number>();
    for (let t = 0; t < T; t++)
      for (let i = 0; i < layers[l]; i++) if (errors[t * layers[l] + i] !== 0) holding.add(Math.floor(i / (2 * P)));
    return holding.size;
  };
  const words = (l: number): number => Math.ceil(layers[l] / (2 * P));
  let cycles = 0;
  for (let l = 1; l < L; l++) {
    const learning = groups(l, error[l - 1]);
    const own = groups(l, uerror[l - 1]);
    for (let t = 0; t < T; t++) {
      for (let j = 0; j < layers[l - 1]; j++)
        if (x(l - 1, t, j) !== 0 && !(l === 1 && encoding === 'direct' && t > 0)) cycles += words(l) + learning;
      for (let k = 0; k < layers[l]; k++) {
        const isOpen = open[l - 1][t * layers[l] + k] !== 0;
        if (recurrent[l - 1] && t < T - 1) {
          if (x(l, t, k) !== 0) cycles += words(l) + learning;
          if (isOpen) cycles += own;
        }
        if (isOpen && l < L - 1) cycles += groups(l + 1, grapes.mode === 'local' ? uerror[l] : error[l]);
      }
    }
  }
  const wrong = groups(L, error[L - 1]) > 0;
  for (let j = 0; j < layers[L - 1]; j++) {
    const used = some((t) => x(L - 1, t, j) !== 0);
    const opened = L > 1 && some((t) => open[L - 2][t * layers[L - 1] + j] !== 0);
    if (used) cycles += words(L);
    if (wrong && L > 1 && (used || opened)) cycles += Math.ceil(layers[L] / P);
    if (wrong && L === 1 && used) cycles += words(L);
  }
  return cycles;
};

const design = plan(
  parseConfig({
    name: 'small',
    layers: [13, 9, 6, 4],
    bits: 8,
    steps: 5,
    cell: 'snu',
    encoding: 'rate',
    lanes: 2,
    data: 'synthetic',
  }),
);
const data = loadDataset('synthetic', 'train', { inputs: 13, classes: 4, seed: 1, count: 40 });

describe('boundReport', async () => {
  const report = await boundReport(design, data, { samples: 30, after: 10 });

  it('adds up', () => {
    expect(report.passes.reduce((sum, { cycles }) => sum + cycles, 0)).toBeCloseTo(report.bound, 9);
    expect(report.bound).toBeLessThan(report.denseBound);
    expect(report.samplesPerSecondPerMHz).toBeCloseTo(1e6 / report.bound, 9);
  });

  it('of samples after others is that of a run from the start', async () => {
    const all = await boundReport(design, data, { samples: 40 });
    const first = await boundReport(design, data, { samples: 10 });
    expect((all.bound * 40 - first.bound * 10) / 30).toBeCloseTo(report.bound, 9);
  });

  it('tells samples with errors from those without', () => {
    const { boundWithErrors, boundWithout } = report;
    if (boundWithErrors !== null && boundWithout !== null) expect(boundWithErrors).toBeGreaterThan(boundWithout);
    expect(boundWithErrors ?? boundWithout).not.toBeNull();
  });

  it('is told with how far it is', async () => {
    const done: number[] = [];
    await boundReport(design, data, { samples: 40, onSample: (n) => done.push(n) });
    expect(done).toEqual([0, 20]);
  });

  it('names each pass in the text', () => {
    const text = boundText(report);
    expect(text).toMatch(/^Bound of a training sample of small: 13-9-6-4, snu, 5 steps, rate, 2 lanes/);
    for (const row of [/W1 +forward/, /W3 +backward and update/, /W2 +backward /, /W2 +update/])
      expect(text).toMatch(row);
    expect(text).not.toMatch(/ \n/);
  });

  it.each([
    [{ feedback: 'fa' }, /^feedback: is fa/],
    [{ grapes: { mode: 'uniform' } }, /^grapes.mode: is uniform/],
  ])('refuses %j, which no core will do', async (fields, message) => {
    const other = plan(parseConfig({ name: 'small', layers: [13, 9, 4], bits: 8, steps: 2, cell: 'snu', ...fields }));
    await expect(boundReport(other, data, { samples: 2 })).rejects.toThrow(message);
  });

  it('refuses more samples than there are', async () => {
    await expect(boundReport(design, data, { samples: 41 })).rejects.toThrow(RangeError);
    await expect(boundReport(design, data, { samples: 0 })).rejects.toThrow(RangeError);
  });
});
