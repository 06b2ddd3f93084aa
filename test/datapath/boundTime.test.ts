import { describe, expect, it } from 'vitest';
import { boundInTime, fullCounts, recurrentWaits, type SampleCounts } from '../../src/datapath/boundTime.js';
import { plan } from '../../src/datapath/plan.js';
import { tinyConfig } from './sample.js';

/** 7-9-5-3 on two lanes: groups of 4 rows, so 3, 2 and 1 of them. */
const deep = (overrides: Parameters<typeof tinyConfig>[0] = {}) =>
  plan(
    tinyConfig({
      layers: [7, 9, 5, 3],
      frac: { weight: [3, 3, 3], activation: [4, 0, 4], error: [5, 5, 5], recurrent: [null, 3] },
      steps: 4,
      encoding: 'rows',
      cell: ['snu', 'tanh'],
      recurrent: [false, true],
      decayShift: 3,
      ...overrides,
    }),
  );

const counts: SampleCounts = {
  input: { nonZero: 10, earlier: 8, used: 6 },
  hidden: [
    {
      nonZero: 12,
      earlier: 9,
      used: 7,
      open: 11,
      openEarlier: 8,
      usedOrOpen: 8,
      groups: { update: 2, back: 2, own: 2 },
    },
    {
      nonZero: 15,
      earlier: 13,
      used: 4,
      open: 14,
      openEarlier: 12,
      usedOrOpen: 5,
      groups: { update: 1, back: 1, own: 2 },
    },
  ],
  error: true,
};

const told = (sample: SampleCounts, design = deep()): string[] =>
  boundInTime(design, sample).map(
    ({ operation, matrix: { kind, layer }, entries, cycles }) =>
      `${operation} ${kind === 'forward' ? 'W' : 'H'}${layer}: ${entries} entries, ${cycles} cycles`,
  );

describe('the bound in time', () => {
  it('of 7-9-5-3 on two lanes, pass by pass', () => {
    expect(told(counts)).toEqual([
      'forward W1: 10 entries, 30 cycles', // 3 groups
      'forward W2: 12 entries, 24 cycles', // 2 groups
      'forward H2: 13 entries, 26 cycles',
      'forward W3: 4 entries, 4 cycles', // the sum over the steps, once
      'backUpdate W3: 5 entries, 10 cycles', // 3 rows, one a lane and cycle
      'back H2: 12 entries, 24 cycles', // 2 groups with unmodulated errors
      'back W2: 11 entries, 11 cycles', // 1 group with errors
      'update W1: 10 entries, 20 cycles', // 2 groups
      'update W2: 12 entries, 12 cycles',
      'update H2: 13 entries, 13 cycles',
    ]);
  });

  it('is over after the forward passes where the output has no error', () => {
    const none = counts.hidden.map((c) => ({ ...c, groups: { update: 0, back: 0, own: 0 } }));
    const passes = boundInTime(deep(), { ...counts, hidden: none, error: false });
    expect(passes.filter(({ operation }) => operation !== 'forward').every(({ cycles }) => cycles === 0)).toBe(true);
    expect(passes.map(({ operation }) => operation)).not.toContain('backUpdate');
  });

  it('of a network without hidden layers is forward and update', () => {
    const single = deep({
      layers: [7, 3],
      frac: { weight: [3], activation: [4], error: [5] },
      cell: [],
      recurrent: [],
    });
    const { input, error } = counts;
    expect(told({ input, hidden: [], error }, single)).toEqual([
      'forward W1: 6 entries, 6 cycles',
      'update W1: 6 entries, 6 cycles',
    ]);
    expect(told({ input, hidden: [], error: false }, single)).toEqual(['forward W1: 6 entries, 6 cycles']);
  });

  it('takes a constant input once, at most', () => {
    expect(fullCounts(deep({ encoding: 'direct' })).input.nonZero).toBe(7);
    expect(fullCounts(deep()).input.nonZero).toBe(28);
  });

  it('leaves recurrent layers to wait for their steps', () => {
    expect(recurrentWaits(deep({ cell: ['snu', 'snu'], recurrent: [false, false] }))).toBe(0);
    const three = recurrentWaits(deep());
    expect(three).toBeGreaterThan(0);
    expect(recurrentWaits(deep({ steps: 7 }))).toBe(2 * three);
    expect(recurrentWaits(deep({ steps: 1 }))).toBe(0);
  });
});
