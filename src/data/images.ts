import { UserError } from '../fx/error.js';
import { readIdxPair } from './arrays.js';
import { classesOf } from './labels.js';

/** Samples and their labels. */
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
  readonly remedy: string;
}

/**
 * Reads images and labels from a pair of IDX files.
 * @throws UserError for a missing, truncated or corrupt file, files of different lengths, a label out of range
 */
export const readPair = ({ imageFile, labelFile, classes, remedy }: PairOptions): Labelled => {
  const table = readIdxPair(imageFile, labelFile, remedy);
  const { count, inputs, values } = table;
  const labels = Array.from({ length: classes }, (_, c) => String(c));
  if (!(values instanceof Uint8Array)) {
    throw new UserError(`${imageFile}: holds no pixels (unsigned bytes); ${remedy}`, { field: imageFile });
  }
  return { count, inputs, features: values, labels: classesOf([table], classes, labels).of(table) };
};
