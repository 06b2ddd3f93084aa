/** The model of networks in time against the oracle: random networks, samples, weights; every named value. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/index.js';
import { type Plan, plan } from '../../../src/datapath/plan.js';
import { Network } from '../../../src/model/index.js';
import { RUN_SEED, type Start, start } from '../../arbitrary/config.js';
import {
  type RawTimeConfig,
  rawTimeConfig,
  startingTimeWeights,
  type TimeOptions,
  type TimeSample,
  timeSamples,
} from '../../arbitrary/time.js';
import { ratesOf } from '../resolve.js';
import { createTimeOracle, type TimeForward, type TimeOracle, type TimeStart, type TimeStep } from './network.js';
import { resolveTime, type TimeConfig } from './resolve.js';

interface Run {
  readonly raw: RawTimeConfig;
  readonly data: readonly TimeSample[];
  readonly from: Start;
}

const runs = (options: TimeOptions, most: number): fc.Arbitrary<Run> =>
  rawTimeConfig(options).chain((raw) =>
    fc.record({ raw: fc.constant(raw), data: timeSamples(resolveTime(raw), 1, most), from: start }),
  );

const numbers = (values: ArrayLike<number> | undefined): number[] => Array.from(values ?? []);
const flat = (rows: readonly (readonly bigint[])[]): number[] => rows.flat().map(Number);

/** W_1, H_1, W_2, .. of the oracle, row by row. */
const matricesOf = ({ weights, recurrent }: Pick<TimeOracle, 'weights' | 'recurrent'>): number[][] =>
  weights.flatMap((w, l) => [w, recurrent[l] ?? []].filter((m) => m.length > 0).map(flat));

const startOf = (from: Start, config: TimeConfig): { oracle: TimeStart; model: number[][] } | undefined => {
  if (from === 'drawn') return undefined;
  const given = startingTimeWeights(from, config);
  const model = given.weights.flatMap((w, at) => [w, given.recurrent[at]].filter((m) => m.length > 0).map(flat));
  return { oracle: given, model };
};

const compare = (network: Network, taken: readonly number[], label: number, k: number, expected: TimeStep): void => {
  const { prediction, trace } = network.step(taken, label, { k, trace: 'writes' });
  const values = trace?.values;
  const L = network.plan.layers.length;
  const hidden = network.plan.hidden;
  expect(prediction).toBe(expected.prediction);
  for (const { index: l, values: plan } of hidden) {
    expect(numbers(values?.activation[l - 1]), `activation ${l}`).toEqual(flat(expected.x[l]));
    const membrane = plan.cell.kind === 'snu' ? flat(expected.membrane[l]) : [];
    expect(numbers(values?.membrane[l - 1]), `membrane ${l}`).toEqual(membrane);
    expect(numbers(values?.uerror[l - 1]), `uerror ${l}`).toEqual(flat(expected.through[l]));
    expect(numbers(values?.strength[l - 1]), `strength ${l}`).toEqual(expected.strengths[l].map(Number));
    expect(numbers(values?.factor[l - 1]), `factor ${l}`).toEqual(expected.factors[l].map(Number));
  }
  expect(numbers(values?.logit), 'logit').toEqual(expected.logits.map(Number));
  expect(numbers(values?.probability), 'probability').toEqual(expected.probabilities.map(Number));
  for (let l = 1; l <= L; l++) {
    expect(numbers(values?.error[l - 1]), `error ${l}`).toEqual(flat(expected.errors[l]));
    expect(numbers(trace?.writes?.[l - 1]), `write ${l}`).toEqual(expected.writes[l].map(Number));
  }
  expect(trace?.digest, 'digest').toBe(Number(expected.digest));
  expect(network.rngState(), 'streams').toEqual(expected.streams.map(Number));
};

const signedBits = (v: bigint): number => (v < 0n ? -v - 1n : v).toString(2).length + (v === 0n || v === -1n ? 0 : 1);

