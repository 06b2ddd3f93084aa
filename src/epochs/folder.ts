import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartResult } from '../cosim/index.js';
import { writeWhole } from '../files/index.js';
import { asUserError, UserError } from '../fx/error.js';
import { isThere, makeFolders } from '../fx/folder.js';

/** A part that the core did as the model. */
export interface Passed extends PartResult {
  /** wall-clock time of its simulation */
  readonly seconds: number;
}

/** What is known of a run: it survives an interruption. */
export interface RunRecord {
  /** sha256 of every file that the model wrote, by name */
  readonly files: Readonly<Record<string, string>>;
  readonly passed: readonly Passed[];
}

const RECORD = 'run.json';
const FORMAT = 'grapes-epochs/1';

export const EMPTY: RunRecord = { files: {}, passed: [] };

/** Names of the files of a run; the head of the C++ testbench says what they hold. */
export const FILES = {
  train: 'train.bin',
  test: 'test.bin',
  /** what is expected of a part */
  part: (number: number): string => `part-${number}.bin`,
  /** weights and stream states before a part */
  state: (number: number): string => `state-${number}.bin`,
} as const;

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Makes the folder of a run. */
export const makeFolder = (folder: string): void => {
  try {
    makeFolders(folder);
  } catch (error) {
    throw asUserError(error, folder);
  }
};

/** Writes a file of the model's. Returns its sha256. */
export const keepFile = (folder: string, name: string, bytes: Uint8Array): string => {
  writeWhole(join(folder, name), bytes);
  return sha256(bytes);
};

const corrupt = (folder: string, file: string): UserError =>
  new UserError(
    `${join(folder, file)}: is corrupt, its sha256 is not the one recorded; delete ${folder} and run again from the start`,
    { field: folder },
  );

/**
 * Reads a file of the model's; null where it is missing.
 * @throws UserError if its bytes are not those that were written
 */
export const checkedFile = (folder: string, name: string, expected: string): Uint8Array | null => {
  const file = join(folder, name);
  if (!isThere(file)) return null;
  const bytes = readFileSync(file);
  if (sha256(bytes) !== expected) throw corrupt(folder, name);
  return bytes;
};

/** Writes what is known of a run, with a checksum over it. */
export const saveRecord = (folder: string, record: RunRecord): void => {
  const body = JSON.stringify(record);
  writeWhole(join(folder, RECORD), `${FORMAT} ${sha256(body)}\n${body}\n`);
};

/**
 * What is known of the run in a folder; nothing where there is none.
 * @throws UserError if the record or a file that it names is corrupt
 */
export const loadRecord = (folder: string): RunRecord => {
  const file = join(folder, RECORD);
  if (!isThere(file)) return EMPTY;
  const [head, body = ''] = readFileSync(file, 'utf8').split('\n');
  if (head !== `${FORMAT} ${sha256(body)}`) throw corrupt(folder, RECORD);
  const record: RunRecord = JSON.parse(body);
  for (const [name, expected] of Object.entries(record.files))
    if (checkedFile(folder, name, expected) === null) throw corrupt(folder, name);
  return record;
};
