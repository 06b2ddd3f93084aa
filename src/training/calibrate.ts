import { setImmediate as pause } from 'node:timers/promises';
import { type Plan, plan } from '../datapath/plan.js';
import {
  backwardShift,
  type Config,
  fixedFrac,
  forwardShift,
  rateAt,
  rateSteps,
  recurrentUpdateShift,
  updateShift,
} from '../datapath/rate.js';
import { UserError } from '../fx/error.js';
import { maxOf, quantised } from '../fx/format.js';
import { type InitialState, Network, type Samples, sampleFeatures } from '../model/index.js';
import { type Evaluation, evaluate } from './loss.js';
import {
  fewestLost,
  fractionFor,
  type Histogram,
  histogram,
  largest,
  leastNoise,
  type Quality,
  qualityOf,
  record,
} from './ranges.js';

/** The fraction of one list entry of `frac`, as it was and as it was chosen, and what speaks for it. */
export interface Choice {
  readonly kind: 'weight' | 'activation' | 'error' | 'recurrent';
  /** index in `frac.<kind>` */
  readonly index: number;
  readonly given: number;
  readonly chosen: number;
  /** largest magnitude in the wide run */
  readonly largest: number;
  /** how well the chosen format holds the values of the wide run */
  readonly quality: Quality;
  /** the values alone would have had a larger fraction: one that makes no legal update shift */
  readonly limited: boolean;
}

export interface Calibration {
  /** the configuration with the fractions chosen */
  readonly config: Config;
  readonly choices: readonly Choice[];
  /** on the test samples after the short run: in 16 bits, as given, as chosen */
  readonly judged: { readonly wide: Evaluation; readonly given: Evaluation; readonly chosen: Evaluation };
  /** what given weights know before the run, on the test samples in 16 bits; null for the seed's */
  readonly known: Evaluation | null;
}

export interface CalibrateOptions {
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** real numbers to start from in place of the seed's weights, as the plan lists its matrices */
  readonly weights?: RealWeights;
}

type RealWeights = readonly ArrayLike<number>[];

const WIDE = 16;
const PAUSE_EVERY = 100;

/** Fractions that a configuration may have. */
const LEGAL = { min: -16, max: 32 } as const;

/**
 * How many times the largest value of the short run must fit, by the width: values grow for as long as training lasts,
 * weights more than activations. A narrow format has no room to give away; null: the least noise decides.
 */
const ROOM = {
  weight: (bits: number): number => (bits <= 5 ? 1 : bits <= 12 ? 2 : 8),
  activation: (bits: number): number | null => (bits <= 5 ? null : bits <= 8 ? 1.25 : bits <= 11 ? 2 : 4),
  error: (): null => null,
} as const;

/**
 * Errors of a recurrent layer may grow at every step of the way back: of least noise would be a format for the few that have
 * grown most, in which all others round to 0. So the one is taken that loses fewest; what grows beyond it is cut off.
 */
const errorsGrow = ({ recurrent }: Config, i: number): boolean => recurrent?.[i] ?? false;

/** Weights that come from elsewhere have grown already: finer steps are worth more to them than room. */
const ROOM_OF_GIVEN = 1;

/** How many times the largest value of the short run a chosen format holds; null where the least noise decides. */
export const roomOf = (kind: Choice['kind'], bits: number): number | null =>
  ROOM[kind === 'recurrent' ? 'weight' : kind](bits);

type Frac = Config['frac'];
type Kind = Exclude<Choice['kind'], 'recurrent'>;
const KINDS: readonly Kind[] = ['weight', 'activation', 'error'];

/** Histograms of a run, by list entry of `frac`; the inputs at activation[0] stay empty. */
export type Ranges = Readonly<Record<Kind | 'recurrent', readonly Histogram[]>>;

/** Called after every step of a run in progress. */
type Tick = () => Promise<void>;

const untold: Tick = async () => {};

/** Legal update shifts, and the least legal requantising shift. Source: the numeric contract, Notation and Update. */
const UPDATE_SHIFT = { min: 0, max: 32 } as const;
const LEAST_SHIFT = -8;

/** Most bits between the fractions of W_l and H_l. */
const MOST_APART = 8;

/** Entry `l` of frac.activation is not to be chosen: the input's, and those of cells with a format of their own. */
export const isFixed = ({ cell }: Config, l: number): boolean => l === 0 || (cell?.[l - 1] ?? 'relu') !== 'relu';

