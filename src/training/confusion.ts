import { type Network, type Samples, sampleFeatures } from '../model/index.js';

/** How often samples of each class (rows) were taken for each class (columns). */
export const confusionOf = (network: Network, samples: Samples): number[][] => {
  const { classes } = network.plan;
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let n = 0; n < samples.count; n++)
    counts[samples.labels[n]][network.predictSample(sampleFeatures(samples, n))]++;
  return counts;
};
