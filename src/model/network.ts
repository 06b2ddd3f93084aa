import type { Plan } from '../datapath/plan.js';
import { inTime, rateAt } from '../datapath/rate.js';
import { UserError } from '../fx/error.js';
import type { Features } from '../fx/features.js';
import { firstState, PURPOSE } from '../fx/random.js';
import { denseEngine } from './dense.js';
import { writesOf } from './digest.js';
import type { Engine, LayerView, Start } from './engine.js';
import { factorsOf } from './factor.js';
import { rowMajor } from './matrix.js';
import { type Observer, observer } from './observe.js';
import { type Port, portOf, taken } from './port.js';
import { scalarEngine } from './scalar.js';
import { greatest, softmax } from './softmax.js';
import { type InitialState, startOf } from './start.js';
import { extent, type LayerStatistics, type Saturations } from './statistics.js';
import type { StepOptions, StepResult, StepValues, TraceLevel } from './step.js';
import { timeEngine } from './time/engine.js';
import { timeVectorEngine } from './time/vector.js';
import { vectorEngine } from './vector.js';

/** Which implementation of the phases a network runs on: compiled vector kernels or TypeScript. Both give the same integers. */
export type EngineName = 'wasm' | 'typescript';

export interface NetworkOptions {
  /** default: `wasm` where the machine and the plan's widths allow it */
  readonly engine?: EngineName;
  /**
   * count swallowed updates in every n-th training step, for `statistics()`; default 0: in none. An observed step takes some
   * 20 times as long: every 1,000th costs 2 %.
   */
  readonly observe?: number;
}

/**
 * The bit-accurate network: every integer of the numeric contract. Features and values are integers of the plan's formats.
 */
export class Network {
  readonly plan: Plan;
  readonly engine: EngineName;
  readonly #engine: Engine;
  readonly #feedback: Start['feedback'];
  readonly #port: Port;
  readonly #probability: Int32Array;
  readonly #rates: { readonly min: number; readonly max: number };
  readonly #defaultRate: number;
  readonly #stochastic: boolean;
  readonly #observers: readonly Observer[];
  readonly #observe: number;
  #steps = 0;

  /**
   * A network with the initial weights, feedback matrices and streams of `plan.config.seed`.
   * @param initial what to start from instead
   * @throws UserError for weights of a wrong size or range, or for an engine that is not to be had
   */
  constructor(plan: Plan, initial: InitialState = {}, options: NetworkOptions = {}) {
    const start = startOf(plan, initial);
    const vector = options.engine === 'typescript' ? null : compiled(plan, start);
    if (vector === null && options.engine === 'wasm') {
      throw new UserError(
        'engine: the WebAssembly kernels are not to be had for this network; run "npm run build" or leave engine out',
        { field: 'engine' },
      );
    }
    this.plan = plan;
    this.engine = vector === null ? 'typescript' : 'wasm';
    this.#engine =
      vector ?? (inTime(plan.config) ? timeEngine(plan, start) : denseEngine(plan, scalarEngine(plan, start)));
    this.#feedback = start.feedback;
    this.#port = portOf(plan);
    this.#probability = new Int32Array(plan.classes);
    const shifts = plan.matrices.map((matrix) => matrix.updateShift);
    this.#rates = { min: Math.max(0, -Math.min(...shifts)), max: Math.min(31, 32 - Math.max(...shifts)) };
    this.#defaultRate = rateAt(plan.config, 0);
    this.#stochastic = plan.config.rounding === 'stochastic';
    this.#observe = options.observe ?? 0;
    this.#observers = this.#observe > 0 ? this.#engine.layers.map(observer) : [];
  }

