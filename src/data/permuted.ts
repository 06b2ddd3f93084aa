import { identity, PURPOSE, shuffle, stream } from '../fx/random.js';
import type { Dataset } from './dataset.js';

/** The features' stream takes the place that a first layer would have among the synthetic-data streams. */
const LAYER = 1;

/** The same samples with their features in another order, one for all samples, that the seed decides. */
export const permuted = (data: Dataset, seed: number): Dataset => {
  const { inputs, count, features } = data;
  const order = identity(inputs);
  shuffle(order, stream(seed, PURPOSE.syntheticData, LAYER));
  const out = features.slice();
  for (let n = 0; n < count; n++) {
    const start = n * inputs;
    for (let j = 0; j < inputs; j++) out[start + j] = features[start + order[j]];
  }
  return { ...data, name: `permuted-${data.name}:${seed}`, features: out };
};
