/** Training runs of networks in time: the same runs, checkpoints and metrics as of dense ones. */
import { describe, expect, it } from 'vitest';
import type { RawConfig } from '../../src/config/index.js';
import { evaluate, startRun } from '../../src/training/index.js';
import { finish, learner, samples } from './learner.js';

const { train, test } = samples;

const nets: readonly (readonly [string, Partial<RawConfig>])[] = [
  ['snu, direct', { steps: 4, cell: 'snu', learningRateShift: 8 }],
  ['snu, rate', { steps: 6, encoding: 'rate', cell: 'snu', learningRateShift: 8 }],
  [
    'recurrent tanh, rows',
    {
      layers: [6, 16, 4],
      steps: 5,
      encoding: 'rows',
      cell: 'tanh',
      recurrent: true,
      bits: 12,
      learningRateShift: 9,
      grapes: { mode: 'off' },
    },
  ],
];

describe.each(nets)('%s', (_, fields) => {
  const design = learner(fields);

  it('learns the synthetic set', () => {
    const run = startRun(design, train, test, { epochs: 3 });
    finish(run);
    expect(run.state().metrics[2].testAccuracy).toBeGreaterThan(0.9);
  });

  it('goes on from any point as if never left, and no evaluation moves it', () => {
    const options = { epochs: 2 };
    const whole = startRun(design, train, test, options);
    finish(whole);
    for (const stop of [1, 3, 5]) {
      const first = startRun(design, train, test, options);
      for (let n = 0; n < stop; n++) first.next();
      const state = structuredClone(first.state());
      evaluate(first.network, test);
      expect(first.network.rngState()).toEqual(state.rngState);
      const second = startRun(design, train, test, options, state);
      finish(second);
      expect(second.state()).toEqual(whole.state());
    }
  });
});
