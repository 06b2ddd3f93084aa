import { describe, expect, it } from 'vitest';
import { parseConfig, presets } from '../../src/config/index.js';
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
    [8, 1, 4],
    [16, 2, 4],
    [32, 4, 4],
    [64, 8, 4],
    [128, 8, 4],
  ])(
    'of the %i lanes of mnist the scan takes one of %i a cycle, and their largest comes %i cycles later',
    (lanes, scanLanes, scan) => {
      expect(depthsOf(plan(parseConfig({ ...presets.mnist, lanes })))).toMatchObject({ scanLanes, scan });
    },
  );

  it('a small network shows all its lanes at once: it would wait for a scan', () => {
    expect(depthsOf(plan(tinyConfig({ lanes: 32 })))).toMatchObject({ scanLanes: 1, scan: 5 });
  });

  it.each([
    [8, 5],
    [16, 9],
  ])('quotients of %i-bit errors take %i stages of two bits', (bits, divide) => {
    expect(depthsOf(plan(parseConfig({ ...presets.tiny, bits })))).toMatchObject({ divide });
  });
});
