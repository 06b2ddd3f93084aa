import { exponential, probability } from '../fx/softmax.js';

/** The first index of the greatest value. */
export const greatest = (values: Int16Array): number => {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
};

/** Base-2 softmax of the logits, with `frac` fraction bits. Source: the numeric contract, Forward. */
export const softmax = (logit: Int16Array, frac: number, out: Int32Array): void => {
  const most = logit[greatest(logit)];
  let sum = 0;
  for (let i = 0; i < logit.length; i++) {
    out[i] = exponential(most - logit[i]);
    sum += out[i];
  }
  for (let i = 0; i < logit.length; i++) out[i] = probability(out[i], sum, frac);
};
