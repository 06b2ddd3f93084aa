import { plan } from '../../datapath/plan.js';
import { boundReport } from '../../report/cyclesTime.js';
import { memoryReport } from '../../report/memory.js';
import { compare, type Entry, edgeNote, type Measured, rateText, rowOf } from '../compare.js';
import type { Experiment } from '../define.js';
import type { Lab } from '../lab.js';
import { configOf } from '../learner.js';
import { lines } from '../plot.js';
import { percent, plusMinus, type Report, type Row } from '../report.js';
import { inputsUsed, samplesOf } from '../samples.js';
import { describe, type Effort, grouped, shapeOf } from '../shapes.js';
import type { RunSpec } from '../spec.js';
import { meanWork, snuIntegers } from '../timed.js';

const EFFORT: Effort = {
  tune: 10_000,
  tuneEpochs: 1,
  validation: 1000,
  train: 30_000,
  epochs: 1,
  test: 5000,
  seeds: 3,
};
const RATES = [7, 8, 9, 10, 11, 12] as const;

/** Samples trained on before those that cycles are counted in, and those. */
const COUNTED = { after: 1000, samples: 100 } as const;

interface Labels extends Row {
  readonly hidden: string;
  readonly steps: number;
}

interface Net {
  readonly hidden: readonly number[];
  readonly steps: number;
}

const STEPS = [2, 4, 8, 16] as const;

const NETS: readonly Net[] = [
  ...STEPS.map((steps) => ({ hidden: [256, 256], steps })),
  ...[200, 512].map((width) => ({ hidden: [width, width], steps: 4 })),
];

const QUICK_NETS: readonly Net[] = [2, 4].map((steps) => ({ hidden: [16], steps }));

const entryOf = ({ hidden, steps }: Net): Entry<Labels> => {
  const { time, ...net } = snuIntegers(hidden);
  if (time === undefined) throw new Error('a network that is not in time');
  const name = hidden.join('-');
  return {
    labels: { hidden: name, steps },
    arm: {
      name: `${name}, T = ${steps}`,
      spec: { ...net, time: { ...time, steps }, mode: 'off' },
      rates: RATES,
    },
  };
};

/** What a core needs at least, beside what the runs tell. */
const costOf = async ({ labels, tuned, results }: Measured<Labels>, input: number) => {
  const samples = { train: COUNTED.after + COUNTED.samples, judge: 'test', judges: 1 } as const;
  const spec: RunSpec = { ...tuned.arm.spec, rate: tuned.k, seed: 1, epochs: 1, samples };
  const design = plan(configOf(spec));
  const { bound } = await boundReport(design, samplesOf(samples).learn, COUNTED);
  const { spikes, inference, training } = meanWork(spec, results, input);
  return {
    neurons: labels.steps * spec.layers.slice(1, -1).reduce((a, b) => a + b, 0),
    spikes: Math.round(spikes),
    inference: Math.round(inference),
    training: Math.round(training),
    cycles: Math.round(bound),
    bytes: Math.round(memoryReport(design).total.bytes),
    lanes: design.config.lanes,
  };
};

const run = async (lab: Lab): Promise<Report> => {
  const shape = shapeOf(lab, EFFORT);
  const all = await compare(lab, (lab.quick ? QUICK_NETS : NETS).map(entryOf), shape);
  const input = inputsUsed();
  const costs: Awaited<ReturnType<typeof costOf>>[] = [];
  for (const one of all) costs.push(await costOf(one, input));
  const ofSteps = all.filter(({ labels }) => labels.hidden === all[0].labels.hidden);
  return {
    setting: [
      'Spiking networks of 8-bit integers, plain backpropagation through time, encoding direct: the same digit at every step. Weights with twice the range that they start from, all else the defaults, not calibrated; the presets train longer and go further.',
      `Spikes and additions: means over training and judging (an addition is a weight that a value that is not 0 meets; a constant input counts once). Cycles: the least that two multipliers a lane need for a training step, at ${costs[0].lanes} lanes, counted in ${COUNTED.samples} digits after ${grouped(COUNTED.after)}; a core takes more. Memory: what the model plans for a core that trains, \`grapes-hw report memory\`.`,
      'Rates are chosen with one seed, and a choice moves a row as much as T does: small differences between rows say nothing. The digits and the rates to choose from were made more twice, after outcomes of fewer had been seen.',
      ...describe(shape),
      ...edgeNote(all),
    ],
    tuning: all.map(({ tuned }) => tuned),
    rows: all.map((one, at) => {
      const { spikes, inference, training, cycles, bytes } = costs[at];
      return {
        ...rowOf(one),
        active_values: spikes,
        additions_inference: inference,
        additions_training: training,
        cycles_bound: cycles,
        memory_bytes: bytes,
      };
    }),
    tables: [
      {
        title: 'Test accuracy in %, and what a digit costs',
        columns: [
          { name: 'hidden', align: 'left' },
          { name: 'T', align: 'right' },
          { name: 'rate', align: 'left' },
          { name: 'test', align: 'right' },
          { name: 'spikes', align: 'right' },
          { name: 'neurons that spike, % a step', align: 'right' },
          { name: 'additions, inference', align: 'right' },
          { name: 'additions, training step', align: 'right' },
          { name: 'cycles at least, training step', align: 'right' },
          { name: 'memory, KB', align: 'right' },
        ],
        rows: all.map((one, at) => {
          const { neurons, spikes, inference, training, cycles, bytes } = costs[at];
          return [
            one.labels.hidden,
            `${one.labels.steps}`,
            rateText(one),
            plusMinus(one),
            grouped(spikes),
            ((100 * spikes) / neurons).toFixed(1),
            ...[inference, training, cycles].map(grouped),
            (bytes / 1000).toFixed(0),
          ];
        }),
      },
    ],
    plot: lines(
      all.map(({ labels: { hidden, steps }, mean, deviation }) => ({
        hidden,
        steps,
        accuracy: 100 * mean,
        deviation: 100 * deviation,
      })),
      {
        x: { field: 'steps', title: 'steps T' },
        y: { field: 'accuracy', title: 'test accuracy, %' },
        series: { field: 'hidden', title: 'hidden' },
      },
    ),
    findings: [
      `${ofSteps[0].labels.hidden}: ${ofSteps.map(({ labels, mean }) => `${percent(mean)} % with T = ${labels.steps}`).join(', ')}.`,
      ...(lab.quick
        ? []
        : [
            `T = 4: ${all
              .filter(({ labels }) => labels.steps === 4)
              .map(({ labels, mean }) => `${labels.hidden} ${percent(mean)} %`)
              .join(', ')}.`,
          ]),
    ],
  };
};

/** Spiking networks by steps and width: what accuracy costs. */
export const timeSteps: Experiment = {
  name: 'time-steps',
  title: 'How many steps does a spiking network need?',
  question: 'snu with T from 2 to 16 and three widths: accuracy against spikes, additions, cycles and memory.',
  run,
};
