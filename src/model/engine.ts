import type { LayerPlan } from '../datapath/plan.js';
import type { Integers, Matrix } from './matrix.js';
import type { List } from './sparse.js';

/** How many values a layer computed, and how many of them saturated. */
export interface Saturation {
  saturated: number;
  total: number;
}

/** A layer's state, live: it changes with every phase. */
export interface LayerView {
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
  /** state of the layer's update stream, unsigned 32 bits */
  readonly random: () => number;
}

/** What stays the same for all columns of an update. */
export interface UpdateRule {
  /** learning-rate shift k */
  readonly rate: number;
  readonly stochastic: boolean;
}

/** What a network starts from. */
export interface Start {
  /** layer l at [l-1] */
  readonly weights: readonly Matrix[];
  readonly random: readonly number[];
  /** fixed matrices of `fa` and `dfa`, by hidden layer they serve: carrier of errors into layer l at [l-1] */
  readonly feedback: readonly Matrix[];
  /** x_0 of every pixel value */
  readonly features: Int16Array;
}

/** The phases of a step, in the order in which they run. Two engines give the same integers. */
export interface Engine {
  readonly layers: readonly LayerView[];
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
