import { readBytes, readNpy, unzip } from '../files/index.js';
import { UserError } from '../fx/error.js';
import { readIdx } from './idx.js';
import { labelCodes, type RawLabels, requireSamples, type Table } from './table.js';

/** An array of a file: the first size counts samples. */
interface NamedArray {
  /** the file, and the array's name in it */
  readonly what: string;
  readonly shape: readonly number[];
  readonly values: Uint8Array | Float64Array | readonly string[];
}

const fail = (what: string, text: string): never => {
  throw new UserError(`${what}: ${text}`, { field: what });
};

const labelsOf = ({ what, shape, values }: NamedArray): RawLabels => {
  if (shape.slice(1).some((size) => size !== 1)) {
    return fail(
      what,
      `labels have the shape ${shape.join(' x ')}, must be one a sample; save argmax of one-hot labels`,
    );
  }
  const known = labelCodes();
  const codes = Int32Array.from(values, (value: number | string, n: number) => {
    if (typeof value === 'number' ? !Number.isFinite(value) : value.trim() === '') fail(what, `label ${n} is missing`);
    return known.codeOf(String(value).trim());
  });
  return { file: what, codes, texts: known.texts };
};

/** The samples in an array of features and one of labels. */
const tableOf = (features: NamedArray, labels: NamedArray, pixels: boolean, column?: string): Table => {
  const { what, shape, values } = features;
  const [count, ...sizes] = shape;
  if (shape.length < 2) fail(what, 'has one dimension, must have samples and their features');
  if (labels.shape[0] !== count) {
    fail(labels.what, `has ${labels.shape[0]} labels, must have ${count}, one for each sample of ${what}`);
  }
  if (!(values instanceof Uint8Array || values instanceof Float64Array))
    return fail(what, 'holds text, must hold numbers');
  const inputs = sizes.reduce((product, size) => product * size, 1);
  const placeOf = (n: number): string => `sample ${n}`;
  const missing = values instanceof Uint8Array ? -1 : values.findIndex((v) => !Number.isFinite(v));
  if (missing >= 0) {
    const place = `${placeOf(Math.floor(missing / inputs))} has ${values[missing]} as feature ${(missing % inputs) + 1}`;
    fail(what, `${place}, must be a finite number; fill it in or remove the sample`);
  }
  return requireSamples({
    file: what,
    count,
    inputs,
    values,
    labels: { ...labelsOf(labels), ...(column !== undefined && { column }) },
    placeOf,
    ...(pixels && { pixels }),
  });
};

/** @throws UserError for a damaged file */
export const readIdxPair = (imageFile: string, labelFile: string, remedy?: string): Table => {
  const fix = remedy === undefined ? {} : { remedy };
  const read = (file: string, dimensions?: number): NamedArray => ({
    what: file,
    ...readIdx(readBytes(file), file, { ...fix, ...(dimensions !== undefined && { dimensions }) }),
  });
  const images = read(imageFile);
  return tableOf(images, read(labelFile, 1), images.values instanceof Uint8Array);
};

/** @throws UserError for a damaged file */
export const readNpyPair = (featureFile: string, labelFile: string): Table => {
  const read = (file: string): NamedArray => ({ what: file, ...readNpy(readBytes(file), file) });
  return tableOf(read(featureFile), read(labelFile), false);
};

/** Names of features and labels in archives, by convention. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['x_train', 'y_train'],
  ['X_train', 'y_train'],
  ['train_images', 'train_labels'],
  ['x', 'y'],
  ['X', 'y'],
  ['features', 'labels'],
  ['data', 'target'],
  ['images', 'labels'],
  ['arr_0', 'arr_1'],
];

const testName = (name: string): string => name.replace('train', 'test');

/**
 * Reads the samples of a .npz archive: training samples, and test samples where it has both.
 * @param label the labels' array; default: by convention
 * @throws UserError for a damaged archive, or one whose arrays have other names
 */
export const readNpz = (file: string, label?: string): { train: Table; test?: Table } => {
  const entries = unzip(readBytes(file), file);
  const names = [...entries.keys()].flatMap((name) => (name.endsWith('.npy') ? [name.slice(0, -4)] : []));
  const array = (name: string): NamedArray => ({
    what: `${file} (${name})`,
    ...readNpy(entries.get(`${name}.npy`) ?? new Uint8Array(), `${file} (${name})`),
  });
  const has = (...wanted: string[]): boolean => wanted.every((name) => names.includes(name));
  const others = names.filter((name) => name !== label);
  const pair =
    label === undefined
      ? PAIRS.find(([x, y]) => has(x, y))
      : (PAIRS.map(([x]) => [x, label] as const).find(([x]) => has(x, label)) ??
        (others.length === 1 && has(label) ? ([others[0], label] as const) : undefined));
  if (pair === undefined) {
    const wanted = label === undefined ? 'x and y, or x_train, y_train, x_test and y_test' : `x and ${label}`;
    return fail(file, `holds the arrays ${names.join(', ') || '(none)'}, must hold ${wanted}`);
  }
  const train = tableOf(array(pair[0]), array(pair[1]), false, pair[1]);
  const [x, y] = pair.map(testName);
  return x !== pair[0] && has(x, y) ? { train, test: tableOf(array(x), array(y), false, y) } : { train };
};
