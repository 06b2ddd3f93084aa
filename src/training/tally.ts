import type { Plan } from '../datapath/plan.js';
import { maxOf, minOf } from '../fx/format.js';
import type { Network, Saturations } from '../model/index.js';
import type { LayerMetrics } from './metrics.js';
import { emptyProbes, type LayerProbe } from './probe.js';
import { emptySteps, type StepTallies, share, stepMetrics } from './steps.js';

/** What an epoch has added up so far; plain data, part of a checkpoint. */
export interface Tally {
  right: number;
  /** sum of cross-entropies, in nats */
  loss: number;
  probes: LayerProbe[];
  saturations: Saturations;
  steps: StepTallies;
}

type Counts = Saturations['error'];

const nothing = (layers: number): Counts => Array.from({ length: layers }, () => ({ saturated: 0, total: 0 }));

const combined = (a: Counts, b: Counts, sign: 1 | -1): Counts =>
  a.map((count, i) => ({
    saturated: count.saturated + sign * b[i].saturated,
    total: count.total + sign * b[i].total,
  }));

/** `a + b`, or `a - b` with sign -1. */
export const combine = (a: Saturations, b: Saturations, sign: 1 | -1): Saturations => ({
  activation: combined(a.activation, b.activation, sign),
  error: combined(a.error, b.error, sign),
});

export const emptyTally = (plan: Plan): Tally => ({
  right: 0,
  loss: 0,
  probes: emptyProbes(plan.layers.length),
  saturations: { activation: nothing(plan.layers.length), error: nothing(plan.layers.length) },
  steps: emptySteps(plan),
});

/** Share of each layer's weights that sit at either end of their range. */
const saturatedWeights = (network: Network): number[] => {
  const { layers, matrices } = network.plan;
  const counts = layers.map(() => ({ ends: 0, all: 0 }));
  for (const [m, weights] of network.matrices().entries()) {
    const { layer, format } = matrices[m];
    const [low, high] = [minOf(format.bits), maxOf(format.bits)];
    const count = counts[layer - 1];
    count.all += weights.length;
    for (const w of weights) if (w === low || w === high) count.ends++;
  }
  return counts.map(({ ends, all }) => share(ends, all));
};

/** The metrics of each layer at the end of an epoch. */
export const layerMetrics = (network: Network, { probes, saturations, steps }: Tally): LayerMetrics[] => {
  const ends = saturatedWeights(network);
  return network.plan.layers.map(({ index }, i) => {
    const { activation, error } = saturations;
    const { updates, swallowed, strength, factor } = probes[i];
    return {
      layer: index,
      saturated: {
        weight: ends[i],
        activation: share(activation[i].saturated, activation[i].total),
        error: share(error[i].saturated, error[i].total),
      },
      swallowed: share(swallowed, updates),
      strength,
      factor,
      ...(steps[i].length > 0 && { steps: stepMetrics(steps[i]) }),
    };
  });
};
