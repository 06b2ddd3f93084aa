import type { GrapesMode } from '../../config/index.js';
import { compare, type Entry, edgeNote, find, rateText } from '../compare.js';
import type { Experiment } from '../define.js';
import type { Lab } from '../lab.js';
import { lines } from '../plot.js';
import { plusMinus, type Report, round } from '../report.js';
import { describe, MODE_TITLE, PAPER, SMALL, shapeOf } from '../shapes.js';
import type { RunSpec } from '../spec.js';
import { mean, spread } from '../statistics.js';

const MODES: readonly GrapesMode[] = ['off', 'uniform', 'local', 'propagating'];
const GOAL = 0.97;

/** How often an epoch is judged. */
const JUDGEMENTS = 2;

interface Learner {
  readonly title: string;
  readonly spec: Pick<RunSpec, 'engine' | 'bits' | 'batch'>;
  readonly rates: readonly number[];
}

const LEARNERS: Readonly<Record<string, Learner>> = {
  '8-bit': { title: '8-bit, online', spec: { engine: 'integer', bits: 8 }, rates: [5, 6, 7, 8, 9] },
};

/** Epochs until the mean accuracy first reaches the goal; null if it never does. */
export const epochsTo = (curve: readonly number[], goal: number, perEpoch: number): number | null => {
  const at = curve.findIndex((accuracy) => accuracy >= goal);
  return at < 0 ? null : (at + 1) / perEpoch;
};

const run = async (lab: Lab): Promise<Report> => {
  const shape = shapeOf(lab, { tune: 25_000, tuneEpochs: 2, train: 60_000, epochs: 5, seeds: 3 });
  const layers = lab.quick ? SMALL : PAPER;
  const entries = Object.entries(LEARNERS).flatMap(([learner, { spec, rates }]) =>
    MODES.map(
      (mode): Entry<{ learner: string; mode: GrapesMode }> => ({
        labels: { learner, mode },
        arm: {
          name: `${learner} ${mode}`,
          spec: { ...spec, layers, mode },
          rates: lab.quick ? rates.filter((_, i) => i % 2 === 1) : rates,
        },
      }),
    ),
  );
  const measured = await compare(lab, entries, shape, { judgements: JUDGEMENTS });
  const curves = measured.map(({ results }) =>
    results[0].accuracy.map((_, at) => spread(results.map(({ accuracy }) => accuracy[at]))),
  );
  const reached = curves.map((curve) =>
    epochsTo(
      curve.map(({ mean: m }) => m),
      GOAL,
      JUDGEMENTS,
    ),
  );
  const reachedBy = (learner: string, mode: GrapesMode): string => {
    const epochs = reached[measured.indexOf(find(measured, { learner, mode }))];
    return epochs === null ? `not within ${shape.final.epochs}` : `${epochs}`;
  };
  return {
    setting: [
      `${layers.join('-')}; judged ${JUDGEMENTS} times an epoch. Reaching ${100 * GOAL} % means the first judgement at which the mean over seeds is there.`,
      ...describe(shape),
      ...edgeNote(measured),
    ],
    tuning: measured.map(({ tuned }) => tuned),
    rows: measured.flatMap(({ labels, tuned, results }, i) =>
      curves[i].map(({ mean: m, deviation }, at) => ({
        ...labels,
        rate_shift: tuned.k,
        epoch: (at + 1) / JUDGEMENTS,
        accuracy: round(m),
        deviation: round(deviation),
        seeds: results.length,
      })),
    ),
    tables: [
      {
        title: 'Test accuracy in %, and epochs to 97 %',
        columns: [
          { name: 'learner', align: 'left' },
          { name: 'mode', align: 'left' },
          { name: 'rate', align: 'left' },
          { name: 'epoch 1', align: 'right' },
          { name: `epoch ${shape.final.epochs}`, align: 'right' },
          { name: 'epochs to 97 %', align: 'right' },
        ],
        rows: measured.map((m, i) => [
          LEARNERS[m.labels.learner].title,
          MODE_TITLE[m.labels.mode],
          rateText(m),
          plusMinus(curves[i][JUDGEMENTS - 1]),
          plusMinus(curves[i][curves[i].length - 1]),
          reached[i] === null ? 'never' : `${reached[i]}`,
        ]),
      },
    ],
    plot: lines(
      measured.flatMap(({ labels: { learner, mode } }, i) =>
        curves[i].map(({ mean: m, deviation }, at) => ({
          learner,
          mode: MODE_TITLE[mode],
          epoch: (at + 1) / JUDGEMENTS,
          accuracy: 100 * m,
          deviation: 100 * deviation,
        })),
      ),
      {
        x: { field: 'epoch', title: 'epoch' },
        y: { field: 'accuracy', title: 'test accuracy, %' },
        series: { field: 'mode', title: 'mode' },
        facet: { field: 'learner', title: '' },
      },
    ),
    findings: Object.entries(LEARNERS).map(([learner, { title }]) => {
      const average = (mode: GrapesMode): number =>
        mean(curves[measured.indexOf(find(measured, { learner, mode }))].map(({ mean: m }) => m));
      return `${title}: epochs to ${100 * GOAL} % are ${MODES.map((mode) => `${reachedBy(learner, mode)} with ${MODE_TITLE[mode]}`).join(', ')}; mean accuracy along the curve ${MODES.map((mode) => (100 * average(mode)).toFixed(2)).join(', ')} %.`;
    }),
  };
};

/** Accuracy over epochs. */
export const convergence: Experiment = {
  name: 'convergence',
  title: 'Does GRAPES converge faster?',
  question: 'Accuracy over epochs at tuned rates, and the epochs it takes to reach 97 %.',
  run,
};
