import { type Config, type GrapesMode, parseConfig, presets, type RateStep } from '../../config/index.js';
import type { Experiment } from '../define.js';
import type { Lab } from '../lab.js';
import { lines } from '../plot.js';
import { percent, plusMinus, type Report, round } from '../report.js';
import { inputSpikes, inputsUsed } from '../samples.js';
import { grouped, MODE_TITLE } from '../shapes.js';
import { finalAccuracy, type RunResult, type RunSpec, type Samples, type TimeSpec } from '../spec.js';
import { mean, type Spread, spread } from '../statistics.js';
import { meanWork, type Work } from '../timed.js';
import { seedsTo } from '../tune.js';

const NAMES = ['snu', 'snu-rate', 'rnn', 'snu-rows'] as const;
type Name = (typeof NAMES)[number];

/**
 * First shift of each mode's rate, found on validation digits; it falls when the preset's does. With one hidden layer `local`
 * and `propagating` are the same.
 */
const SHIFTS: Readonly<Record<Name, Partial<Record<GrapesMode, number>>>> = {
  snu: { off: 9, local: 9, propagating: 10 },
  'snu-rate': { off: 9, local: 9, propagating: 10 },
  rnn: { off: 12, propagating: 13 },
  'snu-rows': { off: 11, propagating: 11 },
};

const EPOCHS = 20;
const SEEDS = 5;
const FULL: Samples = { train: 60_000, judge: 'test', judges: 10_000 };
const QUICK: Samples = { train: 2000, judge: 'test', judges: 500 };

const MODES: readonly GrapesMode[] = ['off', 'local', 'propagating'];

interface Arm {
  readonly name: Name;
  readonly mode: GrapesMode;
  readonly specs: readonly RunSpec[];
}

const timeOf = ({ steps, encoding, cell, recurrent, decayShift }: Config): TimeSpec => {
  if (steps === undefined || encoding === undefined || cell === undefined || recurrent === undefined)
    throw new Error('a preset that is not in time');
  const [first] = cell;
  if (encoding === 'events' || first === 'relu') throw new Error(`no experiment has ${encoding} or ${first}`);
  return { steps, encoding, cell: first, recurrent: recurrent[0], ...(decayShift !== undefined && { decayShift }) };
};

const scheduleOf = ({ learningRateShift: rate }: Config): readonly RateStep[] =>
  typeof rate === 'number' ? [{ epoch: 0, shift: rate }] : rate;

const armOf = (name: Name, mode: GrapesMode, first: number, { quick, seeds }: Lab): Arm => {
  const config = parseConfig(presets[name]);
  const { layers, bits, frac } = config;
  const rate = scheduleOf(config).map(({ epoch, shift }, _, [start]) => ({
    epoch,
    shift: shift - start.shift + first,
  }));
  const specs = seedsTo(seeds ?? (quick ? 2 : SEEDS)).map(
    (seed): RunSpec => ({
      engine: 'integer',
      layers,
      bits,
      frac,
      time: timeOf(config),
      mode,
      rate,
      seed,
      epochs: quick ? 2 : EPOCHS,
      samples: quick ? QUICK : FULL,
    }),
  );
  return { name, mode, specs };
};

const armsOf = (lab: Lab): Arm[] =>
  NAMES.flatMap((name) =>
    MODES.flatMap((mode) => {
      const first = SHIFTS[name][mode];
      return first === undefined ? [] : [armOf(name, mode, first, lab)];
    }),
  );

interface Measured extends Arm, Spread {
  readonly results: readonly RunResult[];
  readonly accuracies: readonly number[];
  readonly work: Work;
  /** share of a hidden layer's values that are not 0, over all of them */
  readonly active: number;
}

/** Features of a sample that are not 0, over its steps. */
const inputOf = ({ time }: RunSpec): number => (time?.encoding === 'rate' ? inputSpikes(time.steps) : inputsUsed());

const measured = (arm: Arm, results: readonly RunResult[]): Measured => {
  const [spec] = arm.specs;
  const accuracies = results.map(finalAccuracy);
  const work = meanWork(spec, results, inputOf(spec));
  const neurons = spec.layers.slice(1, -1).reduce((a, b) => a + b, 0) * (spec.time?.steps ?? 1);
  return { ...arm, results, accuracies, ...spread(accuracies), work, active: work.spikes / neurons };
};

/** A preset with its own mode. */
const presetOf = (all: readonly Measured[], name: Name): Measured => {
  const { mode } = parseConfig(presets[name]).grapes;
  const own = all.find((one) => one.name === name && one.mode === mode);
  if (own === undefined) throw new Error(`no run of ${name} with its mode`);
  return own;
};

const rateText = ({ rate }: RunSpec): string =>
  typeof rate === 'number'
    ? `2^-${rate}`
    : rate.map(({ epoch, shift }) => (epoch === 0 ? `2^-${shift}` : `2^-${shift} from epoch ${epoch}`)).join(', ');

const firstRate = ({ rate }: RunSpec): number => (typeof rate === 'number' ? rate : rate[0].shift);

const shapeText = ({ layers, time }: RunSpec): string => `${layers.join('-')}, T = ${time?.steps}`;

const bitsText = ({ bits }: RunSpec): string =>
  typeof bits === 'object' ? `${bits.weight} / ${bits.activation} / ${bits.error}` : `${bits}`;

