import { setImmediate as pause } from 'node:timers/promises';
import type { Dataset } from '../data/index.js';
import { UserError } from '../fx/error.js';
import { epochOrder, sampleFeatures } from '../model/index.js';
import { withFormats } from './formats.js';
import { type Learner, learnerOf } from './learner.js';
import { samplesOf, taskOf } from './samples.js';
import type { RunResult, RunSpec } from './spec.js';

const rateOf = ({ rate }: RunSpec, epoch: number): number =>
  typeof rate === 'number' ? rate : (rate.findLast((step) => step.epoch <= epoch) ?? rate[0]).shift;

/** Share of the samples that the network predicts rightly. */
const judged = (learner: Learner, data: Dataset): number =>
  learner.apart(() => {
    let right = 0;
    for (let n = 0; n < data.count; n++) if (learner.predict(sampleFeatures(data, n)) === data.labels[n]) right++;
    return right / data.count;
  });

interface Epochs {
  readonly accuracy: number[];
  readonly training: number[];
}

/** Samples between two looks at the rest of the program, such as Ctrl-C. */
const BREATH = 500;

/** Trains through the epochs of one task; `judge` is asked `judgements` times an epoch, evenly. */
const learn = async (learner: Learner, spec: RunSpec, data: Dataset, judge: () => number): Promise<Epochs> => {
  const shuffled = epochOrder(data.count, spec.seed);
  const parts = spec.judgements ?? 1;
  const accuracy: number[] = [];
  const training: number[] = [];
  for (let epoch = 0; epoch < spec.epochs; epoch++) {
    const order = shuffled();
    const k = rateOf(spec, epoch);
    let right = 0;
    for (let part = 0, n = 0; part < parts; part++) {
      for (const end = Math.round(((part + 1) * data.count) / parts); n < end; n++) {
        const label = data.labels[order[n]];
        if (learner.step(sampleFeatures(data, order[n]), label, k) === label) right++;
        if (n % BREATH === 0) await pause();
      }
      learner.flush(k);
      accuracy.push(judge());
    }
    training.push(right / data.count);
  }
  return { accuracy, training };
};

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

const inTasks = async (learner: Learner, spec: RunSpec, tasks: number): Promise<RunResult> => {
  const samples = samplesOf(spec.samples);
  const judges = Array.from({ length: tasks }, (_, task) => taskOf(samples.judge, task, spec.seed));
  const accuracy: number[] = [];
  const training: number[] = [];
  const table: number[][] = [];
  for (let task = 0; task < tasks; task++) {
    let row: number[] = [];
    const epochs = await learn(learner, spec, taskOf(samples.learn, task, spec.seed), () => {
      row = judges.map((data) => judged(learner, data));
      return mean(row.slice(0, task + 1));
    });
    accuracy.push(...epochs.accuracy);
    training.push(...epochs.training);
    table.push(row);
  }
  return { accuracy, training, tasks: table };
};

const carryOut = async (spec: RunSpec): Promise<RunResult> => {
  const learner = learnerOf(spec);
  const { tasks } = spec.samples;
  const result = await (async (): Promise<RunResult> => {
    if (tasks !== undefined) return inTasks(learner, spec, tasks);
    const samples = samplesOf(spec.samples);
    return learn(learner, spec, samples.learn, () => judged(learner, samples.judge));
  })();
  const saturated = learner.saturated?.();
  const activity = learner.activity?.();
  return {
    ...result,
    ...(saturated && { saturated }),
    ...(activity && { activity }),
    ...(learner.frac && { frac: learner.frac }),
  };
};

/** Carries a run out: fixed number of epochs, judged at its end, whatever comes out; refused where it has no formats. */
export const execute = async (spec: RunSpec): Promise<RunResult> => {
  const formatted = await withFormats(spec).catch((error: unknown) => {
    if (error instanceof UserError) return error;
    throw error;
  });
  return formatted instanceof UserError
    ? { accuracy: [0], training: [0], refused: formatted.message }
    : carryOut(formatted);
};
