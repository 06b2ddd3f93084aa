import type { Plan } from '../datapath/plan.js';

export type Strengths = Int32Array | Float64Array;

/** Sets `factor` to GRAPES' factors of a layer's strengths, one a neuron, clipped. */
const perNeuron = (strength: Strengths, { one, low, high }: Plan['factor'], factor: Int32Array): void => {
  let most = 0;
  for (let i = 0; i < strength.length; i++) if (strength[i] > most) most = strength[i];
  if (most === 0) {
    factor.fill(one);
    return;
  }
  for (let i = 0; i < strength.length; i++) factor[i] = Math.max(low, Math.floor((strength[i] * high) / most));
};

const mean = (factor: Int32Array): number => {
  let sum = 0;
  for (let i = 0; i < factor.length; i++) sum += factor[i];
  return Math.floor(sum / factor.length);
};

/** Computes a layer's factors by its mode. Source: the numeric contract, GRAPES. */
export const computeFactors = (strength: Strengths, plan: Plan, factor: Int32Array): void => {
  const { mode } = plan.config.grapes;
  if (mode === 'off') {
    factor.fill(plan.factor.one);
    return;
  }
  perNeuron(strength, plan.factor, factor);
  if (mode === 'uniform') factor.fill(mean(factor));
};

/** The factors of a layer's neurons, from their strengths. */
export const factorsOf = (strength: Strengths, plan: Plan): Int32Array => {
  const factor = new Int32Array(strength.length);
  computeFactors(strength, plan, factor);
  return factor;
};
