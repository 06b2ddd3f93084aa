import { statSync } from 'node:fs';
import { UserError } from '../fx/error.js';
import { readIdxPair, readNpyPair, readNpz } from './arrays.js';
import { csvReading } from './csv.js';
import { finish, finishInTurns, type Reading } from './reading.js';
import type { OnRead, Table } from './table.js';

/** Samples of files: those to train on, and those to test with where the files have them. */
export interface Parts {
  readonly train: Table;
  readonly test?: Table;
}

export interface ReadOptions {
  /** the labels' column or array */
  readonly label?: string;
  readonly onRead?: OnRead;
}

/** How the files of one part are read, and how many there are. */
interface Kind {
  readonly files: number;
  readonly form: string;
  /** the labels are a column or array among others, which may be named */
  readonly labelled: boolean;
  readonly read: (files: readonly string[], options: ReadOptions) => Reading<Parts>;
}

/** Arrays are read quickly: a pause before each is enough. */
const atOnce = (read: (files: readonly string[], options: ReadOptions) => Parts): Kind['read'] =>
  function* (files, options) {
    yield;
    return read(files, options);
  };

export const KINDS = {
  csv: {
    files: 1,
    labelled: true,
    form: 'csv:FILE or csv:FILE,TEST_FILE',
    *read([file], options) {
      return { train: yield* csvReading(file, options) };
    },
  },
  npy: {
    files: 2,
    labelled: false,
    form: 'npy:FEATURES,LABELS or npy:FEATURES,LABELS,TEST_FEATURES,TEST_LABELS',
    read: atOnce(([features, labels]) => ({ train: readNpyPair(features, labels) })),
  },
  npz: {
    files: 1,
    labelled: true,
    form: 'npz:FILE or npz:FILE,TEST_FILE',
    read: atOnce(([file], { label }) => readNpz(file, label)),
  },
  idx: {
    files: 2,
    labelled: false,
    form: 'idx:IMAGES,LABELS or idx:IMAGES,LABELS,TEST_IMAGES,TEST_LABELS',
    read: atOnce(([images, labels]) => ({ train: readIdxPair(images, labels) })),
  },
} as const satisfies Record<string, Kind>;

export type FileKind = keyof typeof KINDS;

export const isFileKind = (name: string): name is FileKind => Object.hasOwn(KINDS, name);

const listOf = (kind: FileKind, paths: string): string[] => {
  const { files, form } = KINDS[kind];
  const list = paths.split(',').map((path) => path.trim());
  if ([files, 2 * files].includes(list.length) && !list.includes('')) return list;
  throw new UserError(`data: is "${kind}:${paths}", must be ${form}; name the files`, { field: 'data' });
};

function* read(kind: FileKind, list: readonly string[], options: ReadOptions): Reading<Parts> {
  const { files, read: readPart }: Kind = KINDS[kind];
  const first = yield* readPart(list.slice(0, files), options);
  if (list.length === files) return first;
  return { train: first.train, test: (yield* readPart(list.slice(files), options)).train };
}

/** Whether files have changed shows here. */
const stamp = (file: string): string => {
  const { mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: 0, size: 0 };
  return `${file} ${mtimeMs} ${size}`;
};

let last: { readonly key: string; readonly parts: Parts } | undefined;

function* partsReading(kind: FileKind, paths: string, options: ReadOptions): Reading<Parts> {
  const list = listOf(kind, paths);
  if (options.label !== undefined && !KINDS[kind].labelled) {
    throw new UserError(
      `label: is for csv and npz: ${kind} files have the labels in a file of their own; leave it out`,
      {
        field: 'label',
      },
    );
  }
  const key = JSON.stringify([kind, options.label, list.map(stamp)]);
  if (last?.key === key) return last.parts;
  const parts = yield* read(kind, list, options);
  last = { key, parts };
  return parts;
}

/**
 * Reads the samples of files given by paths (relative to the working folder), commas between: the training part's files, then
 * the test part's if there are some. What was read last is kept: each part of a set and each step of a command ask again.
 * @throws UserError for a wrong number of files and whatever is wrong with them
 */
export const readParts = (kind: FileKind, paths: string, options: ReadOptions): Parts =>
  finish(partsReading(kind, paths, options));

/** Reads what {@link readParts} will be asked for, and lets others have their turn meanwhile. @throws UserError as it does */
export const readPartsAhead = async (kind: FileKind, paths: string, options: ReadOptions): Promise<void> => {
  await finishInTurns(partsReading(kind, paths, options));
};
