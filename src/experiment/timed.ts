import type { RunResult, RunSpec, TimeSpec } from './spec.js';
import { mean } from './statistics.js';

type Fixed = Pick<RunSpec, 'engine' | 'layers' | 'bits' | 'frac' | 'time'>;

/** A network in time as experiments have it, and the rates that suit it. */
export interface TimedNet {
  readonly spec: Fixed;
  readonly rates: readonly number[];
}

const SNU: TimeSpec = { steps: 4, encoding: 'direct', cell: 'snu', recurrent: false };
const RNN: TimeSpec = { steps: 28, encoding: 'rows', cell: 'tanh', recurrent: true };

/** Fraction of 8-bit weights of a range twice their initial one. */
const weightFrac = (inputs: number): number => 7 - Math.ceil(Math.log2(2 * Math.sqrt(6 / inputs)));

/** Spiking: 784 inputs, T = 4, 8 bits. */
export const snuIntegers = (hidden: readonly number[]): Fixed => {
  const layers = [784, ...hidden, 10];
  return { engine: 'integer', layers, bits: 8, frac: { weight: layers.slice(0, -1).map(weightFrac) }, time: SNU };
};

/** Every network in time of the experiments, by the name it has in tables and files. @param quick small and short ones */
export const timedNets = (quick: boolean): Readonly<Record<string, TimedNet>> => {
  const wide = quick ? [16] : [128, 128];
  const rows: Fixed = quick
    ? { engine: 'float', layers: [112, 16, 10], time: { ...RNN, steps: 7 } }
    : { engine: 'float', layers: [28, 128, 10], time: RNN };
  return {
    'snu, 8-bit': { spec: snuIntegers(wide), rates: [7, 8, 9, 10] },
    'snu, float32': {
      spec: { engine: 'float', layers: [784, ...wide, 10], time: SNU },
      rates: [7, 8, 9, 10],
    },
    'rnn, float32': {
      spec: rows,
      rates: [10, 11, 12, 13, 14],
    },
    'rnn, 12/8-bit': {
      spec: {
        ...rows,
        engine: 'integer',
        bits: { weight: 12, activation: 8, error: 8 },
        frac: { weight: [11, 11], error: [5, 7], recurrent: [12] },
      },
      rates: [10, 11, 12, 13, 14],
    },
  };
};

/** What a sample costs: products, which are additions where the input is a spike. */
export interface Work {
  readonly spikes: number;
  readonly inference: number;
  readonly training: number;
}

/**
 * Counts of a sample from the activity of a run: forward, every value that is not 0 times the rows it goes to (a constant
 * input once); training besides, back to open neurons and once more the forward ones for the update, where there is an error.
 * @param input features of a sample that are not 0
 */
export const workOf = ({ layers, time }: RunSpec, { activity }: RunResult, input: number): Work => {
  if (activity === undefined || time === undefined) throw new Error('a run of a network that is not in time');
  const { active, open } = activity;
  const entries = [input, ...active];
  const earlier = (time.steps - 1) / time.steps;
  const forward = entries.map((n, at) => {
    const own = time.recurrent && at < active.length ? active[at] * earlier * layers[at + 1] : 0;
    return n * layers[at + 1] + own;
  });
  const back = open.map((n, at) => n * layers[at + 2] + (time.recurrent ? n * earlier * layers[at + 1] : 0));
  const inference = forward.reduce((a, b) => a + b, 0);
  return {
    spikes: active.reduce((a, b) => a + b, 0),
    inference,
    training: 2 * inference + back.reduce((a, b) => a + b, 0),
  };
};

/** The mean over runs. */
export const meanWork = (spec: RunSpec, results: readonly RunResult[], input: number): Work => {
  const all = results.map((result) => workOf(spec, result, input));
  return {
    spikes: mean(all.map(({ spikes }) => spikes)),
    inference: mean(all.map(({ inference }) => inference)),
    training: mean(all.map(({ training }) => training)),
  };
};
