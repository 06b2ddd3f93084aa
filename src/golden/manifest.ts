import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, inTime } from '../datapath/rate.js';
import { CONTRACT } from '../datapath/version.js';
import { asUserError, UserError } from '../fx/error.js';
import type { FileEntry } from './mem.js';

const FORMAT = `grapes-golden/${CONTRACT}` as const;

/** Networks in time follow version 2 of the contract. */
const FORMAT_IN_TIME = 'grapes-golden/2';

export const formatOf = (config: Config): Manifest['format'] => (inTime(config) ? FORMAT_IN_TIME : FORMAT);
export const MANIFEST = 'manifest.json';

/** `manifest.json` of a golden directory. */
export interface Manifest {
  readonly format: typeof FORMAT | typeof FORMAT_IN_TIME;
  readonly config: Config;
  readonly factorFrac: number;
  /** state of each layer's update stream before the first sample */
  readonly rngState: readonly number[];
  readonly samples: number;
  /** samples that the traces cover */
  readonly trace: number;
  /** samples that the write files cover */
  readonly writes: number;
  readonly dataset: { readonly name: string; readonly split: string; readonly first: number };
  readonly files: Readonly<Record<string, FileEntry>>;
}

const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);
const isCount = (v: unknown): v is number => typeof v === 'number' && Number.isInteger(v) && v >= 0;

const isEntry = (v: unknown): v is FileEntry =>
  isObject(v) &&
  isCount(v.bits) &&
  Array.isArray(v.shape) &&
  v.shape.every(isCount) &&
  typeof v.sha256 === 'string' &&
  /^[0-9a-f]{64}$/.test(v.sha256);

/** Each field of a manifest: what it must be, and whether it is. */
const FIELDS: Readonly<Record<keyof Manifest, readonly [string, (v: unknown) => boolean]>> = {
  format: [`"${FORMAT}"`, (v) => v === FORMAT || v === FORMAT_IN_TIME],
  config: ['a configuration', (v) => isObject(v) && Array.isArray(v.layers) && isObject(v.bits) && isObject(v.frac)],
  factorFrac: ['a number', isCount],
  rngState: ['a list of unsigned integers', (v) => Array.isArray(v) && v.every(isCount)],
  samples: ['a number of samples', isCount],
  trace: ['a number of samples', isCount],
  writes: ['a number of samples', isCount],
  dataset: ['{ name, split, first }', (v) => isObject(v) && typeof v.name === 'string' && isCount(v.first)],
  files: ['{ bits, shape, sha256 } of each file', (v) => isObject(v) && Object.values(v).every(isEntry)],
};

const isManifest = (v: unknown): v is Manifest =>
  isObject(v) && Object.entries(FIELDS).every(([name, [, test]]) => test(v[name]));

const REMEDY = 'generate the golden vectors again';

/**
 * Reads the manifest of a golden directory.
 * @throws UserError if it is missing or malformed, with the field at fault
 */
export const readManifest = (folder: string): Manifest => {
  const file = join(folder, MANIFEST);
  const fail = (text: string): never => {
    throw new UserError(`${file}: ${text}; ${REMEDY}`, { field: file });
  };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw asUserError(error, file);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('is not JSON');
  }
  if (!isObject(value)) return fail('is not a JSON object');
  for (const [name, [legal, test]] of Object.entries(FIELDS)) {
    if (!test(value[name]))
      return fail(`${name} is ${value[name] === undefined ? 'missing' : 'malformed'}, must be ${legal}`);
  }
  return isManifest(value) ? value : fail('is malformed');
};

/**
 * Whether the run on the first `samples` samples of a golden directory tries learning: weights are written in it, and some
 * weight of the directory ends as another value than it began with.
 */
export const hasLearned = (folder: string, { files }: Pick<Manifest, 'files'>, samples: number): boolean => {
  const changed = Object.entries(files).some(
    ([name, { sha256 }]) =>
      name.endsWith('_init.mem') && files[name.replace(/_init\.mem$/, '_final.mem')]?.sha256 !== sha256,
  );
  const digests = readFileSync(join(folder, 'digest.mem'), 'latin1').split('\n', samples);
  return changed && digests.some((digest) => Number.parseInt(digest, 16) !== 0);
};
