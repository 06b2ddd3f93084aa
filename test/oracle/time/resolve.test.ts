/** Defaults and legality of configurations in time against a second reading of the contract. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configFields, parseConfig } from '../../../src/config/index.js';
import { plan } from '../../../src/datapath/plan.js';
import { UserError } from '../../../src/fx/error.js';
import { RUN_SEED } from '../../arbitrary/config.js';
import { nearlyLegal, type RawTimeConfig, rawTimeConfig } from '../../arbitrary/time.js';
import { isTimeLegal, resolveTime, timeShiftsOf } from './resolve.js';

const accepts = (raw: RawTimeConfig): boolean => {
  try {
    parseConfig(raw);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return false;
  }
};

describe('a configuration in time', () => {
  it('gets the defaults of the contract, and its shifts', () => {
    fc.assert(
      fc.property(rawTimeConfig(), (raw) => {
        const config = parseConfig(raw);
        expect(configFields(config)).toEqual(resolveTime(raw));
        const made = plan(config);
        const { forward, backward } = timeShiftsOf(resolveTime(raw));
        expect(made.layers.map(({ values }) => values.cell.shift)).toEqual(forward);
        expect(made.hidden.map(({ values }) => values.back.shift)).toEqual(backward);
      }),
      { numRuns: 500, seed: RUN_SEED },
    );
  });

  it('is accepted exactly where the contract does', () => {
    let refused = 0;
    fc.assert(
      fc.property(nearlyLegal, (raw) => {
        const legal = isTimeLegal(resolveTime(raw));
        if (!legal) refused++;
        expect(accepts(raw)).toBe(legal);
      }),
      { numRuns: 1000, seed: RUN_SEED },
    );
    expect(refused).toBeGreaterThan(100);
  });
});
