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
  steps: 9,
  stepBits: 4,
  hold: 96,
  late: 40,
} as const;

const RANDOM_VECTORS = 30;
const TOP = 32767;

/** Exponentials, their sum, the label's row and the result of sets of logits, equal and extreme ones among them. */
export const softmaxBench = (): ModuleBench => {
  const { classes, lanes } = VIEW;
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
  // Rows 0..3 take two rounds, the spread rows one.
  const rounds = 2 + Math.ceil((classes - 2 * lanes) / lanes);
  return {
    module: 'grapes_softmax',
    view: VIEW,
    vectors: lines(
      sets.map((logits, n) => {
        const train = n % 5 !== 4;
        const label = n % classes;
        const largest = Math.max(...logits);
        const exponentials = logits.map((q) => (train ? exponential(largest - q) : 0));
        const results = [
          logits.indexOf(largest),
          exponentials.reduce((sum, e) => sum + e, 0),
          train ? label : 0,
          train ? rounds : 0,
        ];
        return [...[train, label, n % 2], ...logits, ...results, ...exponentials, ...logits.map((q) => field(q, 16))];
      }),
    ),
  };
};
