/** Defaults and legality of `parseConfig` against a second reading of the contract. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configFields, parseConfig } from '../../src/config/index.js';
import { UserError } from '../../src/fx/error.js';
import { type RawConfig, RUN_SEED, rawConfig } from '../arbitrary/config.js';
import { defaultFractions, isLegal, resolve, shiftsOf } from './resolve.js';

const accepts = (raw: RawConfig): boolean => {
  try {
    parseConfig(raw);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return false;
  }
};

describe('parseConfig', () => {
  it('fills in the defaults of the contract', () => {
    fc.assert(
      fc.property(fc.oneof(rawConfig(), rawConfig({ size: 'middling' })), (raw) => {
        expect(configFields(parseConfig(raw))).toEqual(resolve(raw));
      }),
      { numRuns: 500, seed: RUN_SEED },
    );
  });

  it('accepts a configuration exactly where the contract does', () => {
    // a legal configuration with one fraction or the rate moved, often just out of its range
    const moved = fc
      .tuple(
        rawConfig(),
        fc.constantFrom('weight', 'activation', 'error', 'rate'),
        fc.nat(),
        fc.integer({ min: -12, max: 12 }),
      )
      .map(([raw, what, where, by]): RawConfig => {
        const config = resolve(raw);
        if (what === 'rate') {
          const k = config.learningRateShift;
          return {
            ...raw,
            learningRateShift: typeof k === 'number' ? k + by : k.map((e) => ({ ...e, shift: e.shift + by })),
          };
        }
        const frac = { ...config.frac, [what]: [...config.frac[what as 'weight']] };
        frac[what as 'weight'][where % (config.layers.length - 1)] += by;
        return { ...raw, frac };
      });
    let refused = 0;
    fc.assert(
      fc.property(moved, (raw) => {
        const legal = isLegal(resolve(raw));
        if (!legal) refused++;
        expect(accepts(raw)).toBe(legal);
      }),
      { numRuns: 1000, seed: RUN_SEED },
    );
    expect(refused).toBeGreaterThan(100);
  });
});

describe('defaults worked out by hand', () => {
  const eight = { weight: 8, activation: 8, error: 8 };

  it('of 784-256-256-10 at 8 bits', () => {
    // 4 * sqrt(6/784) = 0.35: 2^-1; 4 * sqrt(6/256) = 0.61: 2^0
    expect(defaultFractions([784, 256, 256, 10], eight, 'propagating')).toEqual({
      weight: [8, 7, 7],
      activation: [7, 5, 5],
      error: [7, 7, 7],
    });
  });

  it('of a power of two: 4 * sqrt(6/96) = 1 takes no bit, one input fewer does', () => {
    expect(defaultFractions([96, 95, 10], eight, 'off').weight).toEqual([7, 6]);
  });

  it('of deep networks', () => {
    const deep = { name: 'deep', layers: [784, 256, 256, 256, 256, 10] };
    expect(resolve(deep)).toMatchObject({ frac: { error: [5, 5, 5, 5, 7] }, learningRateShift: 9, data: 'mnist' });
    expect(resolve({ ...deep, grapes: { mode: 'local' } })).toMatchObject({
      frac: { error: [7, 7, 7, 7, 7] },
      learningRateShift: 7,
    });
  });

  it('of the shifts', () => {
    expect(shiftsOf(resolve({ name: 'm', layers: [784, 256, 256, 10] }))).toEqual({
      forward: [10, 7, 4],
      backward: [14, 14],
      update: [13, 12, 12],
    });
  });
});
