import { checkData } from './checkData.js';
import { checkTime, checkTimeLengths } from './checkTime.js';
import type { Problem } from './problems.js';
import {
  backwardShift,
  errorSource,
  FACTOR_FRAC,
  forwardShift,
  isRecurrent,
  rateSteps,
  recurrentUpdateShift,
  updateShift,
} from './shifts.js';
import type { Config } from './types.js';

/** Legal requantising shifts, update shifts, and the largest magnitude that the model computes exactly. */
const REQUANTISE = { min: -8, max: 40 };
const UPDATE = { min: 0, max: 32 };
const MAX_EXACT = 2 ** 52;
const MAX_WEIGHTS = 2 ** 28;

const outside = (v: number, r: { min: number; max: number }): boolean => v < r.min || v > r.max;
const range = (r: { min: number; max: number }): string => `${r.min}..${r.max}`;

/** Lengths of the fraction lists against the number of layers. */
const checkLengths = ({ frac, layers }: Config): Problem[] => {
  const L = layers.length - 1;
  const names = { weight: 'fw_1..fw_L', activation: 'fa_0..fa_(L-1)', error: 'fe_1..fe_L' } as const;
  return (['weight', 'activation', 'error'] as const)
    .filter((kind) => frac[kind].length !== L)
    .map((kind) => ({
      field: `frac.${kind}`,
      text: `has ${frac[kind].length} entries, must have ${L} (${names[kind]}); give one a layer or leave it out`,
    }));
};

const checkSchedule = (c: Config): Problem[] => {
  if (typeof c.learningRateShift === 'number') return [];
  return c.learningRateShift.flatMap((step, i, all): Problem[] => {
    const field = `learningRateShift[${i}].epoch`;
    if (i === 0) {
      return step.epoch === 0
        ? []
        : [{ field, text: `is ${step.epoch}, must be 0; the first entry holds from the start` }];
    }
    const before = all[i - 1].epoch;
    return step.epoch > before
      ? []
      : [{ field, text: `is ${step.epoch}, must be above ${before}; list the epochs in ascending order` }];
  });
};

const checkOutputError = (c: Config): Problem[] => {
  const i = c.frac.error.length - 1;
  const legal = { min: 0, max: c.bits.error };
  return outside(c.frac.error[i], legal)
    ? [
        {
          field: `frac.error[${i}]`,
          text: `is ${c.frac.error[i]}, must be ${range(legal)} in the last layer; choose one in that range`,
        },
      ]
    : [];
};

const checkForward = (c: Config, l: number): Problem[] => {
  const s = forwardShift(c, l);
  if (!outside(s, REQUANTISE)) return [];
  const [up, down] = s < REQUANTISE.min ? ['raise', 'lower'] : ['lower', 'raise'];
  const other = l === c.layers.length - 1 ? `frac.activation[${l - 1}]` : `${down} frac.activation[${l}]`;
  return [
    {
      field: `frac.weight[${l - 1}]`,
      text: `forward shift is ${s}, must be ${range(REQUANTISE)}; ${up} frac.weight[${l - 1}] or ${other}`,
    },
  ];
};

const checkBackward = (c: Config, l: number): Problem[] => {
  const s = backwardShift(c, l);
  if (!outside(s, REQUANTISE)) return [];
  const from = errorSource(c, l);
  const [up, down] = s < REQUANTISE.min ? ['raise', 'lower'] : ['lower', 'raise'];
  return [
    {
      field: `frac.error[${l - 1}]`,
      text: `backward shift is ${s}, must be ${range(REQUANTISE)}; ${down} frac.error[${l - 1}] or ${up} frac.weight[${from - 1}]`,
    },
  ];
};

const checkUpdate = (c: Config, l: number): Problem[] =>
  rateSteps(c).flatMap(({ shift }, i): Problem[] => {
    const rate = typeof c.learningRateShift === 'number' ? 'learningRateShift' : `learningRateShift[${i}].shift`;
    const recurrent = isRecurrent(c, l) ? [{ s: recurrentUpdateShift(c, l, shift), what: 'recurrent update' }] : [];
    return [{ s: updateShift(c, l, shift), what: 'update' }, ...recurrent]
      .filter(({ s }) => outside(s, UPDATE))
      .map(({ s, what }) => {
        const verb = s < UPDATE.min ? 'raise' : 'lower';
        return {
          field: `frac.error[${l - 1}]`,
          text: `${what} shift is ${s}, must be ${range(UPDATE)}; ${verb} frac.error[${l - 1}] or ${rate}`,
        };
      });
  });

/** The widest integers are a factor times a backward sum: they must stay exact. */
const checkRange = (c: Config, l: number): Problem[] => {
  const from = errorSource(c, l);
  const term = 2 ** (c.bits.weight + c.bits.error - 2 + FACTOR_FRAC + 1);
  const most = MAX_EXACT / term;
  return c.layers[from] <= most
    ? []
    : [
        {
          field: `layers[${from}]`,
          text: `is ${c.layers[from]}, must be 1..${most} with ${c.bits.weight}-bit weights and ${c.bits.error}-bit errors; lower it or bits`,
        },
      ];
};

const checkSize = (c: Config): Problem[] => {
  const columns = (l: number): number => c.layers[l - 1] + (isRecurrent(c, l) ? c.layers[l] : 0);
  const weights = c.layers.slice(1).reduce((sum, n, i) => sum + n * columns(i + 1), 0);
  return weights <= MAX_WEIGHTS
    ? []
    : [{ field: 'layers', text: `need ${weights} weights, must be at most ${MAX_WEIGHTS}; make the layers smaller` }];
};

/** What the fractions decide: ranges and every shift. */
const checkFractions = (c: Config): Problem[] => {
  const L = c.layers.length - 1;
  const each = (last: number, check: (c: Config, l: number) => Problem[]): Problem[] =>
    Array.from({ length: last }, (_, i) => check(c, i + 1)).flat();
  return [
    ...checkOutputError(c),
    ...checkTime(c),
    ...each(L, checkForward),
    ...each(L - 1, checkBackward),
    ...each(L - 1, checkRange),
    ...each(L, checkUpdate),
  ];
};

/** Everything that a well-formed configuration can still get wrong. Source: the numeric contract. */
export const checkConfig = (c: Config): Problem[] => {
  const lengths = [...checkLengths(c), ...checkTimeLengths(c)];
  return [...checkSchedule(c), ...checkData(c), ...checkSize(c), ...(lengths.length > 0 ? lengths : checkFractions(c))];
};
