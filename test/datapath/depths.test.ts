import { describe, expect, it } from 'vitest';
import { depthsOf } from '../../src/datapath/depths.js';
import { plan } from '../../src/datapath/plan.js';
import { tinyConfig } from './sample.js';

describe('depths', () => {
  it.each([
    [1, 0],
    [2, 1],
    [4, 1],
    [5, 2],
    [32, 3],
    [64, 3],
    [65, 4],
  ])('a tree over %i lanes has %i stages, and an error is as much later', (lanes, stages) => {
    expect(depthsOf(plan(tinyConfig({ lanes })))).toMatchObject({ tree: stages, errors: 4 + stages, scan: 2 + stages });
  });
});
