import type { Config } from '../config/index.js';
import { chooseFormats, fracOf, observeRanges, type Ranges } from '../training/index.js';
import { configOf } from './learner.js';
import { samplesOf } from './samples.js';
import type { RunSpec } from './spec.js';

/** Digits that formats are chosen from, as in `grapes-hw calibrate`: the first of the training set. */
export const CALIBRATION = { digits: 2000, seed: 1 } as const;

const OBSERVED_AT_ONCE = 16;

/** Ranges by what they depend on, the latest few: runs that differ in seed or weights share them. */
const observed = new Map<string, Promise<Ranges>>();

const rangesOf = (config: Config): Promise<Ranges> => {
  const { layers, grapes, feedback, learningRateShift, frac } = config;
  const key = JSON.stringify([layers, grapes, feedback, learningRateShift, frac.activation[0]]);
  const there = observed.get(key);
  if (there !== undefined) return there;
  const { learn } = samplesOf({ train: CALIBRATION.digits, judge: 'test', judges: 1 });
  const ranges = observeRanges(config, learn).then((found) => found.ranges);
  observed.set(key, ranges);
  const [oldest] = observed.keys();
  if (observed.size > OBSERVED_AT_ONCE) observed.delete(oldest);
  return ranges;
};

const widthsOf = (bits: RunSpec['bits'] = 8): Config['bits'] =>
  typeof bits === 'number' ? { weight: bits, activation: bits, error: bits } : bits;

/** The run's configuration with whatever legal fractions, but for the inputs'. */
const unformatted = (spec: RunSpec): Config => {
  const { bits: _, frac: __, ...rest } = spec;
  const config = configOf({ ...rest, seed: CALIBRATION.seed });
  const bits = widthsOf(spec.bits);
  const activation = config.frac.activation.with(0, bits.activation - 1);
  return { ...config, bits, frac: { ...config.frac, activation } };
};

/**
 * The spec with fractions in place of `calibrated`: those that calibration finds at its rate with the first seed.
 * @throws UserError where the network diverges at that rate or no legal formats hold its values
 */
export const withFormats = async (spec: RunSpec): Promise<RunSpec> => {
  if (spec.frac !== 'calibrated') return spec;
  const config = unformatted(spec);
  const formatted = { ...spec, frac: fracOf(config, chooseFormats(config, await rangesOf(config))) };
  configOf(formatted);
  return formatted;
};
