import type { FloatMode } from './options.js';

/**
 * Sets `factor` to `clip(2 s_i / max s, low, 2)` of a layer's strengths, 1 with `off`, the mean of them with `uniform`.
 * Source: Dellaferrera et al., Nature Communications 13:1885.
 */
export const floatFactors = (strength: ArrayLike<number>, mode: FloatMode, low: number, factor: Float32Array): void => {
  let most = 0;
  for (let i = 0; i < factor.length; i++) if (strength[i] > most) most = strength[i];
  if (mode === 'off' || most === 0) {
    factor.fill(1);
    return;
  }
  let sum = 0;
  for (let i = 0; i < factor.length; i++) {
    factor[i] = Math.max(low, (2 * strength[i]) / most);
    sum += factor[i];
  }
  if (mode === 'uniform') factor.fill(sum / factor.length);
};
