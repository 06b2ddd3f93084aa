import type { Plan } from '../datapath/plan.js';
import { type InitialState, Network, type StepResult, type TraceLevel } from '../model/index.js';
import type { HostLine } from './host.js';

/** What a core answers to a sample. */
export interface Answer {
  readonly prediction: number;
  readonly trace: NonNullable<StepResult['trace']>;
}

/** The model as a host sees a core: samples, and accesses to what it holds. */
export interface Mirror {
  /** state of each matrix's stream before the first sample */
  readonly rngState: readonly number[];
  /** weights of each matrix, row by row; copies */
  readonly matrices: Network['matrices'];
  readonly feedback: Network['feedback'];
  readonly quantise: Network['quantise'];
  /** the last sample as the first layer saw it */
  readonly input: Network['input'];
  /** Does an operation that is no sample. Gives the line with the value that a read answers. */
  readonly access: (line: HostLine) => HostLine;
  readonly train: (input: ArrayLike<number>, label: number, rate: number, trace: TraceLevel) => Answer;
  /** An inference's errors and probabilities are 0, and so is its digest. */
  readonly infer: (input: ArrayLike<number>, trace: TraceLevel) => Answer;
}

const zeros = <T extends Int16Array | Int32Array>(values: T): T => values.slice().fill(0) as T;

/** Counters of saturation in the order of the memory port: activations and errors of layer 1, of layer 2, .. */
const saturationsOf = (network: Network): number[] => {
  const { activation, error } = network.saturations();
  return activation.flatMap(({ saturated }, i) => [saturated, error[i].saturated]);
};

const replaced = <T>(values: readonly T[], at: number, value: T): T[] =>
  values.map((old, i) => (i === at ? value : old));

/** A model that starts as `initial` says, and from the seed what that leaves out. */
export const mirror = (plan: Plan, initial: InitialState): Mirror => {
  const { matrices, rate } = plan;
  let network = new Network(plan, initial);
  const weights = network.matrices();
  const rngState = network.rngState();
  const resetState = new Network(plan).rngState();

  // Counters begin again with every reset; the model's with every new network.
  let samples = 0;
  let before = saturationsOf(network).map(() => 0);
  const counters = (): number[] => saturationsOf(network).map((count, i) => count - before[i]);

  const state = (): InitialState => ({ weights: network.matrices(), rngState: network.rngState() });
  const become = (change: InitialState): void => {
    const counted = counters();
    network = new Network(plan, { ...state(), ...change });
    before = counted.map((count) => -count);
  };

  const access = (line: HostLine): HostLine => {
    const { operation, layer, row, column, value } = line;
    const at = row * (matrices[layer - 1]?.columns ?? 0) + column;
    switch (operation) {
      case 'reset':
      case 'abort':
        become({ rngState: resetState });
        before = saturationsOf(network);
        samples = 0;
        return line;
      case 'load':
        become({ weights });
        return line;
      case 'writeWeight': {
        const all = network.matrices();
        all[layer - 1][at] = value;
        become({ weights: all });
        return line;
      }
      case 'writeStream':
        become({ rngState: replaced(network.rngState(), layer - 1, value) });
        return line;
      case 'readWeight':
        return { ...line, value: network.matrices()[layer - 1][at] };
      case 'readStrength':
        return { ...line, value: network.strengths(matrices[layer - 1].layer)[row] };
      case 'readStream':
        return { ...line, value: network.rngState()[layer - 1] };
      case 'readCounter':
        // Cycles are the testbench's to count.
        return { ...line, value: [samples, 0, ...counters()][column] };
      default:
        return line;
    }
  };

  return {
    rngState,
    matrices: () => network.matrices(),
    feedback: (l) => network.feedback(l),
    quantise: (features) => network.quantise(features),
    input: () => network.input(),
    access,
    train: (input, label, k, trace) => {
      samples++;
      const held = Math.min(rate.max, Math.max(rate.min, k));
      const { prediction, trace: recorded } = network.step(input, label, { k: held, trace });
      return { prediction, trace: recorded ?? { digest: 0 } };
    },
    infer: (input, trace) => {
      samples++;
      // What a step would show before it learns: on a copy.
      const copy = trace === 'digest' ? null : new Network(plan, state());
      const values = copy?.step(input, 0, { k: rate.min, trace: 'values' }).trace?.values;
      return {
        prediction: network.predict(input),
        trace: {
          digest: 0,
          ...(values && {
            values: {
              ...values,
              probability: zeros(values.probability),
              error: values.error.map(zeros),
              uerror: values.uerror.map(zeros),
            },
          }),
          ...(trace === 'writes' && { writes: plan.layers.map(() => new Int16Array()) }),
        },
      };
    },
  };
};
