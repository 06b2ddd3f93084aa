/** The model against the oracle: every named value of the numeric contract, on random configurations. */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { type Plan, plan } from '../../src/datapath/plan.js';
import { CONTRACT } from '../../src/datapath/version.js';
import { epochOrder, Network } from '../../src/model/index.js';
import {
  type RawConfig,
  RUN_SEED,
  rawConfig,
  type Sample,
  type Start,
  samples,
  start,
  startingWeights,
  unitOf,
} from '../arbitrary/config.js';
import { createOracle, type Oracle, type OracleStep, quantise } from './oracle.js';
import { ratesOf, resolve } from './resolve.js';
import { mix, shuffledEpochs } from './scalars.js';

interface Run {
  readonly raw: RawConfig;
  readonly start: Start;
  readonly samples: readonly Sample[];
}

const runs = (configs: fc.Arbitrary<RawConfig>, most: number): fc.Arbitrary<Run> =>
  configs.chain((raw) => fc.record({ raw: fc.constant(raw), start, samples: samples(raw.layers, 1, most) }));

let compared = 0;

/** Asserts that the model's values are the oracle's. */
const same = (what: string, model: ArrayLike<number> | undefined, oracle: readonly bigint[]): void => {
  compared += oracle.length;
  const ours = Array.from(model ?? []);
  if (ours.length !== oracle.length || oracle.some((v, i) => BigInt(ours[i]) !== v))
    expect(ours, what).toEqual(oracle.map(Number));
};

/** Rows of columns from row-major weights. */
const rows = (flat: readonly number[], columns: number): bigint[][] =>
  Array.from({ length: flat.length / columns }, (_, i) => flat.slice(i * columns, (i + 1) * columns).map(BigInt));

const sameState = (when: string, network: Network, oracle: Oracle, L: number): void => {
  for (let l = 1; l <= L; l++) same(`W_${l} ${when}`, network.weights(l), oracle.weights[l].flat());
  same(`streams ${when}`, network.rngState(), oracle.streams.slice(1));
};

const sameStep = (network: Network, expected: OracleStep, sample: { input: Int16Array; label: number; k: number }) => {
  const L = expected.x.length;
  const inferred = network.infer(sample.input);
  same('logits inferred', inferred.logits, expected.logits);
  same('prediction inferred', [inferred.prediction], [BigInt(expected.prediction)]);

  const { prediction, trace } = network.step(sample.input, sample.label, { k: sample.k, trace: 'writes' });
  same('prediction', [prediction], [BigInt(expected.prediction)]);
  same('logit', trace?.values?.logit, expected.logits);
  same('probability', trace?.values?.probability, expected.probabilities);
  for (let l = 1; l <= L; l++) {
    same(`error ${l}`, trace?.values?.error[l - 1], expected.errors[l]);
    same(`write ${l}`, trace?.writes?.[l - 1], expected.writes[l]);
    if (l === L) continue;
    same(`activation ${l}`, trace?.values?.activation[l - 1], expected.x[l]);
    same(`strength ${l}`, trace?.values?.strength[l - 1], expected.strengths[l]);
    same(`factor ${l}`, trace?.values?.factor[l - 1], expected.factors[l]);
  }
  same('digest', trace && [trace.digest], [expected.digest]);
  same('streams', network.rngState(), expected.streams.slice(1));
};

const fitsSigned = (v: bigint, bits: number): boolean => BigInt.asIntN(bits, v) === v;
const fitsUnsigned = (v: bigint, bits: number): boolean => BigInt.asUintN(bits, v) === v;

/** What occurs in a step fits the accumulators of the plan. */
const fits = (made: Plan, step: OracleStep): void => {
  const wrong = made.layers.filter(
    ({ index: l, values }) =>
      !step.z[l].every((v) => fitsSigned(v, values.sumBits)) ||
      (values.kind === 'hidden' &&
        !(
          step.strengths[l].every((v) => fitsUnsigned(v, values.strengthBits)) &&
          step.back[l].every(
            (v, j) =>
              fitsSigned(v, values.back.bits) &&
              fitsSigned(v * step.factors[l][j], values.back.bits + made.factor.bits),
          )
        )),
  );
  expect(wrong.map((layer) => layer.index)).toEqual([]);
  expect(
    fitsUnsigned(
      step.exponentials.reduce((a, b) => a + b),
      made.expSumBits,
    ),
  ).toBe(true);
};

