/** The oracle of networks in time: cells by hand, one step against the dense oracle, the exact shortcuts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUN_SEED, rawConfig, samples, unitOf } from '../../arbitrary/config.js';
import {
  fixedFractions,
  type RawTimeConfig,
  rawTimeConfig,
  type TimeSample,
  timeSamples,
} from '../../arbitrary/time.js';
import { createOracle, quantise } from '../oracle.js';
import { ratesOf } from '../resolve.js';
import { advance, firstState, sum, type Vector } from '../scalars.js';
import { CELL, type CellFormats, carry, type Fired } from './cells.js';
import { encode } from './encode.js';
import { createTimeOracle } from './network.js';
import { alignedOf, defaultTimeFractions, resolveTime, stepBits, type TimeConfig, timeShiftsOf } from './resolve.js';

/** Membranes of 8 bits, threshold 1.0 = 32, half as far open to either side; sums have 7 fraction bits. */
const formats: CellFormats = { ba: 8n, be: 8n, fz: 7n, fa: 5n, fm: 5n, m: 3n };

const neuron = (x: bigint, s: bigint): Fired => ({ x, s, open: false, saturated: false });

describe('cells', () => {
  it.each([
    // z, before (spike, membrane), membrane, spike, open
    [64n, null, 16n, 0n, false],
    [67n, null, 17n, 0n, true],
    [128n, null, 32n, 1n, true],
    [126n, null, 32n, 1n, true],
    [125n, null, 31n, 0n, true],
    [188n, null, 47n, 1n, true],
    [190n, null, 48n, 1n, false],
    // 24 - rn(24, 3) = 21; a spike resets
    [0n, neuron(0n, 24n), 21n, 0n, true],
    [64n, neuron(0n, 24n), 37n, 1n, true],
    [64n, neuron(1n, 40n), 16n, 0n, false],
    // -20 - rn(-20, 3) = -20 + 2: ties go upward
    [0n, neuron(0n, -20n), -18n, 0n, false],
    [4000n, null, 127n, 1n, false],
    [-4000n, neuron(0n, -128n), -128n, 0n, false],
  ])('snu: a sum of %s after %o leaves the membrane at %s, spike %s, open %s', (z, before, s, x, open) => {
    expect(CELL.snu(z, before, formats)).toMatchObject({ s, x, open });
  });

  it.each([
    [4n, 1n, true],
    [-6n, -1n, true],
    [0n, 0n, true],
    [509n, 127n, true],
    [510n, 127n, false],
    [-512n, -128n, true],
    [-515n, -128n, false],
  ])('tanh: a sum of %s gives %s, open %s', (z, x, open) => {
    expect(CELL.tanh(z, null, formats)).toMatchObject({ x, open });
  });

  it.each([
    [4n, 1n, true],
    [1n, 0n, false],
    [-400n, 0n, false],
    [4000n, 127n, true],
  ])('relu: a sum of %s gives %s, open %s', (z, x, open) => {
    expect(CELL.relu(z, null, formats)).toMatchObject({ x, open });
  });

  it('carries the error of a later step through a membrane that was not reset', () => {
    expect(carry('snu', 0n, 24n, formats)).toBe(21n);
    expect(carry('snu', 1n, 24n, formats)).toBe(0n);
    expect(carry('snu', 0n, null, formats)).toBe(0n);
    expect(carry('tanh', 0n, 24n, formats)).toBe(0n);
  });
});

const config = (raw: Omit<RawTimeConfig, 'name'>): TimeConfig => resolveTime({ name: 'by_hand', ...raw });

