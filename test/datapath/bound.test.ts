import { describe, expect, it } from 'vitest';
import { bound, columnCycles, denseBound } from '../../src/datapath/bound.js';
import { plan } from '../../src/datapath/plan.js';
import { mnistConfig, tinyConfig } from './sample.js';

describe('bound', () => {
  it.each([
    [32, 2342],
    [64, 1232],
    [128, 677],
  ])('is what real digits need on %i lanes', (lanes, cycles) => {
    expect(bound(plan(mnistConfig(lanes)), [150, 85, 61])).toBe(cycles);
  });

  it.each([
    // layer 1, 5 rows: 2 groups, twice; layer 2, 3 rows: 1 group forward, 2 rows a lane back
    { lanes: 2, first: 4, last: 3 },
    // more lanes than rows: one group each, the spread group updates a column in one cycle
    { lanes: 8, first: 2, last: 2 },
    // one lane: 3 groups twice; 2 groups forward, 3 rows back
    { lanes: 1, first: 6, last: 5 },
  ])('costs $first and $last cycles a column on $lanes lanes', ({ lanes, first, last }) => {
    const p = plan(tinyConfig({ lanes }));
    expect(p.layers.map((layer) => columnCycles(layer, lanes))).toEqual([first, last]);
    expect(bound(p, [3, 2])).toBe(3 * first + 2 * last);
    expect(denseBound(p)).toBe(7 * first + 5 * last);
  });

  it('is 0 where every input is zero', () => {
    expect(bound(plan(tinyConfig()), [0, 0])).toBe(0);
  });

  it('counts a single layer as the first', () => {
    const single = tinyConfig({ layers: [4, 3], frac: { weight: [3], activation: [4], error: [5] } });
    expect(bound(plan(single), [4])).toBe(8);
  });

  it.each([[[1]], [[1, 2, 3]], [[8, 0]], [[-1, 0]], [[1.5, 0]]])('refuses the lengths %j', (lengths) => {
    expect(() => bound(plan(tinyConfig()), lengths)).toThrow(RangeError);
  });
});
