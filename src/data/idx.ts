import { UserError } from '../fx/error.js';

/** Contents of an IDX file of unsigned bytes. */
export interface Idx {
  /** sizes, slowest first: [count, rows, columns] or [count] */
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

const UNSIGNED_BYTE = 8;
const MAX_DIMENSIONS = 4;

const hex = (bytes: Uint8Array): string => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');

export interface IdxOptions {
  /** dimensions that the file must have; default: 2 to 4 */
  readonly dimensions?: number;
  /** what to do about a damaged file */
  readonly remedy?: string;
}

/**
 * Reads an IDX file of unsigned bytes (LeCun's format: 00 00 08 d, d big-endian sizes, values).
 * @param file name for messages
 * @throws UserError for a wrong magic number, a truncated file or bytes left over.
 */
export const readIdx = (
  buffer: Uint8Array,
  file: string,
  { dimensions, remedy = 'check that it is whole and the right file' }: IdxOptions = {},
): Idx => {
  const fail = (text: string): never => {
    throw new UserError(`${file}: ${text}; ${remedy}`, { field: file });
  };
  const size = dimensions ?? Math.min(MAX_DIMENSIONS, Math.max(2, buffer[3] ?? 2));
  const header = 4 + 4 * size;
  if (buffer.length < header) fail(`has ${buffer.length} bytes, must have at least the ${header} of an IDX header`);
  const magic = [0, 0, UNSIGNED_BYTE, size];
  if (magic.some((byte, i) => buffer[i] !== byte)) {
    fail(`starts with ${hex(buffer.subarray(0, 4))}, must start with ${hex(Uint8Array.from(magic))} (IDX)`);
  }
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  const shape = Array.from({ length: size }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = header + shape.reduce((product, length) => product * length, 1);
  if (buffer.length !== expected) {
    fail(`has ${buffer.length} bytes, must have ${expected} for ${shape.join(' x ')} values (IDX)`);
  }
  return { shape, values: buffer.subarray(header) };
};
