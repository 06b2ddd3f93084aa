import { describe, expect, it } from 'vitest';
import { parseConfig, presets } from '../../src/config/index.js';
import { loadDataset, type Split } from '../../src/data/index.js';
import { plan } from '../../src/datapath/plan.js';
import { calibrate, startRun } from '../../src/training/index.js';
import { finish } from './learner.js';

const digits = (split: Split, count: number) =>
  loadDataset('mnist', split, { inputs: 784, classes: 10, seed: 1, count });
const NAMES = ['mnist', 'mnist-small', 'deep'] as const;

describe('the presets on real digits', () => {
  it.each(NAMES)(
    '%s has the formats that calibrate finds',
    async (name) => {
      const config = parseConfig(presets[name]);
      const { config: found } = await calibrate(config, digits('train', 2000), digits('test', 10), parseConfig);
      expect(config.frac).toEqual(found.frac);
    },
    60_000,
  );

  it.each(NAMES)(
    '%s learns from 3,000 of them, and little saturates',
    (name) => {
      const design = plan(parseConfig(presets[name]));
      const run = startRun(design, digits('train', 3000), digits('test', 1000), { epochs: 1 });
      finish(run);
      const [{ testAccuracy, layers }] = run.state().metrics;
      expect(testAccuracy).toBeGreaterThan(0.8);
      for (const { saturated } of layers) {
        for (const share of Object.values(saturated)) expect(share).toBeLessThan(0.01);
      }
    },
    60_000,
  );
});
