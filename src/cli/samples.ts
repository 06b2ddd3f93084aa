import type { Config } from '../config/index.js';
import { loadDataset } from '../data/index.js';
import type { TrainingSamples } from '../training/index.js';

/**
 * Training and test samples of a configuration's data set.
 * @param count training samples; all where undefined
 * @throws UserError for a data set that isn't there or does not fit the network
 */
export const loadSamples = ({ layers, data, seed }: Config, count: number | undefined): TrainingSamples => {
  const shape = { inputs: layers[0], classes: layers[layers.length - 1], seed };
  return {
    train: loadDataset(data, 'train', { ...shape, ...(count !== undefined && { count }) }),
    test: loadDataset(data, 'test', shape),
  };
};
