import type { Features } from '../fx/features.js';
import { identity, PURPOSE, shuffle, stream } from '../fx/random.js';
import type { Network } from './network.js';

/** Labelled samples as the model needs them; every data set is one. */
export interface Samples {
  readonly inputs: number;
  readonly count: number;
  /** count x inputs */
  readonly features: Features;
  readonly labels: ArrayLike<number>;
}

/** The features of sample `n`. */
export const sampleFeatures = ({ features, inputs }: Samples, n: number): Features =>
  features.subarray(n * inputs, (n + 1) * inputs);

/**
 * Orders of shuffled epochs: each call shuffles the one permutation of `count` samples further (Fisher-Yates) and
 * returns it. Source: the numeric contract, Update.
 */
export const epochOrder = (count: number, seed: number): (() => Uint32Array) => {
  const next = stream(seed, PURPOSE.shuffle);
  const order = identity(count);
  return () => {
    shuffle(order, next);
    return order;
  };
};

/** Share of samples that the network predicts rightly, 0..1. */
export const accuracy = (network: Network, samples: Samples): number =>
  network.apart(() => {
    let right = 0;
    for (let n = 0; n < samples.count; n++) {
      if (network.predictSample(sampleFeatures(samples, n)) === samples.labels[n]) right++;
    }
    return right / samples.count;
  });