describe('defaults', () => {
  it('of a recurrent tanh network, 28-128-10', () => {
    // 4 sqrt(3/128) = 0.61: no bit; hidden errors two bits wider
    const { frac, data } = config({
      layers: [28, 128, 10],
      steps: 28,
      encoding: 'rows',
      cell: 'tanh',
      recurrent: true,
    });
    expect(frac).toEqual({ weight: [6, 7], activation: [7, 7], error: [5, 7], recurrent: [7] });
    expect(data).toBe('mnist');
  });

  it('of spikes: a bit without fraction', () => {
    const snu = config({ layers: [784, 256, 256, 10], steps: 8, encoding: 'rate', cell: 'snu' });
    expect(snu.frac).toEqual({ weight: [8, 7, 7], activation: [0, 0, 0], error: [7, 7, 7], recurrent: [null, null] });
    expect(timeShiftsOf(snu)).toEqual({ forward: [3, 2, 2], backward: [14, 14], update: [6, 7, 7] });
  });

  it('of deep recurrent networks: both, for depth and recurrence', () => {
    const layers = [9, 9, 9, 9, 4];
    const bits = { weight: 8, activation: 8, error: 8 };
    const fractions = defaultTimeFractions(layers, {
      bits,
      grapes: { mode: 'propagating', clip: 'unit' },
      cell: ['relu', 'tanh', 'snu'],
      recurrent: [true, false, true],
      encoding: 'direct',
    });
    expect(fractions.error).toEqual([4, 6, 4, 7]);
    expect(fractions.activation).toEqual([7, 5, 7, 0]);
  });

  it('of steps: ceil(log2 T) more bits of sum at the output', () => {
    expect([1, 2, 3, 4, 5, 28, 32, 33, 64].map(stepBits)).toEqual([0, 1, 2, 2, 3, 5, 5, 6, 6]);
  });
});

describe('the rate encoder', () => {
  it('draws once per feature that may fire, step by step', () => {
    const rate = config({ layers: [3, 2], steps: 2, encoding: 'rate' });
    let y = firstState(1, 6, 0);
    const tops: bigint[] = [];
    for (let n = 0; n < 4; n++) {
      y = advance(y);
      tops.push(y >> 24n);
    }
    const fires = (top: bigint, p: bigint): bigint => (top < p ? 1n : 0n);
    expect(encode(rate, [200n, 0n, 90n], firstState(1, 6, 0))).toEqual({
      x: [
        [fires(tops[0], 200n), 0n, fires(tops[1], 90n)],
        [fires(tops[2], 200n), 0n, fires(tops[3], 90n)],
      ],
      state: y,
    });
  });

  it('runs on from sample to sample, inferred or trained', () => {
    const oracle = createTimeOracle(config({ layers: [3, 2, 2], steps: 3, encoding: 'rate', cell: 'snu' }));
    const before = oracle.streams().at(-1);
    oracle.infer([1n, 255n, 0n]);
    const { x, streams } = oracle.step([9n, 0n, 0n], 0, 7);
    let y = before ?? 0n;
    for (let n = 0; n < 9; n++) y = advance(y);
    expect(streams.at(-1)).toBe(y);
    expect(x[0]).toHaveLength(3);
  });
});

describe('one step of ReLU', () => {
  it('is the dense network', () => {
    const runs = rawConfig().chain((raw) => fc.record({ raw: fc.constant(raw), data: samples(raw.layers, 1, 4) }));
    fc.assert(
      fc.property(runs, ({ raw, data }) => {
        const timed = resolveTime(raw);
        const [dense, time] = [createOracle(timed, undefined, 2), createTimeOracle(timed)];
        data.forEach(({ features, label }, at) => {
          const k = ratesOf(timed)[at % ratesOf(timed).length];
          const input = quantise(timed, [...features], unitOf(features));
          const { x, errors, back, saturatedActivations: _, ...expected } = dense.step(input, label, k);
          const step = time.step(input, label, k);
          const { logits, probabilities, prediction, strengths, factors, writes, digest, streams } = expected;
          expect(step).toMatchObject({ logits, probabilities, prediction, strengths, factors, writes, digest });
          expect(step.streams).toEqual(streams.slice(1));
          expect(step.x.map(([only]) => only)).toEqual(x);
          expect(step.errors.slice(1).map(([only]) => only)).toEqual(errors.slice(1));
          expect(step.back.slice(1, -1).map(([only]) => only)).toEqual(back.slice(1, -1));
        });
        expect(time.weights.slice(1)).toEqual(dense.weights.slice(1));
      }),
      { numRuns: 100, seed: RUN_SEED },
    );
  });
});

interface Run {
  readonly raw: RawTimeConfig;
  readonly data: TimeSample[];
}