/** One round of {@link withLegalShifts}. */
const lowered = (config: Config): Frac => {
  const { weight, activation, error } = config.frac;
  const shifts = rateSteps(config).map(({ shift }) => shift);
  const [least, most] = [Math.min(...shifts), Math.max(...shifts)];
  const last = error.length;
  const { recurrent } = config.frac;
  return {
    weight: weight.map((f, i) => f - Math.max(0, UPDATE_SHIFT.min - updateShift(config, i + 1, least))),
    activation: activation.map((f, l) =>
      isFixed(config, l) ? f : f - Math.max(0, LEAST_SHIFT - forwardShift(config, l)),
    ),
    ...(recurrent && {
      recurrent: recurrent.map((f, i) => {
        if (f === null) return null;
        const fitting = f - Math.max(0, UPDATE_SHIFT.min - recurrentUpdateShift(config, i + 1, least));
        return Math.min(weight[i] + MOST_APART, Math.max(weight[i] - MOST_APART, fitting));
      }),
    }),
    error: error.map((f, i) => {
      const beyond = updateShift(config, i + 1, most) - UPDATE_SHIFT.max;
      return f - Math.max(0, beyond, i + 1 === last ? 0 : LEAST_SHIFT - backwardShift(config, i + 1));
    }),
  };
};

const same = (a: Frac, b: Frac): boolean =>
  KINDS.every((kind) => a[kind].every((f, i) => f === b[kind][i])) &&
  (a.recurrent ?? []).every((f, i) => f === b.recurrent?.[i]);

/**
 * Lowers fractions until no shift is out of reach: of weights finer than any update moves them, of errors that shift
 * updates too far, of values much finer than the sums that they are made of.
 */
const withLegalShifts = (config: Config): Config => {
  const frac = lowered(config);
  const isDone = same(frac, config.frac) || Math.min(...frac.weight, ...frac.error) < LEGAL.min;
  return isDone ? config : withLegalShifts({ ...config, frac });
};

/** What a network starts from: given weights in the formats of its plan, or the seed's. */
const startOf = ({ matrices }: Plan, weights: RealWeights | undefined): InitialState =>
  weights === undefined
    ? {}
    : { weights: matrices.map(({ format }, m) => Int16Array.from(weights[m], (v) => quantised(v, format))) };

/** The fraction with which 16 bits hold a weight of the initial range many times over, and given ones twice. */
const wideWeight = (inputs: number, given: ArrayLike<number> | undefined): number => {
  const usual = WIDE - 1 - Math.ceil(Math.log2(16 * Math.sqrt(6 / inputs)));
  if (given === undefined) return usual;
  const most = Array.from(given).reduce((least, v) => Math.max(least, Math.abs(v)), 0);
  return Math.min(usual, fractionFor(2 * most, WIDE, LEGAL));
};

/** The same network in 16 bits, with ranges that most networks stay within. */
const wideConfig = (config: Config, given: RealWeights | undefined): Config => {
  const { layers, frac } = config;
  const L = layers.length - 1;
  const hiddenRange = 5;
  const { matrices } = plan(config);
  const givenTo = (kind: 'forward' | 'recurrent', layer: number): ArrayLike<number> | undefined =>
    given?.[matrices.findIndex((m) => m.kind === kind && m.layer === layer)];
  const wide: Frac = {
    weight: layers.slice(0, L).map((inputs, i) => wideWeight(inputs, givenTo('forward', i + 1))),
    activation: layers.slice(0, L).map((_, l) => {
      if (l === 0) return frac.activation[0];
      return fixedFrac(config.cell?.[l - 1] ?? 'relu', WIDE) ?? WIDE - 1 - hiddenRange;
    }),
    ...(frac.recurrent && {
      recurrent: frac.recurrent.map((f, i) =>
        f === null ? null : wideWeight(2 * layers[i + 1], givenTo('recurrent', i + 1)),
      ),
    }),
    error: layers.slice(1).map((_, i) => WIDE - 1 - (i === L - 1 ? 1 : hiddenRange)),
  };
  return withLegalShifts({ ...config, bits: { weight: WIDE, activation: WIDE, error: WIDE }, frac: wide });
};

const emptyRanges = ({ layers }: Plan): Ranges => ({
  weight: layers.map(({ matrix }) => histogram(matrix.format)),
  activation: layers.map(({ source }) => histogram(source.format)),
  error: layers.map(({ values }) => histogram(values.error)),
  recurrent: layers.map(({ recurrent, matrix }) => histogram((recurrent[0] ?? matrix).format)),
});

