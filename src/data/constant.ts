import type { Features } from '../fx/features.js';

/** The largest feature: what a bias would be multiplied by. */
const valueIn = (features: Features): number => (features instanceof Uint8Array ? 255 : 1);

/** Appends a feature of the largest value after every `size` ones. */
export const withConstant = (features: Features, size: number): Features => {
  const groups = features.length / size;
  const length = groups * (size + 1);
  const out = features instanceof Uint8Array ? new Uint8Array(length) : new Float64Array(length);
  for (let g = 0; g < groups; g++) {
    out.set(features.subarray(g * size, (g + 1) * size), g * (size + 1));
    out[g * (size + 1) + size] = valueIn(features);
  }
  return out;
};
