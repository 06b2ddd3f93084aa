import { type Config, parseConfig, type RawConfig } from '../config/index.js';
import { plan } from '../datapath/plan.js';
import { floatNetwork } from '../float/index.js';
import { UserError } from '../fx/error.js';
import type { Features } from '../fx/features.js';
import { Network } from '../model/index.js';
import type { RunSpec } from './spec.js';

/** A network of either kind, as a run sees it. */
export interface Learner {
  /** one training step at rate 2^-k; gives the class predicted before it */
  readonly step: (features: Features, label: number, k: number) => number;
  readonly predict: (features: Features) => number;
  /** ends a mini-batch that is not full */
  readonly flush: (k: number) => void;
  /** share of errors that saturated so far, layer l at [l-1] */
  readonly saturated?: () => number[];
  /** fractions of an integer network */
  readonly frac?: Config['frac'];
}

type RawFrac = NonNullable<RawConfig['frac']>;

const rawFrac = (frac: Partial<Config['frac']>): RawFrac =>
  Object.fromEntries(Object.entries(frac).map(([kind, list]) => [kind, [...list]]));

/** The configuration of an integer run; in place of `calibrated` fractions it has the default ones. @throws UserError for one that is not legal */
export const configOf = ({ layers, bits, frac, mode, feedback, rate, seed }: RunSpec): Config =>
  parseConfig({
    name: 'experiment',
    layers: [...layers],
    ...(bits !== undefined && { bits }),
    ...(frac !== undefined && frac !== 'calibrated' && { frac: rawFrac(frac) }),
    grapes: { mode },
    ...(feedback !== undefined && { feedback }),
    learningRateShift: typeof rate === 'number' ? rate : rate.map((step) => ({ ...step })),
    seed,
    data: 'mnist',
  });

/** Whether the formats of a run allow its rate; calibrated ones do. */
export const isLegal = (spec: RunSpec): boolean => {
  if (spec.engine === 'float' || spec.frac === 'calibrated') return true;
  try {
    configOf(spec);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
};

const integers = (spec: RunSpec): Learner => {
  const config = configOf(spec);
  const network = new Network(plan(config));
  return {
    frac: config.frac,
    step: (features, label, k) => network.stepSample(features, label, { k }).prediction,
    predict: (features) => network.predictSample(features),
    flush: () => {},
    saturated: () => network.saturations().error.map(({ saturated, total }) => saturated / Math.max(1, total)),
  };
};

const floats = ({ layers, mode, feedback, seed, batch, momentum }: RunSpec): Learner => {
  const network = floatNetwork({
    layers,
    mode,
    seed,
    ...(feedback !== undefined && { feedback }),
    ...(batch !== undefined && { batch }),
    ...(momentum !== undefined && { momentum }),
  });
  return {
    step: (features, label, k) => network.step(features, label, 2 ** -k),
    predict: network.predict,
    flush: (k) => network.flush(2 ** -k),
  };
};

/** An untrained network for a run. @throws UserError for a configuration that is not legal */
export const learnerOf = (spec: RunSpec): Learner => (spec.engine === 'integer' ? integers(spec) : floats(spec));
