import type { Features } from '../../fx/features.js';
import { firstState, PURPOSE, xorshift } from '../../fx/random.js';
import type { FloatList } from '../memory.js';
import type { FloatTimeOptions } from './options.js';

export interface Encoder {
  /** puts a sample's features into the lists of the steps; `direct` into the first alone */
  readonly spread: (features: Features, steps: readonly FloatList[]) => void;
  /** does work that starts from the first state, and leaves the one of now alone */
  readonly apart: <T>(work: () => T) => T;
}

const unitOf = (features: Features): number => (features instanceof Uint8Array ? 255 : 1);

const fill = (list: FloatList, count: number, at: (j: number) => number): void => {
  list.count = 0;
  for (let j = 0; j < count; j++) {
    const v = at(j);
    if (v === 0) continue;
    list.indices[list.count] = j;
    list.values[list.count++] = v;
  }
};

/** The encoder of a network; with `rate` its spikes are those of the integers with the same seed. */
export const encoderOf = ({ encoding, layers, seed }: FloatTimeOptions): Encoder => {
  const inputs = layers[0];
  let state = firstState(seed, PURPOSE.encoder);
  const spike = (p: number): number => {
    if (p === 0) return 0;
    state = xorshift(state);
    return state >>> 24 < p ? 1 : 0;
  };
  const spread: Encoder['spread'] = (features, steps) => {
    const unit = unitOf(features);
    if (encoding === 'direct') fill(steps[0], inputs, (j) => features[j] / unit);
    else if (encoding === 'rows')
      for (const [t, list] of steps.entries()) fill(list, inputs, (j) => features[t * inputs + j] / unit);
    else for (const list of steps) fill(list, inputs, (j) => spike(Math.floor((features[j] * 255) / unit + 0.5)));
  };
  const apart = <T>(work: () => T): T => {
    const now = state;
    state = firstState(seed, PURPOSE.encoder);
    try {
      return work();
    } finally {
      state = now;
    }
  };
  return { spread, apart };
};
