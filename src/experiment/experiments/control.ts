import type { GrapesMode } from '../../config/index.js';
import { compare, type Entry, edgeNote, gain, type Measured, rateText, rowOf } from '../compare.js';
import type { Experiment } from '../define.js';
import type { Lab } from '../lab.js';
import { points } from '../plot.js';
import { inPercent, percent, plusMinus, type Report, signed } from '../report.js';
import { describeEach, MODE_TITLE, PAPER, SMALL, shapeOf } from '../shapes.js';
import type { RunSpec } from '../spec.js';

const MODES: readonly GrapesMode[] = ['off', 'uniform', 'local', 'propagating'];
const RATES = [5, 6, 7, 8, 9] as const;
const QUICK_RATES = [6, 8] as const;

/** What the arithmetic is done in, how many seeds, and how many digits choose a rate. */
interface Datapath {
  readonly spec: Pick<RunSpec, 'engine' | 'bits'>;
  readonly seeds: number;
  readonly tune: number;
}

const DATAPATHS: Readonly<Record<string, Datapath>> = {
  '8-bit': { spec: { engine: 'integer', bits: 8 }, seeds: 5, tune: 25_000 },
  float32: { spec: { engine: 'float' }, seeds: 3, tune: 25_000 },
};

type Labels = { readonly datapath: string; readonly mode: GrapesMode };

const run = async (lab: Lab): Promise<Report> => {
  const layers = lab.quick ? SMALL : PAPER;
  const shapes = Object.fromEntries(
    Object.entries(DATAPATHS).map(([datapath, { seeds, tune }]) => [
      datapath,
      shapeOf(lab, { tune, tuneEpochs: 2, train: 60_000, epochs: 2, seeds }),
    ]),
  );
  const measured: Measured<Labels>[] = [];
  for (const [datapath, { spec }] of Object.entries(DATAPATHS)) {
    const entries = MODES.map(
      (mode): Entry<Labels> => ({
        labels: { datapath, mode },
        arm: { name: `${datapath} ${mode}`, spec: { ...spec, layers, mode }, rates: lab.quick ? QUICK_RATES : RATES },
      }),
    );
    measured.push(...(await compare(lab, entries, shapes[datapath])));
  }
  const against = (datapath: string, over: GrapesMode): string =>
    signed(gain(measured, { datapath, mode: 'propagating' }, { datapath, mode: over }));
  return {
    setting: [
      `${layers.join('-')}, online; 8-bit integers and float32.`,
      ...describeEach(shapes),
      ...edgeNote(measured),
    ],
    tuning: measured.map(({ tuned }) => tuned),
    rows: measured.map(rowOf),
    tables: [
      {
        title: 'Test accuracy in %, each mode at its own best rate',
        columns: [
          { name: 'datapath', align: 'left' },
          { name: 'mode', align: 'left' },
          { name: 'rate', align: 'left' },
          { name: 'test', align: 'right' },
          { name: 'training', align: 'right' },
          { name: 'over plain BP', align: 'right' },
        ],
        rows: measured.map((m) => [
          m.labels.datapath,
          MODE_TITLE[m.labels.mode],
          rateText(m),
          plusMinus(m),
          percent(m.training),
          m.labels.mode === 'off' ? '' : signed(gain(measured, m.labels, { ...m.labels, mode: 'off' })),
        ]),
      },
    ],
    plot: points(
      measured.map((m) => ({ ...inPercent(rowOf(m)), mode: MODE_TITLE[m.labels.mode] })),
      {
        x: { field: 'datapath', title: 'datapath' },
        y: { field: 'accuracy', title: 'test accuracy, %' },
        series: { field: 'mode', title: 'mode' },
      },
    ),
    findings: Object.keys(DATAPATHS).map(
      (datapath) =>
        `${datapath}: GRAPES against plain BP ${against(datapath, 'off')}, against uniform ${against(datapath, 'uniform')} percentage points (paired over seeds, 95 % interval).`,
    ),
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
