import { UserError } from '../fx/error.js';
import { npyHeader } from '../fx/npy.js';

/** An array of numpy's, row by row. */
export interface Npy {
  readonly shape: readonly number[];
  /** bytes for uint8 and bool; texts for arrays of strings */
  readonly values: Uint8Array | Float64Array | readonly string[];
}

type Read = (view: DataView, at: number, little: boolean) => number;

/** numpy's names of types, without the order of bytes. */
const TYPES: Readonly<Record<string, { readonly bytes: number; readonly read: Read } | undefined>> = {
  b1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  i1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  u2: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  i2: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  u4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  i4: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  u8: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
  i8: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) },
  f4: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
};

/** The text of `size` characters of 4 bytes (U) or 1 byte (S), zeros at the end left out. */
const textAt = (view: DataView, at: number, size: number, wide: boolean, little: boolean): string => {
  const codes = Array.from({ length: size }, (_, i) =>
    wide ? view.getUint32(at + 4 * i, little) : view.getUint8(at + i),
  );
  return String.fromCodePoint(...codes).replace(/\0+$/, '');
};

/**
 * Reads an array of numpy's .npy format 1 to 3: numbers, truth values and strings, either order of bytes.
 * @param what the file, or the array in it, for messages
 * @throws UserError for an array that is cut short, of another type, or column by column
 */
export const readNpy = (bytes: Uint8Array, what: string): Npy => {
  const fail = (text: string): never => {
    throw new UserError(`${what}: ${text}`, { field: what });
  };
  const header = npyHeader(bytes);
  if (header === null) return fail('is no .npy array; numpy.save writes one');
  const { code = '', descr, little, fortran, shape, start: data } = header;
  const isText = /^[US]\d+$/.test(code);
  const type = Object.hasOwn(TYPES, code) ? TYPES[code] : undefined;
  if (type === undefined && !isText) {
    return fail(
      `is of type ${descr}, must be numbers or strings (${Object.keys(TYPES).join(', ')}, U, S); convert it with astype`,
    );
  }
  if (fortran) return fail('lies column by column; save numpy.ascontiguousarray of it');
  const [kind, digits] = [code[0], code.slice(1)];
  const count = shape.reduce((product, size) => product * size, 1);
  const width = type?.bytes ?? Number(digits) * (kind === 'U' ? 4 : 1);
  if (bytes.length - data !== count * width) {
    return fail(`has ${bytes.length - data} bytes of values, must have ${count * width}; it is cut short or damaged`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === undefined) {
    const values = Array.from({ length: count }, (_, i) =>
      textAt(view, data + i * width, Number(digits), kind === 'U', little),
    );
    return { shape, values };
  }
  if (width === 1 && kind !== 'i') return { shape, values: bytes.subarray(data) };
  return { shape, values: Float64Array.from({ length: count }, (_, i) => type.read(view, data + i * width, little)) };
};
