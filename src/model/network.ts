import type { Plan } from '../datapath/plan.js';
import { rateAt } from '../datapath/rate.js';
import { UserError } from '../fx/error.js';
import { maxOf } from '../fx/format.js';
import { PURPOSE } from '../fx/random.js';
import { exponential, probability } from '../fx/softmax.js';
import { digestOf, writesOf } from './digest.js';
import { computeFactors } from './factor.js';
import {
  activate,
  hiddenErrors,
  initialLayer,
  type LayerState,
  multiply,
  outputErrors,
  type Saturation,
  toLogits,
  update,
} from './layer.js';
import { initialMatrix, type Matrix, rowMajor } from './matrix.js';
import { dense, refill, type Sparse, sparse } from './sparse.js';

/** Every named value of one training step, as used in it: layer l at [l-1]. */
export interface StepValues {
  /** x_1 .. x_(L-1) */
  readonly activation: readonly Int16Array[];
  readonly logit: Int16Array;
  readonly probability: Int32Array;
  /** delta_1 .. delta_L, the ones that update the layers */
  readonly error: readonly Int16Array[];
  /** S_1 .. S_(L-1) */
  readonly strength: readonly Int32Array[];
  /** f_1 .. f_(L-1) */
  readonly factor: readonly Int32Array[];
}

/** How much of a step to record: its digest; also its values; also every weight written. */
export type TraceLevel = 'digest' | 'values' | 'writes';

export interface StepTrace {
  /** checksum of all weight writes, 32 bits unsigned */
  readonly digest: number;
  readonly values?: StepValues;
  /** w' of layers 1 .. L: columns in use ascending, rows ascending within */
  readonly writes?: readonly Int16Array[];
}

export interface StepResult {
  /** the class predicted before the update */
  readonly prediction: number;
  readonly trace?: StepTrace;
}

export interface StepOptions {
  /** learning-rate shift of this step; default: that of epoch 0 */
  readonly k?: number;
  readonly trace?: TraceLevel;
}

/**
 * Values of all steps and inferences so far and how many of them saturated, layer l at [l-1]: activations above their
 * largest value, logits at either end, errors of active neurons at either end.
 */
export interface Saturations {
  /** x_1 .. x_(L-1), then the logits */
  readonly activation: readonly Readonly<Saturation>[];
  readonly error: readonly Readonly<Saturation>[];
}

/** What a network starts from where not from its seed. */
export interface InitialState {
  /** layer l at [l-1], row by row */
  readonly weights?: readonly ArrayLike<number>[];
  /** state of each layer's update stream, as `rngState()` gives it */
  readonly rngState?: readonly number[];
}

/**
 * The bit-accurate network: every integer of the numeric contract. Features and values are integers of the plan's formats.
 */
export class Network {
  readonly plan: Plan;
  readonly #layers: readonly LayerState[];
  /** fixed matrices of `fa` and `dfa`, by hidden layer they serve: carrier of errors into layer l at [l-1] */
  readonly #feedback: readonly Matrix[];
  readonly #input: Sparse;
  readonly #logit: Int16Array;
  readonly #probability: Int32Array;
  readonly #features: Int16Array;
  readonly #rates: { readonly min: number; readonly max: number };
  readonly #defaultRate: number;

