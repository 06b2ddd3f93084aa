/** Training runs of networks in time: the same runs, checkpoints and metrics as of dense ones. */
import { describe, expect, it } from 'vitest';
import type { RawConfig } from '../../src/config/index.js';
import { Network, sampleFeatures } from '../../src/model/index.js';
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

  it('tells of every layer and step what a trace of every sample shows', () => {
    const short = { ...train, count: 16 }; // every step is probed
    const run = startRun(design, short, test, { epochs: 1, shuffle: false });
    finish(run);
    const network = new Network(design);
    const traces = Array.from({ length: short.count }, (_, n) => {
      const { trace } = network.stepSample(sampleFeatures(train, n), train.labels[n], { trace: 'values' });
      if (trace?.values === undefined) throw new Error('no values');
      return trace.values;
    });
    for (const { index, outputs: size, values } of design.hidden) {
      const of = (name: 'activation' | 'membrane' | 'open' | 'error', t: number): number[] =>
        traces.flatMap((trace) => Array.from(trace[name][index - 1].slice(t * size, (t + 1) * size)));
      const share = (flags: readonly boolean[]): number => flags.filter(Boolean).length / flags.length;
      const ends = (bits: number) => (v: number) => v === 2 ** (bits - 1) - 1 || v === -(2 ** (bits - 1));
      const { cell, error, steps } = values;
      const expected = Array.from({ length: steps }, (_, t) => ({
        active: share(of('activation', t).map((x) => x !== 0)),
        open: share(of('open', t).map((o) => o === 1)),
        saturated: {
          activation: share(
            cell.kind === 'snu' ? of('membrane', t).map(ends(cell.membrane.bits)) : of('open', t).map((o) => o === 0), // tanh is open where it does not saturate
          ),
          error: share(
            of('error', t)
              .filter((_, at) => of('open', t)[at] === 1)
              .map(ends(error.bits)),
          ),
        },
      }));
      expect(run.state().metrics[0].layers[index - 1].steps).toEqual(expected);
    }
    expect(run.state().metrics[0].layers[design.hidden.length]).not.toHaveProperty('steps');
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