const runs = (most: number): fc.Arbitrary<Run> =>
  rawTimeConfig().chain((raw) => fc.record({ raw: fc.constant(raw), data: timeSamples(resolveTime(raw), 1, most) }));

/** Calls `look` for every step of random runs. */
const everyStep = (
  look: (
    config: TimeConfig,
    oracle: ReturnType<typeof createTimeOracle>,
    run: () => ReturnType<typeof oracle.step>,
  ) => void,
): void =>
  fc.assert(
    fc.property(runs(3), ({ raw, data }) => {
      const resolved = resolveTime(raw);
      const oracle = createTimeOracle(resolved);
      for (const { taken, label } of data)
        look(resolved, oracle, () => oracle.step(taken.map(BigInt), label, ratesOf(resolved)[0]));
    }),
    { numRuns: 150, seed: RUN_SEED },
  );

const total = (vectors: readonly (readonly bigint[])[]): Vector =>
  vectors[0].map((_, i) => sum(vectors.map((v) => v[i])));

describe('shortcuts are exact', () => {
  it('the output layer sees only the sum of its inputs over the steps', () => {
    everyStep(({ layers }, oracle, run) => {
      const L = layers.length - 1;
      const before = oracle.weights[L].map((row) => [...row]);
      const { x, Z, errors, gradients } = run();
      const X = total(x[L - 1]);
      expect(Z).toEqual(before.map((row) => sum(row.map((w, j) => w * X[j]))));
      const rows = errors[L][0].filter((d) => d !== 0n);
      const used = X.filter((_, j) => x[L - 1].some((at) => at[j] !== 0n));
      expect(gradients.at(-1)).toEqual(used.flatMap((Xj) => rows.map((d) => d * Xj)));
    });
  });
});

describe('the random networks', () => {
  it('keep to fractions that the contract fixes, and move all others', () => {
    const moved = new Set<string>();
    fc.assert(
      fc.property(rawTimeConfig(), (raw) => {
        const resolved = resolveTime(raw);
        const usual = defaultTimeFractions(raw.layers, resolved);
        fixedFractions(resolved).forEach((fa, l) => {
          if (fa !== null && l < resolved.frac.activation.length) expect(resolved.frac.activation[l]).toBe(fa);
        });
        for (const kind of ['weight', 'activation', 'error', 'recurrent'] as const)
          resolved.frac[kind].forEach((f, at) => {
            if (f !== usual[kind][at]) moved.add(kind);
          });
        const { fz } = alignedOf(resolved);
        expect(Number.isInteger(fz(1))).toBe(true);
      }),
      { numRuns: 300, seed: RUN_SEED },
    );
    expect([...moved].sort()).toEqual(['activation', 'error', 'recurrent', 'weight']);
  });

  it('show every case: open at 0, sums that cancel, carries, errors and none', () => {
    const seen = { openZero: 0, cancelled: 0, carried: 0, errorFree: 0, saturated: 0, differs: 0, steps: 0, spikes: 0 };
    everyStep((resolved, _, run) => {
      const { x, open, errors, through, gradients, saturatedErrors } = run();
      const hidden = resolved.cell.map((cell, at) => ({ cell, l: at + 1 }));
      seen.steps++;
      if (hidden.some(({ l }) => open[l].some((at, t) => at.some((is, j) => is && x[l][t][j] === 0n)))) seen.openZero++;
      if (hidden.some(({ cell, l }) => cell === 'snu' && x[l].flat().includes(1n))) seen.spikes++;
      if (gradients.flat().includes(0n)) seen.cancelled++;
      if (hidden.some(({ l }) => errors[l].some((at, t) => at.some((d, j) => d !== 0n && !open[l][t][j]))))
        seen.carried++;
      if (errors[resolved.layers.length - 1].flat().every((d) => d === 0n)) seen.errorFree++;
      if (hidden.some(({ l }) => saturatedErrors[l] > 0)) seen.saturated++;
      if (hidden.some(({ l }) => errors[l].flat().some((d, at) => d !== through[l].flat()[at]))) seen.differs++;
    });
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(20);
  });
});
