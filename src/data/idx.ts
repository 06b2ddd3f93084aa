import { UserError } from '../fx/error.js';

type Read = (view: DataView, at: number) => number;

/** Types of an IDX file by their code, big-endian. */
const TYPES: Readonly<Record<number, { readonly name: string; readonly bytes: number; readonly read: Read }>> = {
  8: { name: 'unsigned byte', bytes: 1, read: (view, at) => view.getUint8(at) },
  9: { name: 'signed byte', bytes: 1, read: (view, at) => view.getInt8(at) },
  11: { name: 'short', bytes: 2, read: (view, at) => view.getInt16(at) },
  12: { name: 'int', bytes: 4, read: (view, at) => view.getInt32(at) },
  13: { name: 'float', bytes: 4, read: (view, at) => view.getFloat32(at) },
  14: { name: 'double', bytes: 8, read: (view, at) => view.getFloat64(at) },
};

const UNSIGNED_BYTE = 8;
const MAX_DIMENSIONS = 4;

/** Contents of an IDX file. */
export interface Idx {
  /** sizes, slowest first: [count, rows, columns] or [count] */
  readonly shape: readonly number[];
  /** bytes where the file has unsigned bytes */
  readonly values: Uint8Array | Float64Array;
}

const hex = (bytes: Uint8Array): string => [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');

export interface IdxOptions {
  /** dimensions that the file must have; default: 1 to 4 */
  readonly dimensions?: number;
  /** what to do about a damaged file */
  readonly remedy?: string;
}

const known = (): string =>
  Object.entries(TYPES)
    .map(([code, { name }]) => `${Number(code).toString(16).padStart(2, '0')} (${name})`)
    .join(', ');

/**
 * Reads an IDX file (LeCun's format: 00 00, a type, d, d big-endian sizes, values).
 * @param file name for messages
 * @throws UserError for a wrong magic number, an unknown type, a truncated file or bytes left over.
 */
export const readIdx = (
  buffer: Uint8Array,
  file: string,
  { dimensions, remedy = 'check that it is whole and the right file' }: IdxOptions = {},
): Idx => {
  const fail = (text: string): never => {
    throw new UserError(`${file}: ${text}; ${remedy}`, { field: file });
  };
  if (buffer.length < 4) return fail(`has ${buffer.length} bytes, must have at least the 8 of an IDX header`);
  const [zero, zeroToo, code, size] = buffer;
  if (zero !== 0 || zeroToo !== 0 || size < 1 || size > MAX_DIMENSIONS) {
    return fail(`starts with ${hex(buffer.subarray(0, 4))}, must start with 0000, a type and 01 to 04 sizes (IDX)`);
  }
  const type = TYPES[code];
  if (type === undefined) {
    return fail(`holds IDX values of the unknown type ${hex(buffer.subarray(2, 3))}, must be one of ${known()}`);
  }
  if (dimensions !== undefined && size !== dimensions) {
    return fail(`has ${size} dimensions (IDX), must have ${dimensions}`);
  }
  const header = 4 + 4 * size;
  if (buffer.length < header)
    return fail(`has ${buffer.length} bytes, must have at least the ${header} of an IDX header`);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  const shape = Array.from({ length: size }, (_, i) => view.getUint32(4 + 4 * i));
  const count = shape.reduce((product, length) => product * length, 1);
  const expected = header + type.bytes * count;
  if (buffer.length !== expected) {
    return fail(
      `has ${buffer.length} bytes, must have ${expected} for ${shape.join(' x ')} values (IDX, ${type.name})`,
    );
  }
  if (code === UNSIGNED_BYTE) return { shape, values: buffer.subarray(header) };
  return { shape, values: Float64Array.from({ length: count }, (_, i) => type.read(view, header + type.bytes * i)) };
};
