import { Dataset, File, Group } from 'jsfive';
import { UserError } from '../fx/error.js';
import { entriesOf, refuse, type Tensor } from './tensor.js';

/** What an HDF5 file holds, by path without a slash at either end. */
export interface Hdf5 {
  readonly attributes: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly datasets: ReadonlyMap<string, Tensor>;
}

/** Bytes of the types that can be weights; others, such as names, are left out. */
const BYTES: Readonly<Record<string, number>> = { f2: 2, f4: 4, f8: 8, i1: 1, i2: 2, i4: 4, i8: 8 };

/** Deepest nesting and most entries: no model comes near. */
const MAX_DEPTH = 32;
const MAX_ENTRIES = 100_000;

const tensorOf = (file: string, path: string, dataset: Dataset, length: number): Tensor => {
  const { shape, dtype } = dataset;
  const width = typeof dtype === 'string' ? BYTES[dtype.replace(/^[<>|=]/, '')] : undefined;
  if (width === undefined) {
    return refuse(file, `${path} is of type ${String(dtype)}, must be ${Object.keys(BYTES).join(', ')}; convert it`);
  }
  const count = entriesOf(file, path, shape);
  if (count * width > length) {
    refuse(
      file,
      `${path} has ${count * width} bytes, the file ${length}; it is cut short, or compressed: save it again without`,
    );
  }
  const { value } = dataset;
  if (value.length !== count) refuse(file, `${path} has ${value.length} numbers, must have ${count}; it is cut short`);
  return { name: path, shape: [...shape], values: Float64Array.from(value, Number) };
};

/** Groups whose arrays are no weights of the network. */
const SKIPPED: ReadonlySet<string> = new Set(['optimizer_weights', 'optimizer']);

/**
 * Everything in an HDF5 file but for its optimiser's state.
 * @throws UserError for a file that is cut short or damaged
 */
export const hdf5Tree = (bytes: Uint8Array, file: string): Hdf5 => {
  const attributes = new Map<string, Readonly<Record<string, unknown>>>();
  const datasets = new Map<string, Tensor>();
  const visit = (group: Group, path: string, depth: number): void => {
    if (depth > MAX_DEPTH || attributes.size + datasets.size > MAX_ENTRIES) throw new RangeError('endless');
    attributes.set(path, group.attrs);
    for (const key of group.keys) {
      if (SKIPPED.has(key)) continue;
      const below = path === '' ? key : `${path}/${key}`;
      const entry = group.get(key);
      if (entry instanceof Dataset) datasets.set(below, tensorOf(file, below, entry, bytes.length));
      else if (entry instanceof Group) visit(entry, below, depth + 1);
    }
  };
  try {
    visit(new File(Uint8Array.from(bytes).buffer, file), '', 0);
  } catch (error) {
    if (error instanceof UserError) throw error;
    return refuse(file, 'is no HDF5 file, cut short or damaged; save it again');
  }
  return { attributes, datasets };
};
