import type { GrapesMode } from '../../config/index.js';
import { compare, type Entry, find, rowOf } from '../compare.js';
import type { Experiment } from '../define.js';
import type { Lab } from '../lab.js';
import { heatmap } from '../plot.js';
import { percent, type Report, signed, type Table } from '../report.js';
import { CALIBRATED, describe, MODE_TITLE, SMALL, shapeOf } from '../shapes.js';
import type { RunSpec } from '../spec.js';
import { mean } from '../statistics.js';
import type { Arm } from '../tune.js';

const MODES: readonly GrapesMode[] = ['off', 'propagating'];
const WIDTHS = [4, 5, 6, 7, 8, 10, 12, 14, 16] as const;
const QUICK_WIDTHS = [4, 8, 16] as const;
const RATES = [5, 6, 7, 8, 9] as const;
const LAYERS = [784, 128, 128, 10] as const;
const QUICK_RATES = [6, 8] as const;

interface Labels extends Readonly<Record<string, string | number>> {
  readonly weight: number;
  readonly datapath: number;
  readonly mode: GrapesMode;
}

const armOf = (layers: RunSpec['layers'], { weight, datapath, mode }: Labels, rates: readonly number[]): Arm => ({
  name: `${weight} x ${datapath} ${mode}`,
  spec: {
    engine: 'integer',
    bits: { weight, activation: datapath, error: datapath },
    frac: 'calibrated',
    layers,
    mode,
  },
  rates,
});

const run = async (lab: Lab): Promise<Report> => {
  const shape = shapeOf(lab, { tune: 10_000, tuneEpochs: 1, validation: 5000, train: 60_000, epochs: 1, seeds: 2 });
  const layers = lab.quick ? SMALL : LAYERS;
  const widths = lab.quick ? QUICK_WIDTHS : WIDTHS;
  const rates = lab.quick ? QUICK_RATES : RATES;
  const labels = MODES.flatMap((mode) =>
    widths.flatMap((datapath) => widths.map((weight): Labels => ({ weight, datapath, mode }))),
  );
  const measured = await compare(
    lab,
    labels.map((of): Entry<Labels> => ({ labels: of, arm: armOf(layers, of, rates) })),
    shape,
  );
  const tableOf = (mode: GrapesMode): Table => ({
    title: `${MODE_TITLE[mode]}: test accuracy in %; rows: weight bits, columns: activation and error bits`,
    columns: [{ name: '', align: 'right' }, ...widths.map((width) => ({ name: `${width}`, align: 'right' as const }))],
    rows: widths.map((weight) => [
      `${weight}`,
      ...widths.map((datapath) => percent(find(measured, { weight, datapath, mode }).mean)),
    ]),
  });
  const difference = (weight: number, datapath: number): number =>
    find(measured, { weight, datapath, mode: 'propagating' }).mean -
    find(measured, { weight, datapath, mode: 'off' }).mean;
  const cells = widths.flatMap((weight) => widths.map((datapath) => difference(weight, datapath)));
  const wide = [...widths].filter((width) => width >= 8);
  const wideCells = wide.flatMap((weight) => wide.map((datapath) => difference(weight, datapath)));
  return {
    setting: [`${layers.join('-')}. ${CALIBRATED}`, ...describe(shape)],
    tuning: measured.map(({ tuned }) => tuned),
    rows: measured.map(rowOf),
    tables: MODES.map(tableOf),
    plot: heatmap(
      measured.map((m) => ({ ...m.labels, mode: MODE_TITLE[m.labels.mode], accuracy: 100 * m.mean })),
      {
        x: { field: 'datapath', title: 'activation and error bits' },
        y: { field: 'weight', title: 'weight bits' },
        value: { field: 'accuracy', title: 'test, %' },
        facet: { field: 'mode', title: '' },
      },
    ),
    findings: [
      `GRAPES is ahead in ${cells.filter((d) => d > 0).length} of ${cells.length} cells, by ${signed({ difference: mean(cells), half: Number.POSITIVE_INFINITY })} points in the mean.`,
      `Where all widths are 8 or more: ahead in ${wideCells.filter((d) => d > 0).length} of ${wideCells.length}, by ${signed({ difference: mean(wideCells), half: Number.POSITIVE_INFINITY })} points in the mean.`,
    ],
  };
};

/** Accuracy over the widths of weights and of activations and errors. */
export const bits: Experiment = {
  name: 'bits',
  title: 'How many bits does training need?',
  question: 'Weights of 4 to 16 bits by activations and errors of 4 to 16 bits, GRAPES against plain backpropagation.',
  run,
};
