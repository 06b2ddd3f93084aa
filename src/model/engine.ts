import type { LayerPlan, Matrix as MatrixPlan } from '../datapath/plan.js';
import type { Integers, Matrix } from './matrix.js';
import type { List } from './sparse.js';
import type { StepValues } from './step.js';

/** How many values a layer computed, and how many of them saturated. */
export interface Saturation {
  saturated: number;
  total: number;
}

/** The state of a dense layer, live: it changes with every phase. */
export interface DenseLayer {
  readonly plan: LayerPlan;
  readonly weights: Matrix<Integers>;
  readonly strength: Int32Array;
  /** non-zero activations of a hidden layer; empty for the last one */
  readonly activation: List;
  /** activations, or logits for the last layer */
  readonly activationSaturation: Readonly<Saturation>;
  readonly errorSaturation: Readonly<Saturation>;
  /** errors that update the layer; a copy */
  readonly errors: () => Int16Array;
  /** errors that go on to the layer below; a copy */
  readonly carried: () => Int16Array;
  /** state of the layer's update stream, unsigned 32 bits */
  readonly random: () => number;
}

/** How often a neuron fired or was open at one step, over all samples so far. */
export interface StepCount {
  /** values that were not 0 */
  active: number;
  /** derivatives that were not 0 */
  open: number;
  total: number;
}

/** What stays the same for all columns of an update. */
export interface UpdateRule {
  /** learning-rate shift k */
  readonly rate: number;
  readonly stochastic: boolean;
}

/** What a network starts from. */
export interface Start {
  /** W_1, H_1, W_2, .. */
  readonly weights: readonly Matrix[];
  /** of their update streams */
  readonly random: readonly number[];
  /** state of the encoder's stream */
  readonly encoder: number;
  /** fixed matrices of `fa` and `dfa`, by hidden layer they serve: carrier of errors into layer l at [l-1] */
  readonly feedback: readonly Matrix[];
  /** x_0 of every pixel value */
  readonly features: Int16Array;
}

/** The phases of a dense network's step, in the order in which they run. Two engines give the same integers. */
export interface DenseEngine {
  readonly layers: readonly DenseLayer[];
  /** x_0 */
  readonly input: List;
  /** q, live */
  readonly logit: Int16Array;
  /** Takes n_0 features, integers of the input format. */
  readonly takeFeatures: (features: ArrayLike<number>) => void;
  /** Takes n_0 pixels, 0..255. */
  readonly takePixels: (pixels: Uint8Array) => void;
  readonly forward: () => void;
  /** Errors of all layers from the output's probabilities. */
  readonly backward: (probability: Int32Array, label: number) => void;
  readonly update: (rule: UpdateRule) => void;
  /** of the writes of the step that was updated last, unsigned 32 bits */
  readonly digest: () => number;
}

/** A matrix of weights, live. */
export interface MatrixView {
  readonly plan: MatrixPlan;
  readonly weights: Matrix<Integers>;
  /** columns that the step under way updates */
  readonly used: List;
  /** state of the update stream, unsigned 32 bits */
  readonly random: () => number;
}

/** A layer's state, live. */
export interface LayerView {
  readonly plan: LayerPlan;
  /** W_l, and H_l where there is one */
  readonly matrices: readonly MatrixView[];
  readonly strength: Int32Array | Float64Array;
  /** activations, or logits for the last layer */
  readonly activationSaturation: Readonly<Saturation>;
  readonly errorSaturation: Readonly<Saturation>;
  /** the rows with an error, which are those that an update with the errors of now writes, ascending */
  readonly rows: () => readonly number[];
  /** what the steps of all samples so far had; empty for a dense layer and the last one */
  readonly steps: () => readonly StepCount[];
}

/** The phases of any network's step, in the order in which they run. */
export interface Engine {
  readonly layers: readonly LayerView[];
  /** q, live */
  readonly logit: Int16Array;
  /** state of the encoder's stream; only `rate` draws from it */
  readonly encoder: { state: number };
  /** The sample taken last as the first layer sees it, step after step; a copy. */
  readonly input: () => Int16Array;
  /** Takes the integers of a sample. */
  readonly takeFeatures: (features: ArrayLike<number>) => void;
  /** Takes a sample of pixels, 0..255. */
  readonly takePixels: (pixels: Uint8Array) => void;
  readonly forward: () => void;
  /** Errors of all layers from the output's probabilities. @param complete also those that only a trace shows */
  readonly backward: (probability: Int32Array, label: number, complete: boolean) => void;
  readonly update: (rule: UpdateRule) => void;
  /** of the writes of the step that was updated last, unsigned 32 bits */
  readonly digest: () => number;
  /** all named values of the step before its update, but for the output's; copies */
  readonly values: () => Omit<StepValues, 'logit' | 'probability'>;
}
