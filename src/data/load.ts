import { UserError } from '../fx/error.js';
import type { Dataset, Split } from './dataset.js';
import { loadMnist } from './mnist.js';
import { type SyntheticShape, synthetic } from './synthetic.js';

type Loader = (split: Split, shape: SyntheticShape) => Dataset;

const LOADERS: Readonly<Record<string, Loader>> = {
  mnist: (split) => loadMnist(split),
  synthetic,
};

const head = (data: Dataset, count: number): Dataset => ({
  ...data,
  count,
  pixels: data.pixels.subarray(0, count * data.inputs),
  labels: data.labels.subarray(0, count),
});

/**
 * Loads a data set by name, its first `count` samples or all of them.
 * @throws UserError for an unknown name, sizes that don't fit, or more samples than there are.
 */
export const loadDataset = (name: string, split: Split, shape: SyntheticShape): Dataset => {
  const load = Object.hasOwn(LOADERS, name) ? LOADERS[name] : undefined;
  if (load === undefined) {
    throw new UserError(`data: is "${name}", must be one of ${Object.keys(LOADERS).join(', ')}; choose one of them`, {
      field: 'data',
    });
  }
  const data = load(split, shape);
  if (data.inputs !== shape.inputs || data.classes !== shape.classes) {
    throw new UserError(
      `data: "${name}" has ${data.inputs} inputs and ${data.classes} classes, but the layers have ${shape.inputs} and ` +
        `${shape.classes}; change layers or set data to "synthetic"`,
      { field: 'data' },
    );
  }
  const count = shape.count ?? data.count;
  if (count > data.count) {
    throw new UserError(`samples: is ${count}, must be at most ${data.count} (${name}, ${split}); ask for fewer`, {
      field: 'samples',
    });
  }
  return count === data.count ? data : head(data, count);
};
