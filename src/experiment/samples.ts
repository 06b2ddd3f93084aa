import { type Dataset, loadDataset, permuted } from '../data/index.js';
import type { Samples } from './spec.js';

const SHAPE = { inputs: 784, classes: 10, seed: 1 } as const;

const loaded = new Map<string, Dataset>();

const mnist = (split: 'train' | 'test'): Dataset => {
  const data = loaded.get(split) ?? loadDataset('mnist', split, SHAPE);
  loaded.set(split, data);
  return data;
};

const part = (data: Dataset, first: number, count: number): Dataset => ({
  ...data,
  count,
  features: data.features.subarray(first * data.inputs, (first + count) * data.inputs),
  labels: data.labels.subarray(first, first + count),
});

/** The digits that a run learns from, and those that judge it. */
export const samplesOf = ({ train, judge, judges }: Samples): { learn: Dataset; judge: Dataset } => {
  const all = mnist('train');
  return {
    learn: part(all, 0, train),
    judge: judge === 'validation' ? part(all, all.count - judges, judges) : part(mnist('test'), 0, judges),
  };
};

const COUNTED = 1000;

/** Features of a digit that are not 0, in the mean of the first test digits. */
export const inputsUsed = (): number => {
  const { features } = part(mnist('test'), 0, COUNTED);
  let used = 0;
  for (const p of features) if (p !== 0) used++;
  return used / COUNTED;
};

/** Spikes of a digit with encoding `rate` over so many steps, expected in the mean of the first test digits. */
export const inputSpikes = (steps: number): number => {
  const { features } = part(mnist('test'), 0, COUNTED);
  let sum = 0;
  for (const p of features) sum += p;
  return (steps * sum) / 256 / COUNTED;
};

/** More tasks than any run has. */
const TASKS = 100;

/** The digits of a run's task `task`, from 0: the first as they are, each other with pixels in an order of its own. */
export const taskOf = (data: Dataset, task: number, seed: number): Dataset =>
  task === 0 ? data : permuted(data, seed * TASKS + task);
