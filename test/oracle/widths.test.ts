/**
 * The plan's widths against ranges derived here from operands and fan-in: model and RTL share the plan, so a width too
 * small there would be wrong twice and seen by neither.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.js';
import { type Plan, plan } from '../../src/datapath/plan.js';
import { type RawConfig, RUN_SEED, rawConfig } from '../arbitrary/config.js';
import { product, type Range, signed, signedBits, sumOf, unsignedBits } from './ranges.js';
import { resolve } from './resolve.js';

/** ReLU is never negative. */
const activation = (bits: number): Range => ({ low: 0n, high: signed(bits).high });

/** Widths that the values of a configuration need, layer by layer. */
const needed = (raw: RawConfig) => {
  const { layers, bits, feedback } = resolve(raw);
  const L = layers.length - 1;
  const [w, delta] = [signed(bits.weight), signed(bits.error)];
  const x = (l: number): Range => (l === 0 ? signed(bits.activation) : activation(bits.activation));
  const factor: Range = { low: 0n, high: 256n };
  return {
    expSum: unsignedBits(BigInt(layers[L]) * 65535n),
    layers: layers.slice(1).map((_, at) => {
      const l = at + 1;
      const back = l === L ? null : sumOf(layers[feedback === 'dfa' ? L : l + 1], product(w, delta));
      return {
        sum: signedBits(sumOf(layers[l - 1], product(w, x(l - 1)))),
        back: back && signedBits(back),
        modulated: back && signedBits(product(back, factor)),
        strength: unsignedBits(BigInt(layers[l - 1]) * -w.low),
      };
    }),
  };
};

const holds = (what: string, given: number, need: number): void => {
  expect(given, `${what} has too few bits`).toBeGreaterThanOrEqual(need);
  expect(given, `${what} has bits to spare`).toBeLessThanOrEqual(need + 1);
};

const check = (raw: RawConfig): void => {
  const made: Plan = plan(parseConfig(raw));
  const need = needed(raw);
  holds('expSumBits', made.expSumBits, need.expSum);
  expect(made.factor.bits, 'factors').toBe(unsignedBits(256n));
  made.layers.forEach((layer, at) => {
    const { sum, back, modulated, strength } = need.layers[at];
    holds(`sumBits ${at + 1}`, layer.values.sumBits, sum);
    const { values } = layer;
    expect(values.kind === 'logits', 'only hidden layers have a backward sum').toBe(back === null);
    if (values.kind === 'hidden' && back !== null && modulated !== null) {
      holds(`strengthBits ${at + 1}`, values.strengthBits, strength);
      holds(`backBits ${at + 1}`, values.back.bits, back);
      expect(values.back.bits + made.factor.bits, `b * f ${at + 1}`).toBeGreaterThanOrEqual(modulated);
    }
  });
  const widest = (bits: readonly number[]): number => Math.max(0, ...bits);
  expect(made.hardware.sumBits).toBeGreaterThanOrEqual(widest(made.layers.map(({ values }) => values.sumBits)));
  expect(made.hardware.backBits).toBeGreaterThanOrEqual(widest(made.hidden.map(({ values }) => values.back.bits)));
  expect(made.hardware.strengthBits).toBeGreaterThanOrEqual(
    widest(made.hidden.map(({ values }) => values.strengthBits)),
  );
};

describe('accumulators hold every value', () => {
  it('of random configurations', () => {
    fc.assert(fc.property(rawConfig(), check), { numRuns: 300, seed: RUN_SEED });
    fc.assert(fc.property(rawConfig({ size: 'middling' }), check), { numRuns: 200, seed: RUN_SEED });
  });

  it('of wide layers, at fan-ins around powers of two', () => {
    const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 255, 256, 257, 784, 1023, 1024, 1025, 4096, 8191];
    for (const n of sizes) {
      for (const m of [1, 2, 10, 256, 300]) {
        for (const bits of [
          { weight: 4, activation: 4, error: 4 },
          { weight: 8, activation: 8, error: 8 },
          { weight: 16, activation: 16, error: 16 },
          { weight: 5, activation: 13, error: 9 },
        ])
          for (const feedback of ['bp', 'fa', 'dfa'])
            check({ name: 'wide', layers: [n, m, n, m], bits, feedback, learningRateShift: 8 });
      }
    }
  });
});

describe('the ranges derived here', () => {
  it('are reached by a sum of extremes', () => {
    // 3 inputs, 4 bits: z = 3 * -8 * 7 = -168 .. 3 * 7 * 7; b = 3 * -8 * -8 = 192; S = 3 * 8
    const raw: RawConfig = { name: 'tiny', layers: [3, 3, 3], bits: 4 };
    expect(needed(raw).layers[0]).toEqual({ sum: 9, back: 9, modulated: 17, strength: 5 });
    expect(needed(raw).expSum).toBe(18);
  });
});
