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

/** Below this a net has learnt nothing worth the name. */
const COLLAPSED = 0.5;

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
  const pairs = widths.flatMap((weight) =>
    widths.map((datapath) => {
      const [plain, factors] = MODES.map((mode) => find(measured, { weight, datapath, mode }).mean);
      return { narrowest: Math.min(weight, datapath), plain, factors };
    }),
  );
  const compared = (where: string, cells: readonly (typeof pairs)[number][]): string => {
    const differences = cells.map(({ plain, factors }) => factors - plain);
    const ahead = differences.filter((d) => d > 0).length;
    const average = signed({ difference: mean(differences), half: Number.POSITIVE_INFINITY });
    return `${where}: GRAPES is ahead in ${ahead} of ${cells.length} cells, by ${average} points in the mean.`;
  };
  const trained = pairs.filter(({ plain, factors }) => Math.min(plain, factors) >= COLLAPSED);
  const collapsed = (of: 'plain' | 'factors'): number => pairs.filter((pair) => pair[of] < COLLAPSED).length;
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
      ...(trained.length === 0 ? [] : [compared('Where both train', trained)]),
      compared(
        'Where all widths are 8 or more',
        pairs.filter(({ narrowest }) => narrowest >= 8),
      ),
      `Below ${100 * COLLAPSED} %: ${collapsed('plain')} cells with plain BP, ${collapsed('factors')} with GRAPES. A collapse is one at the rate chosen after few digits, not proof that no rate works.`,
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