const presetText = (name: Name, spec: RunSpec): string => {
  const config = parseConfig(presets[name]);
  const { frac, decayShift } = config;
  const list = (values: readonly (number | null)[]): string => values.join(', ');
  const own = frac.recurrent?.some((f) => f !== null) ? `, frac.recurrent ${list(frac.recurrent)}` : '';
  const decay = config.cell?.includes('snu') ? `, decayShift ${decayShift}` : '';
  return `${name}: frac.weight ${list(frac.weight)}${own}, frac.activation ${list(frac.activation)}, frac.error ${list(frac.error)}${decay}, rate ${rateText(spec)} with ${MODE_TITLE[spec.mode]}.`;
};

const run = async (lab: Lab): Promise<Report> => {
  const arms = armsOf(lab);
  const outcomes = [...(await lab.all(arms.flatMap(({ specs }) => specs)))];
  const all = arms.map((arm) => measured(arm, outcomes.splice(0, arm.specs.length)));
  const { train, judges } = lab.quick ? QUICK : FULL;
  const epochs = all[0].results[0].accuracy.length;
  return {
    setting: [
      `Trained ${epochs} times on ${grouped(train)} digits in an order that is drawn anew each time, judged after the last time on ${grouped(judges)} test digits; ${all[0].count} seeds. The number of epochs was fixed beforehand.`,
      'Formats and rates were chosen on the last 10,000 digits of the training set, after training on its first 50,000 (seed 1): formats with mode off, then the first rate of each mode among two or three powers of two, of snu after 20 epochs, of rnn and snu-rows after 4. snu-rate has the formats of snu and the rates of its modes.',
      'rnn is a hard tanh layer, all others are spiking neural units; rnn and snu-rows are recurrent and see a row of the digit a step. With one hidden layer GRAPES local and GRAPES are the same.',
      'Active: hidden values that are not 0, of all neurons and steps (spikes, in a spiking network). Additions: products of values that are not 0 with their weights (a spike only adds), a constant input once; a training step is one in which every layer has an error. Means over training and judging.',
      'A preset by itself: `grapes-hw train --preset snu --epochs 20 --seeds 5`.',
      ...NAMES.map((name) => presetText(name, presetOf(all, name).specs[0])),
    ],
    tuning: [],
    rows: all.map(({ name, mode, specs, mean: m, deviation, accuracies, results, work, active }) => ({
      network: name,
      mode,
      rate_shift: firstRate(specs[0]),
      epochs: results[0].accuracy.length,
      seeds: accuracies.length,
      accuracy: round(m),
      deviation: round(deviation),
      each: accuracies.map(round).join(' '),
      training: round(mean(results.map(({ training }) => training[training.length - 1]))),
      errors_saturated: round(mean(results.map(({ saturated = [] }) => Math.max(...saturated)))),
      active: round(active),
      active_values: Math.round(work.spikes),
      additions_inference: Math.round(work.inference),
      additions_training: Math.round(work.training),
    })),
    tables: [
      {
        title: 'Test accuracy in %, each mode at its own rate, and what a sample costs',
        columns: [
          { name: 'network', align: 'left' },
          { name: 'layers', align: 'left' },
          { name: 'bits: weights / values / errors', align: 'left' },
          { name: 'mode', align: 'left' },
          { name: 'first rate', align: 'left' },
          { name: 'test', align: 'right' },
          { name: 'each seed', align: 'left' },
          { name: 'active, %', align: 'right' },
          { name: 'active values', align: 'right' },
          { name: 'additions, inference', align: 'right' },
          { name: 'additions, training step', align: 'right' },
        ],
        rows: all.map((one) => [
          one.name,
          shapeText(one.specs[0]),
          bitsText(one.specs[0]),
          MODE_TITLE[one.mode],
          `2^-${firstRate(one.specs[0])}`,
          plusMinus(one),
          one.accuracies.map(percent).join(' '),
          (100 * one.active).toFixed(1),
          ...[one.work.spikes, one.work.inference, one.work.training].map((n) => grouped(Math.round(n))),
        ]),
      },
    ],
    plot: lines(
      all.flatMap(({ name, mode, results }) =>
        results[0].accuracy.map((_, at) => {
          const s = spread(results.map(({ accuracy }) => accuracy[at]));
          return {
            network: name,
            mode: MODE_TITLE[mode],
            epoch: at + 1,
            accuracy: 100 * s.mean,
            deviation: 100 * s.deviation,
          };
        }),
      ),
      {
        x: { field: 'epoch', title: 'epoch' },
        y: { field: 'accuracy', title: 'test accuracy, %' },
        series: { field: 'mode', title: 'mode' },
        facet: { field: 'network', title: '' },
        columns: 2,
      },
    ),
    findings: [
      `${NAMES.map((name) => `${name} ${percent(presetOf(all, name).mean)} %`).join(', ')}: each preset with its mode, mean of ${all[0].count} seeds.`,
      ...NAMES.map((name) => {
        const own = presetOf(all, name);
        const others = all.filter((one) => one.name === name && one !== own);
        return `${name}: ${MODE_TITLE[own.mode]} ${plusMinus(own)} %, lowest ${percent(Math.min(...own.accuracies))} %; ${others.map((one) => `${MODE_TITLE[one.mode]} ${plusMinus(one)} %`).join(', ')}.`;
      }),
    ],
  };
};

/** The presets of networks in time, trained whole. */
export const time: Experiment = {
  name: 'time',
  title: 'How far do networks in time get?',
  question:
    'Spiking and recurrent networks of narrow integers, trained online by backpropagation through time: the presets, with and without GRAPES.',
  run,
};