/** What occurs in a step fits the widths of the plan. */
const fits = (made: Plan, step: TimeStep): void => {
  const most = (values: readonly bigint[]): number => Math.max(1, ...values.map(signedBits));
  for (const { index: l, values } of made.hidden) {
    expect(most(step.z[l].flat()), `sumBits ${l}`).toBeLessThanOrEqual(values.sumBits);
    expect(most(step.back[l].flat()), `back.bits ${l}`).toBeLessThanOrEqual(values.back.bits);
    expect(most(step.strengths[l]) - 1, `strengthBits ${l}`).toBeLessThanOrEqual(values.strengthBits);
  }
  expect(most(step.Z), 'sumBits of the logits').toBeLessThanOrEqual(made.output.values.sumBits);
};

/** What the statistics of a run should count, layer l at [l-1]: errors and values that saturated; active and open by step. */
const counter = (layers: number, steps: number) => {
  const saturated = { activation: Array<number>(layers).fill(0), error: Array<number>(layers).fill(0) };
  const counts = Array.from({ length: layers - 1 }, () =>
    Array.from({ length: steps }, () => ({ active: 0, open: 0, total: 0 })),
  );
  const forward = ({ x, open, saturatedActivations }: TimeForward): void => {
    for (let l = 1; l <= layers; l++) saturated.activation[l - 1] += saturatedActivations[l];
    for (const [at, of] of counts.entries())
      for (const [t, count] of of.entries()) {
        count.active += x[at + 1][t].filter((v) => v !== 0n).length;
        count.open += open[at + 1][t].filter((is) => is).length;
        count.total += x[at + 1][t].length;
      }
  };
  const backward = ({ saturatedErrors }: TimeStep): void => {
    for (let l = 1; l <= layers; l++) saturated.error[l - 1] += saturatedErrors[l];
  };
  return { saturated, counts, forward, backward };
};

/** How many networks ran on each engine. */
const engines = { wasm: 0, typescript: 0 };

const agree = ({ raw, data, from }: Run): void => {
  const config = resolveTime(raw);
  const made = plan(parseConfig(raw));
  const weights = startOf(from, config);
  const oracle = createTimeOracle(config, weights?.oracle);
  const network = new Network(made, weights && { weights: weights.model });
  const scalar = new Network(made, weights && { weights: weights.model }, { engine: 'typescript' });
  const untraced = new Network(made, weights && { weights: weights.model });
  const rates = ratesOf(config);
  const counted = counter(made.layers.length, config.steps);
  data.forEach(({ taken, label }, n) => {
    const k = rates[n % rates.length];
    if (n % 3 === 2) {
      const inferred = oracle.infer(taken.map(BigInt));
      const { logits, prediction } = inferred;
      counted.forward(inferred);
      for (const one of [network, scalar, untraced]) {
        expect(one.infer(taken)).toEqual({ prediction, logits: Int16Array.from(logits.map(Number)) });
      }
    }
    const expected = oracle.step(taken.map(BigInt), label, k);
    counted.forward(expected);
    counted.backward(expected);
    fits(made, expected);
    compare(network, taken, label, k, expected);
    compare(scalar, taken, label, k, expected);
    untraced.step(taken, label, { k });
    expect(network.saturations()).toEqual(scalar.saturations());
  });
  engines[network.engine]++;
  for (const one of [network, scalar, untraced]) {
    expect(one.matrices().map(numbers)).toEqual(matricesOf(oracle));
    expect(one.rngState()).toEqual(oracle.streams().map(Number));
    const { activation, error } = one.saturations();
    expect(activation.map(({ saturated }) => saturated)).toEqual(counted.saturated.activation);
    expect(error.map(({ saturated }) => saturated)).toEqual(counted.saturated.error);
    expect(one.statistics().flatMap(({ steps }) => (steps.length > 0 ? [steps] : []))).toEqual(counted.counts);
  }
};

describe('the model agrees with the oracle', () => {
  it('on random networks in time', () => {
    fc.assert(fc.property(runs({}, 4), agree), { numRuns: 340, seed: RUN_SEED });
    fc.assert(fc.property(runs({ size: 'small' }, 4), agree), { numRuns: 130, seed: RUN_SEED });
  });

  it('on random networks of middling size', () => {
    fc.assert(fc.property(runs({ size: 'middling', depth: 3 }, 2), agree), { numRuns: 30, seed: RUN_SEED });
  });

  it('on compiled kernels where the widths allow it, and in TypeScript', () => {
    expect(engines.wasm).toBeGreaterThan(200);
    expect(engines.typescript).toBeGreaterThan(50);
  });
});
