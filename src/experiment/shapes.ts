import type { GrapesMode } from '../config/index.js';
import { CALIBRATION } from './formats.js';
import type { Lab } from './lab.js';
import type { Samples } from './spec.js';
import { seedsTo } from './tune.js';

/** Samples, epochs and seeds of tuning and of the final runs. */
export interface Shape {
  readonly tuning: { readonly samples: Samples; readonly epochs: number; readonly seeds: readonly number[] };
  readonly final: { readonly samples: Samples; readonly epochs: number; readonly seeds: readonly number[] };
}

/** What an experiment sets itself. */
export interface Effort {
  /** samples to learn from while tuning, none of which may be validation digits */
  readonly tune: number;
  readonly tuneEpochs: number;
  /** validation digits, the last of the training set; 10,000 if left out */
  readonly validation?: number;
  /** samples to learn from in the final runs, at most 60,000; the 10,000 test digits judge */
  readonly train: number;
  readonly epochs: number;
  readonly seeds: number;
  /** test digits, the first; all 10,000 if left out */
  readonly test?: number;
}

const FULL = 60_000;
const VALIDATION = 10_000;
const TEST = 10_000;
const QUICK = { tune: 1000, train: 2000, judges: 500, seeds: 2 } as const;

/** The sizes of an experiment: its own, or small ones where the lab is in a hurry. */
export const shapeOf = ({ quick, seeds }: Lab, effort: Effort): Shape => {
  const tuneSamples = quick ? QUICK.tune : effort.tune;
  const train = quick ? QUICK.train : effort.train;
  return {
    tuning: {
      samples: {
        train: tuneSamples,
        judge: 'validation',
        judges: quick ? QUICK.judges : (effort.validation ?? VALIDATION),
      },
      epochs: quick ? 1 : effort.tuneEpochs,
      seeds: [1],
    },
    final: {
      samples: { train, judge: 'test', judges: quick ? QUICK.judges : (effort.test ?? TEST) },
      epochs: quick ? Math.min(2, effort.epochs) : effort.epochs,
      seeds: seedsTo(seeds ?? (quick ? QUICK.seeds : effort.seeds)),
    },
  };
};

/** The paper's network. */
export const PAPER = [784, 256, 256, 10] as const;

/** A small network for a hurry. */
export const SMALL = [784, 32, 32, 10] as const;

/** Modes as tables name them. */
export const MODE_TITLE: Readonly<Record<GrapesMode, string>> = {
  off: 'plain BP',
  uniform: 'uniform',
  local: 'GRAPES local',
  propagating: 'GRAPES',
};

/** Where the formats of integers come from, in a sentence. */
export const CALIBRATED = `Formats of integers are what \`calibrate\` finds at the run's rate (${CALIBRATION.digits} digits, seed ${CALIBRATION.seed}).`;

/** 60000 as 60,000. */
export const grouped = (n: number): string => n.toLocaleString('en-US');

/** How many of something, in words that agree. */
const many = (n: number, what: string): string => `${grouped(n)} ${what}${n === 1 ? '' : 's'}`;

/** What was run, in sentences. */
export const describe = ({ tuning, final }: Shape): string[] => [
  `Rates are chosen on ${grouped(tuning.samples.judges)} validation digits, the last of the training set, after ${many(tuning.epochs, 'epoch')} of its first ${grouped(tuning.samples.train)} (seed ${tuning.seeds.join(', ')}).`,
  `Final runs: ${many(final.epochs, 'epoch')} of ${grouped(final.samples.train)} digits, judged at the end of the last one on ${grouped(final.samples.judges)} digits of the test set that nothing was chosen on; ${many(final.seeds.length, 'seed')}.`,
  ...(final.samples.train < FULL
    ? [`A subset of the ${grouped(FULL)} training digits: accuracies are lower than those of whole epochs.`]
    : []),
];
