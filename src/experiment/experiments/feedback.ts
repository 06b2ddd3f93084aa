import type { GrapesMode } from '../../config/index.js';
import { compare, type Entry, edgeNote, gain, rateText, rowOf } from '../compare.js';
import type { Experiment } from '../define.js';
import type { Lab } from '../lab.js';
import { points } from '../plot.js';
import { inPercent, percent, plusMinus, type Report, signed } from '../report.js';
import { CALIBRATED, describe, MODE_TITLE, PAPER, SMALL, shapeOf } from '../shapes.js';
import type { RunSpec } from '../spec.js';

const PATHS = ['bp', 'fa', 'dfa'] as const;
type Path = (typeof PATHS)[number];
const MODES: readonly GrapesMode[] = ['off', 'uniform', 'propagating'];
const RATES = [5, 6, 7, 8, 9, 10, 11] as const;
const QUICK_RATES = [6, 8] as const;

const TITLE: Readonly<Record<Path, string>> = {
  bp: 'backpropagation',
  fa: 'feedback alignment',
  dfa: 'direct feedback alignment',
};

/** What learns online, by the name it has in tables and files. */
const LEARNERS: Readonly<Record<string, Pick<RunSpec, 'engine' | 'bits' | 'frac'>>> = {
  '8-bit': { engine: 'integer', bits: 8, frac: 'calibrated' },
  float32: { engine: 'float' },
};

type Labels = { readonly learner: string; readonly feedback: Path; readonly mode: GrapesMode };

/** With a feedback path that is random, `off` is no plain backpropagation. */
const modeTitle = (mode: GrapesMode): string => (mode === 'off' ? 'no factors' : MODE_TITLE[mode]);

const run = async (lab: Lab): Promise<Report> => {
  const shape = shapeOf(lab, { tune: 50_000, tuneEpochs: 1, train: 60_000, epochs: 1, seeds: 5 });
  const layers = lab.quick ? SMALL : PAPER;
  const groups = Object.keys(LEARNERS).flatMap((learner) => PATHS.map((feedback) => ({ learner, feedback })));
  const entries = groups.flatMap(({ learner, feedback }) =>
    MODES.map(
      (mode): Entry<Labels> => ({
        labels: { learner, feedback, mode },
        arm: {
          name: `${learner} ${feedback} ${mode}`,
          spec: { ...LEARNERS[learner], layers, mode, feedback },
          rates: lab.quick ? QUICK_RATES : RATES,
        },
      }),
    ),
  );
  const measured = await compare(lab, entries, shape);
  const against = (group: Omit<Labels, 'mode'>, over: GrapesMode): string =>
    signed(gain(measured, { ...group, mode: 'propagating' }, { ...group, mode: over }));
  return {
    setting: [
      `${layers.join('-')}, online, 8-bit integers and float32. ${CALIBRATED}`,
      ...describe(shape),
      ...edgeNote(measured),
    ],
    tuning: measured.map(({ tuned }) => tuned),
    rows: measured.map(rowOf),
    tables: [
      {
        title: 'Test accuracy in %, each at its own best rate',
        columns: [
          { name: 'learner', align: 'left' },
          { name: 'feedback', align: 'left' },
          { name: 'mode', align: 'left' },
          { name: 'rate', align: 'left' },
          { name: 'test', align: 'right' },
          { name: 'training', align: 'right' },
        ],
        rows: measured.map((m) => [
          m.labels.learner,
          TITLE[m.labels.feedback],
          modeTitle(m.labels.mode),
          rateText(m),
          plusMinus(m),
          percent(m.training),
        ]),
      },
    ],
    plot: points(
      measured.map((m) => ({ ...inPercent(rowOf(m)), mode: modeTitle(m.labels.mode) })),
      {
        x: { field: 'feedback', title: 'feedback' },
        y: { field: 'accuracy', title: 'test accuracy, %' },
        series: { field: 'mode', title: 'mode' },
        facet: { field: 'learner', title: '' },
      },
    ),
    findings: groups.map(
      (group) =>
        `${group.learner}, ${TITLE[group.feedback]}: GRAPES against none ${against(group, 'off')}, against uniform ${against(group, 'uniform')} percentage points (paired over seeds, 95 % interval).`,
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