/** Trains a new network on the samples, one pass in file order, and gives the ranges of its values. */
const observe = async (network: Network, samples: Samples, tick: Tick): Promise<Ranges> => {
  const { plan: design } = network;
  const ranges = emptyRanges(design);
  for (let n = 0; n < samples.count; n++) {
    const input = network.quantise(sampleFeatures(samples, n));
    const values = network.step(input, samples.labels[n], { trace: 'values' }).trace?.values;
    values?.activation.forEach((x, i) => {
      record(ranges.activation[i + 1], x);
    });
    values?.error.forEach((delta, i) => {
      record(ranges.error[i], delta);
    });
    await tick();
  }
  for (const [m, weights] of network.matrices().entries()) {
    const { kind, layer } = design.matrices[m];
    record((kind === 'forward' ? ranges.weight : ranges.recurrent)[layer - 1], weights);
  }
  return ranges;
};

/** How far a wide format's fraction must move for the values to fill it without meeting its end; 0: it is right. */
const correction = ({ counts }: Histogram): number => {
  const most = counts.findLastIndex((count) => count > 0);
  if (most >= maxOf(WIDE)) return -3;
  return most > 0 && most < 2 ** 8 ? 3 : 0;
};

const legalFrac = (frac: number): number => Math.min(LEGAL.max, Math.max(LEGAL.min, frac));

/** Moves the wide formats of hidden values where they did not fit. */
const corrected = (config: Config, ranges: Ranges): Frac => {
  const { frac } = config;
  const moved = (kind: Kind, i: number): number => legalFrac(frac[kind][i] + correction(ranges[kind][i]));
  const last = frac.error.length - 1;
  return {
    ...frac,
    activation: frac.activation.map((f, i) => (isFixed(config, i) ? f : moved('activation', i))),
    error: frac.error.map((f, i) => (i === last ? f : moved('error', i))),
  };
};

const ROUNDS = 4;

/** @throws UserError where activations have left the widest range */
const requireHeld = ({ activation }: Ranges, config: Config): void => {
  if (activation.every((values, i) => isFixed(config, i) || correction(values) >= 0)) return;
  const k = rateAt(config, 0);
  throw new UserError(
    `learningRateShift: is ${k}, but at 2^-${k} the activations grow without end even in 16 bits; raise it`,
    { field: 'learningRateShift' },
  );
};

/**
 * Trains the network of a configuration in 16 bits, one pass over the samples in file order, with formats that hold all of
 * its values; of its own formats, only the inputs' matters.
 * @throws UserError if activations grow without end
 */
export const observeRanges = async (
  config: Config,
  samples: Samples,
  tick: Tick = untold,
  weights?: RealWeights,
): Promise<{ readonly network: Network; readonly ranges: Ranges }> => {
  let wide = wideConfig(config, weights);
  for (let round = 1; ; round++) {
    const design = plan(wide);
    const network = new Network(design, startOf(design, weights));
    const ranges = await observe(network, samples, tick);
    const next = withLegalShifts({ ...wide, frac: corrected(wide, ranges) });
    if (round === ROUNDS) requireHeld(ranges, config);
    if (round === ROUNDS || same(next.frac, wide.frac)) return { network, ranges };
    wide = next;
  }
};

/** Legal fractions of one list entry: those of the last errors are narrower, and inputs fill [-1, 1]. */
const legal = (config: Config, kind: Kind, i: number): { min: number; max: number } => {
  const { bits, frac } = config;
  if (kind === 'error' && i === frac.error.length - 1) return { min: 0, max: bits.error };
  if (kind === 'activation' && isFixed(config, i)) return { min: frac.activation[i], max: frac.activation[i] };
  return LEGAL;
};

const best = (config: Config, kind: Kind, i: number, values: Histogram, given: boolean): number => {
  const bits = config.bits[kind];
  const room = given && kind === 'weight' ? ROOM_OF_GIVEN : roomOf(kind, bits);
  const bounds = legal(config, kind, i);
  if (largest(values) === 0) return config.frac[kind][i];
  if (kind === 'error' && errorsGrow(config, i)) return fewestLost(values, bits, bounds);
  return room === null ? leastNoise(values, bits, bounds) : fractionFor(room * largest(values), bits, bounds);
};

const perKind = <T>(of: (kind: Kind) => T): Readonly<Record<Kind, T>> => ({
  weight: of('weight'),
  activation: of('activation'),
  error: of('error'),
});

/**
 * The fractions with which a configuration's widths hold the values of {@link observeRanges}.
 * @param given the run started from given weights
 */
