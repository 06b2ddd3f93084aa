/** The two engines against each other: the compiled kernels and TypeScript give the same integers. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { plan } from '../../src/datapath/plan.js';
import { type EngineName, Network } from '../../src/model/index.js';
import {
  type RawConfig,
  RUN_SEED,
  rawConfig,
  type Sample,
  type Start,
  samples,
  start,
  startingWeights,
} from '../arbitrary/config.js';

interface Case {
  readonly raw: RawConfig;
  readonly start: Start;
  readonly samples: readonly Sample[];
}

const cases = (configs: fc.Arbitrary<RawConfig>, most: number): fc.Arbitrary<Case> =>
  configs.chain((raw) => fc.record({ raw: fc.constant(raw), start, samples: samples(raw.layers, 1, most) }));

/** Everything that a run shows, step by step. */
const run = (engine: EngineName, { raw, start, samples }: Case) => {
  const design = plan(parseConfig(raw));
  const { layers, bits, learningRateShift } = design.config;
  const rates = typeof learningRateShift === 'number' ? [learningRateShift] : learningRateShift.map((r) => r.shift);
  const weights = start === 'drawn' ? undefined : startingWeights(start, [...layers], bits.weight);
  const network = new Network(design, weights === undefined ? {} : { weights }, { engine });
  expect(network.engine).toBe(engine);
  const state = () =>
    design.layers.map(({ index }) => ({ weights: network.weights(index), strengths: network.strengths(index) }));
  const steps = samples.map(({ features, label }, n) => {
    const traced = n % 2 === 0;
    const k = rates[n % rates.length];
    const inferred = network.infer(network.quantise(features));
    const step = traced
      ? network.step(network.quantise(features), label, { k, trace: 'writes' })
      : network.stepSample(features, label, { k });
    return { inferred, step, state: state(), random: network.rngState() };
  });
  return { steps, saturations: network.saturations() };
};

const agree = (it: Case): void => {
  const [vectors, scalars] = [run('wasm', it), run('typescript', it)];
  if (!isDeepStrictEqual(vectors, scalars)) expect(vectors).toEqual(scalars);
};

const MODES = ['propagating', 'local', 'off', 'uniform'] as const;
const FEEDBACKS = ['bp', 'fa', 'dfa'] as const;
const ROUNDINGS = ['stochastic', 'nearest'] as const;

describe('the engines agree', () => {
  it('on random networks', () => {
    fc.assert(fc.property(cases(rawConfig(), 5), agree), { numRuns: 300, seed: RUN_SEED });
    fc.assert(fc.property(cases(rawConfig({ size: 'middling' }), 4), agree), { numRuns: 80, seed: RUN_SEED });
  });

  describe.each([4, 8, 9, 16])('at %i bits', (bits) => {
    it.each(MODES.flatMap((mode) => FEEDBACKS.map((feedback) => ({ mode, feedback }))))('$mode, $feedback', (path) => {
      for (const rounding of ROUNDINGS)
        for (const sizes of [
          [33, 64, 31, 5],
          [70, 1, 65, 3],
        ]) {
          const raw: RawConfig = {
            name: 'net',
            layers: sizes,
            bits,
            grapes: { mode: path.mode, clip: 'full' },
            feedback: path.feedback,
            rounding,
            learningRateShift: 2,
          };
          const [many] = fc.sample(samples(sizes, 12, 12), { numRuns: 1, seed: RUN_SEED });
          for (const start of ['drawn', 'random', 'extremes'] as const) agree({ raw, start, samples: many });
        }
    });
  });

  it('at every shift of the update', () => {
    const layers = [40, 20, 4];
    const [many] = fc.sample(samples(layers, 3, 3), { numRuns: 1, seed: RUN_SEED });
    let legal = 0;
    for (const bits of [8, 16])
      for (const rounding of ROUNDINGS)
        for (let shift = 0; shift <= 32; shift++) {
          const at = (fa: number, fe: number): number[] => [fe + fa + 8 - shift, fe + fa + 8 - shift];
          const fe = bits - 1;
          const fa = Math.max(0, shift - fe - 8);
          const frac = { weight: at(fa, fe), activation: [fa, fa], error: [fe, fe] };
          const raw: RawConfig = { name: 'net', layers, bits, frac, rounding, learningRateShift: 8 };
          if (!isLegal(raw)) continue;
          legal++;
          for (const start of ['random', 'extremes'] as const) agree({ raw, start, samples: many });
        }
    expect(legal).toBe(4 * 33);
  });

  it('at the ends of 16 bits, where sums of two products reach 2^31', () => {
    for (const fanIn of [1, 2, 3, 16, 33])
      for (const start of ['lowest', 'highest', 'extremes'] as const)
        for (const bits of [16, 15]) {
          const raw: RawConfig = {
            name: 'wide',
            layers: [fanIn, fanIn, fanIn, fanIn],
            bits,
            frac: { weight: [12, 12, 12], activation: [16, 12, 12], error: [12, 16, bits] },
            learningRateShift: 0,
          };
          for (const features of [new Uint8Array(fanIn).fill(255), new Float64Array(fanIn).fill(-1)])
            agree({ raw, start, samples: [0, fanIn - 1, 0].map((label) => ({ features, label })) });
        }
  });

  it('on layers whose sums take more than one chunk of columns or rows', () => {
    const layers = [700, 330, 300, 3];
    const [white, least] = [new Uint8Array(layers[0]).fill(255), new Float64Array(layers[0]).fill(-1)];
    const many = [0, 1, 2, 0].map((label, n) => ({ features: n % 2 === 0 ? white : least, label }));
    for (const bits of [8, 16])
      for (const start of ['random', 'lowest', 'extremes'] as const)
        agree({ raw: { name: 'wide', layers, bits, learningRateShift: 4 }, start, samples: many });
  });
});

function isLegal(raw: RawConfig): boolean {
  try {
    parseConfig(raw);
    return true;
  } catch {
    return false;
  }
}
