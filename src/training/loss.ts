import { exponential, probability } from '../fx/softmax.js';
import type { Network, Samples } from '../model/index.js';
import { sampleFeatures } from '../model/index.js';

/**
 * Cross-entropy in nats of the label's probability, the integer of the numeric contract with `frac` fraction bits. One
 * that rounds to 0 counts as half a step, so that the loss stays finite.
 */
export const crossEntropy = (logits: ArrayLike<number>, label: number, frac: number): number => {
  let most = logits[0];
  for (let i = 1; i < logits.length; i++) if (logits[i] > most) most = logits[i];
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += exponential(most - logits[i]);
  const p = probability(exponential(most - logits[label]), sum, frac);
  return -Math.log(Math.max(p, 0.5) / 2 ** frac);
};

/** Fraction bits of the network's probabilities. */
export const probabilityFrac = ({ plan }: Network): number => plan.layers[plan.layers.length - 1].values.error.frac;

export interface Evaluation {
  /** share predicted rightly, 0..1 */
  readonly accuracy: number;
  /** mean cross-entropy in nats */
  readonly loss: number;
}

const judged = (network: Network, samples: Samples): Evaluation => {
  const frac = probabilityFrac(network);
  let right = 0;
  let loss = 0;
  for (let n = 0; n < samples.count; n++) {
    const label = samples.labels[n];
    if (network.predictSample(sampleFeatures(samples, n)) === label) right++;
    loss += crossEntropy(network.logits(), label, frac);
  }
  return { accuracy: right / samples.count, loss: loss / samples.count };
};

/** Judges a network on samples, without learning and apart from what it has seen. */
export const evaluate = (network: Network, samples: Samples): Evaluation =>
  network.apart(() => judged(network, samples));
