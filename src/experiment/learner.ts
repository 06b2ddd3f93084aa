import { type Config, parseConfig, type RawConfig } from '../config/index.js';
import { plan } from '../datapath/plan.js';
import { floatNetwork, floatTimeNetwork } from '../float/index.js';
import { UserError } from '../fx/error.js';
import type { Features } from '../fx/features.js';
import { Network } from '../model/index.js';
import type { Activity, RunSpec, TimeSpec } from './spec.js';

/** A network of either kind, as a run sees it. */
export interface Learner {
  /** one training step at rate 2^-k; gives the class predicted before it */
  readonly step: (features: Features, label: number, k: number) => number;
  readonly predict: (features: Features) => number;
  /** ends a mini-batch that is not full */
  readonly flush: (k: number) => void;
  /** share of errors that saturated so far, layer l at [l-1] */
  readonly saturated?: () => number[];
  /** does predictions that leave no trace in what training draws */
  readonly apart: <T>(work: () => T) => T;
  /** of a network in time: means over all samples so far */
  readonly activity?: () => Activity;
  /** fractions of an integer network */
  readonly frac?: Config['frac'];
}

type RawFrac = NonNullable<RawConfig['frac']>;

const rawFrac = (frac: Partial<Config['frac']>): RawFrac =>
  Object.fromEntries(Object.entries(frac).map(([kind, list]) => [kind, [...list]]));

/** The configuration of an integer run; in place of `calibrated` fractions it has the default ones. @throws UserError for one that is not legal */
export const configOf = ({ layers, bits, frac, time, mode, feedback, rate, seed }: RunSpec): Config =>
  parseConfig({
    name: 'experiment',
    layers: [...layers],
    ...(bits !== undefined && { bits }),
    ...(frac !== undefined && frac !== 'calibrated' && { frac: rawFrac(frac) }),
    ...time,
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

const activityOf = (network: Network): Activity => {
  const hidden = network.plan.hidden.map(({ outputs }, i) => ({ outputs, counts: network.statistics()[i].steps }));
  const mean = (of: 'active' | 'open'): number[] =>
    hidden.map(({ outputs, counts }) =>
      counts.reduce((sum, count) => sum + (outputs * count[of]) / Math.max(1, count.total), 0),
    );
  return { active: mean('active'), open: mean('open') };
};

const integers = (spec: RunSpec): Learner => {
  const config = configOf(spec);
  const network = new Network(plan(config));
  return {
    frac: config.frac,
    step: (features, label, k) => network.stepSample(features, label, { k }).prediction,
    predict: (features) => network.predictSample(features),
    flush: () => {},
    apart: (work) => network.apart(work),
    ...(spec.time && { activity: () => activityOf(network) }),
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
    apart: (work) => work(),
  };
};

const floatsInTime = ({ layers, mode, seed, batch, momentum }: RunSpec, time: TimeSpec): Learner => {
  const network = floatTimeNetwork({
    layers,
    mode,
    seed,
    ...time,
    ...(batch !== undefined && { batch }),
    ...(momentum !== undefined && { momentum }),
  });
  return {
    step: (features, label, k) => network.step(features, label, 2 ** -k),
    predict: network.predict,
    flush: (k) => network.flush(2 ** -k),
    apart: (work) => network.apart(work),
    activity: network.activity,
  };
};

/** An untrained network for a run. @throws UserError for a configuration that is not legal */
export const learnerOf = (spec: RunSpec): Learner => {
  if (spec.engine === 'integer') return integers(spec);
  return spec.time === undefined ? floats(spec) : floatsInTime(spec, spec.time);
};
