import type { GrapesMode } from '../../config/index.js';
import { compare, type Entry, edgeNote, find, gain, type Measured, rateText, rowOf } from '../compare.js';
import type { Experiment } from '../define.js';
import type { Lab } from '../lab.js';
import { MODES } from '../modes.js';
import { lines } from '../plot.js';
import { percent, plusMinus, type Report, type Row, round, signed, type Table } from '../report.js';
import { inputsUsed } from '../samples.js';
import { describe, type Effort, grouped, MODE_TITLE, type Shape, shapeOf } from '../shapes.js';
import { spread } from '../statistics.js';
import { meanWork, snuIntegers, type TimedNet, timedNets, type Work } from '../timed.js';
import { forgettingOf } from './forgetting.js';

/** How often an epoch of a final run is judged. */
const JUDGEMENTS = 2;
const DEPTHS = [1, 2, 3, 4] as const;
const QUICK_DEPTHS = [1, 2] as const;
const DEPTH_RATES = [8, 9, 10] as const;
const NEURONS = { full: 64, quick: 16 } as const;
const TASKS = 5;

/** Half of a 95 % interval beyond which a difference says nothing. */
const UNCLEAR = 0.05;

/** Spiking networks run several times as fast as recurrent ones: they see more digits. */
const EFFORTS: Readonly<Record<'snu' | 'rnn' | 'depth' | 'forgetting', Effort>> = {
  snu: { tune: 5000, tuneEpochs: 1, validation: 1000, train: 10_000, epochs: 2, test: 2000, seeds: 3 },
  rnn: { tune: 4000, tuneEpochs: 1, validation: 1000, train: 10_000, epochs: 2, test: 2000, seeds: 2 },
  depth: { tune: 3000, tuneEpochs: 1, validation: 500, train: 5000, epochs: 1, test: 2000, seeds: 2 },
  forgetting: { tune: 2000, tuneEpochs: 1, validation: 500, train: 5000, epochs: 1, test: 1000, seeds: 2 },
};

interface Labels extends Row {
  readonly part: 'modes' | 'depth' | 'forgetting';
  readonly learner: string;
  readonly depth: number;
  readonly mode: GrapesMode;
}

const some = (lab: Lab, rates: readonly number[]): readonly number[] => (lab.quick ? rates.slice(1, 2) : rates);

const entriesOf = (lab: Lab, part: Labels['part'], learner: string, depth: number, net: TimedNet): Entry<Labels>[] =>
  MODES.map((mode) => ({
    labels: { part, learner, depth, mode },
    arm: {
      name: `${part} ${learner} ${depth} ${mode}`,
      spec: { ...net.spec, mode },
      rates: some(lab, net.rates),
    },
  }));

const inTasks = ({ tuning, final }: Shape): Shape => {
  const with5 = (part: Shape['tuning']): Shape['tuning'] => ({ ...part, samples: { ...part.samples, tasks: TASKS } });
  return { tuning: with5(tuning), final: with5(final) };
};

const modesTable = (measured: readonly Measured<Labels>[], input: number): Table => ({
  title: 'Each mode at its own best rate: test accuracy in %, and what a sample costs',
  columns: [
    { name: 'network', align: 'left' },
    { name: 'mode', align: 'left' },
    { name: 'rate', align: 'left' },
    { name: 'after half an epoch', align: 'right' },
    { name: 'at the end', align: 'right' },
    { name: 'active values', align: 'right' },
    { name: 'additions, inference', align: 'right' },
    { name: 'additions, training step', align: 'right' },
  ],
  rows: measured.map((m) => {
    const work = workFor(m, input);
    return [
      m.labels.learner,
      MODE_TITLE[m.labels.mode],
      rateText(m),
      plusMinus(spread(m.results.map(({ accuracy }) => accuracy[0]))),
      plusMinus(m),
      ...[work.spikes, work.inference, work.training].map((n) => grouped(Math.round(n))),
    ];
  }),
});

const workFor = ({ tuned, results }: Measured<Labels>, input: number): Work => {
  const { arm, k } = tuned;
  const samples = { train: 1, judge: 'test', judges: 1 } as const;
  return meanWork({ ...arm.spec, rate: k, seed: 1, epochs: 1, samples }, results, input);
};

const grid = (
  title: string,
  measured: readonly Measured<Labels>[],
  cells: readonly [string, Partial<Labels>][],
): Table => ({
  title,
  columns: [{ name: '', align: 'left' }, ...MODES.map((mode) => ({ name: MODE_TITLE[mode], align: 'left' as const }))],
  rows: cells.map(([name, of]) => [
    name,
    ...MODES.map((mode) => {
      const m = find(measured, { ...of, mode });
      return `${plusMinus(m)} (${rateText(m)})`;
    }),
  ]),
});

const forgettingTable = (measured: readonly Measured<Labels>[]): Table => ({
  title: `Permuted digits, ${TASKS} tasks, snu 8-bit: test accuracy over all tasks at the end, and forgetting, in %`,
  columns: [
    { name: 'mode', align: 'left' },
    { name: 'rate', align: 'left' },
    { name: 'final accuracy', align: 'right' },
    { name: 'forgetting', align: 'right' },
  ],
  rows: measured.map((m) => [
    MODE_TITLE[m.labels.mode],
    rateText(m),
    plusMinus(m),
    plusMinus(spread(m.results.map(forgettingOf))),
  ]),
});

