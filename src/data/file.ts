import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readBytes } from '../files/index.js';
import { asUserError } from '../fx/error.js';

const CHUNK = 2 ** 18;

/**
 * The bytes of a file, some at a time, unpacked where its name ends in `.gz`.
 * @param onRead called with the bytes read so far and all
 * @throws UserError as {@link readBytes}
 */
export function* chunksOf(file: string, onRead: (done: number, total: number) => void): Generator<Uint8Array> {
  if (file.endsWith('.gz')) {
    const bytes = readBytes(file);
    for (let at = 0; at < bytes.length; at += CHUNK) {
      yield bytes.subarray(at, at + CHUNK);
      onRead(Math.min(bytes.length, at + CHUNK), bytes.length);
    }
    return;
  }
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const total = fstatSync(descriptor).size;
    const buffer = new Uint8Array(CHUNK);
    for (let done = 0; ; ) {
      const length = readSync(descriptor, buffer, 0, CHUNK, null);
      if (length === 0) return;
      yield buffer.subarray(0, length);
      done += length;
      onRead(done, total);
    }
  } catch (error) {
    throw asUserError(error, file);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
