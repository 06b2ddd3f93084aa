import { UserError } from '../fx/error.js';
import { readBytes } from './file.js';
import { readIdx } from './idx.js';

/** Samples and their labels, before anything is known of a network. */
export interface Labelled {
  readonly count: number;
  readonly inputs: number;
  readonly features: Uint8Array;
  readonly labels: Uint16Array;
}

export interface PairOptions {
  readonly imageFile: string;
  readonly labelFile: string;
  readonly classes: number;
  readonly remedy?: string;
}

/**
 * Reads images and labels from a pair of IDX files.
 * @throws UserError for a missing, truncated or corrupt file, files of different lengths, a label out of range
 */
export const readPair = ({ imageFile, labelFile, classes, remedy }: PairOptions): Labelled => {
  const fail = (text: string): never => {
    throw new UserError(`${labelFile}: ${text}`, { field: labelFile });
  };
  const fix = remedy === undefined ? {} : { remedy };
  const images = readIdx(readBytes(imageFile), imageFile, fix);
  const labels = readIdx(readBytes(labelFile), labelFile, { ...fix, dimensions: 1 });
  const [count, ...sizes] = images.shape;
  if (labels.shape[0] !== count) {
    fail(`has ${labels.shape[0]} labels, must have ${count}, one for each image of ${imageFile}`);
  }
  const wrong = labels.values.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    fail(
      `label ${wrong} is ${labels.values[wrong]}, must be 0..${classes - 1}; give the last layer more neurons or correct the file`,
    );
  }
  const inputs = sizes.reduce((product, size) => product * size, 1);
  return { count, inputs, features: images.values, labels: Uint16Array.from(labels.values) };
};
