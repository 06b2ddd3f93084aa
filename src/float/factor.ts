import type { FloatMode } from './options.js';

/**
 * Sets `factor` to `clip(2 s_i / max s, low, 2)` of a layer's strengths, 1 with `off`, the mean of them with `uniform`.
 * Source: Dellaferrera et al., Nature Communications 13:1885.
 */
export const floatFactors = (strength: Float64Array, mode: FloatMode, low: number, factor: Float32Array): void => {
  const most = strength.reduce((a, b) => Math.max(a, b), 0);
  if (mode === 'off' || most === 0) {
    factor.fill(1);
    return;
  }
  for (let i = 0; i < factor.length; i++) factor[i] = Math.max(low, (2 * strength[i]) / most);
  if (mode === 'uniform') factor.fill(factor.reduce((a, b) => a + b, 0) / factor.length);
};
