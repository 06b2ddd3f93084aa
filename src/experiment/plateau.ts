import type { GrapesMode } from '../config/index.js';
import type { Experiment } from './define.js';
import type { Lab } from './lab.js';
import { isLegal } from './learner.js';
import { MODES } from './modes.js';
import { lines } from './plot.js';
import { percent, type Report, round } from './report.js';
import { grouped, MODE_TITLE } from './shapes.js';
import { finalAccuracy, type RunResult, type RunSpec } from './spec.js';
import { type Spread, spread } from './statistics.js';
import { seedsTo } from './tune.js';

const PATHS = ['bp', 'fa'] as const;
type Path = (typeof PATHS)[number];

const PATH_TITLE: Readonly<Record<Path, string>> = { bp: 'backpropagation', fa: 'feedback alignment' };

type Fixed = Pick<RunSpec, 'engine' | 'bits' | 'frac' | 'layers' | 'time'>;

/** What learns at every rate of a grid. */
export interface Net {
  readonly spec: Fixed;
  readonly quick: Fixed;
  /** shifts, largest rate first */
  readonly rates: readonly number[];
}

/** How often a run goes through its samples: the fewer there are, the more often. */
export interface Amount {
  readonly train: number;
  readonly epochs: number;
}

/** An experiment that shows accuracy over a whole grid of rates. */
export interface Grid extends Pick<Experiment, 'name' | 'title' | 'question'> {
  /** by the name that each has in tables and files */
  readonly networks: Readonly<Record<string, Net>>;
  readonly amounts: readonly Amount[];
  readonly seeds: number;
  /** test digits, the first */
  readonly judges: number;
  /** what the networks are and where their formats come from, a sentence each */
  readonly setting: readonly string[];
}

/** With a feedback path that is random, `off` is no plain backpropagation. */
const modeTitle = (mode: GrapesMode): string => (mode === 'off' ? 'no factors' : MODE_TITLE[mode]);

const QUICK_AMOUNTS: readonly Amount[] = [{ train: 1000, epochs: 3 }];

/** Rates count as good within so much of the best accuracy that any mode reaches with these samples and this feedback. */
const NEAR = 0.01;

interface Group {
  readonly network: string;
  readonly samples: number;
  readonly feedback: Path;
}

interface Curve extends Group {
  readonly mode: GrapesMode;
  /** by rate, largest first; a rate without legal formats has no accuracy */
  readonly points: readonly { readonly k: number; readonly accuracy: Spread | null }[];
}

const curveOf = (of: Group & { readonly mode: GrapesMode }, ks: readonly number[], results: RunResult[][]): Curve => ({
  ...of,
  points: ks.map((k, at) => {
    const seeds = results[at];
    const none = seeds.length === 0 || seeds.some(({ refused }) => refused !== undefined);
    return { k, accuracy: none ? null : spread(seeds.map(finalAccuracy)) };
  }),
});

const bestOf = ({ points }: Curve): Curve['points'][number] =>
  points.reduce((a, b) => ((b.accuracy?.mean ?? 0) > (a.accuracy?.mean ?? 0) ? b : a));

/** The rates around a curve's best one at which it stays within {@link NEAR} of `best`. */
const plateau = (curve: Curve, best: number): readonly number[] => {
  const { points } = curve;
  const good = points.map(({ accuracy }) => accuracy !== null && accuracy.mean >= best - NEAR);
  const top = points.indexOf(bestOf(curve));
  if (!good[top]) return [];
  let [first, last] = [top, top];
  while (good[first - 1]) first--;
  while (good[last + 1]) last++;
  return points.slice(first, last + 1).map(({ k }) => k);
};

const rangeText = (ks: readonly number[]): string => {
  if (ks.length === 0) return 'none';
  return ks.length === 1 ? `2^-${ks[0]}` : `2^-${ks[0]} .. 2^-${ks[ks.length - 1]}`;
};

const measure = async (
  lab: Lab,
  group: Group,
  net: Net,
  { epochs, judges, count }: { readonly epochs: number; readonly judges: number; readonly count: number },
): Promise<Curve[]> => {
  const seeds = seedsTo(count);
  const ks = lab.quick ? net.rates.filter((_, i) => i % 3 === 1) : net.rates;
  const runs = MODES.flatMap((mode) =>
    ks.map((k) =>
      seeds
        .map(
          (seed): RunSpec => ({
            ...(lab.quick ? net.quick : net.spec),
            mode,
            ...(group.feedback !== 'bp' && { feedback: group.feedback }),
            rate: k,
            seed,
            epochs,
            samples: { train: group.samples, judge: 'test', judges },
          }),
        )
        .filter(isLegal),
    ),
  );
  const results = [...(await lab.all(runs.flat()))];
  const byRun = runs.map((specs) => results.splice(0, specs.length));
  return MODES.map((mode, m) => curveOf({ ...group, mode }, ks, byRun.slice(m * ks.length, (m + 1) * ks.length)));
};

