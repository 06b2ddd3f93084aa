/** The plain C trainers of `npm run bench` against the oracles: the yardstick computes the same integers. */
import { describe, expect, it } from 'vitest';
import { compileTimeTrainer, compileTrainer, missingCompiler, type TrainerData } from '../../scripts/bench/trainer.js';
import { parseConfig } from '../../src/config/index.js';
import { CONTRACT } from '../../src/datapath/version.js';
import { createOracle, quantise } from './oracle.js';
import { type RawConfig, resolve } from './resolve.js';
import { type Matrix, mix, WORD } from './scalars.js';
import { port } from './time/encode.js';
import { createTimeOracle } from './time/network.js';
import { type RawTimeConfig, resolveTime } from './time/resolve.js';

const missing = missingCompiler();
const K = 5;
const SAMPLES = 40;
const INPUTS = 24;

/** Sparse and dense images, bright and black ones. */
const images = Array.from({ length: SAMPLES }, (_, n) =>
  Array.from({ length: INPUTS }, (_, j) => {
    const y = Number(mix(BigInt(n * INPUTS + j)));
    return y % 7 < n % 7 ? 0 : n % 11 === 5 ? 255 : (y >>> 8) % 256;
  }),
);
const labels = images.map((image, n) => (image[0] + n) % 4);
const data = (name: string): TrainerData => ({
  name: `test-${name}`,
  features: Uint8Array.from(images.flat()),
  labels: Uint16Array.from(labels),
});

/** The contract's digest over all weights. */
const checksum = (matrices: readonly Matrix[], bits: number): number => {
  const all = matrices.flatMap((matrix) => matrix.flat());
  return Number(all.reduce((sum, w, a) => (sum + mix(BigInt(a) ^ mix(BigInt.asUintN(bits, w)))) % WORD, 0n));
};

const rightOf = (predictions: readonly number[]): number => predictions.filter((p, n) => p === labels[n]).length;

describe.skipIf(missing !== null)(`plain C trainers${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  const dense: RawConfig = { name: 'dense', layers: [INPUTS, 9, 7, 4], learningRateShift: K };

  it.each([{ bits: 8 }, { bits: 8, skip: true }, { bits: 16 }])('a dense network: %j', ({ bits, skip = false }) => {
    const raw = { ...dense, bits };
    const config = resolve(raw);
    const oracle = createOracle(config, undefined, CONTRACT);
    const predictions = images.map((image, n) => oracle.step(quantise(config, image, 255n), labels[n], K).prediction);
    const run = compileTrainer(parseConfig(raw), data('dense'), { k: K, skip })(SAMPLES);
    expect(run).toMatchObject({ right: rightOf(predictions), checksum: checksum(oracle.weights.slice(1), bits) });
  });

  const direct: RawTimeConfig = { name: 'time', layers: [INPUTS, 9, 7, 4], encoding: 'direct', steps: 4 };
  const rows: RawTimeConfig = { name: 'time', layers: [INPUTS / 6, 9, 7, 4], encoding: 'rows', steps: 6 };
  const networks: RawTimeConfig[] = [
    { ...direct, cell: 'snu' },
    { ...direct, cell: 'snu', grapes: { mode: 'off' } },
    { ...direct, cell: 'snu', recurrent: true, decayShift: 2 },
    { ...direct, cell: 'tanh', bits: { weight: 12 } },
    { ...rows, cell: 'tanh', recurrent: true, bits: { weight: 12 } },
    { ...rows, cell: 'tanh', recurrent: true, bits: { weight: 12 }, grapes: { mode: 'off' } },
    { ...rows, cell: 'snu', recurrent: true },
    { ...rows, cell: 'snu', layers: [INPUTS / 6, 9, 4] },
  ];

  it.each(networks.map((raw) => [raw]))('a network in time: %j', (fields) => {
    const raw = { ...fields, learningRateShift: K + 1 };
    const config = resolveTime(raw);
    const oracle = createTimeOracle(config);
    let errors = 0;
    const predictions = images.map((image, n) => {
      const step = oracle.step(port(config, image, 255n), labels[n], K + 1);
      errors += step.errors[1].flat().filter((d) => d !== 0n).length;
      return step.prediction;
    });
    expect(errors).toBeGreaterThan(SAMPLES);
    const all = oracle.weights.slice(1).flatMap((w, at) => [w, oracle.recurrent[at + 1]]);
    const run = compileTimeTrainer(parseConfig(raw), data('time'), K + 1)(SAMPLES);
    expect(run).toMatchObject({ right: rightOf(predictions), checksum: checksum(all, config.bits.weight) });
  });
});
