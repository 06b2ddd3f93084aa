import type { Saturation, StepCount } from './engine.js';
import type { Strengths } from './factor.js';
import type { UpdateCount } from './observe.js';

/**
 * Values of all steps and inferences so far and how many of them saturated, layer l at [l-1]: activations above their
 * largest value, logits at either end, errors of active neurons at either end.
 */
export interface Saturations {
  /** x_1 .. x_(L-1), then the logits */
  readonly activation: readonly Readonly<Saturation>[];
  readonly error: readonly Readonly<Saturation>[];
}

/** Least, mean and greatest of a layer's values. */
export interface Extent {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** How a layer fares. Counts run from the network's beginning; strengths and factors are those of now. */
export interface LayerStatistics {
  /** activations, or logits for the last layer */
  readonly activation: Readonly<Saturation>;
  readonly error: Readonly<Saturation>;
  /** updates of the observed steps; null where none are observed */
  readonly updates: Readonly<UpdateCount> | null;
  /** step by step, of a hidden layer in time; else empty */
  readonly steps: readonly Readonly<StepCount>[];
  readonly strength: Extent;
  /** with 7 fraction bits; null for the last layer */
  readonly factor: Extent | null;
}

export const extent = (values: Strengths): Extent => {
  let [min, max, sum] = [values[0], values[0], 0];
  for (const v of values) {
    min = Math.min(min, v);
    max = Math.max(max, v);
    sum += v;
  }
  return { min, mean: sum / values.length, max };
};
