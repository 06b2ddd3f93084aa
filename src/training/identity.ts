import { createHash } from 'node:crypto';
import { UserError } from '../fx/error.js';
import type { Samples } from '../model/index.js';
import type { Identity } from './checkpoint.js';

/** A hash of samples and their labels. */
export const samplesHash = ({ inputs, count, features, labels }: Samples): string =>
  createHash('sha256')
    .update(`${inputs} ${count}\n`)
    .update(features.subarray(0, inputs * count))
    .update(Uint16Array.from({ length: count }, (_, n) => labels[n]))
    .digest('hex');

/** A hash of weights that a run starts from. */
export const weightsHash = (weights: readonly Int16Array[]): string => {
  const hash = createHash('sha256');
  for (const matrix of weights) hash.update(matrix);
  return hash.digest('hex');
};

interface Difference {
  readonly field: string;
  readonly there: unknown;
  readonly here: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The first field in which two plain values differ, depth first, in the order of `here`. */
const difference = (there: unknown, here: unknown, field = ''): Difference | undefined => {
  if (!isObject(there) || !isObject(here) || Array.isArray(there) !== Array.isArray(here)) {
    return there === here ? undefined : { field, there, here };
  }
  const list = Array.isArray(here);
  if (list && Object.keys(there).length !== Object.keys(here).length) return { field, there, here };
  for (const key of new Set([...Object.keys(here), ...Object.keys(there)])) {
    const name = list ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`;
    const found = difference(there[key], here[key], name);
    if (found) return found;
  }
  return undefined;
};

/**
 * What a user gives of a run: its configuration, but for the lanes, which change no number, and the schedule, which may
 * change from epoch to epoch, and the order.
 */
const given = ({ config: { lanes: _, learningRateShift: __, ...config }, shuffle }: Identity) => ({
  ...config,
  shuffle,
});

/** @throws UserError naming the first field in which a checkpoint's run differs from the one to go on with */
export const requireSameRun = (file: string, there: Identity, here: Identity): void => {
  const found = difference(given(there), given(here));
  if (found) {
    const { field } = found;
    throw new UserError(
      `${file}: belongs to another run: ${field} is ${JSON.stringify(found.there)} in it, ${JSON.stringify(found.here)} here; ` +
        `set ${field} to ${JSON.stringify(found.there)} or name another folder`,
      { field },
    );
  }
  if (there.weights !== here.weights) {
    throw new UserError(
      `${file}: belongs to a run that started from other weights; give the same --weights, or name another folder`,
      { field: 'weights' },
    );
  }
  if (there.samples !== here.samples) {
    throw new UserError(
      `${file}: belongs to other training samples of "${here.config.data}" (their sha256 differs); ask for as many, restore the files, or name another folder`,
      { field: 'data' },
    );
  }
};
