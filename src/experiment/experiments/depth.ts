import type { GrapesMode } from '../../config/index.js';
import { compare, type Entry, edgeNote, find, type Measured, rateText, rowOf } from '../compare.js';
import type { Experiment } from '../define.js';
import type { Lab } from '../lab.js';
import { lines } from '../plot.js';
import { inPercent, percent, plusMinus, type Report } from '../report.js';
import { CALIBRATED, describe, MODE_TITLE, shapeOf } from '../shapes.js';

const DEPTHS = [2, 4, 6, 8] as const;
const QUICK_DEPTHS = [2, 8] as const;
const WIDTHS = [8, 16] as const;
const MODES: readonly GrapesMode[] = ['off', 'local', 'propagating'];
/** Factors multiply along the way back: the deepest nets need rates some 2^6 below those of the shallowest. */
const RATES = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14] as const;
const QUICK_RATES = [7, 10] as const;
const NEURONS = { full: 128, quick: 24 } as const;

/** Below this a net has learnt nothing worth the name. */
const COLLAPSED = 0.5;

type Labels = { readonly bits: number; readonly depth: number; readonly mode: GrapesMode };

const run = async (lab: Lab): Promise<Report> => {
  const depths = lab.quick ? QUICK_DEPTHS : DEPTHS;
  const neurons = lab.quick ? NEURONS.quick : NEURONS.full;
  const shape = shapeOf(lab, { tune: 50_000, tuneEpochs: 1, train: 60_000, epochs: 1, seeds: 3 });
  const measured: Measured<Labels>[] = [];
  for (const bits of WIDTHS) {
    const entries = depths.flatMap((depth) =>
      MODES.map(
        (mode): Entry<Labels> => ({
          labels: { bits, depth, mode },
          arm: {
            name: `${bits}-bit depth ${depth} ${mode}`,
            spec: {
              engine: 'integer',
              bits,
              frac: 'calibrated',
              layers: [784, ...Array.from({ length: depth }, () => neurons), 10],
              mode,
            },
            rates: lab.quick ? QUICK_RATES : RATES,
          },
        }),
      ),
    );
    measured.push(...(await compare(lab, entries, shape)));
  }
  const deepest = depths[depths.length - 1];
  const collapsed = measured.filter((m) => m.accuracies.some((accuracy) => accuracy < COLLAPSED));
  return {
    setting: [
      `784, ${depths[0]} to ${deepest} hidden layers of ${neurons}, 10. ${CALIBRATED}`,
      ...describe(shape),
      ...edgeNote(measured),
    ],
    tuning: measured.map(({ tuned }) => tuned),
    rows: measured.map(rowOf),
    tables: WIDTHS.map((bits) => ({
      title: `${bits} bits: test accuracy in % (rate)`,
      columns: [
        { name: 'hidden layers', align: 'right' as const },
        ...MODES.map((mode) => ({ name: MODE_TITLE[mode], align: 'left' as const })),
      ],
      rows: depths.map((depth) => [
        `${depth}`,
        ...MODES.map((mode) => {
          const m = find(measured, { bits, depth, mode });
          return `${plusMinus(m)} (${rateText(m)})`;
        }),
      ]),
    })),
    plot: lines(
      measured.map((m) => ({
        ...inPercent(rowOf(m)),
        mode: MODE_TITLE[m.labels.mode],
        panel: `${m.labels.bits} bits`,
      })),
      {
        x: { field: 'depth', title: 'hidden layers' },
        y: { field: 'accuracy', title: 'test accuracy, %' },
        series: { field: 'mode', title: 'mode' },
        facet: { field: 'panel', title: '' },
      },
    ),
    findings: [
      ...WIDTHS.map((bits) => {
        const at = (mode: GrapesMode, depth: number): string => percent(find(measured, { bits, depth, mode }).mean);
        return `${bits} bits, from ${depths[0]} to ${deepest} hidden layers: ${MODES.map((mode) => `${MODE_TITLE[mode]} ${at(mode, depths[0])} to ${at(mode, deepest)} %`).join(', ')}.`;
      }),
      collapsed.length === 0
        ? 'No run collapsed.'
        : `Runs below ${100 * COLLAPSED} %: ${collapsed.map(({ labels: l }) => `${l.bits}-bit ${MODE_TITLE[l.mode]} at depth ${l.depth}`).join(', ')}.`,
    ],
  };
};

/** Accuracy over the number of hidden layers. */
export const depth: Experiment = {
  name: 'depth',
  title: 'Do deep nets still train on narrow integers?',
  question: '2 to 8 hidden layers at 8 and 16 bits, with and without GRAPES.',
  run,
};
