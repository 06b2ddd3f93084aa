import { type Config, configFields, parseConfig } from '../config/index.js';
import { plan } from '../datapath/plan.js';
import { rateAt } from '../datapath/rate.js';
import { matricesIn, quantiseLayers } from '../exchange/index.js';
import { UserError } from '../fx/error.js';
import { Network, type Samples, sampleFeatures } from '../model/index.js';
import { type CalibrateOptions, type Calibration, calibrate, evaluate } from '../training/index.js';
import type { Imported } from './imported.js';
import type { Loaded } from './samples.js';

/** Formats for imported weights, and the run that chose them. */
export interface Fitted {
  readonly config: Config;
  readonly calibration: Calibration;
  /** formats and short run take accuracy away that the weights came with */
  readonly undoes: boolean;
  /** the learning rate was made smaller until steps kept what the network knows */
  readonly slowed: boolean;
}

/** How much the shift of the usual rate is raised, step by step, where it undoes what a network knows. */
const SLOWER = [3, 6, 9, 12] as const;

/** Accuracy that may go before steps count as too large: more than few samples show by chance. */
const tolerance = (share: number, samples: number): number =>
  Math.max(0.01, 2 * Math.sqrt((share * (1 - share)) / samples));

/** At most `count` of some samples: the first, or evenly spread where a file lists one class after the other. */
const some = (all: Samples, count: number): Samples => {
  if (all.count <= count) return all;
  const classes = (n: number): number => new Set(Array.from({ length: n }, (_, at) => all.labels[at])).size;
  if (classes(count) === classes(all.count)) return { ...all, count };
  const { inputs, labels } = all;
  const features = all.features.slice(0, count * inputs);
  const at = Array.from({ length: count }, (_, n) => Math.floor((n * all.count) / count));
  for (const [n, from] of at.entries()) features.set(sampleFeatures(all, from), n * inputs);
  return { inputs, count, features, labels: at.map((from) => labels[from]) };
};

/** Test samples that judge a short run, for each that it trains on. */
const JUDGED_BY = 5;

/** Values grow without end where the rate is too large, and no legal shift is left where it is very small. */
const isOfRate = (error: unknown): boolean =>
  error instanceof UserError && /^(learningRateShift|frac)/.test(error.field ?? '');

/** A configuration whose formats are those given, and where none are given, those of a calibration. */
const withFormats = ({ given, config }: Imported, { config: chosen }: Calibration): Config =>
  parseConfig({ ...configFields(config), frac: { ...chosen.frac, ...given.frac } });

const fitOnce = async (
  imported: Imported,
  train: Samples,
  test: Samples,
  options: (rate: number) => CalibrateOptions,
): Promise<Omit<Fitted, 'slowed'>> => {
  const { config: before, layers } = imported;
  const weights = matricesIn(plan(before), layers).flatMap((matrix) => (matrix ? [matrix.values] : []));
  const calibration = await calibrate(before, train, test, parseConfig, {
    ...options(rateAt(before, 0)),
    weights,
  });
  const config = withFormats(imported, calibration);
  const { weights: start } = quantiseLayers(plan(config), layers);
  const untrained = evaluate(new Network(plan(config), { weights: start }), test).accuracy;
  const known = calibration.known?.accuracy ?? 0;
  const kept = Math.min(untrained, calibration.judged.chosen.accuracy);
  return { config, calibration, undoes: known - kept > tolerance(known, test.count) };
};

/**
 * Formats for imported weights, from a short run on `samples` of the data that starts from them, judged on five times as many.
 * Where neither a configuration nor the model says a learning rate, it is the usual one, or as much smaller as the run needs
 * to keep what the network knows.
 * @param options of the calibration at a rate of 2^-rate
 * @throws UserError where the values fit no legal formats
 */
export const fitFormats = async (
  imported: Imported,
  loaded: Loaded,
  samples: number,
  options: (rate: number) => CalibrateOptions,
): Promise<Fitted> => {
  const { given, config } = imported;
  const train = some(loaded.train, samples);
  const test = some(loaded.test, JUDGED_BY * samples);
  const usual = rateAt(config, 0);
  const slower = given.learningRateShift === undefined ? SLOWER : [];
  const rates = [usual, ...slower.map((more) => usual + more)];
  let fitted: Fitted | undefined;
  let refused: unknown;
  for (const rate of rates) {
    const slowed = rate !== usual;
    try {
      const at = slowed ? parseConfig({ ...configFields(config), learningRateShift: rate }) : config;
      fitted = { ...(await fitOnce({ ...imported, config: at }, train, test, options)), slowed };
    } catch (error) {
      if (!isOfRate(error)) throw error;
      refused ??= error;
    }
    if (fitted?.undoes === false) break;
  }
  if (fitted === undefined) throw refused;
  return fitted;
};
