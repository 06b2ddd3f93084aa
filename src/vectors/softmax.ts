import { sat } from '../fx/format.js';
import { exponential } from '../fx/softmax.js';
import { chooser, field, lines, type ModuleBench, range } from './lines.js';

/** Six classes on two lanes: a dense group of four rows and a spread one of two. */
const VIEW = {
  classes: 6,
  lanes: 2,
  labelBits: 3,
  laneBits: 1,
  groups: 2,
  groupBits: 1,
  spread: 1,
  sum: 19,
  error: 8,
  frac: 7,
  stageBits: 2,
  hold: 96,
} as const;

const RANDOM_VECTORS = 30;
const TOP = 32767;

/** Probabilities, errors and the result of sets of logits, equal and extreme ones among them. */
export const softmaxBench = (): ModuleBench => {
  const { classes, error, frac } = VIEW;
  const choose = chooser(1101);
  const sets = [
    range(classes).map(() => 0),
    range(classes).map(() => -TOP - 1),
    range(classes).map((i) => (i === 4 ? TOP : -TOP - 1)),
    range(classes).map((i) => (i === 2 || i === 3 ? 300 : 299)),
    range(classes).map((i) => -100 * i),
    range(classes).map((i) => 100 * i),
    ...range(RANDOM_VECTORS).map((n) =>
      range(classes).map(() => choose.integer(-(2 ** (5 + (n % 10))), 2 ** (5 + (n % 10)))),
    ),
  ];
  return {
    module: 'grapes_softmax',
    view: VIEW,
    vectors: lines(
      sets.map((logits, n) => {
        const train = n % 5 !== 4;
        const label = n % classes;
        const largest = Math.max(...logits);
        const exponentials = logits.map((q) => exponential(largest - q));
        const sum = exponentials.reduce((total, e) => total + e, 0);
        const probabilities = exponentials.map((e) => Math.floor((Math.floor((e * 2 ** (frac + 1)) / sum) + 1) / 2));
        const deviations = probabilities.map((p, row) => p - (row === label ? 2 ** frac : 0));
        const errors = deviations.map((deviation) => sat(deviation, error));
        const trained = [
          ...probabilities,
          ...errors.map((e) => field(e, error)),
          ...errors.map((e, row) => e !== deviations[row]),
        ];
        return [
          ...[train, label, n % 2],
          ...logits,
          ...[logits.indexOf(largest), train ? classes : 0],
          ...(train ? trained : trained.map(() => 0)),
          ...logits.map((q) => field(q, 16)),
        ];
      }),
    ),
  };
};
