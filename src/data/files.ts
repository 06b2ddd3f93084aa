import { UserError } from '../fx/error.js';
import { readCsv } from './csv.js';
import type { Split } from './dataset.js';
import { type Labelled, readPair } from './images.js';

/** Without test files every tenth sample is kept for testing. */
const HELD_OUT = 10;

const pick = (data: Labelled, keep: (n: number) => boolean): Labelled => {
  const chosen = [...data.labels.keys()].filter(keep);
  const features = new Uint8Array(chosen.length * data.inputs);
  chosen.forEach((n, at) => {
    features.set(data.features.subarray(n * data.inputs, (n + 1) * data.inputs), at * data.inputs);
  });
  return { ...data, count: chosen.length, features, labels: Uint16Array.from(chosen, (n) => data.labels[n]) };
};

const holdOut = (data: Labelled, split: Split, what: string): Labelled => {
  if (data.count < HELD_OUT) {
    throw new UserError(`data: ${what} holds ${data.count} samples, must hold at least ${HELD_OUT}; add test files`, {
      field: 'data',
    });
  }
  return pick(data, (n) => (n % HELD_OUT === HELD_OUT - 1) === (split === 'test'));
};

interface Shape {
  readonly inputs: number;
  readonly classes: number;
}

/** How the files of one part are read, and how many there are. */
interface Kind {
  readonly files: number;
  readonly form: string;
  readonly read: (files: readonly string[], shape: Shape) => Labelled;
}

const KINDS = {
  idx: {
    files: 2,
    form: 'idx:IMAGES,LABELS or idx:IMAGES,LABELS,TEST_IMAGES,TEST_LABELS',
    read: ([imageFile, labelFile], { classes }) => readPair({ imageFile, labelFile, classes }),
  },
  csv: { files: 1, form: 'csv:FILE or csv:FILE,TEST_FILE', read: ([file], shape) => readCsv(file, shape) },
} as const satisfies Record<string, Kind>;

/**
 * Reads a part of a set given by paths (relative to the working folder), commas between: the training part's files, then
 * the test part's; without those every tenth sample is the test part.
 * @throws UserError for a wrong number of files and whatever is wrong with them
 */
export const readFiles = (kind: keyof typeof KINDS, paths: string, split: Split, shape: Shape): Labelled => {
  const { files, form, read }: Kind = KINDS[kind];
  const list = paths.split(',').map((path) => path.trim());
  if (![files, 2 * files].includes(list.length) || list.includes('')) {
    throw new UserError(`data: is "${kind}:${paths}", must be ${form}; name the files`, { field: 'data' });
  }
  const given = list.length === 2 * files;
  const part = given && split === 'test' ? list.slice(files) : list.slice(0, files);
  const data = read(part, shape);
  if (data.count === 0) throw new UserError(`${part[0]}: holds no samples, must hold at least one`, { field: part[0] });
  return given ? data : holdOut(data, split, part[0]);
};