const runGrid = async (lab: Lab, grid: Grid): Promise<Report> => {
  const amounts = lab.quick ? QUICK_AMOUNTS : grid.amounts;
  const count = lab.seeds ?? grid.seeds;
  const judges = lab.quick ? 500 : grid.judges;
  const groups: Curve[][] = [];
  for (const [network, net] of Object.entries(grid.networks))
    for (const { train, epochs } of amounts)
      for (const feedback of PATHS)
        groups.push(await measure(lab, { network, samples: train, feedback }, net, { epochs, judges, count }));
  const answers = groups.map((curves) => {
    const best = Math.max(...curves.map((curve) => bestOf(curve).accuracy?.mean ?? 0));
    return curves.map((curve) => ({ curve, top: bestOf(curve), good: plateau(curve, best) }));
  });
  const all = answers.flat();
  const meanWidth = (mode: GrapesMode, feedback: Path): string => {
    const widths = all
      .filter(({ curve: c }) => c.mode === mode && c.feedback === feedback)
      .map(({ good }) => good.length);
    return (widths.reduce((a, b) => a + b, 0) / widths.length).toFixed(1);
  };
  return {
    setting: [
      ...grid.setting,
      `${amounts.map(({ train, epochs }) => `${grouped(train)} digits ${epochs === 1 ? 'once' : `${epochs} times`}`).join(', ')}; judged at the end on ${grouped(judges)} test digits; ${count} seeds.`,
      'The whole grid is shown and nothing is chosen from it: a best value is the best of many on the test digits, a little too good for every mode alike.',
      `A rate is good if its mean accuracy is within ${100 * NEAR} point of the best that any mode reaches with the same digits and feedback; the plateau is the unbroken run of good rates around a mode's best one.`,
    ],
    tuning: [],
    rows: all.flatMap(({ curve: { points, ...labels } }) =>
      points.map(({ k, accuracy }) => ({
        ...labels,
        rate_shift: k,
        accuracy: round(accuracy?.mean ?? 0),
        deviation: round(accuracy?.deviation ?? 0),
        seeds: accuracy?.count ?? 0,
      })),
    ),
    tables: [
      {
        title: 'Good rates: within one point of the best',
        columns: [
          { name: 'network', align: 'left' },
          { name: 'digits', align: 'right' },
          { name: 'feedback', align: 'left' },
          { name: 'mode', align: 'left' },
          { name: 'best', align: 'right' },
          { name: 'at', align: 'left' },
          { name: 'good rates', align: 'right' },
          { name: 'from .. to', align: 'left' },
        ],
        rows: all.map(({ curve, top, good }) => [
          curve.network,
          grouped(curve.samples),
          PATH_TITLE[curve.feedback],
          modeTitle(curve.mode),
          percent(top.accuracy?.mean ?? 0),
          `2^-${top.k}`,
          `${good.length}`,
          rangeText(good),
        ]),
      },
    ],
    plot: lines(
      all.flatMap(({ curve: { points, network, samples, feedback, mode } }) =>
        points.flatMap(({ k, accuracy }) =>
          accuracy === null
            ? []
            : [
                {
                  panel: `${network}, ${grouped(samples)}, ${feedback}`,
                  mode: modeTitle(mode),
                  k,
                  accuracy: 100 * accuracy.mean,
                  deviation: 100 * accuracy.deviation,
                },
              ],
        ),
      ),
      {
        x: { field: 'k', title: 'k: the rate is 2^-k' },
        y: { field: 'accuracy', title: 'test accuracy, %' },
        series: { field: 'mode', title: 'mode' },
        facet: { field: 'panel', title: '' },
        columns: PATHS.length,
      },
    ),
    findings: [
      ...PATHS.map(
        (feedback) =>
          `${PATH_TITLE[feedback]}: good rates (powers of two) in the mean are ${MODES.map((mode) => `${meanWidth(mode, feedback)} with ${modeTitle(mode)}`).join(', ')}.`,
      ),
      ...answers.map((modes) => {
        const [{ curve: of }] = modes;
        const each = modes.map(
          ({ curve, top, good }) =>
            `${modeTitle(curve.mode)} ${good.length} (best ${percent(top.accuracy?.mean ?? 0)} %)`,
        );
        return `${of.network}, ${grouped(of.samples)} digits, ${PATH_TITLE[of.feedback]}: ${each.join(', ')}.`;
      }),
    ],
  };
};

/** Accuracy over a whole grid of rates, with few samples and many, backpropagation and feedback alignment. */
export const gridOfRates = (grid: Grid): Experiment => ({
  name: grid.name,
  title: grid.title,
  question: grid.question,
  run: (lab) => runGrid(lab, grid),
});