  /** Weights of layer `l`, 1..L, row by row (n_l x n_(l-1)); a copy. */
  weights(l: number): Int16Array {
    return rowMajor(this.#engine.layers[l - 1].matrices[0].weights);
  }

  /** Weights of W_1, H_1, W_2, .., those that there are (`plan.matrices`), row by row; copies. */
  matrices(): Int16Array[] {
    return this.#engine.layers.flatMap(({ matrices }) => matrices.map(({ weights }) => rowMajor(weights)));
  }

  /** Strengths of layer `l`, 1..L (n_l); a copy. */
  strengths(l: number): Int32Array | Float64Array {
    return this.#engine.layers[l - 1].strength.slice();
  }

  /** Fixed feedback into hidden layer `l`, 1..L-1, row by row: B_(l+1) with `fa`, B_l with `dfa`; none with `bp`. */
  feedback(l: number): Int16Array | undefined {
    const matrix = this.#feedback[l - 1];
    return matrix && rowMajor(matrix);
  }

  /** State of each matrix's update stream, unsigned 32 bits, W_1, H_1, W_2, ..; with `rate` the encoder's last. */
  rngState(): number[] {
    const { layers, encoder } = this.#engine;
    const updates = layers.flatMap(({ matrices }) => matrices.map(({ random }) => random()));
    return this.plan.config.encoding === 'rate' ? [...updates, encoder.state] : updates;
  }

  /** Does inferences that start from the encoder's first state and leave the one of now alone: an evaluation. */
  apart<T>(work: () => T): T {
    const { encoder } = this.#engine;
    const { state } = encoder;
    encoder.state = firstState(this.plan.config.seed, PURPOSE.encoder);
    try {
      return work();
    } finally {
      encoder.state = state;
    }
  }

  /** Logits (8 fraction bits) of the last step or inference; a copy. */
  logits(): Int16Array {
    return this.#engine.logit.slice();
  }

  /** How often activations, logits and errors saturated so far. */
  saturations(): Saturations {
    return {
      activation: this.#engine.layers.map((layer) => ({ ...layer.activationSaturation })),
      error: this.#engine.layers.map((layer) => ({ ...layer.errorSaturation })),
    };
  }

  /** How every layer fares, layer l at [l-1]. */
  statistics(): LayerStatistics[] {
    return this.#engine.layers.map((layer, i) => ({
      activation: { ...layer.activationSaturation },
      error: { ...layer.errorSaturation },
      updates: this.#observe > 0 ? { ...this.#observers[i].count } : null,
      strength: extent(layer.strength),
      steps: layer.steps().map((count) => ({ ...count })),
      factor: layer.plan.values.kind === 'hidden' ? extent(factorsOf(layer.strength, this.plan)) : null,
    }));
  }

  /**
   * A sample's features as the input takes them: integers of the input format; with `rate` probabilities of spikes, 0..255.
   * Source: the numeric contract, Forward, and networks in time.
   * @throws UserError for a feature that the encoding can't have
   */
  quantise(features: Features): Int16Array {
    return taken(this.#port, features);
  }

  /** The last sample as the first layer saw it: n_0 integers, or as many for every step of a network in time; a copy. */
  input(): Int16Array {
    return this.#engine.input();
  }

  /** The class of `input` (as `quantise` gives it), without learning. */
  predict(input: ArrayLike<number>): number {
    this.#takeFeatures(input);
    return this.#forward();
  }

  /** `predict(quantise(features))`, faster. */
  predictSample(features: Features): number {
    this.#takeSample(features);
    return this.#forward();
  }

  /** The class of `input` and its logits (8 fraction bits), without learning. */
  infer(input: ArrayLike<number>): { prediction: number; logits: Int16Array } {
    const prediction = this.predict(input);
    return { prediction, logits: this.logits() };
  }

  /**
   * One online training step: predicts, then updates every weight.
   * @param input integers as `quantise` gives them
   * @param label 0..n_L-1
   * @throws UserError for a wrong number of features, a feature, a label or a rate out of range
   */
  step(input: ArrayLike<number>, label: number, options: StepOptions = {}): StepResult {
    const rate = this.#rateOf(label, options);
    this.#takeFeatures(input);
    return this.#learn(label, rate, options.trace);
  }

  /** `step(quantise(features), label, options)`, faster. */
  stepSample(features: Features, label: number, options: StepOptions = {}): StepResult {
    const rate = this.#rateOf(label, options);
    this.#takeSample(features);
    return this.#learn(label, rate, options.trace);
  }

  /** The learning-rate shift of a step. */
  #rateOf(label: number, options: StepOptions): number {
    const { classes } = this.plan;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new UserError(`label: is ${label}, must be 0..${classes - 1}; check the data set`, { field: 'label' });
    }
    const rate = options.k ?? this.#defaultRate;
    const { min, max } = this.#rates;
    if (!Number.isInteger(rate) || rate < min || rate > max) {
      throw new UserError(`k: is ${rate}, must be ${min}..${max} with these formats; choose a shift in that range`, {
        field: 'learningRateShift',
      });
    }
    return rate;
  }

  #checkLength(length: number): void {
    const { size } = this.#port;
    if (length === size) return;
    throw new UserError(`input: has ${length} features, must have ${size}; check the data set`, { field: 'input' });
  }

  #takeFeatures(input: ArrayLike<number>): void {
    this.#checkLength(input.length);
    const { min, max } = this.#port;
    for (let j = 0; j < input.length; j++) {
      if (input[j] >= min && input[j] <= max) continue;
      const text = `feature ${j} is ${input[j]}, must be ${min}..${max}; quantise() gives such features`;
      throw new UserError(`input: ${text}`, { field: 'input' });
    }
    this.#engine.takeFeatures(input);
  }

  #takeSample(features: Features): void {
    this.#checkLength(features.length);
    if (features instanceof Uint8Array) this.#engine.takePixels(features);
    else this.#engine.takeFeatures(this.quantise(features));
  }

  #forward(): number {
    this.#engine.forward();
    return greatest(this.#engine.logit);
  }

  #learn(label: number, rate: number, trace: TraceLevel | undefined): StepResult {
    const engine = this.#engine;
    const prediction = this.#forward();
    const { layers } = engine;
    softmax(engine.logit, layers[layers.length - 1].plan.values.error.frac, this.#probability);
    const traced = trace === 'values' || trace === 'writes';
    engine.backward(this.#probability, label, traced);
    const values = traced ? this.#values() : undefined;
    this.#update(rate);
    if (trace === undefined) return { prediction };
    const writes = trace === 'writes' ? layers.map(writtenBy) : undefined;
    return {
      prediction,
      trace: { digest: engine.digest(), ...(values && { values }), ...(writes && { writes }) },
    };
  }

  #update(rate: number): void {
    const observed = this.#observe > 0 && this.#steps % this.#observe === 0;
    this.#steps++;
    if (observed) for (const { before } of this.#observers) before();
    this.#engine.update({ rate, stochastic: this.#stochastic });
    if (observed) for (const { after } of this.#observers) after();
  }

  #values(): StepValues {
    return { ...this.#engine.values(), logit: this.logits(), probability: this.#probability.slice() };
  }
}

/** The engine on compiled kernels, if they are there and hold the plan's widths. */
const compiled = (plan: Plan, start: Start): Engine | null => {
  if (inTime(plan.config)) return timeVectorEngine(plan, start);
  const engine = vectorEngine(plan, start);
  return engine && denseEngine(plan, engine);
};

/** Every weight of a layer that the last update wrote: W's, then H's. */
const writtenBy = ({ matrices, rows }: LayerView): Int16Array => {
  const all = matrices.map(({ weights, used }) => writesOf(weights, used, rows()));
  if (all.length === 1) return all[0];
  const out = new Int16Array(all.reduce((sum, { length }) => sum + length, 0));
  all.reduce((at, writes) => {
    out.set(writes, at);
    return at + writes.length;
  }, 0);
  return out;
};
