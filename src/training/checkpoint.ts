import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../datapath/rate.js';
import { writeWhole } from '../files/index.js';
import { asUserError, UserError } from '../fx/error.js';
import { isThere, makeFolders } from '../fx/folder.js';
import type { RunState } from './run.js';
import type { ScheduleChange } from './schedule.js';

/** What a run is: a checkpoint belongs to it and to no other. */
export interface Identity {
  readonly config: Config;
  readonly shuffle: boolean;
  /** sha256 of training samples and labels */
  readonly samples: string;
  /** sha256 of the weights that the run started from, where those are not the seed's */
  readonly weights?: string;
}

/** A checkpoint file: its run, and how far it had come. */
export interface Checkpoint {
  readonly identity: Identity;
  readonly state: RunState;
  /** changes of the schedule since the run began; `identity` has the outcome */
  readonly history: readonly ScheduleChange[];
}

const FORMAT = 'grapes-checkpoint/1';
const NEWLINE = 10;

/** The file of a run below a checkpoint folder. */
export const checkpointFile = (folder: string, seed: number): string => join(folder, `seed-${seed}.checkpoint`);

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Entries of a typed array as little-endian bytes of `width` each. */
const toBytes = (values: Int16Array | Uint32Array): Uint8Array => {
  const width = values.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(values.length * width);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    if (values instanceof Int16Array) view.setInt16(i * width, values[i], true);
    else view.setUint32(i * width, values[i], true);
  }
  return bytes;
};

/**
 * A checkpoint as bytes: a line with the format and the sha256 of all that follows, a line of JSON, then the weights as
 * 16-bit and the permutation as 32-bit little-endian integers.
 */
export const encode = ({ identity, state, history }: Checkpoint): Uint8Array => {
  const { weights, order, ...rest } = state;
  const header = {
    identity,
    ...(history.length > 0 && { history }),
    state: { ...rest, order: order && { random: order.random } },
    sizes: { weights: weights.map((w) => w.length), permutation: order?.permutation.length ?? 0 },
  };
  const body = Buffer.concat([
    Buffer.from(`${JSON.stringify(header)}\n`),
    ...weights.map(toBytes),
    ...(order ? [toBytes(order.permutation)] : []),
  ]);
  return Buffer.concat([Buffer.from(`${FORMAT} ${sha256(body)}\n`), body]);
};

type Header = ReturnType<typeof headerOf>;

const headerOf = (text: string) => {
  const header: {
    readonly identity: Identity;
    readonly history?: readonly ScheduleChange[];
    readonly state: Omit<RunState, 'weights' | 'order'> & { readonly order: { readonly random: number } | null };
    readonly sizes: { readonly weights: readonly number[]; readonly permutation: number };
  } = JSON.parse(text);
  return header;
};

const arraysOf = ({ sizes }: Header, bytes: Uint8Array) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const weights = sizes.weights.map((size) =>
    Int16Array.from({ length: size }, () => {
      at += 2;
      return view.getInt16(at - 2, true);
    }),
  );
  const permutation = Uint32Array.from({ length: sizes.permutation }, () => {
    at += 4;
    return view.getUint32(at - 4, true);
  });
  return { weights, permutation };
};

/**
 * Reads the bytes of a checkpoint.
 * @throws UserError if they are of another format or version, or their checksum is wrong
 */
export const decode = (bytes: Uint8Array, file: string): Checkpoint => {
  const fail = (text: string): never => {
    throw new UserError(`${file}: ${text}`, { field: file });
  };
  const first = bytes.indexOf(NEWLINE);
  const [format, sum] = Buffer.from(bytes.subarray(0, Math.max(0, first)))
    .toString('latin1')
    .split(' ');
  if (format !== FORMAT) {
    const found = /^grapes-checkpoint\/\S{1,10}$/.test(format) ? `is of format ${format}` : 'is no checkpoint';
    return fail(`${found}, must be of ${FORMAT}; train again or name another folder`);
  }
  const body = bytes.subarray(first + 1);
  const actual = sha256(body);
  if (actual !== sum) {
    return fail(
      `is corrupt: its sha256 is ${actual}, must be ${sum}; restore it from a copy, or delete it and train again`,
    );
  }
  const end = body.indexOf(NEWLINE);
  const header = headerOf(Buffer.from(body.subarray(0, end)).toString('utf8'));
  const { weights, permutation } = arraysOf(header, body.subarray(end + 1));
  const { order, ...rest } = header.state;
  return {
    identity: header.identity,
    history: header.history ?? [],
    state: { ...rest, weights, order: order && { permutation, random: order.random } },
  };
};

/**
 * Writes a checkpoint so that at any moment, also after a power cut, the file is either the last one whole or this one.
 * @throws UserError for a folder that can't be written, a full disk
 */
export const saveCheckpoint = (file: string, checkpoint: Checkpoint): void => {
  try {
    makeFolders(dirname(file));
  } catch (error) {
    throw asUserError(error, dirname(file));
  }
  writeWhole(file, encode(checkpoint));
};

/**
 * Reads a checkpoint file; undefined if there is none.
 * @throws UserError if it can't be read, is corrupt or of another format
 */
export const loadCheckpoint = (file: string): Checkpoint | undefined => {
  if (!isThere(file)) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw asUserError(error, file);
  }
  return decode(bytes, file);
};
