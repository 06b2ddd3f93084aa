import { describe, expect, it } from 'vitest';
import { bound, columnCycles, denseBound, errorHalves } from '../../src/datapath/bound.js';
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
    expect(p.layers.map((layer) => columnCycles(layer))).toEqual([first, last]);
    expect(bound(p, [3, 2])).toBe(3 * first + 2 * last);
    expect(denseBound(p)).toBe(7 * first + 5 * last);
  });

  it.each([
    // 5 rows on 2 lanes: rows 1 and 4, in two groups; 3 rows in one group: only the second half
    { lanes: 2, errors: [[2, 1], [2]], cycles: 3 * (2 + 2) + 2 * (1 + 1) },
    // no error in layer 1: it is passed over
    { lanes: 2, errors: [[0, 0], [3]], cycles: 3 * 2 + 2 * (1 + 2) },
    { lanes: 8, errors: [[0], [0]], cycles: 3 + 2 },
  ])('passes over groups and halves without errors: $errors', ({ lanes, errors, cycles }) => {
    expect(bound(plan(tinyConfig({ lanes })), [3, 2], errors)).toBe(cycles);
  });

  it.each([
    // two rows a lane, the first below the second; the last group has one a lane
    { lanes: 2, rows: [0, 0, 0, 7, -1], halves: [2, 1] },
    { lanes: 2, rows: [0, 0, 5, 0, 0], halves: [1, 0] },
    { lanes: 8, rows: [0, 1, 0, 0, 0], halves: [1] },
    { lanes: 1, rows: [0, 1, 0, 0, 1], halves: [2, 0, 1] },
  ])('knows the halves of errors $rows on $lanes lanes', ({ lanes, rows, halves }) => {
    expect(errorHalves(plan(tinyConfig({ lanes })).layers[0], lanes, rows)).toEqual(halves);
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
