import type { GrapesMode } from '../../config/index.js';
import { compare, type Entry, edgeNote, find, type Measured, rateText, rowOf } from '../compare.js';
import type { Experiment } from '../define.js';
import type { Lab } from '../lab.js';
import { lines } from '../plot.js';
import { inPercent, percent, plusMinus, type Report } from '../report.js';
import { describeEach, MODE_TITLE, type Shape, shapeOf } from '../shapes.js';

const DEPTHS = [2, 4, 6, 8] as const;
const QUICK_DEPTHS = [2, 4, 8] as const;
/** Bits, and what each is worth: 16 bits take a multiple of the time. */
const BITS = { 8: { tune: 5000, seeds: 2 }, 16: { tune: 5000, seeds: 1 } } as const;
const WIDTHS = [8, 16] as const;
const MODES: readonly GrapesMode[] = ['off', 'local', 'propagating'];
const RATES = [8, 9, 10, 12] as const;
const QUICK_RATES = [8, 10] as const;
const WIDTH = { full: 128, quick: 24 } as const;

/** Below this a net has learnt nothing worth the name. */
const COLLAPSED = 0.5;

/** The last hidden layer's errors as fine as the output's; each layer below, where factors have doubled them, half as fine. */
const graded = (depth: number, bits: number): { error: number[] } => ({
  error: [...Array.from({ length: depth }, (_, l) => bits - depth + l), bits - 1],
});

type Labels = { readonly bits: number; readonly depth: number; readonly mode: GrapesMode };

const run = async (lab: Lab): Promise<Report> => {
  const depths = lab.quick ? QUICK_DEPTHS : DEPTHS;
  const width = lab.quick ? WIDTH.quick : WIDTH.full;
  const shapeFor = (bits: (typeof WIDTHS)[number]): Shape =>
    shapeOf(lab, { ...BITS[bits], tuneEpochs: 1, validation: 5000, train: 30_000, epochs: 1 });
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
              layers: [784, ...Array.from({ length: depth }, () => width), 10],
              mode,
              ...(mode === 'propagating' && { frac: graded(depth, bits) }),
            },
            rates: lab.quick ? QUICK_RATES : RATES,
          },
        }),
      ),
    );
    measured.push(...(await compare(lab, entries, shapeFor(bits))));
  }
  const deepest = depths[depths.length - 1];
  const collapsed = measured.filter((m) => m.accuracies.some((accuracy) => accuracy < COLLAPSED));
  return {
    setting: [
      `784, 2 to 8 hidden layers of ${width}, 10. Default formats; with GRAPES propagating, the hidden errors lose one fraction bit for every layer that lies above, because the factors can double them there.`,
      ...describeEach({ '8 bits': shapeFor(8), '16 bits': shapeFor(16) }),
      'The rate that is best after the few digits of tuning can be too large for the longer final run: a collapse in the table is one of that choice, not proof that no rate works.',
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