export const chooseFormats = (config: Config, ranges: Ranges, given = false): Choice[] => {
  const wanted = perKind((kind) => ranges[kind].map((values, i) => best(config, kind, i, values, given)));
  const roomForWeights = given ? ROOM_OF_GIVEN : ROOM.weight(config.bits.weight);
  const own = config.frac.recurrent?.map((f, i) =>
    f === null || largest(ranges.recurrent[i]) === 0
      ? f
      : fractionFor(roomForWeights * largest(ranges.recurrent[i]), config.bits.weight, LEGAL),
  );
  const { frac } = withLegalShifts({ ...config, frac: { ...wanted, ...(own && { recurrent: own }) } });
  const recurrent = (frac.recurrent ?? []).flatMap((chosen, index): Choice[] => {
    const given = config.frac.recurrent?.[index] ?? null;
    if (chosen === null || given === null) return [];
    const values = ranges.recurrent[index];
    const quality = qualityOf(values, { bits: config.bits.weight, frac: chosen });
    const limited = chosen < (own?.[index] ?? chosen);
    return [{ kind: 'recurrent', index, given, chosen, largest: largest(values), quality, limited }];
  });
  const others = KINDS.flatMap((kind) =>
    ranges[kind].map((values, index) => {
      const chosen = frac[kind][index];
      return {
        kind,
        index,
        given: config.frac[kind][index],
        chosen,
        largest: largest(values),
        quality: qualityOf(values, { bits: config.bits[kind], frac: chosen }),
        limited: chosen < wanted[kind][index],
      };
    }),
  );
  return [...others, ...recurrent];
};

/** The fractions that were chosen, as a configuration has them. */
export const fracOf = (config: Config, choices: readonly Choice[]): Frac => {
  const chosen = (kind: Choice['kind']) => choices.filter((choice) => choice.kind === kind);
  const own = chosen('recurrent');
  const { recurrent } = config.frac;
  return {
    ...perKind((kind) => chosen(kind).map((choice) => choice.chosen)),
    ...(recurrent && { recurrent: recurrent.map((_, i) => own.find(({ index }) => index === i)?.chosen ?? null) }),
  };
};

/** Trains the network of a configuration on the samples and judges it. */
const judge = async (
  config: Config,
  train: Samples,
  test: Samples,
  tick: Tick,
  weights: RealWeights | undefined,
): Promise<Evaluation> => {
  const design = plan(config);
  const network = new Network(design, startOf(design, weights));
  for (let n = 0; n < train.count; n++) {
    network.stepSample(sampleFeatures(train, n), train.labels[n]);
    await tick();
  }
  return evaluate(network, test);
};

/** @throws UserError where `check` finds no legal configuration: shifts go out of reach where values explode or die out */
const checked = (config: Config, check: (config: Config) => Config): Config => {
  try {
    return check(config);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const k = rateAt(config, 0);
    const [reason] = error.message.split(';');
    throw new UserError(
      `learningRateShift: is ${k}, but at 2^-${k} no legal formats hold the network's values (${reason}); raise it`,
      { field: 'learningRateShift', cause: error },
    );
  }
};

/** Runs that a calibration makes at least: wide, as given, as chosen. */
const RUNS = 3;

/**
 * Chooses the fractions of a configuration from a short run: the network is trained on `train` in 16 bits, where nothing
 * saturates. Weights and activations get the finest format that leaves them room to grow, errors the one with the least
 * noise from rounding and saturation together; inputs keep theirs.
 * @param check validates the outcome: throws where the fractions chosen make no legal configuration
 * @throws UserError if the network diverges, so that no formats pass `check`, or when interrupted
 */
export const calibrate = async (
  config: Config,
  train: Samples,
  test: Samples,
  check: (config: Config) => Config,
  { onProgress, signal, weights }: CalibrateOptions = {},
): Promise<Calibration> => {
  let steps = 0;
  const tick: Tick = async () => {
    if (++steps % PAUSE_EVERY !== 0) return;
    onProgress?.(steps, Math.max(steps, RUNS * train.count));
    await pause();
    if (signal?.aborted) throw new UserError('calibration: interrupted; run it again');
  };
  const { network, ranges } = await observeRanges(config, train, tick, weights);
  const choices = chooseFormats(config, ranges, weights !== undefined);
  const chosen = checked({ ...config, frac: fracOf(config, choices) }, check);
  return {
    config: chosen,
    choices,
    judged: {
      wide: evaluate(network, test),
      given: await judge(config, train, test, tick, weights),
      chosen: await judge(chosen, train, test, tick, weights),
    },
    known: weights ? evaluate(new Network(network.plan, startOf(network.plan, weights)), test) : null,
  };
};
