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
    expect(depthsOf(plan(tinyConfig({ lanes })))).toMatchObject({ tree: stages, errors: 5 + stages });
  });

  it.each([
    [1, 1, 2],
    [7, 7, 2],
    [8, 8, 2],
    [9, 8, 3],
    [32, 8, 3],
    [33, 8, 4],
    [128, 8, 4],
  ])(
    'of %i lanes the scan takes one of %i a cycle, and their largest comes %i cycles later',
    (lanes, scanLanes, scan) => {
      expect(depthsOf(plan(tinyConfig({ lanes })))).toMatchObject({ scanLanes, scan });
    },
  );
});
