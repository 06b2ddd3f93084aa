import type { GrapesMode } from '../../config/index.js';
import { compare, type Entry, edgeNote, gain, rateText, rowOf } from '../compare.js';
import type { Experiment } from '../define.js';
import type { Lab } from '../lab.js';
import { points } from '../plot.js';
import { inPercent, percent, plusMinus, type Report, signed } from '../report.js';
import { describe, MODE_TITLE, PAPER, SMALL, shapeOf } from '../shapes.js';

const PATHS = ['bp', 'fa', 'dfa'] as const;
const MODES: readonly GrapesMode[] = ['off', 'uniform', 'propagating'];
const RATES = [5, 6, 7, 8, 9, 10, 11] as const;
const QUICK_RATES = [6, 8] as const;

const TITLE: Readonly<Record<(typeof PATHS)[number], string>> = {
  bp: 'backpropagation',
  fa: 'feedback alignment',
  dfa: 'direct feedback alignment',
};

const run = async (lab: Lab): Promise<Report> => {
  const shape = shapeOf(lab, { tune: 10_000, tuneEpochs: 1, validation: 5000, train: 60_000, epochs: 1, seeds: 3 });
  const layers = lab.quick ? SMALL : PAPER;
  const entries = PATHS.flatMap((feedback) =>
    MODES.map(
      (mode): Entry<{ feedback: (typeof PATHS)[number]; mode: GrapesMode }> => ({
        labels: { feedback, mode },
        arm: {
          name: `${feedback} ${mode}`,
          spec: { engine: 'integer', bits: 8, layers, mode, feedback },
          rates: lab.quick ? QUICK_RATES : RATES,
        },
      }),
    ),
  );
  const measured = await compare(lab, entries, shape);
  const against = (feedback: (typeof PATHS)[number], over: GrapesMode): string =>
    signed(gain(measured, { feedback, mode: 'propagating' }, { feedback, mode: over }));
  return {
    setting: [`${layers.join('-')}, 8-bit integers.`, ...describe(shape), ...edgeNote(measured)],
    tuning: measured.map(({ tuned }) => tuned),
    rows: measured.map(rowOf),
    tables: [
      {
        title: 'Test accuracy in %, each at its own best rate',
        columns: [
          { name: 'feedback', align: 'left' },
          { name: 'mode', align: 'left' },
          { name: 'rate', align: 'left' },
          { name: 'test', align: 'right' },
          { name: 'training', align: 'right' },
        ],
        rows: measured.map((m) => [
          TITLE[m.labels.feedback],
          MODE_TITLE[m.labels.mode],
          rateText(m),
          plusMinus(m),
          percent(m.training),
        ]),
      },
    ],
    plot: points(
      measured.map((m) => ({ ...inPercent(rowOf(m)), mode: MODE_TITLE[m.labels.mode] })),
      {
        x: { field: 'feedback', title: 'feedback' },
        y: { field: 'accuracy', title: 'test accuracy, %' },
        series: { field: 'mode', title: 'mode' },
      },
    ),
    findings: PATHS.map(
      (feedback) =>
        `${TITLE[feedback]}: GRAPES against none ${against(feedback, 'off')}, against uniform ${against(feedback, 'uniform')} percentage points (paired over seeds, 95 % interval).`,
    ),
  };
};

/** Feedback paths with and without GRAPES. */
export const feedback: Experiment = {
  name: 'feedback',
  title: 'Which feedback path gains from GRAPES?',
  question:
    'Backpropagation, feedback alignment (fixed random matrices) and direct feedback alignment (straight from the output): what do the factors do for each?',
  run,
};