const run = async (lab: Lab): Promise<Report> => {
  const input = inputsUsed();
  const nets = timedNets(lab.quick);
  const depths = lab.quick ? QUICK_DEPTHS : DEPTHS;
  const neurons = lab.quick ? NEURONS.quick : NEURONS.full;
  const snu = (depth: number): TimedNet => ({
    spec: snuIntegers(Array.from({ length: depth }, () => neurons)),
    rates: DEPTH_RATES,
  });
  const shapes = {
    snu: shapeOf(lab, EFFORTS.snu),
    rnn: shapeOf(lab, EFFORTS.rnn),
    depth: shapeOf(lab, EFFORTS.depth),
    forgetting: inTasks(shapeOf(lab, EFFORTS.forgetting)),
  };
  const deep = await compare(
    lab,
    depths.flatMap((depth) => entriesOf(lab, 'depth', 'snu, 8-bit', depth, snu(depth))),
    shapes.depth,
  );
  const tasks = await compare(lab, entriesOf(lab, 'forgetting', 'snu, 8-bit', 1, snu(1)), shapes.forgetting);
  const modes: Measured<Labels>[] = [];
  for (const [learner, net] of Object.entries(nets)) {
    const shape = learner.startsWith('snu') ? shapes.snu : shapes.rnn;
    modes.push(...(await compare(lab, entriesOf(lab, 'modes', learner, 0, net), shape, { judgements: JUDGEMENTS })));
  }
  const all = [...modes, ...deep, ...tasks];
  const learners = Object.keys(nets);
  const against = (of: Partial<Labels>, over: GrapesMode): string =>
    signed(gain(all, { ...of, mode: 'propagating' }, { ...of, mode: over }));
  const unclear = (of: Partial<Labels>): string =>
    gain(all, { ...of, mode: 'propagating' }, { ...of, mode: 'off' }).half > UNCLEAR
      ? ' Too wide to tell anything.'
      : '';
  const at = (depth: number, mode: GrapesMode): string => percent(find(deep, { depth, mode }).mean);
  const [first, last] = [depths[0], depths[depths.length - 1]];
  return {
    setting: [
      `snu: ${nets['snu, 8-bit'].spec.layers.join('-')}, the same input at 4 steps; rnn: ${nets['rnn, float32'].spec.layers.join('-')}, recurrent, hard tanh, a row of the digit a step. Depth and forgetting: snu with hidden layers of ${neurons}.`,
      'Formats of integers: snu weights with twice the range that they start from, all else the defaults; rnn those of its preset.',
      'Additions: products of values that are not 0 with their weights (a spike only adds), a constant input once; a training step is one in which every layer has an error. Means over training and judging.',
      ...describe(shapes.snu).map((sentence) => `snu: ${sentence}`),
      ...describe(shapes.rnn).map((sentence) => `rnn: ${sentence}`),
      ...describe(shapes.depth).map((sentence) => `Depth: ${sentence}`),
      ...describe(shapes.forgetting).map((sentence) => `Forgetting, a task: ${sentence}`),
      ...edgeNote(all),
    ],
    tuning: all.map(({ tuned }) => tuned),
    rows: all.map((m) => ({
      ...rowOf(m),
      half_epoch: m.labels.part === 'modes' ? round(spread(m.results.map(({ accuracy }) => accuracy[0])).mean) : '',
      ...(({ spikes, inference, training }) => ({
        active_values: Math.round(spikes),
        additions_inference: Math.round(inference),
        additions_training: Math.round(training),
      }))(workFor(m, input)),
      forgetting: m.labels.part === 'forgetting' ? round(spread(m.results.map(forgettingOf)).mean) : '',
    })),
    tables: [
      modesTable(modes, input),
      grid(
        'Depth, snu 8-bit: test accuracy in % (rate)',
        deep,
        depths.map((depth) => [`${depth} hidden`, { depth }]),
      ),
      forgettingTable(tasks),
    ],
    plot: lines(
      modes.flatMap(({ labels: { learner, mode }, results }) =>
        results[0].accuracy.map((_, i) => {
          const s = spread(results.map(({ accuracy }) => accuracy[i]));
          return {
            learner,
            mode: MODE_TITLE[mode],
            half: i + 1,
            accuracy: 100 * s.mean,
            deviation: 100 * s.deviation,
          };
        }),
      ),
      {
        x: { field: 'half', title: 'half epochs' },
        y: { field: 'accuracy', title: 'test accuracy, %' },
        series: { field: 'mode', title: 'mode' },
        facet: { field: 'learner', title: '' },
        columns: 2,
      },
    ),
    findings: [
      ...learners.map(
        (learner) =>
          `${learner}: GRAPES against plain BP ${against({ part: 'modes', learner }, 'off')}, against uniform ${against({ part: 'modes', learner }, 'uniform')} percentage points (paired over seeds, 95 % interval).${unclear({ part: 'modes', learner })}`,
      ),
      `snu 8-bit from ${first} to ${last} hidden layers: ${MODES.map((mode) => `${MODE_TITLE[mode]} ${at(first, mode)} to ${at(last, mode)} %`).join(', ')}.`,
      `Five permuted tasks: GRAPES's final accuracy against plain BP ${against({ part: 'forgetting' }, 'off')}, against uniform ${against({ part: 'forgetting' }, 'uniform')} points.${unclear({ part: 'forgetting' })}`,
    ],
  };
};

/** Spiking and recurrent networks, with and without GRAPES. */
export const timeControl: Experiment = {
  name: 'time-control',
  title: 'Does GRAPES help networks in time?',
  question:
    'Spiking (snu) and recurrent (rnn) networks trained by backpropagation through time, integers and float32: accuracy, how soon, by depth, and what is left after five tasks.',
  run,
};
