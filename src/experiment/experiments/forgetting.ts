import type { GrapesMode } from '../../config/index.js';
import { compare, type Entry, edgeNote, find, rateText, rowOf } from '../compare.js';
import type { Experiment } from '../define.js';
import type { Lab } from '../lab.js';
import { lines } from '../plot.js';
import { plusMinus, type Report, round, signed } from '../report.js';
import { CALIBRATED, describe, MODE_TITLE, PAPER, type Shape, SMALL, shapeOf } from '../shapes.js';
import type { RunResult, RunSpec } from '../spec.js';
import { mean, pairedDifference, spread } from '../statistics.js';

const MODES: readonly GrapesMode[] = ['off', 'uniform', 'propagating'];
const TASKS = 5;

/** Digits that judge, for each task after each. */
const JUDGES = { tuning: 2000, final: 10_000 } as const;

/** What learns, how much of it, and the rates to choose from. */
interface Protocol {
  readonly title: string;
  readonly spec: Pick<RunSpec, 'engine' | 'bits' | 'frac' | 'batch' | 'momentum'>;
  readonly rates: readonly number[];
}

/** The published protocol is the second one at 2^-10 for every mode. */
const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  '8-bit': {
    title: '8-bit, online',
    spec: { engine: 'integer', bits: 8, frac: 'calibrated' },
    rates: [7, 8, 9, 10],
  },
  float32: {
    title: 'float32, batch 64, momentum 0.9',
    spec: { engine: 'float', batch: 64, momentum: 0.9 },
    rates: [8, 9, 10, 11],
  },
};

type Labels = { readonly protocol: string; readonly mode: GrapesMode };

const tasksOf = ({ tasks }: RunResult): readonly (readonly number[])[] => {
  if (tasks === undefined) throw new Error('a run without tasks');
  return tasks;
};

/** Mean drop from the accuracy right after a task to that after the last one, over all tasks but the last. */
export const forgettingOf = (result: RunResult): number => {
  const tasks = tasksOf(result);
  const last = tasks[tasks.length - 1];
  return mean(tasks.slice(0, -1).map((row, task) => row[task] - last[task]));
};

const inTasks = (part: Shape['tuning']): Shape['tuning'] => ({ ...part, samples: { ...part.samples, tasks: TASKS } });

const shapeIn = (lab: Lab): Shape => {
  const { tuning, final } = shapeOf(lab, {
    tune: 20_000,
    tuneEpochs: 1,
    validation: JUDGES.tuning,
    train: 60_000,
    epochs: 1,
    test: JUDGES.final,
    seeds: 3,
  });
  return { tuning: inTasks(tuning), final: inTasks(final) };
};

const run = async (lab: Lab): Promise<Report> => {
  const layers = lab.quick ? SMALL : PAPER;
  const shape = shapeIn(lab);
  const entries = Object.entries(PROTOCOLS).flatMap(([protocol, { spec, rates }]) =>
    MODES.map(
      (mode): Entry<Labels> => ({
        labels: { protocol, mode },
        arm: {
          name: `${protocol} ${mode}`,
          spec: { ...spec, layers, mode },
          rates: lab.quick ? rates.filter((_, i) => i % 3 === 0) : rates,
        },
      }),
    ),
  );
  const measured = await compare(lab, entries, shape);
  const forgetting = measured.map(({ results }) => spread(results.map(forgettingOf)));
  const difference = (protocol: string, over: GrapesMode, of: (result: RunResult) => number) =>
    pairedDifference(
      find(measured, { protocol, mode: 'propagating' }).results.map(of),
      find(measured, { protocol, mode: over }).results.map(of),
    );
  const finalOf = ({ accuracy }: RunResult): number => accuracy[accuracy.length - 1];
  return {
    setting: [
      `Permuted MNIST, ${TASKS} tasks one after the other, one epoch each; ${layers.join('-')}. Final accuracy: mean over all tasks after the last one; forgetting: mean drop from the accuracy right after a task.`,
      ...describe(shape),
      CALIBRATED,
      'Rates are chosen by the mean accuracy over all tasks after the last one.',
      ...edgeNote(measured),
    ],
    tuning: measured.map(({ tuned }) => tuned),
    rows: measured.map((m, i) => ({
      ...rowOf(m),
      forgetting: round(forgetting[i].mean),
      forgetting_deviation: round(forgetting[i].deviation),
    })),
    tables: [
      {
        title: `Test accuracy over ${TASKS} tasks, in %`,
        columns: [
          { name: 'learner', align: 'left' },
          { name: 'mode', align: 'left' },
          { name: 'rate', align: 'left' },
          { name: 'final accuracy', align: 'right' },
          { name: 'forgetting', align: 'right' },
        ],
        rows: measured.map((m, i) => [
          PROTOCOLS[m.labels.protocol].title,
          MODE_TITLE[m.labels.mode],
          rateText(m),
          plusMinus(m),
          plusMinus(forgetting[i]),
        ]),
      },
    ],
    plot: lines(
      measured.flatMap(({ labels: { protocol, mode }, results }) =>
        Array.from({ length: TASKS }, (_, task) => {
          const s = spread(results.map(({ accuracy }) => accuracy[task]));
          return {
            protocol,
            mode: MODE_TITLE[mode],
            task: task + 1,
            accuracy: 100 * s.mean,
            deviation: 100 * s.deviation,
          };
        }),
      ),
      {
        x: { field: 'task', title: 'tasks learnt' },
        y: { field: 'accuracy', title: 'mean test accuracy on the tasks so far, %' },
        series: { field: 'mode', title: 'mode' },
        facet: { field: 'protocol', title: '' },
      },
    ),
    findings: Object.entries(PROTOCOLS).map(
      ([protocol, { title }]) =>
        `${title}, rates tuned: GRAPES's final accuracy against none ${signed(difference(protocol, 'off', finalOf))}, against uniform ${signed(difference(protocol, 'uniform', finalOf))}; its forgetting against none ${signed(difference(protocol, 'off', forgettingOf))}, against uniform ${signed(difference(protocol, 'uniform', forgettingOf))} (points, paired over seeds, 95 % interval).`,
    ),
  };
};

/** Permuted MNIST, task after task. */
export const forgetting: Experiment = {
  name: 'forgetting',
  title: 'Does GRAPES forget less?',
  question: 'Permuted MNIST, five tasks, one epoch each: what is left of the earlier tasks at the end?',
  run,
};