const agree = (run: Run): void => {
  const config = resolve(run.raw);
  const L = config.layers.length - 1;
  const made = plan(parseConfig(run.raw));
  const flat = run.start === 'drawn' ? undefined : startingWeights(run.start, config.layers, config.bits.weight);
  const network = flat ? new Network(made, { weights: flat }) : new Network(made);
  const oracle = createOracle(
    config,
    flat?.map((w, at) => rows(w, config.layers[at])),
    CONTRACT,
  );
  sameState('at first', network, oracle, L);
  for (let l = 1; l < L; l++)
    same(`B into ${l}`, network.feedback(l), oracle.feedback[config.feedback === 'dfa' ? l : l + 1].flat());

  const rates = ratesOf(config);
  const saturated = { activation: made.layers.map(() => 0), error: made.layers.map(() => 0) };
  run.samples.forEach(({ features, label }, at) => {
    const input = network.quantise(features);
    const x0 = quantise(config, [...features], unitOf(features));
    same('input', input, x0);
    const k = rates[at % rates.length];
    const expected = oracle.step(x0, label, k);
    sameStep(network, expected, { input, label, k });
    fits(made, expected);
    for (let l = 1; l <= L; l++) {
      // counted once for the inference and once for the step
      saturated.activation[l - 1] += 2 * expected.saturatedActivations[l];
      saturated.error[l - 1] += expected.saturatedErrors[l];
    }
  });
  sameState('at last', network, oracle, L);
  const counts = network.saturations();
  expect(counts.activation.map((c) => c.saturated)).toEqual(saturated.activation);
  expect(counts.error.map((c) => c.saturated)).toEqual(saturated.error);
};

describe('the model agrees with the oracle', () => {
  it('on 500 random configurations', () => {
    fc.assert(fc.property(runs(rawConfig(), 6), agree), { numRuns: 500, seed: RUN_SEED });
  }, 60_000);

  it('on 60 of middling size', () => {
    fc.assert(fc.property(runs(rawConfig({ size: 'middling' }), 3), agree), { numRuns: 60, seed: RUN_SEED });
  }, 60_000);

  it('on 150 that hardware offers', () => {
    fc.assert(fc.property(runs(rawConfig({ hardware: true }), 4), agree), { numRuns: 150, seed: RUN_SEED });
  }, 60_000);

  it('over a longer run of a small network, in every mode and feedback', () => {
    for (const mode of ['propagating', 'local', 'off', 'uniform'])
      for (const feedback of ['bp', 'fa', 'dfa'])
        for (const rounding of ['stochastic', 'nearest']) {
          const raw = { name: 'long', layers: [9, 8, 7, 4], grapes: { mode, clip: 'full' }, feedback, rounding };
          const [many] = fc.sample(samples(raw.layers, 60, 60), { numRuns: 1, seed: RUN_SEED });
          agree({ raw: { ...raw, learningRateShift: 3 }, start: 'drawn', samples: many });
        }
  }, 60_000);

  it('where sums come closest to the ends of 32 bits, and just beyond', () => {
    const fractions = { weight: 12, activation: 12, error: 12 };
    for (const fanIn of [1, 2, 3, 4, 5, 9])
      for (const start of ['lowest', 'highest', 'extremes'] as const)
        for (const bits of [16, 15])
          for (const k of [0, 12]) {
            const raw: RawConfig = {
              name: 'wide',
              layers: [fanIn, fanIn, fanIn, fanIn],
              bits,
              frac: {
                weight: [fractions.weight, fractions.weight, fractions.weight],
                activation: [16, fractions.activation, fractions.activation],
                error: [fractions.error, 16, bits],
              },
              learningRateShift: k,
            };
            for (const features of [new Uint8Array(fanIn).fill(255), new Float64Array(fanIn).fill(-1)])
              agree({ raw, start, samples: [0, fanIn - 1, 0].map((label) => ({ features, label })) });
          }
  });

  it('where a stream would start at state 0', () => {
    for (const purpose of [1, 3, 5])
      for (const l of [1, 2, 3])
        for (const feedback of ['fa', 'dfa']) {
          const raw: RawConfig = {
            name: 'zero',
            layers: [5, 4, 4, 3],
            seed: Number(mix(BigInt(256 * purpose + l))),
            feedback,
            learningRateShift: 3,
          };
          agree({ raw, start: 'drawn', samples: [{ features: Uint8Array.of(255, 0, 100, 3, 200), label: 1 }] });
        }
  });

  it('on the order of shuffled epochs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (count, seed) => {
        const order = epochOrder(count, seed);
        const expected = shuffledEpochs(seed, count);
        for (let epoch = 0; epoch < 3; epoch++) same(`epoch ${epoch}`, order(), expected.next().value.map(BigInt));
      }),
      { numRuns: 100, seed: RUN_SEED },
    );
  });

  afterAll(() => console.log(`oracle and model: ${compared} values compared`));
});