  /**
   * A network with the initial weights, feedback matrices and streams of `plan.config.seed`.
   * @param initial what to start from instead
   * @throws UserError for weights of a wrong size or range
   */
  constructor(plan: Plan, initial: InitialState = {}) {
    this.plan = plan;
    this.#layers = plan.layers.map((layer, i) =>
      initialLayer(plan, layer, { weights: initial.weights?.[i], random: initial.rngState?.[i] }),
    );
    this.#feedback = feedbackMatrices(plan);
    this.#input = sparse(plan.layers[0].inputs);
    this.#logit = new Int16Array(plan.classes);
    this.#probability = new Int32Array(plan.classes);
    this.#features = featureTable(plan);
    const shifts = plan.layers.map((layer) => layer.updateShift);
    this.#rates = { min: Math.max(0, -Math.min(...shifts)), max: Math.min(31, 32 - Math.max(...shifts)) };
    this.#defaultRate = rateAt(plan.config, 0);
  }

  /** Weights of layer `l`, 1..L, row by row (n_l x n_(l-1)); a copy. */
  weights(l: number): Int16Array {
    return rowMajor(this.#layers[l - 1].weights);
  }

  /** Strengths of layer `l`, 1..L (n_l); a copy. */
  strengths(l: number): Int32Array {
    return this.#layers[l - 1].strength.slice();
  }

  /** Fixed feedback into hidden layer `l`, 1..L-1, row by row: B_(l+1) with `fa`, B_l with `dfa`; none with `bp`. */
  feedback(l: number): Int16Array | undefined {
    const matrix = this.#feedback[l - 1];
    return matrix && rowMajor(matrix);
  }

  /** State of each layer's update stream, unsigned 32 bits, W_1 first. */
  rngState(): number[] {
    return this.#layers.map((layer) => layer.random);
  }

  /** Logits (8 fraction bits) of the last step or inference; a copy. */
  logits(): Int16Array {
    return this.#logit.slice();
  }

  /** How often activations, logits and errors saturated so far. */
  saturations(): Saturations {
    return {
      activation: this.#layers.map((layer) => ({ ...layer.activationSaturation })),
      error: this.#layers.map((layer) => ({ ...layer.errorSaturation })),
    };
  }

  /** Features `p / 255` of pixels 0..255 as integers of the input format. */
  quantise(pixels: ArrayLike<number>): Int16Array {
    const features = new Int16Array(pixels.length);
    for (let j = 0; j < pixels.length; j++) features[j] = this.#features[pixels[j]];
    return features;
  }

  /** The class of `input` (n_0 integers of the input format), without learning. */
  predict(input: ArrayLike<number>): number {
    return this.#forward(input);
  }

  /** The class of `input` and its logits (8 fraction bits), without learning. */
  infer(input: ArrayLike<number>): { prediction: number; logits: Int16Array } {
    const prediction = this.predict(input);
    return { prediction, logits: this.#logit.slice() };
  }

  /**
   * One online training step: predicts, then updates every weight.
   * @param input n_0 integers of the input format
   * @param label 0..n_L-1
   * @throws UserError for a wrong number of features, a label or a rate out of range
   */
  step(input: ArrayLike<number>, label: number, options: StepOptions = {}): StepResult {
    const rate = options.k ?? this.#defaultRate;
    this.#checkStep(label, rate);
    const prediction = this.#forward(input);
    const layers = this.#layers;
    softmax(this.#logit, layers[layers.length - 1].plan.error.frac, this.#probability);
    this.#backward(label);
    const { trace } = options;
    const values = trace === 'values' || trace === 'writes' ? this.#values() : undefined;
    const rule = { rate, stochastic: this.plan.config.rounding === 'stochastic' };
    layers.forEach((layer, i) => {
      update(layer, this.#inputOf(i), rule);
    });
    if (trace === undefined) return { prediction };
    const writes = trace === 'writes' ? layers.map((layer, i) => writesOf(layer.weights, this.#inputOf(i))) : undefined;
    return {
      prediction,
      trace: { digest: this.#digest(), ...(values && { values }), ...(writes && { writes }) },
    };
  }

  #checkStep(label: number, rate: number): void {
    const { classes } = this.plan;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new UserError(`label: is ${label}, must be 0..${classes - 1}; check the data set`, { field: 'label' });
    }
    const { min, max } = this.#rates;
    if (!Number.isInteger(rate) || rate < min || rate > max) {
      throw new UserError(`k: is ${rate}, must be ${min}..${max} with these formats; choose a shift in that range`, {
        field: 'learningRateShift',
      });
    }
  }

  /** The list of activations that enter `#layers[i]`. */
  #inputOf(i: number): Sparse {
    return i === 0 ? this.#input : this.#layers[i - 1].activation;
  }

  #forward(input: ArrayLike<number>): number {
    const { inputs } = this.plan.layers[0];
    if (input.length !== inputs) {
      throw new UserError(`input: has ${input.length} features, must have ${inputs}; check the data set`, {
        field: 'input',
      });
    }
    refill(this.#input, input);
    this.#layers.forEach((layer, i) => {
      multiply(layer, this.#inputOf(i));
      if (layer.plan.hidden) activate(layer);
      else toLogits(layer, this.#logit);
    });
    return this.#logit.indexOf(largest(this.#logit));
  }

  #backward(label: number): void {
    const { config, factor } = this.plan;
    const layers = this.#layers;
    const last = layers[layers.length - 1];
    outputErrors(last, this.#probability, label);
    for (let i = layers.length - 2; i >= 0; i--) {
      computeFactors(layers[i].strength, this.plan, layers[i].factor);
      const carrier = config.feedback === 'bp' ? layers[i + 1].weights : this.#feedback[i];
      const above = config.feedback === 'dfa' ? last : layers[i + 1];
      hiddenErrors(layers[i], carrier, above.passedError, factor.one);
    }
  }

  #values(): StepValues {
    const hidden = this.#layers.filter((layer) => layer.plan.hidden);
    return {
      activation: hidden.map((layer) => dense(layer.activation, layer.plan.outputs)),
      logit: this.#logit.slice(),
      probability: this.#probability.slice(),
      error: this.#layers.map((layer) => dense(layer.error, layer.plan.outputs)),
      strength: hidden.map((layer) => layer.strength.slice()),
      factor: hidden.map((layer) => layer.factor.slice()),
    };
  }

  #digest(): number {
    return this.#layers.reduce((sum, { weights, plan }, i) => {
      return (sum + digestOf(weights, this.#inputOf(i), plan.weightOffset, plan.weight.bits)) >>> 0;
    }, 0);
  }
}

const largest = (values: Int16Array): number => values.reduce((most, v) => Math.max(most, v), -32768);

/** Base-2 softmax of the logits, with `frac` fraction bits. Source: the numeric contract, Forward. */
const softmax = (logit: Int16Array, frac: number, out: Int32Array): void => {
  const most = largest(logit);
  let sum = 0;
  for (let i = 0; i < logit.length; i++) sum += exponential(most - logit[i]);
  for (let i = 0; i < logit.length; i++) out[i] = probability(exponential(most - logit[i]), sum, frac);
};

/** `x_0` of every pixel: `sat(floor(p / 255 * 2^fa_0 + 1/2))`, as an exact quotient of integers. */
const featureTable = (plan: Plan): Int16Array => {
  const { bits, frac } = plan.layers[0].input;
  const up = 2 ** Math.max(0, frac);
  const down = 2 ** Math.max(0, -frac);
  return Int16Array.from({ length: 256 }, (_, p) =>
    Math.min(maxOf(bits), Math.floor((2 * p * up + 255 * down) / (510 * down))),
  );
};

const feedbackMatrices = ({ config, layers, classes }: Plan): Matrix[] => {
  const { seed, feedback } = config;
  if (feedback === 'bp') return [];
  const last = layers[layers.length - 1];
  return layers
    .filter((layer) => layer.hidden)
    .map(({ index, outputs }) =>
      feedback === 'fa'
        ? initialMatrix(layers[index].outputs, outputs, layers[index].weight, seed, PURPOSE.feedback, index + 1)
        : initialMatrix(classes, outputs, last.weight, seed, PURPOSE.feedback, index),
    );
};
