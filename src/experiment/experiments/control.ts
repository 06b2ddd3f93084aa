import type { GrapesMode } from '../../config/index.js';
import { edgeNote, gain, type Measured, rateText, rowOf } from '../compare.js';
import type { Experiment } from '../define.js';
import type { Lab } from '../lab.js';
import { LEARNERS, type ModeLabels, measureModes } from '../modes.js';
import { points } from '../plot.js';
import { inPercent, percent, plusMinus, type Report, signed, type Table } from '../report.js';
import { CALIBRATED, describe, MODE_TITLE } from '../shapes.js';

const run = async (lab: Lab): Promise<Report> => {
  const { layers, shape, measured } = await measureModes(lab);
  const against = (learner: string, over: GrapesMode): string =>
    signed(gain(measured, { learner, mode: 'propagating' }, { learner, mode: over }));
  return {
    setting: [
      `${layers.join('-')}; 8-bit integers and float32 online, float32 also in mini-batches. ${CALIBRATED}`,
      ...describe(shape),
      ...edgeNote(measured),
    ],
    tuning: measured.map(({ tuned }) => tuned),
    rows: measured.map(rowOf),
    tables: [
      {
        title: 'Test accuracy in %, each mode at its own best rate',
        columns: [
          { name: 'learner', align: 'left' },
          { name: 'mode', align: 'left' },
          { name: 'rate', align: 'left' },
          { name: 'test', align: 'right' },
          { name: 'training', align: 'right' },
          { name: 'over plain BP', align: 'right' },
        ],
        rows: measured.map((m) => [
          m.labels.learner,
          MODE_TITLE[m.labels.mode],
          rateText(m),
          plusMinus(m),
          percent(m.training),
          m.labels.mode === 'off' ? '' : signed(gain(measured, m.labels, { ...m.labels, mode: 'off' })),
        ]),
      },
      ...Object.keys(LEARNERS).map((learner) =>
        ratesTable(
          measured.filter(({ labels }) => labels.learner === learner),
          `${learner}: validation accuracy in % at every rate tried`,
        ),
      ),
    ],
    plot: points(
      measured.map((m) => ({ ...inPercent(rowOf(m)), mode: MODE_TITLE[m.labels.mode] })),
      {
        x: { field: 'learner', title: 'learner' },
        y: { field: 'accuracy', title: 'test accuracy, %' },
        series: { field: 'mode', title: 'mode' },
      },
    ),
    findings: Object.keys(LEARNERS).map(
      (learner) =>
        `${learner}: GRAPES against plain BP ${against(learner, 'off')}, against uniform ${against(learner, 'uniform')} percentage points (paired over seeds, 95 % interval).`,
    ),
  };
};

/** What the rates tried gave on the validation digits, a line a mode. */
const ratesTable = (measured: readonly Measured<ModeLabels>[], title: string): Table => {
  const [{ tuned }] = measured;
  return {
    title,
    columns: [
      { name: 'mode', align: 'left' },
      ...tuned.trials.map(({ k }) => ({ name: `2^-${k}`, align: 'right' as const })),
    ],
    rows: measured.map(({ labels, tuned: { trials } }) => [
      MODE_TITLE[labels.mode],
      ...trials.map(({ accuracy }) => percent(accuracy)),
    ]),
  };
};

/** Whether GRAPES is more than a larger step. */
export const control: Experiment = {
  name: 'control',
  title: 'Is GRAPES more than a larger step?',
  question:
    "With the rate of each mode tuned over the same grid: does GRAPES beat plain backpropagation, and does it beat `uniform`, which takes the layer's mean factor for every neuron?",
  run,
};
