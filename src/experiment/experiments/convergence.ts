import type { GrapesMode } from '../../config/index.js';
import { edgeNote, find, rateText } from '../compare.js';
import type { Experiment } from '../define.js';
import type { Lab } from '../lab.js';
import { JUDGEMENTS, LEARNERS, MODES, measureModes } from '../modes.js';
import { lines } from '../plot.js';
import { plusMinus, type Report, round } from '../report.js';
import { CALIBRATED, describe, MODE_TITLE } from '../shapes.js';
import { mean, spread } from '../statistics.js';

const GOAL = 0.97;

/** Epochs until the mean accuracy first reaches the goal; null if it never does. */
export const epochsTo = (curve: readonly number[], goal: number, perEpoch: number): number | null => {
  const at = curve.findIndex((accuracy) => accuracy >= goal);
  return at < 0 ? null : (at + 1) / perEpoch;
};

const run = async (lab: Lab): Promise<Report> => {
  const { layers, shape, measured } = await measureModes(lab);
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
      `${layers.join('-')}; judged ${JUDGEMENTS} times an epoch. Reaching ${100 * GOAL} % means the first judgement at which the mean over seeds is there. The runs are those of \`control\`. ${CALIBRATED}`,
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
          m.labels.learner,
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
    findings: Object.keys(LEARNERS).map((learner) => {
      const average = (mode: GrapesMode): number =>
        mean(curves[measured.indexOf(find(measured, { learner, mode }))].map(({ mean: m }) => m));
      return `${learner}: epochs to ${100 * GOAL} % are ${MODES.map((mode) => `${reachedBy(learner, mode)} with ${MODE_TITLE[mode]}`).join(', ')}; mean accuracy along the curve ${MODES.map((mode) => (100 * average(mode)).toFixed(2)).join(', ')} %.`;
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
